"""Screens for the cluster office (klyngesekretariatet)."""
