"""Addresses of the doors."""

from __future__ import annotations

from django.urls import path

from .home import home
from .language import language

urlpatterns = [
    path("sprog/", language, name="language"),
    path("hjem/", home, name="home"),
]
