"""The main menu of the desk that the person sits at."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Link:
    words: str
    url: str
    here: bool


PUBLIC = (
    ("front", _("Front page")),
    ("find", _("Find a cluster")),
    ("map", _("Map")),
    ("clusters", _("Cluster organisations")),
    ("results", _("Results")),
    ("leagues", _("Leagues")),
)


def menu_of(request: HttpRequest) -> list[Link]:
    """The public menu, and the way home for somebody signed in."""
    entries = [(reverse(name), str(words)) for name, words in PUBLIC]
    if request.user.is_authenticated:
        entries.insert(0, (reverse("home"), str(_("My desk"))))
    return [
        Link(words, url, request.path == url or (url != "/" and request.path.startswith(url))) for url, words in entries
    ]
