"""Addresses of this desk."""

from __future__ import annotations

from django.urls import path

from .bodies import duplicates, unverified_screen, verify_screen
from .case import case_report, case_screen
from .cases import case_list
from .expiry import expiry
from .home import secretariat
from .importing import import_screen
from .people import appoint, people_screen, post
from .placements import proposal_list, proposal_screen
from .review import review
from .rounds import open_screen, round_screen
from .trail import trail

urlpatterns = [
    path("", secretariat, name="secretariat"),
    path("runder/ny/", open_screen, name="open_round"),
    path("runder/<int:year>/", round_screen, name="round"),
    path("regnskab/<int:pk>/", review, name="review"),
    path("ubekraeftede/", unverified_screen, name="unverified"),
    path("ubekraeftede/<int:pk>/", verify_screen, name="verify"),
    path("dubletter/", duplicates, name="duplicates"),
    path("personer/", people_screen, name="people"),
    path("personer/ny/", appoint, name="appoint"),
    path("personer/<int:pk>/", post, name="post"),
    path("indlaes/", import_screen, name="import"),
    path("ligaer/", proposal_list, name="proposals"),
    path("ligaer/<slug:slug>/", proposal_screen, name="proposal"),
    path("sager/", case_list, name="cases"),
    path("sager/<int:pk>/", case_screen, name="case"),
    path("sager/<int:pk>/rapport.pdf", case_report, name="case_report"),
    path("udloeb/", expiry, name="expiry"),
    path("spor/", trail, name="trail"),
]
