"""Screens by desk, the top floor (skærmbilleder)."""
