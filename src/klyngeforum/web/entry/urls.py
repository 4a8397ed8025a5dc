"""Addresses of the doors."""

from __future__ import annotations

from django.urls import path

from .demo_door import demo_door
from .demo_survey import demo_survey
from .health import health
from .home import home
from .keys import keys
from .language import language

urlpatterns = [
    path("sprog/", language, name="language"),
    path("hjem/", home, name="home"),
    path("noegler/", keys, name="keys"),
    path("demo/", demo_door, name="demo_door"),
    path("demo/undersoegelse/", demo_survey, name="demo_survey"),
    path("sundhed/", health, name="health"),
]
