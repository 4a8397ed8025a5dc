"""Quality labels as external records with dates (kvalitetsmærker)."""
