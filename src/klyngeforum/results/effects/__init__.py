"""Effect studies: a protocol frozen before anything is seen, extracts of the register, what came out and what was said of it (effektstudier)."""
