"""Addresses of this desk."""

from __future__ import annotations

from django.urls import path

from .activities import activity, activity_list, amend, hold
from .assessments import assessment, assessment_sheet, assessments, consent
from .certifications import apply, certification, certification_report, certifications
from .distance import distance
from .economy import economy, money_figure
from .filling import answer, assessment_group, evidence, fact, here, lay_evidence
from .grants import budget, grant, grant_amend, grant_new
from .home import office
from .hours import hours, hours_entry, hours_list, hours_waiting
from .incomes import income, income_list, income_new
from .measured import examined_value, measured_value
from .members import enrol, member, members
from .organisation import organisation
from .outcomes import note, outcome, outcome_list
from .own_account import own_account, own_accounts
from .paste import paste
from .path import path as path_to_label
from .remark import account_remark
from .reports import report, reports
from .rescored import rescored_screen
from .sheets import sheet_file, sheets
from .survey import survey_contacts, survey_round, survey_rounds

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
    path("oekonomi/", economy, name="economy"),
    path("oekonomi/tal/<str:code>/<int:year>/", money_figure, name="money_figure"),
    path("oekonomi/tilskud/nyt/", grant_new, name="grant_new"),
    path("oekonomi/tilskud/<int:pk>/", grant, name="grant"),
    path("oekonomi/tilskud/<int:pk>/ret/", grant_amend, name="grant_amend"),
    path("oekonomi/tilskud/<int:pk>/budget/", budget, name="grant_budget"),
    path("oekonomi/indtaegter/", income_list, name="incomes"),
    path("oekonomi/indtaegter/ny/", income_new, name="income_new"),
    path("oekonomi/indtaegter/<int:pk>/", income, name="income"),
    path("oekonomi/timer/", hours_list, name="hours"),
    path("oekonomi/timer/nye/", hours, name="hours_new"),
    path("oekonomi/timer/mangler/", hours_waiting, name="hours_waiting"),
    path("oekonomi/timer/<int:pk>/", hours_entry, name="hours_entry"),
    path("undersoegelse/", survey_rounds, name="surveys"),
    path("undersoegelse/kontakter/", survey_contacts, name="survey_contacts"),
    path("undersoegelse/<int:pk>/", survey_round, name="survey_round"),
    path("regneark/", sheets, name="sheets"),
    path("regneark/<str:kind>/", sheet_file, name="sheet_template"),
    path("regneark/<str:kind>/<int:year>/", sheet_file, name="sheet_export"),
    path("regnskab/", own_accounts, name="own_accounts"),
    path("indberetninger/", reports, name="reports"),
    path("indberetninger/<str:code>/<int:year>/", report, name="report"),
    path("vurderinger/", assessments, name="assessments"),
    path("vurderinger/navn/", consent, name="consent"),
    path("vurderinger/afstand/", distance, name="distance"),
    path("vurderinger/vejen/", path_to_label, name="path"),
    path("vurderinger/maalt/<str:key>/", measured_value, name="measured"),
    path("vurderinger/<int:pk>/", assessment, name="assessment"),
    path("vurderinger/<int:pk>/maalt/<str:key>/", examined_value, name="examined_value"),
    path("vurderinger/<int:pk>/regneark/", assessment_sheet, name="assessment_sheet"),
    path("vurderinger/<int:pk>/her/", here, name="here"),
    path("vurderinger/<int:pk>/forhold/", fact, name="assessment_fact"),
    path("vurderinger/<int:pk>/gruppe/<str:group>/", assessment_group, name="assessment_group"),
    path("vurderinger/<int:pk>/svar/<str:code>/", answer, name="assessment_answer"),
    path("vurderinger/<int:pk>/svar/<str:code>/bevis/", lay_evidence, name="lay_evidence"),
    path("vurderinger/<int:pk>/bevis/<int:evidence_pk>/", evidence, name="evidence"),
    path("vurderinger/<int:pk>/omregnet/", rescored_screen, name="rescored"),
    path("maerker/", certifications, name="certifications"),
    path("maerker/soeg/", apply, name="apply"),
    path("maerker/<int:pk>/", certification, name="certification"),
    path("maerker/<int:pk>/rapport.pdf", certification_report, name="certification_report"),
    path("regnskab/<int:year>/", own_account, name="own_account"),
    path("regnskab/<int:year>/felt/", account_remark, name="account_remark"),
]
