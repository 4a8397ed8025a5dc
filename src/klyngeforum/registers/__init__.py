"""Who and what exists (registre)."""
