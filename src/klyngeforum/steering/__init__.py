"""What the forum does about it (styring)."""
