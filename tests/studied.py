"""A small register with a known effect and a known null, the cast's studies on it: a frozen, a counted, a published one and a draft."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.test import override_settings

from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.terms import BodyKind, Scheme
from klyngeforum.records.activities import actions as activities
from klyngeforum.records.activities.actions import NewActivity, NewPart
from klyngeforum.records.activities.terms import ActivityKind, PartRole
from klyngeforum.results.effects import actions
from klyngeforum.results.effects.models import Extract, Result, Review, Study
from klyngeforum.results.effects.queries import studies
from klyngeforum.results.effects.rules import digest_of_text
from klyngeforum.results.effects.terms import Judgement, StudyState

from .cast import AT, YEAR
from .told import told

YEARS, EFFECT = range(YEAR - 3, YEAR + 2), 0.08
SEED = 1  # one in twenty seeds finds an effect where there is none, as an interval of 95 per cent promises
PROTOCOL = """
[study]
code = "{code}"
treatment = "{treatment}"
horizon = 1
causal = {causal}
counts_to_target = {causal}
extract = {extract}
question = {{ da = "Voksede {code}?", en = "Did {code} grow?" }}
population = {{ da = "Alle virksomheder", en = "All companies" }}
stop_rules = {{ da = "Under 100: intet", en = "Under 100: nothing" }}

[[study.outcome]]
column = "{column}"
da = "Årsværk"
en = "Full-time equivalents"
form = "per_cent_of_log"

[effects]
false_years = 1
[effects.design]
controls = "never"
[effects.match]
exact = ["industry"]
levels = ["fte"]
neighbours = 2
lag = 1
span = 1
[[effects.specifications]]
name = "never"
[[effects.specifications]]
name = "by cohort"
kind = "group"
"""


REGION_OF = (
    "1083",
    "1083",
    "1083",
    "1083",
    "1082",
    "1082",
    "1084",
)  # of seven companies in a row: of 350 participants 200, 100 and 50


def protocol(code, *, column="employment", treatment="participation", causal=True, extract=1, by=()):
    text = PROTOCOL.format(code=code, column=column, treatment=treatment, causal=str(causal).lower(), extract=extract)
    return text.replace("[effects]\n", f"[effects]\nby = {json.dumps(by)}\n") if by else text


def numbers(count: int) -> list[str]:
    """Valid CVR numbers that nobody of the cast has."""
    weights, found, number = (2, 7, 6, 5, 4, 3, 2, 1), [], 97_000_000
    while len(found) < count:
        if sum(w * int(d) for w, d in zip(weights, str(number), strict=True)) % 11 == 0:
            found.append(str(number))
        number += 1
    return found


def populate(stage, *, companies: int, participants: int) -> list[str]:
    """So many companies, the first of which took part in an event of Vindklyngen in the year."""
    known = numbers(companies)
    new = [NewBody(f"Panel {number} ApS", BodyKind.COMPANY, Scheme.CVR, number) for number in known]
    ids = bodies.register_many(by=None, at=AT, bodies=new, trusted=True)
    day = AT.date().replace(year=YEAR)
    cluster = stage.clusters["vind"]
    held = activities.hold(by=stage.people["vind"], at=AT, cluster=cluster, new=NewActivity(cluster.pk, "panel", ActivityKind.KNOWLEDGE, "Vækstdag", day, day))  # fmt: skip
    parts = [NewPart(held.pk, body, PartRole.PARTICIPANT, 1) for body in ids[:participants]]
    activities.take_part_many(by=None, at=AT, parts=parts)
    return known


def register(path: Path, known: list[str], participants: int) -> Path:
    """The register as a Parquet file: employment grows by EFFECT with participation, exports do not."""
    chance, n, years = np.random.default_rng(SEED), len(known), np.arange(YEARS.start, YEARS.stop)
    took = np.arange(n) < participants
    employment = (
        chance.normal(2.5, 0.8, n)[:, None]
        + 0.01 * np.arange(len(years))
        + chance.normal(0, 0.05, (n, len(years))).cumsum(axis=1)
    )
    employment += np.where(took[:, None] & (years >= YEAR), EFFECT, 0.0)
    exports = chance.normal(6, 1, n)[:, None] + chance.normal(0, 0.1, (n, len(years)))
    table = pa.table({
        "company": np.repeat([int(one) for one in known], len(years)), "year": np.tile(years, n), "employment": employment.ravel(),
        "fte": np.exp(employment).ravel(), "exports": exports.ravel(), "industry": np.repeat(np.arange(n) % 4, len(years)),
        "region": np.repeat([REGION_OF[one % 7] for one in range(n)], len(years)),
    })  # fmt: skip
    pq.write_table(table, path)
    return path


def studied(stage, folder: Path, settings, *, companies: int = 900, participants: int = 350):
    """Extract 1 and the studies draft, frozen, counted and published of the cast's analyst, reviewed by the secretariat."""
    settings.EXTRACTS = folder / "extracts"
    for name, content in told(_studied, stage, way=(companies, participants)).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return {one.code: one for one in studies(seen_by=None, on=AT.date())}


