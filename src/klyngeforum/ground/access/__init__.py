"""Persons, posts, roles and rights, said once (adgang)."""
