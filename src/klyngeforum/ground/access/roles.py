"""The rights of the house, one table that can be read aloud: act -> role -> how far it reaches.

Everybody holds the role PUBLIC. A stranger meets 404, never 403.
"""

from __future__ import annotations

from .terms import Reach, Role

OWN, ALL = Reach.OWN, Reach.ALL
_OFFICE = {Role.MANAGER: OWN, Role.STAFF: OWN}
_OVERVIEW = {Role.SECRETARIAT: ALL, Role.FORUM: ALL, Role.ANALYST: ALL}

RIGHTS: dict[str, dict[Role, Reach]] = {
    # for everybody
    "landscape.see": {Role.PUBLIC: ALL},
    "landscape.merge": {**_OVERVIEW},
    "landscape.amend": {Role.SECRETARIAT: ALL},
    "results.see": {Role.PUBLIC: ALL},
    "home.see": {role: ALL for role in Role if role is not Role.PUBLIC},
    "keys.hold": {role: ALL for role in Role if role is not Role.PUBLIC},
    # registers
    "clusters.see": {Role.PUBLIC: ALL},
    "clusters.edit": {**_OFFICE, Role.SECRETARIAT: ALL},
    "clusters.register": {Role.SECRETARIAT: ALL},
    "memberships.see": {**_OFFICE, Role.SECRETARIAT: ALL},
    "memberships.edit": {**_OFFICE},
    # records
    "activities.see": {**_OFFICE, Role.SECRETARIAT: ALL},
    "activities.edit": {**_OFFICE},
    "outcomes.see": {**_OFFICE, Role.SECRETARIAT: ALL},
    "outcomes.edit": {**_OFFICE},
    "survey.answer": {Role.PUBLIC: ALL},
    "survey.see": {**_OFFICE, **_OVERVIEW},
    "survey.office": {**_OFFICE},
    "survey.hold": {Role.SECRETARIAT: ALL},
    "intake.take_in": {**_OFFICE, Role.SECRETARIAT: ALL},
    "intake.recipes": {Role.SECRETARIAT: ALL},
    "economy.see": {**_OFFICE, Role.SECRETARIAT: ALL},
    "economy.edit": {**_OFFICE},
    "reports.see": {**_OFFICE, Role.SECRETARIAT: ALL},
    "reports.fill": {**_OFFICE},
    "reports.hand_in": {Role.MANAGER: OWN},
    # accounts
    "accounts.see": {**_OFFICE, **_OVERVIEW},
    "accounts.prepare": {**_OFFICE},
    "accounts.submit": {Role.MANAGER: OWN},
    "accounts.return": {Role.SECRETARIAT: ALL},
    "accounts.approve": {Role.SECRETARIAT: ALL},
    "accounts.open_round": {Role.SECRETARIAT: ALL},
    "figures.open_records": {**_OFFICE, Role.SECRETARIAT: ALL},
    # bodies
    "bodies.see": {**_OFFICE, Role.SECRETARIAT: ALL},
    "bodies.register": {**_OFFICE, Role.SECRETARIAT: ALL},
    "bodies.verify": {Role.SECRETARIAT: ALL},
    "bodies.merge": {Role.SECRETARIAT: ALL},
    # quality and leagues
    "assessments.see": {**_OFFICE, Role.SECRETARIAT: ALL},
    "assessments.fill": {**_OFFICE},
    "assessments.complete": {Role.MANAGER: OWN},
    "assessments.consent": {Role.MANAGER: OWN},
    "assessments.examine": {Role.SECRETARIAT: ALL},
    "assessments.audit": {Role.SECRETARIAT: ALL},
    "assessments.score": {Role.AUDITOR: ALL},
    "labels.see": {Role.PUBLIC: ALL},
    "labels.record": {Role.SECRETARIAT: ALL},
    "labels.apply": {Role.MANAGER: OWN},
    "labels.follow_up": {**_OFFICE},
    "labels.see_cases": {**_OFFICE, Role.SECRETARIAT: ALL},
    "labels.handle": {Role.SECRETARIAT: ALL},
    "leagues.see": {Role.PUBLIC: ALL},
    "leagues.see_notices": {**_OFFICE, **_OVERVIEW},
    "leagues.see_proposals": {Role.SECRETARIAT: ALL, Role.FORUM: ALL},
    "leagues.place": {Role.SECRETARIAT: ALL},
    # meetings of the forum
    "meetings.see": {**_OVERVIEW},
    "meetings.call": {Role.SECRETARIAT: ALL},
    # effect studies
    "effects.see": {Role.PUBLIC: ALL},
    "effects.see_all": {Role.ANALYST: ALL, Role.SECRETARIAT: ALL, Role.FORUM: ALL},
    "effects.write": {Role.ANALYST: ALL},
    "effects.review": {Role.ANALYST: ALL, Role.SECRETARIAT: ALL},
    # strength positions
    "strengths.see": {Role.PUBLIC: ALL},
    "strengths.see_small": {**_OVERVIEW},
    "strengths.take_in": {Role.ANALYST: ALL, Role.SECRETARIAT: ALL},
    # the house itself
    "people.see": {Role.SECRETARIAT: ALL},
    "people.appoint": {Role.SECRETARIAT: ALL},
    "letters.send": {Role.SECRETARIAT: ALL},
    "trail.see": {Role.SECRETARIAT: ALL},
    "programme.take_in": {Role.SECRETARIAT: ALL},
}
