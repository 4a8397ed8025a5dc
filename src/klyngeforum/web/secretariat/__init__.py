"""Screens for the forum secretariat (forumsekretariatet)."""
