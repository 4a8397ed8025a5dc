"""Effects of taking part: what became of the companies, against what would have become of them."""
