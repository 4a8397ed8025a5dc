"""The made-up country, built through the front doors (demoland)."""
