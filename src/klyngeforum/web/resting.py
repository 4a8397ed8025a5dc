"""On what things the acts are that change a table: a page stands until somebody acts on one of what it read.

A table that is not named here changes with any act. `tests/journeys/test_resting.py` watches whole stories: whatever an action writes, it
must have told the trail of one of these things.
"""

from __future__ import annotations

ANY = frozenset[str]()
ALWAYS = frozenset({"programme"})  # files of the programme are read without asking a table
_NOBODY = (
    "django_session",
    "django_content_type",
    "account_emailaddress",
    "mfa_authenticator",
    "counts_count",
)  # a page is its reader's alone, and says itself what it rests on of what was counted

_OF: dict[str, tuple[str, ...]] = {
    "programme": ("programme_takenin", "places_area", "places_belonging", "places_postcode", "industries_industry", "clusters_theme"),
    "body": (
        "bodies_body", "bodies_bodyname", "bodies_productionunit", "bodies_succession", "bodies_candidate", "bodies_merge", "survey_basis", "survey_asked",
    ),
    "candidate": ("bodies_candidate",),
    "person": ("access_person",), "post": ("access_post",), "key": ("access_key",),
    "cluster": (
        "clusters_theme", "clusters_cluster", "clusters_cluster_themes", "clusters_cluster_industries", "clusters_staffyear", "clusters_boardseat",
        "clusters_interestgroup", "clusters_lineage", "survey_contact",
    ),
    "membership": ("memberships_membership",),
    "activity": ("activities_activity", "activities_activity_themes"),
    "participation": ("activities_participation", "activities_participationunit"),
    "outcome": ("outcomes_outcome",),
    "grant": ("economy_grant", "economy_budgetline", "economy_claim"), "income": ("economy_income",), "hours": ("economy_hourentry", "economy_claim"),
    "survey": ("survey_round", "survey_asked", "survey_part"),
    "intake": ("intake_intake",),
    "label": ("labels_labelrecord",), "case": ("labels_case", "labels_declaration", "labels_area"), "step": ("labels_step",), "peer": ("labels_peer",),
    "assessment": ("programme_takenin", "assessments_assessment"), "consent": ("assessments_consent",),
    "round": ("accounts_round", "accounts_account"),
    "account": (
        "programme_takenin", "accounts_account", "accounts_line", "accounts_bookedfigure", "accounts_message", "accounts_extension",
        "accounts_submission", "accounts_remark", "accounts_movedfigure", "accounts_movedbody",
    ),
    "remark": ("accounts_remark",),
    "report": ("programme_takenin", "reports_answer", "reports_report", "reports_reportvalue"),
    "placement": ("leagues_placement", "leagues_exhibit", "leagues_notice"), "notice": ("leagues_notice",),
    "regional_table": ("strengths_regionaltable", "strengths_tablename", "strengths_regionalcell"),
}  # fmt: skip
KNOWN: dict[str, frozenset[str]] = {
    table: frozenset(thing for thing, tables in _OF.items() if table in tables)
    for tables in _OF.values()
    for table in tables
}


def things_of(table: str) -> frozenset[str] | None:
    """Things; none named: acts on anything may change the table; None: it says nothing that a page would show."""
    return None if table in _NOBODY else KNOWN.get(table, ANY)
