"""The company survey seen from the organisation: who is asked, how many answered, what they say otherwise, and whom to write to."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.terms import Language
from klyngeforum.ground.bodies.queries import by_number, match_names
from klyngeforum.ground.bodies.terms import Scheme
from klyngeforum.records.survey import actions
from klyngeforum.records.survey.actions import NewContact
from klyngeforum.records.survey.queries import (
    Part,
    contacts_of,
    differences,
    left_out_counts,
    one_round,
    part,
    parts_of,
    rounds,
    standing,
)
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.choices import posted_number
from klyngeforum.web.components.survey import name_of
from klyngeforum.web.serving import me, serves

from .desk import own_cluster

_MOST_LINES = 2000


class ContactsForm(forms.Form):
    lines = forms.CharField(
        label=_("Companies and addresses"), max_length=200_000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("One company a line: CVR number or name; e-mail; name of the person; da or en. Straight from Excel is fine."),
    )  # fmt: skip
    basis = forms.CharField(
        label=_("On what lawful basis you hold the addresses"), max_length=200,
        help_text=_("For example: the agreement on membership, or legitimate interest (GDPR article 6(1)(f))."),
    )  # fmt: skip


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.replace("\t", ";").split(";")]


def _company(text: str) -> int | None:
    """The one company that is surely meant."""
    if body := by_number(Scheme.CVR, text):
        return int(body.pk)
    match = match_names([text])[0]
    return match.body_id if match.certain else None


def read_contacts(text: str) -> tuple[list[NewContact], list[str]]:
    """The contacts of a pasted list, and for each line that is none: which line, and why."""
    found: dict[int, NewContact] = {}
    wrong = []
    lines = [one for one in text.splitlines() if one.strip()]
    for number, line in enumerate(lines[:_MOST_LINES], start=1):
        company, email, name, language = [*_cells(line), "", "", ""][:4]
        body_id = _company(company) if company else None
        try:
            validate_email(email)
        except ValidationError:
            wrong.append(gettext("Line %(number)s: “%(text)s” is no e-mail address.") % {"number": number, "text": email[:80]})  # fmt: skip
            continue
        if body_id is None:
            wrong.append(gettext("Line %(number)s: no company is surely “%(text)s”; write the CVR number.") % {"number": number, "text": company[:80]})  # fmt: skip
            continue
        spoken = language.lower() if language.lower() in Language.values() else Language.DANISH.value
        found[body_id] = NewContact(body_id, email, name[:120], spoken)
    return list(found.values()), wrong


@serves("survey.office")
def survey_rounds(request: HttpRequest) -> HttpResponseBase:
    cluster, today = own_cluster(request), timezone.localdate()
    shown = [(one, name_of(one), standing(one, cluster.pk)) for one in rounds(seen_by=me(request), on=today)]
    known = {"cluster": cluster, "rounds": shown, "contacts": contacts_of(cluster.pk).count()}
    return render(request, "cluster_office/surveys.html", known)


@serves("survey.office")
def survey_round(request: HttpRequest, pk: int) -> HttpResponseBase:
    cluster, today = own_cluster(request), timezone.localdate()
    one = one_round(pk, seen_by=me(request), on=today)
    if one is None:
        raise Http404
    if request.method == "POST":
        seen = part(posted_number(request, "part"), seen_by=me(request), on=today)
        if seen is None or seen.asked.round_id != one.pk:
            raise Http404
        if request.POST.get("act") == "new_link":
            attempt(request, lambda: actions.revoke(by=me(request), at=timezone.now(), asked=seen.asked) or True, done=gettext("The old link is worthless now; a letter with a new one goes out with the next letters."))  # fmt: skip
            return redirect("survey_round", pk)
        note = request.POST.get("note", "")[:300]
        attempt(request, lambda: actions.look(by=me(request), at=timezone.now(), part=seen, note=note), done=gettext("Noted as looked at."))  # fmt: skip
        return redirect("survey_round", pk)
    parts: list[Part] = list(parts_of(one, seen_by=me(request), on=today).filter(cluster=cluster))
    known = {
        "cluster": cluster, "one": one, "name": name_of(one), "standing": standing(one, cluster.pk), "parts": parts,
        "left_out": left_out_counts(one, cluster.pk),
        "differences": [row for row in differences(seen_by=me(request), on=today, one=one) if row.cluster_id == cluster.pk],
    }  # fmt: skip
    return render(request, "cluster_office/survey.html", known)


@serves("survey.office")
def survey_contacts(request: HttpRequest) -> HttpResponseBase:
    cluster, wrong = own_cluster(request), list[str]()
    form = ContactsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        contacts, wrong = read_contacts(form.cleaned_data["lines"])
        basis = form.cleaned_data["basis"]
        if wrong:
            form.add_error("lines", gettext("Nothing was taken in: mend the lines named below."))
        elif attempt(request, lambda: actions.hold_contacts(by=me(request), at=timezone.now(), cluster=cluster, contacts=contacts, basis=basis), form=form, done=gettext("%(count)s contacts are held.") % {"count": len(contacts)}):  # fmt: skip
            return redirect("survey_contacts")
    known = {"cluster": cluster, "form": form, "wrong": wrong, "contacts": contacts_of(cluster.pk)}
    return render(request, "cluster_office/survey_contacts.html", known)
