"""Texts in Danish and English; English falls back to Danish and says so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in both languages of the programme."""

    da: str
    en: str = ""

    def say(self, language: str) -> str:
        """The text in the language asked for, or the Danish one where English is missing."""
        return self.en if language.startswith("en") and self.en else self.da

    def falls_back(self, language: str) -> bool:
        return language.startswith("en") and not self.en
