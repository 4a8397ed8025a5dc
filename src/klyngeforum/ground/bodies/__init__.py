"""Every organisation once: companies, knowledge institutions, authorities, foreign bodies (organisationer)."""
