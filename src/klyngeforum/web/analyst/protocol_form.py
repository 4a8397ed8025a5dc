"""The questions of a protocol: what is asked, of whom, how it is counted, and what is decided before anything is seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.registers.clusters.queries import clusters, names_by_slug
from klyngeforum.results.effects.queries import Extract, columns_of, limits
from klyngeforum.results.effects.terms import BY_ORGANISATION, COLUMN, OUTSIDE, Outcome, Treatment
from klyngeforum.results.effects.writing import Answers, Beside, Controls, Estimator, Matched, absent
from klyngeforum.web.components.protocols import FORMS_SAID

OUTCOMES = 3  # rows of the form; a protocol with more is written as text
_OUTSIDE = "outside"
_OWN = ("company", "year")  # of every extract: who and when, never measured


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form: its heading, what it is about, and rows of one field or of two beside each other."""

    key: str
    title: str
    about: str
    rows: list[list[forms.BoundField]]


class Columns(forms.CharField):
    """Names of columns, with commas between them."""

    def to_python(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]
        return tuple(dict.fromkeys(part.strip() for part in str(value or "").split(",") if part.strip()))

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, tuple) else value


def _pair(name: str) -> list[str]:
    return [f"{name}_da", f"{name}_en"]


def _text(label: Any, rows: int = 0, hint: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=1000 if rows else 200, widget=widget, help_text=hint)


