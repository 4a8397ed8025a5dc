"""Matching treated companies with controls: exact cells, propensity or Mahalanobis neighbours, kernel, coarsened exact, entropy balancing."""

from klyngeanalyse.matching.design import Design
from klyngeanalyse.matching.results import Matching
from klyngeanalyse.matching.study import match

__all__ = ["Design", "Matching", "match"]
