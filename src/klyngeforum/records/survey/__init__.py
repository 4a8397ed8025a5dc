"""What companies themselves say, each by a personal link, beside what was reported of them (virksomhedsundersøgelse)."""
