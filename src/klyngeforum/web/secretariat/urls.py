"""Addresses of this desk."""

from __future__ import annotations

from django.urls import path

from .bodies import duplicates, unverified_screen, verify_screen
from .body import bodies, body, new_body
from .case import case_report, case_screen
from .cases import case_list
from .examinations import examinations
from .expiry import expiry
from .flags import flags_screen
from .home import secretariat
from .importing import import_screen
from .people import appoint, people_screen, post
from .placements import proposal_list, proposal_screen
from .register import enter, register, registered
from .register_sheets import register_file, register_sheets
from .reports import report_handed_in, reports_of_all
from .review import review
from .rounds import newest_round, open_screen, round_screen
from .surveys import survey_bases, survey_held, survey_list
from .trail import trail

urlpatterns = [
    path("", secretariat, name="secretariat"),
    path("runder/", newest_round, name="rounds"),
    path("runder/ny/", open_screen, name="open_round"),
    path("runder/<int:year>/", round_screen, name="round"),
    path("vurderinger/", examinations, name="examinations"),
    path("runder/<int:year>/tjek/", flags_screen, name="flags"),
    path("regnskab/<int:pk>/", review, name="review"),
    path("register/", register, name="register"),
    path("register/ny/", enter, name="enter"),
    path("register/ark/", register_sheets, name="register_sheets"),
    path("register/ark/<str:kind>/<str:filled>/", register_file, name="register_file"),
    path("register/om/<slug:slug>/", registered, name="registered"),
    path("organisationer/", bodies, name="bodies"),
    path("organisationer/ny/", new_body, name="new_body"),
    path("organisationer/<int:pk>/", body, name="body"),
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
    path("indberetninger/", reports_of_all, name="reports_of_all"),
    path("indberetninger/<int:pk>/", report_handed_in, name="report_handed_in"),
    path("udloeb/", expiry, name="expiry"),
    path("undersoegelser/", survey_list, name="surveys_held"),
    path("undersoegelser/grundlag/", survey_bases, name="survey_bases"),
    path("undersoegelser/<int:pk>/", survey_held, name="survey_held"),
    path("spor/", trail, name="trail"),
]
