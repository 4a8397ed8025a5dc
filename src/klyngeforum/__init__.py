"""Klyngeforum: the software that runs a national cluster programme (klyngeindsats)."""

__version__ = "0.1.0"
