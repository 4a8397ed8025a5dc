"""The read-only API (snitflade)."""
