"""The analyst's desk: extracts, protocols, and what is done to a study (analytiker)."""
