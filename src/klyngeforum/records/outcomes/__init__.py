"""What companies got out of it: the three-step ladder (resultater i virksomheder)."""
