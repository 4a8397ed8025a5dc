"""Screens for companies, advisers, journalists and citizens (offentligheden)."""
