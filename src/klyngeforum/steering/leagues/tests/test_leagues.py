"""Each placement has a decision, and the earlier one stays."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from klyngeforum.ground.verdict import Refused
from klyngeforum.quality.labels import actions as labels
from klyngeforum.steering.leagues import actions
from klyngeforum.steering.leagues.exhibits import shown
from klyngeforum.steering.leagues.models import Notice
from klyngeforum.steering.leagues.queries import (
    exhibits,
    history,
    league_of,
    moved,
    notices,
    organisations_resting,
    proposal,
    resting,
)
from klyngeforum.steering.leagues.terms import Direction, NoticeState
from tests.cast import AT

pytestmark = pytest.mark.django_db


def place(stage, league, on, decision="Møde 1, punkt 4", by="office"):
    return actions.place(
        by=stage.people[by], at=AT, cluster=stage.clusters["vind"], league=league, on=on, decision=decision
    )


def test_moving_up_ends_the_earlier_placement_on_the_same_day(stage):
    place(stage, "3", date(2012, 1, 1))
    place(stage, "2", date(2013, 1, 1))
    pk = stage.clusters["vind"].pk
    assert league_of(on=date(2012, 12, 31))[pk] == "3" and league_of(on=date(2013, 1, 1))[pk] == "2"
    assert [row.league for row in history(pk)] == ["2", "3"]


@pytest.mark.parametrize(("league", "on", "decision"), [("9", date(2013, 1, 1), "ja"), ("2", date(2013, 1, 1), " "), ("3", date(2013, 1, 1), "ja"), ("2", date(2011, 1, 1), "ja")])  # fmt: skip
def test_what_cannot_be_decided(stage, league, on, decision):
    place(stage, "3", date(2012, 1, 1))
    with pytest.raises(Refused):
        place(stage, league, on, decision)


def test_no_cluster_places_itself(stage):
    with pytest.raises(Refused):
        place(stage, "1", date(2012, 1, 1), by="vind")


class TestMovingDown:
    def warn(self, stage, to="3", deadline=date(2014, 3, 1), reason="Mærket er udløbet.", by="office"):
        return actions.warn(
            by=stage.people[by], at=AT, cluster=stage.clusters["vind"], to=to, deadline=deadline, reason=reason
        )

    def test_nobody_goes_down_without_a_warning_whose_deadline_has_passed(self, stage):
        place(stage, "1", date(2012, 1, 1))
        with pytest.raises(Refused, match="warning"):
            place(stage, "3", date(2013, 6, 1))
        self.warn(stage)
        with pytest.raises(Refused, match="until"):
            place(stage, "3", date(2014, 2, 28))
        place(stage, "3", date(2014, 3, 1))
        assert league_of(on=date(2014, 3, 1))[stage.clusters["vind"].pk] == "3"
        assert Notice.objects.get().state == NoticeState.CARRIED_OUT

    def test_a_warning_of_the_second_league_does_not_carry_to_the_third(self, stage):
        place(stage, "1", date(2012, 1, 1))
        self.warn(stage, to="2")
        with pytest.raises(Refused):
            place(stage, "3", date(2014, 3, 1))
        place(stage, "2", date(2014, 3, 1))

    def test_mending_it_withdraws_the_warning_and_so_does_moving_up(self, stage):
        place(stage, "2", date(2012, 1, 1))
        notice = self.warn(stage)
        with pytest.raises(Refused, match="stands already"):
            self.warn(stage)
        actions.withdraw(by=stage.people["office"], at=AT, notice=notice, reason="Mærket er fornyet.")
        with pytest.raises(Refused, match="no longer stands"):
            actions.withdraw(by=stage.people["office"], at=AT, notice=notice, reason="igen")
        self.warn(stage)
        place(stage, "1", date(2013, 4, 1))
        assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.WITHDRAWN}

    def test_a_warning_that_was_carried_out_meanwhile_is_not_withdrawn(self, stage):
        place(stage, "2", date(2012, 1, 1))
        notice = self.warn(stage)
        place(stage, "3", date(2014, 3, 1))
        assert notice.state == NoticeState.STANDING  # on the page that was read before
        with pytest.raises(Refused, match="no longer stands"):
            actions.withdraw(by=stage.people["office"], at=AT, notice=notice, reason="Mærket er fornyet.")
        assert Notice.objects.get().state == NoticeState.CARRIED_OUT

    @pytest.mark.parametrize(
        "wrong", [{"to": "1"}, {"to": "9"}, {"deadline": date(2013, 9, 1)}, {"reason": " "}, {"by": "vind"}]
    )
    def test_what_is_no_warning(self, stage, wrong):
        place(stage, "2", date(2012, 1, 1))
        with pytest.raises(Refused):
            self.warn(stage, **wrong)

    def test_the_organisation_sees_its_own_warning_and_no_other(self, stage):
        place(stage, "2", date(2012, 1, 1))
        self.warn(stage)
        assert notices(seen_by=stage.people["vind"], on=AT.date()).count() == 1
        assert notices(seen_by=stage.people["mad"], on=AT.date()).count() == 0
        assert notices(seen_by=stage.people["company"], on=AT.date()).count() == 0


class TestProposals:
    def test_a_label_proposes_and_a_decision_keeps_what_the_forum_saw(self, stage):
        cluster, day = stage.clusters["vind"], date(2013, 3, 1)
        label_it(stage, "gold", date(2012, 6, 1), date(2014, 5, 31))
        found = proposal(cluster, on=day)
        assert (found.current, found.proposed, found.direction) == ("", "1", Direction.ENTER)
        lines = shown(found.judged)
        row = actions.place(
            by=stage.people["office"], at=AT, cluster=cluster, league="1", on=day, decision="Møde 2, punkt 1",
            judged=found.judged, exhibits=lines,
        )  # fmt: skip
        assert exhibits(row.pk) == list(lines) and row.rules_version == "2012" and not row.against_rules
        assert any("Gold Label" in line.said_da and "opfyldt" in line.said_da for line in lines)
        assert any("met" in line.said_en for line in lines)
        assert any(
            "“Internationale aktiviteter for" in line.said_da or "“Registreret som" in line.said_da for line in lines
        )

    @pytest.mark.parametrize(
        ("day", "league", "guessed"), [(date(2013, 3, 1), "2", False), (date(2014, 3, 1), "3", True)]
    )
    def test_a_placement_rests_on_the_placeholder_that_closed_the_league_above(self, stage, day, league, guessed):
        """How much abroad the upper leagues ask for from 2014 is a placeholder; in 2013 they asked for nothing abroad."""
        label_it(stage, "silver", date(2012, 6, 1), date(2014, 5, 31))
        found = proposal(stage.clusters["vind"], on=day)
        assert (found.proposed, found.placeholder) == (league, guessed)
        row = actions.place(
            by=stage.people["office"], at=datetime(2014, 3, 2, tzinfo=UTC), cluster=stage.clusters["vind"], league=league, on=day,
            decision="Møde 2, punkt 1", judged=found.judged, exhibits=shown(found.judged),
        )  # fmt: skip
        assert resting(on=day) == ({row.pk} if guessed else set())
        assert organisations_resting(on=day) == ({row.cluster_id} if guessed else set())

    def test_deciding_otherwise_than_the_rules_is_said(self, stage):
        cluster, day = stage.clusters["vind"], date(2013, 3, 1)
        label_it(stage, "gold", date(2012, 6, 1), date(2014, 5, 31))
        judged = proposal(cluster, on=day).judged
        row = actions.place(by=stage.people["office"], at=AT, cluster=cluster, league="3", on=day, decision="Møde 2", judged=judged)  # fmt: skip
        assert row.against_rules

    def test_a_label_that_ran_out_shows(self, stage):
        place(stage, "1", date(2012, 7, 1))
        label_it(stage, "gold", date(2011, 6, 1), date(2013, 1, 31))
        found = proposal(stage.clusters["vind"], on=date(2013, 3, 1))
        assert found.expired_label and found.direction is Direction.DOWN and found.proposed != "1"

    def test_movements_between_two_days(self, stage):
        place(stage, "3", date(2012, 1, 1))
        place(stage, "2", date(2013, 1, 1))
        assert moved(date(2012, 6, 1), date(2013, 6, 1)) == [("3", "2", 1)]

    def test_the_screens_explain_decide_and_show_the_decision(self, stage, client):
        label_it(stage, "gold", date(2012, 6, 1), date(2040, 5, 31))
        client.force_login(stage.people["office"])
        slug = stage.clusters["vind"].slug
        assert "Vindklyngen" in client.get("/sekretariat/ligaer/").content.decode()
        page = client.get(f"/sekretariat/ligaer/{slug}/").content.decode()
        assert "Gold Label" in page and "opfyldt" in page
        answer = client.post(
            f"/sekretariat/ligaer/{slug}/", {"act": "place", "league": "3", "on": "2014-01-01", "decision": "Møde 3"}
        )
        assert answer.status_code == 302
        decision = history(stage.clusters["vind"].pk)[0]
        page = client.get(f"/ligaer/afgoerelse/{decision.pk}/").content.decode()
        assert "Møde 3" in page and "Gold Label" in page
        page = client.get(f"/sekretariat/ligaer/{slug}/").content.decode()
        assert "Ændret siden afgørelsen" in page and "Intet: hver betingelse" in page
        client.force_login(stage.people["vind"])
        assert client.get("/sekretariat/ligaer/").status_code == 404

    def test_the_screen_says_what_has_changed_since_the_decision(self, stage, client):
        client.force_login(stage.people["office"])
        address = f"/sekretariat/ligaer/{stage.clusters['vind'].slug}/"
        assert "Ændret siden afgørelsen" not in client.get(address).content.decode()
        client.post(address, {"act": "place", "league": "3", "on": "2014-01-01", "decision": "Møde 3"})
        label_it(stage, "gold", date(2012, 6, 1), date(2040, 5, 31))
        page = client.get(address).content.decode().split("Ændret siden afgørelsen")[1].split("</ul>")[0]
        then, now = page.index("Dengang: har et af mærkerne: Gold Label: ikke opfyldt"), page.index("Nu: har et af mærkerne: Gold Label: opfyldt")  # fmt: skip
        assert then < now and "Møde 3" in page


def label_it(stage, label, since, until):
    labels.note(by=stage.people["office"], at=AT, cluster=stage.clusters["vind"], label=label, issuer="ESCA", valid_from=since, valid_to=until)  # fmt: skip
