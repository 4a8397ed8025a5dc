"""The 2020 targets against the actual figures (pejlemærker)."""
