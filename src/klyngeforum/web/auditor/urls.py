"""Addresses of this desk."""

from __future__ import annotations

from django.urls import path

from .areas import areas
from .case import auditor_case, auditor_report
from .home import auditor
from .joint import joint
from .scoring import case_evidence, case_measured, score, score_group

urlpatterns = [
    path("", auditor, name="auditor"),
    path("sag/<int:pk>/", auditor_case, name="auditor_case"),
    path("sag/<int:pk>/rapport.pdf", auditor_report, name="auditor_report"),
    path("sag/<int:pk>/gruppe/<str:group>/", score_group, name="score_group"),
    path("sag/<int:pk>/svar/<str:code>/", score, name="score"),
    path("sag/<int:pk>/bevis/<int:evidence_pk>/", case_evidence, name="case_evidence"),
    path("sag/<int:pk>/maalt/<str:key>/", case_measured, name="case_measured"),
    path("sag/<int:pk>/faelles/", joint, name="joint"),
    path("sag/<int:pk>/indsats/", areas, name="areas"),
]
