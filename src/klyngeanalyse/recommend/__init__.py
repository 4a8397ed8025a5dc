"""Whom to talk to (forslag til partnere og klynger): suggestions that explain themselves by their parts."""

from klyngeanalyse.recommend.bodies import Bodies, clusters
from klyngeanalyse.recommend.evaluation import Held, evaluate, leaks
from klyngeanalyse.recommend.learning import learned
from klyngeanalyse.recommend.links import Links, link_parts
from klyngeanalyse.recommend.parts import Part, own_parts
from klyngeanalyse.recommend.suggest import Suggestion, Suggestions, suggest

__all__ = [
    "Bodies", "Held", "Links", "Part", "Suggestion", "Suggestions", "clusters", "evaluate", "leaks", "learned", "link_parts",
    "own_parts", "suggest",
]  # fmt: skip
