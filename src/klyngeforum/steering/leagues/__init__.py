"""Placements in the three leagues, with history (klyngeligaer)."""
