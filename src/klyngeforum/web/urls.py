"""Every address of the house; each desk keeps its own list."""

from __future__ import annotations

from django.urls import include, path

from klyngeforum.web.api.reading import api

urlpatterns = [
    path("api/", api.urls),
    path("konto/", include("allauth.urls")),
    path("", include("klyngeforum.web.public.urls")),
    path("klyngekontor/", include("klyngeforum.web.cluster_office.urls")),
    path("sekretariat/", include("klyngeforum.web.secretariat.urls")),
    path("undersoegelse/", include("klyngeforum.web.company.urls")),
    path("auditor/", include("klyngeforum.web.auditor.urls")),
    path("analyse/", include("klyngeforum.web.analyst.urls")),
    path("", include("klyngeforum.web.entry.urls")),
]
