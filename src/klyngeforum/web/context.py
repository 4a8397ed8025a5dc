"""What every page knows of the house."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.queries import somebody_appoints
from klyngeforum.ground.access.terms import Role
from klyngeforum.ground.words import mark

DESKS = (
    ("sekretariat", Role.SECRETARIAT, _("See who has handed in, return and approve, and the nation's figures.")),
    ("klyngeleder", Role.MANAGER, _("Record what happened, and hand in the year's account.")),
    ("medarbejder", Role.STAFF, _("Record activities and participants.")),
    ("ministerium", mark("Forum member (ministry)"), _("The targets and results of the nation.")),
    (
        "region",
        mark("Forum member (region)"),
        _("The region's strengths, who serves them, and what awaits the next meeting."),
    ),
    ("raadgiver", Role.ADVISER, _("Find the right cluster for a company.")),
    ("universitet", Role.INSTITUTION, _("See which clusters fit the research.")),
    ("virksomhed", Role.COMPANY, _("Find a cluster organisation.")),
    ("auditor", Role.AUDITOR, _("Score with the evidence beside the question, agree, report.")),
    ("analytiker", Role.ANALYST, _("Open the figures down to their lines.")),
)


def house(request: HttpRequest) -> dict[str, object]:
    return {
        "DEMO": settings.DEMO,
        "DEMO_DESKS": DESKS if settings.DEMO else (),
        "SOMEBODY_APPOINTS": lambda: somebody_appoints(on=timezone.localdate()),  # asked by the sign-in page alone
        "LANGUAGE": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
    }
