"""Every form of the house: who meets it on which screen, and what a page's forms ask for."""

from __future__ import annotations

import re

POSTED = (
    ("vind", "organisation"), ("vind", "enrol"), ("vind", "member"), ("vind", "hold"), ("vind", "activity"), ("vind", "amend"), ("vind", "paste"),
    ("vind", "note"), ("vind", "outcome"), ("vind", "sheets"), ("vind", "own_account"), ("mad", "own_account"), ("mad", "account_remark"), ("office", "enter"), ("office", "registered"),
    ("office", "register_sheets"), ("office", "new_body"), ("office", "body"), ("office", "verify"), ("office", "duplicates"), ("office", "review"),
    ("vind", "grant_new"), ("vind", "grant"), ("vind", "grant_amend"), ("vind", "grant_budget"), ("vind", "income_new"), ("vind", "income"), ("vind", "hours_new"), ("vind", "hours_entry"), ("vind", "report"),
    ("vind", "survey_contacts"), ("office", "surveys_held"), ("office", "survey_bases"),
    ("office", "merger"), ("office", "scenario"), ("office", "meetings"), ("office", "exhibit"), ("office", "lay"), ("analyst", "regional_tables"), ("analyst", "extracts"), ("office2", "review"), ("vind", "keys"), ("office", "open_round"), ("office", "appoint"), ("office", "post"), ("office", "import"),
)  # fmt: skip
# of an assessment in work and a case on its way: how far the case has come, who, which screen
QUALITY = {
    "applied": (("vind", "certification"), ("office", "case"), ("office", "proposal"), ("office", "examinations"), ("office", "survey_held"), ("vind", "survey_round")),
    "asked": (
        ("vind", "assessments"), ("vind", "assessment"), ("vind", "assessment_group"), ("vind", "lay_evidence"), ("vind", "assessment_fact"), ("vind", "assessment_answer"),
        ("vind", "here"), ("vind", "consent"), ("vind", "apply"), ("office", "case"), ("auditor", "auditor_case"),
    ),
    "scoring": (("auditor", "score_group"), ("auditor", "score"), ("auditor", "auditor_case")),
    "joint": (("auditor", "joint"), ("auditor", "areas"), ("auditor", "score")),
    "reported": (("vind", "certification"), ("office", "case"), ("analyst", "new_study"), ("analyst", "study_work"), ("analyst", "study_protocol")),
}  # fmt: skip
# all screens with a form in them
LISTED = {name for _, name in (*POSTED, *(pair for pairs in QUALITY.values() for pair in pairs))}


def forms_of(page: str, url: str) -> list[tuple[str, dict[str, list[str]]]]:
    """Each POST form of the page: where it goes, and field -> values that the page itself offers."""
    found = []
    for form in re.findall(r'<form method="post".*?</form>', page, re.DOTALL):
        goes = re.match(r'<form[^>]* action="([^"]+)"', form)
        fields: dict[str, list[str]] = {}
        for tag in re.findall(r"<(?:input|select|textarea|button)\b[^>]*>", form):
            name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
            if name and name.group(1) != "csrfmiddlewaretoken":
                fields.setdefault(name.group(1), []).extend([value.group(1)] if value else [])
        for name, inner in re.findall(r'<select[^>]*name="([^"]+)".*?>(.*?)</select>', form, re.DOTALL):
            fields.setdefault(name, []).extend(re.findall(r'<option value="([^"]*)"', inner))
        found.append((goes.group(1) if goes else url, fields))
    return found


def own_part(page) -> str:
    """The page without the head and the foot that all pages share."""
    return re.sub(r"<header.*?</header>|<footer.*?</footer>", "", page.content.decode(), flags=re.DOTALL)


def unlisted(name: str, url: str, page) -> bool:
    """Whether a page has a form that is in none of the lists above, so that nobody tries it."""
    html = page.status_code == 200 and "text/html" in page["Content-Type"]
    return html and bool(forms_of(own_part(page), url)) and name not in LISTED
