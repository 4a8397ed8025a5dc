"""What the house holds of an organisation and year for any form: figures of account and economy, facts of the organisation and of its grant."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from klyngeforum.ground.programme.reporting import Comes
from klyngeforum.records.activities.queries import activity_counts, in_year
from klyngeforum.records.activities.terms import ActivityKind
from klyngeforum.records.economy import queries as economy
from klyngeforum.records.economy.queries import Grant
from klyngeforum.registers.clusters.queries import Cluster, staff_of
from klyngeforum.registers.memberships.queries import makeup
from klyngeforum.results.accounts.queries import current_lines, in_force, ordered_measures, resting, values_of
from klyngeforum.results.accounts.rules import counted

from .rules import Value

Held = dict[Comes, dict[str, Value]]
FACTS = (
    "name", "number", "place", "contact_name", "contact_email", "contact_phone", "website", "purpose", "founded_on", "staff", "members",
    "activities", "projects", "matchmaking", "international", "knowledge_spreading",
)  # fmt: skip
GRANT = (
    "title", "reference", "starts_on", "ends_on", "amount", "own_share", "received", "received_in_all", "rest", "cash", "worth", "cofinancing",
    "hours", "entries",
)  # fmt: skip


def _facts(cluster: Cluster, year: int) -> dict[str, Value]:
    kinds = activity_counts(cluster.pk, year)
    staff = staff_of(cluster.pk).filter(year=year).first()
    abroad = in_year(year, [cluster.pk]).filter(international=True).count()
    return {
        "name": cluster.name, "number": cluster.body.number, "place": cluster.place.name_da if cluster.place else None,
        "contact_name": cluster.contact_name, "contact_email": cluster.contact_email, "contact_phone": cluster.contact_phone, "website": cluster.website,
        "purpose": cluster.purpose_da, "founded_on": cluster.founded_on, "staff": staff.full_time if staff else None,
        "members": Decimal(makeup(cluster.pk, date(year, 12, 31))["members"]), "activities": Decimal(sum(kinds.values())),
        "projects": Decimal(kinds.get(ActivityKind.PROJECT, 0)), "matchmaking": Decimal(kinds.get(ActivityKind.MATCHMAKING, 0)),
        "international": Decimal(abroad), "knowledge_spreading": Decimal(kinds.get(ActivityKind.KNOWLEDGE, 0)),
    }  # fmt: skip


def _grant(one: Grant | None, year: int) -> dict[str, Value]:
    """The grant that the report is about, as it stood in the year."""
    if one is None:
        return {}
    stood = economy.grant_year(one, year)
    return {
        "title": one.title, "reference": one.reference, "starts_on": one.starts_on, "ends_on": one.ends_on, "amount": one.amount, "own_share": one.own_share,
        "received": stood.received, "received_in_all": stood.received_in_all, "rest": one.amount - stood.received_in_all, "cash": stood.cash,
        "worth": stood.worth, "cofinancing": stood.cash + stood.worth, "hours": stood.hours, "entries": Decimal(stood.entries),
    }  # fmt: skip


def _measures(cluster: Cluster, year: int) -> dict[str, Value]:
    """The account's figures: as approved, also while a correction is open; before that as booked, else as the records stand."""
    account = in_force(cluster.pk, year)
    if account is not None:
        return dict(values_of(account))
    lines = current_lines(cluster.pk, year)
    return {one.code: counted(lines, one.code).distinct for one in ordered_measures()}


def _whatever_form(cluster: Cluster, year: int) -> Held:
    """What every form of the year asks alike."""
    figures: dict[str, Value] = dict(economy.figures_of(cluster.pk, year))
    return {Comes.MEASURE: _measures(cluster, year), Comes.ECONOMY: figures, Comes.FACT: _facts(cluster, year)}


def held_of(cluster: Cluster, year: int, grant: Grant | None) -> Held:
    """Everything that a form could ask of what is recorded."""
    alike = resting("report facts", cluster.pk, year, lambda: _whatever_form(cluster, year))
    return {**alike, Comes.GRANT: _grant(grant, year)}
