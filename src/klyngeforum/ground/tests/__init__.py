"""The ground floor's own pure rules."""