def _studied(stage, companies: int, participants: int) -> dict[str, bytes]:
    """The files that the house and the register lie in."""
    with TemporaryDirectory() as kept, override_settings(EXTRACTS=Path(kept, "extracts")):
        _study(stage, Path(kept), companies, participants)
        return {str(file.relative_to(kept)): file.read_bytes() for file in Path(kept).rglob("*") if file.is_file()}


def _study(stage, folder: Path, companies: int, participants: int) -> None:
    analyst, office = stage.people["analyst"], stage.people["office"]
    known = populate(stage, companies=companies, participants=participants)
    path = register(folder / "register.parquet", known, participants)
    actions.take_in_extract(by=analyst, at=AT, path=path, source="Opdigtet register")
    actions.write(by=analyst, at=AT, text=protocol("draft"))
    made = {}
    for code, column in (("frozen", "employment"), ("counted", "exports"), ("published", "employment")):
        one = actions.write(by=analyst, at=AT, text=protocol(code, column=column))
        made[code] = actions.freeze(by=analyst, at=AT + timedelta(days=1), study=one)
    for code in ("counted", "published"):
        actions.run(by=analyst, at=AT + timedelta(days=2), study=made[code])
    actions.review(
        by=office, at=AT + timedelta(days=3), study=made["published"], verdict=Judgement.SOUND, text="Holder."
    )
    actions.publish(by=analyst, at=AT + timedelta(days=4), study=made["published"])


ROW = {"estimate": 0.08, "low": 0.05, "high": 0.11, "n_treated": 350}
TOLD = {
    "summary": [{**ROW, "outcome": "employment", "kind": "simple", "p_holm": 0.0001, "relative": 8.3, "relative_low": 5.1, "relative_high": 11.6, "detectable": 0.04, "pretrend_p": 0.4}],
    "outcomes": {"employment": {"event_study": [{**ROW, "key": None}, {**ROW, "key": -1, "estimate": 0.0, "low": -0.02, "high": 0.02}, {**ROW, "key": 0}], "sensitivity_relative": {"breakdown": 1.25}}},
    "specifications": [{**ROW, "name": "never", "refused": ""}, {"name": "odd", "refused": "no such column"}],
    "placebos": [{**ROW, "kind": "date", "outcome": "employment", "found": True}],
    "matching": {"balance": [{"covariate": "log_fte", "before": 0.4, "after": 0.02}], "effects": [{**ROW, "outcome": "change_employment"}]},
    "refused": [{"part": "wild", "reason": "no clusters"}], "hidden": 1, "companies": 900, "library": "klyngeanalyse (test)",
}  # fmt: skip


def shelved(stage) -> dict[str, str]:
    """A draft and a published study without counting: what the addresses of studies need to be looked at; code by what it is for."""
    analyst = stage.people["analyst"]
    extract = Extract.objects.create(
        number=1, file="none.parquet", checksum="0" * 64, rows=10, companies=5, first_year=YEAR - 1, last_year=YEAR, columns=json.dumps(["company", "employment", "year"]),
        source="Opdigtet", taken_at=AT, taken_by=analyst,
    )  # fmt: skip
    draft = Study.objects.create(
        code="draft",
        protocol=protocol("draft"),
        digest=digest_of_text(protocol("draft")),
        begun_at=AT,
        begun_by=analyst,
    )
    text = protocol("published")
    one = Study.objects.create(
        code="published", state=StudyState.PUBLISHED, protocol=text, digest=digest_of_text(text), extract=extract, begun_at=AT, begun_by=analyst, frozen_at=AT,
        frozen_by=analyst, published_at=AT,
    )  # fmt: skip
    Result.objects.create(
        study=one,
        inputs="0" * 64,
        told=json.dumps(TOLD),
        digest="1" * 64,
        library="klyngeanalyse (test)",
        counted_at=AT,
        counted_by=analyst,
    )
    Review.objects.create(
        study=one, verdict=Judgement.RESERVATIONS, text="Kort tid.", reviewed_at=AT, reviewed_by=stage.people["office"]
    )
    return {"study_work": draft.code, "study_protocol": draft.code, "effect_study": one.code}
