"""Industry codes by version, DB07 and DB25 never mixed (brancher)."""
