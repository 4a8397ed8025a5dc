"""The company's desk: no account, only a personal link (virksomheden)."""
