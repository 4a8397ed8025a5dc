"""Reused pieces of screens (byggeklodser)."""
