"""Who belongs to which cluster organisation, how committed, from when to when (deltagere)."""
