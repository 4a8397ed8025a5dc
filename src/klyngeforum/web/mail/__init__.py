"""Letters by e-mail (breve)."""
