"""Addresses of this desk."""

from __future__ import annotations

from django.urls import path

from .activities import activity, activity_list, amend, hold
from .home import office
from .members import enrol, member, members
from .organisation import organisation
from .outcomes import note, outcome, outcome_list
from .own_account import own_account, own_accounts
from .paste import paste
from .sheets import sheet_file, sheets

urlpatterns = [
    path("", office, name="office"),
    path("organisation/", organisation, name="organisation"),
    path("deltagere/", members, name="members"),
    path("deltagere/ny/", enrol, name="enrol"),
    path("deltagere/<int:pk>/", member, name="member"),
    path("aktiviteter/", activity_list, name="activities"),
    path("aktiviteter/ny/", hold, name="hold"),
    path("aktiviteter/<int:pk>/", activity, name="activity"),
    path("aktiviteter/<int:pk>/ret/", amend, name="amend"),
    path("aktiviteter/<int:pk>/deltagere/", paste, name="paste"),
    path("udbytte/", outcome_list, name="outcomes"),
    path("udbytte/ny/", note, name="note"),
    path("udbytte/<int:pk>/", outcome, name="outcome"),
    path("regneark/", sheets, name="sheets"),
    path("regneark/<str:kind>/", sheet_file, name="sheet_template"),
    path("regneark/<str:kind>/<int:year>/", sheet_file, name="sheet_export"),
    path("regnskab/", own_accounts, name="own_accounts"),
    path("regnskab/<int:year>/", own_account, name="own_account"),
]
