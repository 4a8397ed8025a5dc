"""The checks over one account and over all: the same findings, an error stops, a warning wants a comment, the secretariat sees every one."""

from __future__ import annotations

import json
import shutil
from datetime import date

import pytest
from django.conf import settings as settings_of

from klyngeforum.cli.validating import validate
from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies import describing
from klyngeforum.ground.bodies.queries import one_body
from klyngeforum.ground.industries.queries import by_code
from klyngeforum.ground.programme import queries as programme
from klyngeforum.ground.programme.rules import ProgrammeError
from klyngeforum.ground.verdict import Refused
from klyngeforum.records.outcomes import actions as outcomes
from klyngeforum.records.outcomes.actions import NewOutcome
from klyngeforum.records.outcomes.terms import Step
from klyngeforum.results.accounts import remarks
from klyngeforum.results.accounts.looking import checked, flags
from klyngeforum.results.accounts.queries import current_lines
from klyngeforum.results.accounts.sheets import sheet
from klyngeforum.results.accounts.terms import About
from klyngeforum.results.accounts.working import warning_key
from klyngeforum.web.secretariat.flags import FlagForm
from tests.cast import AT, YEAR

pytestmark = pytest.mark.django_db


def describe(stage, key: str, **changes) -> None:
    describing.describe(by=stage.people["office"], at=AT, body=one_body(stage.bodies[key]), changes=changes)


def oddities(stage) -> None:
    """Somebody without a number, one that ceased before the year and one during it, a municipality's office among the companies, an outcome
    of somebody who did not take part, and two who look the same."""
    twin = bodies.register(by=None, at=AT, body=bodies.NewBody("Havvind Service"))
    stage.bodies["twin"] = twin.pk
    stage.part(stage.activity("vind", "v1"), "a", "b", "c", "x", "twin")
    describe(stage, "a", ceased_on=date(YEAR - 1, 6, 1))
    describe(stage, "b", ceased_on=date(YEAR, 6, 1), industry_id=by_code("DB07", "84").pk)
    bodies.look_for_candidates(by=stage.people["office"], at=AT)
    new = NewOutcome(stage.clusters["vind"].pk, stage.bodies["d"], YEAR, Step.COMPETENCE)
    outcomes.note(
        by=stage.people["vind"], at=AT, cluster=stage.clusters["vind"], body=one_body(stage.bodies["d"]), new=new
    )


def test_one_account_and_all_accounts_are_looked_at_alike(stage):
    oddities(stage)
    stage.open()
    account = stage.account("vind")
    alone = checked(account, current_lines(account.cluster_id, YEAR))
    assert {one.check: one.values.get("count") for one in alone} == {
        "unverified": 2, "ceased_before": 1, "ceased_during": 1, "public_as_company": 1, "alike": 2, "outcome_without_part": 1,
    }  # fmt: skip
    assert flags(YEAR, seen_by=stage.people["office"], on=AT.date()) == []  # not handed in: the office's own business
    stage.submitted("vind")
    together = flags(YEAR, seen_by=stage.people["office"], on=AT.date())
    assert [one.finding for one in together] == alone
    assert flags(YEAR, seen_by=stage.people["mad"], on=AT.date()) == []


def test_a_correction_of_a_register_shows_at_once(stage):
    oddities(stage)
    stage.open()
    stage.submitted("vind")
    describe(stage, "a", ceased_on=None)
    found = {one.finding.check for one in flags(YEAR, seen_by=stage.people["office"], on=AT.date())}
    assert "ceased_before" not in found and "ceased_during" in found


@pytest.fixture
def own_checks(tmp_path, settings):
    """The programme in a folder of the test's own, with a text in place of its checks."""

    def write(text: str) -> None:
        (tmp_path / "programme" / "checks.toml").write_text(text, encoding="utf-8")
        programme.checks_in.cache_clear()

    shutil.copytree(settings_of.PROGRAMME, tmp_path / "programme")
    settings.PROGRAMME = tmp_path / "programme"
    yield write
    programme.checks_in.cache_clear()


