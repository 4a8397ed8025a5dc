"""Addresses of this desk."""

from __future__ import annotations

from django.urls import path

from .desk import analyst
from .extracts import extracts
from .protocol import new_study, study_protocol
from .regional_tables import regional_tables
from .study import study_work

urlpatterns = [
    path("", analyst, name="analyst"),
    path("udtraek/", extracts, name="extracts"),
    path("tabeller/", regional_tables, name="regional_tables"),
    path("studier/ny/", new_study, name="new_study"),
    path("studier/<slug:code>/", study_work, name="study_work"),
    path("studier/<slug:code>/protokol/", study_protocol, name="study_protocol"),
]
