"""The cluster landscape: finder, map, overview (klyngelandskab)."""