STOPS = """[[check]]
code = "turned"
kind = "part"
severity = "error"
measures = ["participating_companies"]
whole = "dedicated_companies"
da = "Delen og det hele"
en = "Part and whole"
source = "made up"
provenance = "placeholder"
"""


def test_an_error_stops_the_account_whatever_the_comment_says(stage, own_checks):
    own_checks(STOPS)
    stage.part(stage.activity("vind", "v1"), "a")
    stage.open()
    with pytest.raises(Refused) as refused:
        stage.submitted("vind")
    assert refused.value.verdicts[0].values == {"count": 1} and stage.account("vind").state == "open"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "part"', 'kind = "parts"', "kind is 'parts'; write one of nothing, part, jump, lines, outlier"),
        ('severity = "error"', 'severity = "grave"', "severity is 'grave'; write one of error, warning, note"),
        ('whole = "dedicated_companies"', "", "'whole' is missing"),
        ('measures = ["participating_companies"]', 'measures = ["companies"]', "there is no measure 'companies'"),
    ],
)
def test_a_check_that_cannot_be_read_is_named_with_its_mend(own_checks, old, new, said):
    own_checks(STOPS.replace(old, new))
    with pytest.raises(ProgrammeError, match=said):
        programme.checks()


def test_the_secretariat_filters_opens_and_takes_the_list_away(stage, client):
    oddities(stage)
    stage.open()
    stage.submitted("vind")
    client.force_login(stage.people["office"])
    address = f"/sekretariat/runder/{YEAR}/tjek/"
    page = client.get(address).content.decode()
    assert "Ophørt, før året begyndte: 1" in page and f"/sekretariat/regnskab/{stage.account('vind').pk}/" in page
    warnings = client.get(f"{address}?severity=warning").content.decode()
    assert "Ophørt, før året begyndte" in warnings and "Uden registreringsnummer, tæller" not in warnings
    lines = client.get(f"{address}?check=alike&hent=csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2 and "Alt er talt." in lines[1]
    names = [str(said) for code, said in FlagForm({}).fields["check"].choices if code]
    assert len(names) == len(set(names))  # two checks never read alike in the filter
    client.force_login(stage.people["vind"])
    assert client.get(address).status_code == 404


def test_what_explains_a_warning_stands_beside_it_in_the_list_of_all(stage, client, capsys):
    """The office wrote its reason in the warning's own field: the secretariat reads it there, and the account's comment beside the rest."""
    oddities(stage)
    stage.open()
    account = stage.account("vind")
    (warned,) = {warning_key(one) for one in sheet(account).findings if one.check == "ceased_before"}
    remarks.write(
        by=stage.people["vind"],
        at=AT,
        account=account,
        about=About.WARNING,
        key=warned,
        text="Konkurs i januar.",
        turn=0,
    )
    stage.submitted("vind")
    client.force_login(stage.people["office"])
    lines = client.get(f"/sekretariat/runder/{YEAR}/tjek/?hent=csv").content.decode("utf-8-sig").splitlines()
    assert ["Konkurs i januar." in line for line in lines] == ["Ophørt, før året begyndte" in line for line in lines]
    assert any("Alt er talt." in line for line in lines)
    assert validate({"year": YEAR, "language": "da", "format": "json"}) == 0
    told = {row["check"]: (row["commented"], row["comment"]) for row in json.loads(capsys.readouterr().out)}
    assert told["ceased_before"] == (True, "Konkurs i januar.") and told["alike"] == (True, "Alt er talt.")


def test_a_sound_account_has_no_finding(stage):
    stage.part(stage.activity("vind", "v1"), "a")
    stage.open()
    account = stage.account("vind")
    assert checked(account, current_lines(account.cluster_id, YEAR)) == []
