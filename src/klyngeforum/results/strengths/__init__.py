"""Strength positions: tables of employment by region and industry taken in, and what they say of every region (styrkepositioner)."""
