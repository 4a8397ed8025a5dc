"""Critical mass: enough active members, near enough, with a secretariat that can serve them (kritisk masse)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Chart, Row, Tabled
from klyngeanalyse.geography.distance import Array
from klyngeanalyse.geography.radius import Radii


@dataclass(frozen=True)
class CriticalMass:
    """The strategy's paper: 150 to 250 active companies, four fifths of the actors within 150 km, a secretariat of 4 to 6."""

    least_members: int = 150
    enough_members: int = 250
    share: float = 0.8
    reach: float = 150.0
    least_staff: float = 4.0


@dataclass(frozen=True)
class Verdicts(Tabled):
    """Whether each organisation has the members, the nearness and the staff; `mass` is 0 below, 1 within and 2 above the band of members.
    A truth is None where it is not known."""

    organisations: Array
    members: Array
    near: Array
    staff: tuple[float | None, ...]
    rule: CriticalMass

    @property
    def mass(self) -> Array:
        return np.asarray(
            (self.members >= self.rule.least_members).astype(int) + (self.members > self.rule.enough_members)
        )

    def rows(self) -> Iterable[Row]:
        for nth, name in enumerate(self.organisations.tolist()):
            staff = self.staff[nth]
            staffed = None if staff is None else staff >= self.rule.least_staff
            many, near = bool(self.mass[nth] > 0), bool(self.near[nth] >= self.rule.share)
            yield {
                "organisation": name,
                "members": float(self.members[nth]),
                "enough_members": many,
                "share_within_reach": float(self.near[nth]),
                "near_enough": near,
                "staff": staff,
                "enough_staff": staffed,
                "critical_mass": many and near and staffed is not False,
            }

    def chart(self) -> Chart | None:
        return {
            "data": {"values": list(self.rows())},
            "mark": "point",
            "encoding": {
                "x": {"field": "members", "type": "quantitative"},
                "y": {"field": "share_within_reach", "type": "quantitative"},
                "color": {"field": "critical_mass", "type": "nominal"},
            },
        }


def critical_mass(
    places: Radii, *, staff: Mapping[str, float] | None = None, rule: CriticalMass | None = None
) -> Verdicts:
    """Judges every organisation whose radius was measured; `staff` gives full-time staff by organisation where known.

    Raises Unfit when the radii were measured with another reach than the rule's.
    """
    rule = rule or CriticalMass()
    if places.reach != rule.reach:
        raise Unfit(
            f"shares within {places.reach:g} km",
            why=f"the rule asks for {rule.reach:g} km",
            mend="measure with the rule's reach",
        )
    known = staff or {}
    people = tuple(known.get(str(one)) for one in places.organisations.tolist())
    return Verdicts(places.organisations, places.members, places.reached, people, rule)
