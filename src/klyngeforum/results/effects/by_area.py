"""At which level a study could answer: how many of its participants each region has, against what the programme asks before a cause is spoken of."""

from __future__ import annotations

from collections import Counter
from datetime import date

from klyngeforum.ground.bodies.queries import by_numbers, places_of
from klyngeforum.ground.bodies.terms import Scheme
from klyngeforum.ground.keeping import kept
from klyngeforum.ground.places.queries import parent_map
from klyngeforum.ground.places.terms import AreaKind

from .queries import begun, limits
from .rules import claim_of
from .terms import Claim, Protocol

_RESTS_ON = frozenset({"activity", "participation", "membership", "body", "cluster", "programme"})


def participants_by_region(protocol: Protocol, on: date) -> dict[int, int]:
    """Region -> companies of the register that did what the protocol asks about, each once, by the place recorded today."""

    def counted() -> dict[int, int]:
        found = by_numbers(Scheme.CVR, [one.number for one in begun(protocol)])
        region = parent_map(AreaKind.REGION, on=on)
        places = places_of(found.values())
        return dict(Counter(region[place] for place in places if place in region))

    return kept(("study by region", protocol.treatment, protocol.organisation, on), counted, of=_RESTS_ON, same=True)


def claims_by_region(protocol: Protocol, on: date) -> dict[int, Claim]:
    """Region -> what so many participants would allow to be said; the numbers themselves stay here."""
    asked = limits()
    return {region: claim_of(n, asked) for region, n in participants_by_region(protocol, on).items()}
