"""Addresses for everybody."""

from __future__ import annotations

from django.urls import path

from .account_difference import account_difference
from .account_lines import account_body, account_lines
from .account_paper import account_paper
from .cluster import cluster
from .clusters import clusters
from .coverage import coverage_screen
from .dossier import account_dossier
from .effects import effect_study, effects
from .effects_map import effects_map
from .efforts import efforts
from .find import find
from .front import front
from .labels import labels, labels_calendar
from .landscape import landscape
from .lay import lay
from .leagues import league_table
from .lines import line, lines
from .map import map_screen
from .measure import measure
from .meeting_papers import exhibit_paper, meeting_paper
from .meetings import exhibit, meeting_list
from .merger import simulate
from .open_files import data_dictionary, open_file
from .overlap import overlap
from .overlap_map import overlap_map
from .pages import about, accessibility, open_data
from .pair import pair
from .peers import peers_screen
from .placement import placement
from .region_strengths import region_strengths
from .results import results
from .scenario import kept_scenario
from .series import choose_cluster_series, choose_series, cluster_series, series
from .strategies import specialisation
from .strength_rows import strength_rows
from .strengths import strengths
from .surveys import survey_result, survey_results
from .targets import targets
from .web_edition import edition_paper, web_edition

urlpatterns = [
    path("", front, name="front"),
    path("find/", find, name="find"),
    path("kort/", map_screen, name="map"),
    path("landskab/", landscape, name="landscape"),
    path("landskab/overlap/", overlap, name="overlap"),
    path("landskab/overlap/kort/", overlap_map, name="overlap_map"),
    path("landskab/overlap/<slug:first>/<slug:second>/", pair, name="pair"),
    path("landskab/daekning/", coverage_screen, name="coverage"),
    path("landskab/sammenlaegning/", simulate, name="merger"),
    path("landskab/sammenlaegning/<int:pk>/", kept_scenario, name="scenario"),
    path("forummoeder/", meeting_list, name="meetings"),
    path("forummoeder/laeg-frem/<path:side>/", lay, name="lay"),
    path("forummoeder/bilag/<int:pk>/", exhibit, name="exhibit"),
    path("forummoeder/bilag/<int:pk>/bilag.pdf", exhibit_paper, name="exhibit_paper"),
    path("forummoeder/<int:pk>/moede.pdf", meeting_paper, name="meeting_paper"),
    path("styrker/", strengths, name="strengths"),
    path("styrker/strategier/", specialisation, name="specialisation"),
    path("styrker/<str:region>/", region_strengths, name="region_strengths"),
    path("styrker/<str:region>/<str:field>/", strength_rows, name="strength_rows"),
    path("klynger/", clusters, name="clusters"),
    path("klynger/<slug:slug>/", cluster, name="cluster"),
    path("klynger/<slug:slug>/regnskab/<int:year>/", web_edition, name="web_edition"),
    path("klynger/<slug:slug>/regnskab/<int:year>/regnskab.pdf", edition_paper, name="edition_paper"),
    path("klynger/<slug:slug>/serie/", choose_cluster_series, name="choose_cluster_series"),
    path("klynger/<slug:slug>/serie/<slug:code>/", cluster_series, name="cluster_series"),
    path("resultater/", results, name="results"),
    path("resultater/serie/", choose_series, name="choose_series"),
    path("resultater/serie/<slug:code>/", series, name="series"),
    path("resultater/undersoegelser/", survey_results, name="survey_results"),
    path("resultater/undersoegelser/<slug:code>/<int:year>/<int:months>/", survey_result, name="survey_result"),
    path("maerker/europa/", peers_screen, name="peers"),
    path("maal/", targets, name="targets"),
    path("effekter/", effects, name="effects"),
    path("effekter/kort/", effects_map, name="effects_map"),
    path("effekter/<slug:code>/", effect_study, name="effect_study"),
    path("resultater/<int:year>/regnskab.pdf", account_paper, name="account_paper"),
    path("resultater/indsats/", efforts, name="efforts"),
    path("resultater/<slug:code>/<int:year>/", measure, name="measure"),
    path("resultater/<slug:code>/<int:year>/linjer/", lines, name="lines"),
    path("linje/<int:pk>/", line, name="line"),
    path("regnskab/<int:pk>/deltager/<int:body>/", account_body, name="account_body"),
    path("regnskab/<int:pk>/sagsmappe.<str:ending>", account_dossier, name="account_dossier"),
    path("regnskab/<int:pk>/forskel/", account_difference, name="account_difference"),
    path("regnskab/<int:pk>/<slug:code>/", account_lines, name="account_lines"),
    path("ligaer/afgoerelse/<int:pk>/", placement, name="placement"),
    path("ligaer/", league_table, name="leagues"),
    path("maerker/", labels, name="labels"),
    path("maerker/kalender.ics", labels_calendar, name="labels_calendar"),
    path("data/", open_data, name="open_data"),
    path("data/ordbog/", data_dictionary, name="data_dictionary"),
    path("data/<slug:table>.<str:ending>", open_file, name="open_file"),
    path("om/", about, name="about"),
    path("was/", accessibility, name="accessibility"),
]
