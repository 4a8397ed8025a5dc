"""The benchmarking interview and the ex-ante check: begun and filled by who asks, kept apart from what the organisation says of itself."""

from __future__ import annotations

import pytest

from klyngeforum.quality.assessments.models import Answer, Assessment
from klyngeforum.quality.assessments.queries import benchmarkings
from klyngeforum.quality.labels.peering import take_in_peers
from tests.cast import AT
from tests.furnished import DAY, SCHEME

pytestmark = pytest.mark.django_db


def begun(stage, client, kind: str = "interview", who: str = "office") -> Assessment | None:
    client.force_login(stage.people[who])
    sent = {"cluster": "vindklyngen", "kind": kind, "scheme": SCHEME, "as_of": DAY.isoformat()}
    client.post("/sekretariat/vurderinger/", sent)
    return Assessment.objects.filter(cluster=stage.clusters["vind"], kind=kind).first()


def answered(client, one: Assessment, code: str, value: str):
    return client.post(
        f"/klyngekontor/vurderinger/{one.pk}/svar/{code}/", {"part": "level", "value": value, "turn": "0"}
    )


def test_the_secretariat_interviews_and_the_organisation_reads_it(stage, client):
    one = begun(stage, client)
    assert one is not None and one.begun_by == stage.people["office"]
    page = client.get(f"/klyngekontor/vurderinger/{one.pk}/").content.decode()
    assert "Vindklyngen" in page and "Afslut vurderingen" in page and "Indlæs en fil" in page  # at the own desk's menu
    group = client.get(f"/klyngekontor/vurderinger/{one.pk}/gruppe/2/").content.decode()
    assert "kan ikke udfyldes her nu" not in group
    assert (
        f"/klyngekontor/vurderinger/{one.pk}/maalt/"
        in client.get(f"/klyngekontor/vurderinger/{one.pk}/gruppe/1/").content.decode()
    )
    assert client.get(f"/klyngekontor/vurderinger/{one.pk}/maalt/committed_participants/").status_code == 200
    assert answered(client, one, "2.1", "3").status_code == 302
    assert Answer.objects.get(assessment=one, indicator="2.1").level == 3
    client.force_login(stage.people["vind"])
    assert "kan ikke udfyldes her nu" in client.get(f"/klyngekontor/vurderinger/{one.pk}/gruppe/2/").content.decode()
    answered(client, one, "2.1", "5")
    assert Answer.objects.get(assessment=one, indicator="2.1").level == 3
    client.force_login(stage.people["mad"])
    assert client.get(f"/klyngekontor/vurderinger/{one.pk}/").status_code == 404


def test_a_completed_interview_counts_as_benchmarking(stage, client):
    one = begun(stage, client)
    version = one.version
    from_the_list = client.get("/sekretariat/vurderinger/").content.decode()
    assert f"/klyngekontor/vurderinger/{one.pk}/" in from_the_list and version
    refused = client.post(f"/klyngekontor/vurderinger/{one.pk}/", {"act": "complete"})
    assert refused.status_code == 200 and Assessment.objects.get(pk=one.pk).state == "open"
    for code in {line.split("/")[0] for line in _codes(client, one)}:
        answered(client, one, code, "unknown")
    assert client.post(f"/klyngekontor/vurderinger/{one.pk}/", {"act": "complete"}).status_code == 302
    assert Assessment.objects.get(pk=one.pk).state == "completed"
    assert benchmarkings(stage.clusters["vind"].pk, SCHEME) == (DAY,)


def _codes(client, one: Assessment) -> list[str]:
    """Every question's address on every group's page."""
    page = client.get(f"/klyngekontor/vurderinger/{one.pk}/").content.decode()
    groups = {part.split("/")[0] for part in page.split("/gruppe/")[1:]}
    shown = [client.get(f"/klyngekontor/vurderinger/{one.pk}/gruppe/{group}/").content.decode() for group in groups]
    return [part for text in shown for part in text.split(f"/vurderinger/{one.pk}/svar/")[1:]]


def test_the_secretariat_reads_a_self_evaluation_and_writes_nothing_in_it(stage, client):
    client.force_login(stage.people["vind"])
    client.post("/klyngekontor/vurderinger/", {"scheme": SCHEME, "as_of": DAY.isoformat()})
    own = Assessment.objects.get(kind="self")
    client.force_login(stage.people["office"])
    assert "kan ikke udfyldes her nu" in client.get(f"/klyngekontor/vurderinger/{own.pk}/gruppe/2/").content.decode()
    answered(client, own, "2.1", "5")
    assert not Answer.objects.filter(assessment=own, indicator="2.1", level=5).exists()


@pytest.mark.parametrize("who", ["vind", "ministry", "auditor", "company"])
def test_nobody_else_begins_one(stage, client, who):
    assert begun(stage, client, who=who) is None


def test_an_ex_ante_check_is_a_kind_of_its_own(stage, client):
    assert begun(stage, client, "ex_ante").kind == "ex_ante" and begun(stage, client, "self") is None


def test_the_manager_sees_where_it_stands_in_europe(stage, client):
    rows = "".join(f"NO,Klynge {n},Energy,2030-01-01,{n}\n" for n in range(5))
    table = f"country,name,portfolio,valid_until,share\nDK,Vindklyngen,Energy,2030-01-01,\n{rows}"
    client.force_login(stage.people["vind"])
    client.post("/klyngekontor/vurderinger/", {"scheme": SCHEME, "as_of": DAY.isoformat()})
    own = Assessment.objects.get(kind="self")
    assert "Over for Europa" not in client.get("/klyngekontor/vurderinger/afstand/").content.decode()
    take_in_peers(by=stage.people["office"], at=AT, content=table.encode(), dry_run=False)
    for code in dict.fromkeys(line.split("/")[0] for line in _codes(client, own)):
        answered(client, own, code, "1")
    page = client.get("/klyngekontor/vurderinger/afstand/").content.decode()
    assert (
        "Over for Europa" in page and "Vi står i den" in page and "5 af 5 med et kendt resultat ligger under os" in page
    )
    assert "Klynge 3" in client.get("/maerker/europa/").content.decode()
