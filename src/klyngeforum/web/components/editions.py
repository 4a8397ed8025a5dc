"""How an edition of an account is called: the year of publication with the year of the data."""

from __future__ import annotations

from django.utils.translation import gettext

from klyngeforum.results.accounts.rules import edition_year


def edition_said(year: int, number: int = 1) -> str:
    known = {"edition": edition_year(year), "year": year, "number": number}
    if number > 1:
        return gettext("edition %(edition)s no. %(number)s (data year %(year)s)") % known
    return gettext("edition %(edition)s (data year %(year)s)") % known
