"""Grants, income by source, hours with evidence, and what is claimed under which grant (økonomi)."""
