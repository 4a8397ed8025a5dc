"""The API (snitflade): reading for everybody, records with a key."""
