"""Municipalities, landsdele, regions and growth fora, as of a date (steder)."""
