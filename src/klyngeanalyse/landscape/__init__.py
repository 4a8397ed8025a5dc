"""The map of organisations: overlap, coverage, critical mass, mergers, peers, and counting every company once (landskab)."""
