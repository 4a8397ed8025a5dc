"""Addresses of this desk."""

from __future__ import annotations

from django.urls import path

from .answer import survey_answer

urlpatterns = [path("svar/<str:token>/", survey_answer, name="survey_answer")]
