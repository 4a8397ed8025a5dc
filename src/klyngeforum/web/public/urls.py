"""Addresses for everybody."""

from __future__ import annotations

from django.urls import path

from .account_lines import account_body, account_lines
from .account_paper import account_paper
from .cluster import cluster
from .clusters import clusters
from .dossier import account_dossier
from .efforts import efforts
from .find import find
from .front import front
from .labels import labels, labels_calendar
from .leagues import league_table
from .lines import line, lines
from .map import map_screen
from .measure import measure
from .pages import about, accessibility, open_data
from .peers import peers_screen
from .placement import placement
from .results import results
from .targets import targets

urlpatterns = [
    path("", front, name="front"),
    path("find/", find, name="find"),
    path("kort/", map_screen, name="map"),
    path("klynger/", clusters, name="clusters"),
    path("klynger/<slug:slug>/", cluster, name="cluster"),
    path("resultater/", results, name="results"),
    path("maerker/europa/", peers_screen, name="peers"),
    path("maal/", targets, name="targets"),
    path("resultater/<int:year>/regnskab.pdf", account_paper, name="account_paper"),
    path("resultater/indsats/", efforts, name="efforts"),
    path("resultater/<slug:code>/<int:year>/", measure, name="measure"),
    path("resultater/<slug:code>/<int:year>/linjer/", lines, name="lines"),
    path("linje/<int:pk>/", line, name="line"),
    path("regnskab/<int:pk>/deltager/<int:body>/", account_body, name="account_body"),
    path("regnskab/<int:pk>/sagsmappe.<str:ending>", account_dossier, name="account_dossier"),
    path("regnskab/<int:pk>/<slug:code>/", account_lines, name="account_lines"),
    path("ligaer/afgoerelse/<int:pk>/", placement, name="placement"),
    path("ligaer/", league_table, name="leagues"),
    path("maerker/", labels, name="labels"),
    path("maerker/kalender.ics", labels_calendar, name="labels_calendar"),
    path("data/", open_data, name="open_data"),
    path("om/", about, name="about"),
    path("was/", accessibility, name="accessibility"),
]
