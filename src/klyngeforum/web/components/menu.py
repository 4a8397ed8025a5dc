"""The main menu of the desk that the person sits at."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.queries import may
from klyngeforum.web.serving import me


@dataclass(frozen=True, slots=True)
class Link:
    words: str
    url: str
    here: bool


PUBLIC = (
    ("front", _("Front page")),
    ("find", _("Find a cluster")),
    ("map", _("Map")),
    ("strengths", _("Strength positions")),
    ("clusters", _("Cluster organisations")),
    ("results", _("Results")),
    ("targets", _("Targets")),
    ("leagues", _("Leagues")),
    ("labels", _("Labels")),
)


OFFICE = (
    ("office", _("My desk")),
    ("members", _("Participants")),
    ("activities", _("Activities")),
    ("outcomes", _("Outcomes")),
    ("economy", _("Economy")),
    ("surveys", _("Survey")),
    ("assessments", _("Quality")),
    ("certifications", _("Certification")),
    ("sheets", _("Spreadsheets")),
    ("own_accounts", _("The account")),
    ("reports", _("Reports")),
    ("organisation", _("The organisation")),
)
SECRETARIAT = (
    ("secretariat", _("My desk")),
    ("rounds", _("Rounds")),
    ("register", _("The register")),
    ("bodies", _("Organisations")),
    ("unverified", _("Without a number")),
    ("duplicates", _("Duplicates")),
    ("cases", _("Certification")),
    ("proposals", _("Leagues")),
    ("landscape", _("The landscape")),
    ("meetings", _("Forum meetings")),
    ("strengths", _("Strength positions")),
    ("reports_of_all", _("Reports")),
    ("surveys_held", _("Survey")),
    ("people", _("People")),
    ("import", _("Take in a file")),
    ("trail", _("The trail")),
    ("results", _("Results")),
)
AUDITOR = (("auditor", _("My desk")), ("labels", _("Labels")), ("leagues", _("Leagues")))
ANALYST = (
    ("analyst", _("My desk")),
    ("strengths", _("Strength positions")),
    ("regional_tables", _("Regional tables")),
    ("extracts", _("Extracts")),
    ("effects", _("Documented effects")),
    ("landscape", _("The landscape")),
    ("meetings", _("Forum meetings")),
    ("targets", _("Targets and outlook")),
    ("results", _("Results")),
)
DESKS = (("/klyngekontor/", OFFICE), ("/sekretariat/", SECRETARIAT), ("/auditor/", AUDITOR), ("/analyse/", ANALYST))


def menu_of(request: HttpRequest) -> list[Link]:
    """The menu of the desk whose screen this is; elsewhere the public one with the way home."""
    path = request.path
    own = next((menu for start, menu in DESKS if path.startswith(start)), None)
    if own is OFFICE and may(me(request), "assessments.examine", on=timezone.localdate()):
        own = SECRETARIAT  # who examines fills in at the office's screens and stays at the own desk
    entries = [(reverse(name), str(words)) for name, words in own or PUBLIC]
    if own is None and request.user.is_authenticated:
        entries.insert(0, (reverse("home"), str(_("My desk"))))
    roots = {"/", "/klyngekontor/", "/sekretariat/", "/auditor/", "/analyse/"}
    return [Link(words, url, path == url or (url not in roots and path.startswith(url))) for url, words in entries]
