"""Meetings of the forum and what is laid before them, fixed as it was then (forummøder og bilag)."""
