"""Addresses for everybody."""

from __future__ import annotations

from django.urls import path

from .front import front

urlpatterns = [
    path("", front, name="front"),
    path("find/", front, name="find"),
    path("kort/", front, name="map"),
    path("klynger/", front, name="clusters"),
    path("resultater/", front, name="results"),
    path("ligaer/", front, name="leagues"),
    path("data/", front, name="open_data"),
    path("om/", front, name="about"),
    path("was/", front, name="accessibility"),
]
