"""What is said when an assessment is begun: how much of the last one still holds."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from klyngeforum.quality.assessments.queries import Assessment, given
from klyngeforum.quality.assessments.terms import Ask
from klyngeforum.web.components.numbers import day


def begun(one: Assessment) -> str:
    if one.previous is None:
        return gettext("Begun.")
    stands = sum(answer.ask == Ask.STANDS for answer in given(one, seen_by=None).values())
    known = {"n": stands, "day": day(one.previous.as_of)}
    if not stands:
        return gettext("Begun. Nothing of what was answered on %(day)s stands as it is: each question shows what was answered then.") % known  # fmt: skip
    words = ngettext(
        "Begun. %(n)s answer of %(day)s still holds and is carried over; the rest is asked anew.",
        "Begun. %(n)s answers of %(day)s still hold and are carried over; the rest is asked anew.", stands,
    )  # fmt: skip
    return words % known
