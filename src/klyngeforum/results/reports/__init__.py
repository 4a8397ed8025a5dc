"""Funders' reports from the same facts: filled from what is recorded, the rest answered once for all who ask it (indberetninger)."""
