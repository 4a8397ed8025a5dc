"""How good a cluster organisation is (kvalitet)."""
