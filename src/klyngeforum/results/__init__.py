"""What it added up to: counts over booked facts, owns no facts (resultater)."""