class Questions(forms.Form):
    """Every question; ``answers`` when all of them are answered so that they fit each other."""

    question_da, question_en = _text(_("The question, in Danish"), 2, _("As it is read above the result.")), _text(_("The question, in English"), 2)  # fmt: skip
    population_da, population_en = _text(_("Which companies, in Danish"), 2), _text(_("Which companies, in English"), 2)
    code = forms.CharField(label=_("Short name"), max_length=60, required=False, help_text=_("In the address of the study: small letters, digits and hyphens. Empty: made from the question."))  # fmt: skip
    treatment = forms.ChoiceField(label=_("What the companies did"))
    organisation = forms.CharField(label=_("Which organisation"), required=False, max_length=200, help_text=_("Only where it is about one organisation."), widget=forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"}))  # fmt: skip
    extract = forms.ChoiceField(label=_("Counted on"))
    horizon = forms.IntegerField(label=_("Years after the first participation"), min_value=1, max_value=10, initial=3)
    controls = forms.ChoiceField(label=_("Compared with"))
    covariates = Columns(label=_("Adjusted for, numbers"), required=False, help_text=_("Columns, with commas between them. As each company was before it began."))  # fmt: skip
    codes = Columns(label=_("Adjusted for, codes"), required=False, help_text=_("Such as industry, size_band."))
    method = forms.ChoiceField(label=_("How it is adjusted"))
    match = forms.BooleanField(label=_("Match beside it: each participant with the nearest companies"), required=False)
    exact = Columns(label=_("Alike exactly in"), required=False, help_text=_("Such as industry, size_band."))
    levels = Columns(label=_("Near in level and growth before of"), required=False)
    neighbours = forms.TypedChoiceField(label=_("Companies to each participant"), coerce=int, choices=[(n, str(n)) for n in (1, 3, 5)], initial=3)  # fmt: skip
    each = forms.BooleanField(label=_("Also ask of each organisation"), required=False)
    groups = Columns(label=_("Also ask of each group in"), required=False, help_text=_("Columns such as region. Groups of a few are never told."))  # fmt: skip
    false_years = forms.IntegerField(label=_("A false date, so many years earlier"), min_value=1, max_value=5, initial=1, help_text=_("Nothing should be found there; if it is, the study says so."))  # fmt: skip
    causal = forms.BooleanField(label=_("The design is argued to be causal: an answer may be called an effect"), required=False)  # fmt: skip
    counts_to_target = forms.BooleanField(label=_("It counts to the target of documented effects, whatever it finds"), required=False)  # fmt: skip
    stop_rules_da, stop_rules_en = _text(_("When it says nothing, in Danish"), 2), _text(_("When it says nothing, in English"), 2)  # fmt: skip

    def __init__(self, data: Any, known: Sequence[Extract], answers: Answers | None = None) -> None:
        super().__init__(data, initial=_initial(answers) if answers else _at_first(known))
        self.known = {str(one.number): one for one in known}
        self.names: Mapping[str, Bilingual] = answers.names if answers else {}
        for nth in range(1, OUTCOMES + 1):
            self._outcome(nth)
        for way in Beside:
            self.fields[_way(way)] = forms.BooleanField(label=gettext(way.label), required=False)
        for field, term in (("treatment", Treatment), ("controls", Controls), ("method", Estimator)):
            self._choices(field, [(one.value, gettext(one.label)) for one in term])
        held = [(number, _extract_said(one)) for number, one in self.known.items()]
        self._choices("extract", [*held, (_OUTSIDE, gettext("a register that never comes here: counted at the statistics office"))])  # fmt: skip

    def _choices(self, field: str, choices: list[tuple[str, str]]) -> None:
        self.fields[field].choices = choices  # type: ignore[attr-defined]

    def _outcome(self, nth: int) -> None:
        needed, number = nth == 1, {"nth": nth}
        made: dict[str, forms.Field] = {
            "column": forms.CharField(label=gettext("Outcome %(nth)s: the column") % number, max_length=60, widget=forms.TextInput(attrs={"list": "columns", "autocomplete": "off"})),
            "form": forms.ChoiceField(label=gettext("How an answer is told"), choices=[(key, gettext(words)) for key, words in FORMS_SAID.items()]),
            "da": forms.CharField(label=gettext("What it is called, in Danish"), max_length=120),
            "en": forms.CharField(label=gettext("What it is called, in English"), max_length=120),
        }  # fmt: skip
        for key, field in made.items():
            field.required = needed
            self.fields[f"out{nth}_{key}"] = field

    @property
    def columns(self) -> list[str]:
        """Every column that some extract holds and that can be asked for."""
        held = {name for one in self.known.values() for name in columns_of(one)} - set(_OWN)
        return sorted(held)

    def sections(self) -> Iterator[Section]:
        """The form as the page sets it."""
        outcomes = [[f"out{nth}_{a}", f"out{nth}_{b}"] for nth in range(1, OUTCOMES + 1) for a, b in (("column", "form"), ("da", "en"))]  # fmt: skip
        asked: list[tuple[str, str, str, list[list[str]]]] = [
            ("asked", gettext("What is asked"), "", [_pair("question"), _pair("population"), ["code"]]),
            ("whom", gettext("Of whom, and on what"), "", [["treatment", "organisation"], ["extract", "horizon"]]),
            ("measured", gettext("What is measured of companies"), gettext("Up to three columns of the extract. Their p-values are adjusted for being several."), outcomes),
            ("compared", gettext("How it is counted"), "", [["controls"], ["covariates", "codes"], ["method"]]),
            ("matched", gettext("Matching"), gettext("A second way to the same answer; it also shows whether the two sides were alike before."), [["match"], ["exact", "levels"], ["neighbours"]]),
            ("groups", gettext("Groups"), "", [["each"], ["groups"]]),
            ("beside", gettext("What is tried beside it"), gettext("All of it is shown beside the result, whatever it says."), [*([_way(way)] for way in Beside), ["false_years"]]),
            ("decided", gettext("What is decided beforehand"), "", [["causal"], ["counts_to_target"], _pair("stop_rules")]),
        ]  # fmt: skip
        for key, title, about, rows in asked:
            yield Section(key, title, about, [[self[name] for name in row] for row in rows])

    def clean_organisation(self) -> str:
        text = self.cleaned_data["organisation"].strip()
        if self.cleaned_data.get("treatment") != Treatment.ORGANISATION:
            return ""
        found = clusters().filter(slug=text).first() or clusters().filter(name__iexact=text).first()
        if found is None:
            raise forms.ValidationError(gettext("No organisation is called so. Choose one from the list."))
        return str(found.slug)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self.answers = self._answers(found)
            self._check(dict(found), self.answers)  # add_error takes out of the dictionary itself
        return found

    def _outcomes(self, said: Mapping[str, Any]) -> tuple[Outcome, ...]:
        rows = [
            {key: said[f"out{nth}_{key}"] for key in ("column", "da", "en", "form")} for nth in range(1, OUTCOMES + 1)
        ]
        return tuple(Outcome(row["column"].strip(), Bilingual(row["da"], row["en"]), row["form"]) for row in rows if row["column"].strip())  # fmt: skip

    def _answers(self, said: Mapping[str, Any]) -> Answers:
        words = {
            name: Bilingual(said[f"{name}_da"], said[f"{name}_en"]) for name in ("question", "population", "stop_rules")
        }
        by = ((BY_ORGANISATION,) if said["each"] else ()) + tuple(
            one for one in said["groups"] if one != BY_ORGANISATION
        )
        return Answers(
            code=said["code"].strip() or slugify(said["question_da"].replace("å", "aa").replace("ø", "oe").replace("æ", "ae"))[:60].strip("-"), **words,
            treatment=Treatment(said["treatment"]), organisation=said["organisation"], horizon=said["horizon"], causal=said["causal"], counts_to_target=said["counts_to_target"],
            extract=OUTSIDE if said["extract"] == _OUTSIDE else int(said["extract"]), outcomes=self._outcomes(said), controls=Controls(said["controls"]),
            method=Estimator(said["method"]) if said["covariates"] or said["codes"] else Estimator.DOUBLY_ROBUST, covariates=said["covariates"], codes=said["codes"],
            matched=Matched(said["exact"], said["levels"], said["neighbours"]) if said["match"] else None, by=by,
            beside=tuple(way for way in Beside if said[_way(way)]), false_years=said["false_years"], names=self.names,
        )  # fmt: skip

    def _check(self, said: Mapping[str, Any], one: Answers) -> None:
        for nth in range(1, OUTCOMES + 1):
            column = said[f"out{nth}_column"].strip()
            for key in ("da", "en"):
                if column and not said[f"out{nth}_{key}"].strip():
                    self.add_error(f"out{nth}_{key}", gettext("Write what the outcome is called: pages name it so."))
            if not column and said[f"out{nth}_da"].strip():
                self.add_error(f"out{nth}_column", gettext("Write the column of the extract that it is."))
        if one.matched and not one.matched.levels:
            self.add_error("levels", gettext("Name at least one column that matched companies are near in."))
        if Beside.UNADJUSTED in one.beside and not (one.covariates or one.codes):
            self.add_error(
                _way(Beside.UNADJUSTED), gettext("Nothing is adjusted for, so there is nothing to leave out.")
            )
        if one.counts_to_target and not one.causal:
            self.add_error("counts_to_target", gettext("Only a study that is argued to be causal can count to the target."))  # fmt: skip
        self._check_columns(said, one)

    def _check_columns(self, said: Mapping[str, Any], one: Answers) -> None:
        """Each column beside its field: written as a column can be, and held by the extract that is counted on."""
        extract = self.known.get(said["extract"])
        held = columns_of(extract) if extract else None
        gone = set(absent(one, held, BY_ORGANISATION)) if held is not None else set()
        fields: dict[str, tuple[str, ...]] = {
            f"out{nth}_column": (said[f"out{nth}_column"].strip(),) for nth in range(1, OUTCOMES + 1)
        }
        fields |= {name: said[name] for name in ("covariates", "codes", "groups", *(("exact", "levels") if one.matched else ()))}  # fmt: skip
        for field, columns in fields.items():
            for column in filter(None, columns):
                if not COLUMN.fullmatch(column):
                    self.add_error(field, gettext("“%(column)s” is no column: letters, digits and _ alone.") % {"column": column})  # fmt: skip
                elif column in gone or column in _OWN:
                    names = ", ".join(name for name in held or () if name not in _OWN)
                    self.add_error(field, gettext("The extract has no column “%(column)s” to ask for. It has: %(names)s.") % {"column": column, "names": names})  # fmt: skip


def _way(way: Beside) -> str:
    return f"beside_{way.name.lower()}"


def _extract_said(one: Extract) -> str:
    number = {"number": one.number, "source": one.source, "first": one.first_year, "last": one.last_year}
    return gettext("Extract %(number)s: %(source)s, %(first)s–%(last)s") % number


def _at_first(known: Sequence[Extract]) -> dict[str, Any]:
    fewest = f"{limits().fewest:g}"
    return {
        "extract": str(known[0].number) if known else _OUTSIDE, "population_da": "Virksomheder i udtrækket", "population_en": "Companies in the extract", "controls": Controls.NOT_YET.value,
        "stop_rules_da": f"Færre end {fewest} deltagere: intet udsagn om årsag.", "stop_rules_en": f"Fewer than {fewest} participants: nothing is said of a cause.",
        **{_way(way): way in (Beside.OTHER_CONTROLS, Beside.COHORTS, Beside.CALENDAR) for way in Beside},
    }  # fmt: skip


def _initial(one: Answers) -> dict[str, Any]:
    organisation = names_by_slug([one.organisation]).get(one.organisation, one.organisation) if one.organisation else ""
    found: dict[str, Any] = {
        "code": one.code, "treatment": one.treatment.value, "organisation": organisation, "extract": _OUTSIDE if one.extract == OUTSIDE else str(one.extract), "horizon": one.horizon,
        "controls": one.controls.value, "method": one.method.value, "covariates": one.covariates, "codes": one.codes, "match": one.matched is not None,
        "each": BY_ORGANISATION in one.by, "groups": tuple(name for name in one.by if name != BY_ORGANISATION), "false_years": one.false_years, "causal": one.causal,
        "counts_to_target": one.counts_to_target, **{_way(way): way in one.beside for way in Beside},
    }  # fmt: skip
    for name, words in (("question", one.question), ("population", one.population), ("stop_rules", one.stop_rules)):
        found |= {f"{name}_da": words.da, f"{name}_en": words.en}
    for nth, out in enumerate(one.outcomes, 1):
        found |= {f"out{nth}_column": out.column, f"out{nth}_da": out.name.da, f"out{nth}_en": out.name.en, f"out{nth}_form": out.form}  # fmt: skip
    if one.matched:
        found |= {"exact": one.matched.exact, "levels": one.matched.levels, "neighbours": one.matched.neighbours}
    return found


def fits(one: Answers | None) -> bool:
    """Whether the form can hold the answers."""
    return one is not None and len(one.outcomes) <= OUTCOMES
