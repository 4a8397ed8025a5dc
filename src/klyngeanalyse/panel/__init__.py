"""The contract of a company panel: one row a company and year, its columns named once, checked before anything is estimated."""
