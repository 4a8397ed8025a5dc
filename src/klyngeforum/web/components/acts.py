"""The trail in plain words: what was done, to what, and what it changed."""

from __future__ import annotations

import json

from django.utils.translation import gettext

from klyngeforum.ground.words import mark

from .numbers import grouped

DONE = {
    "assessments.agree": mark("agreed on the scores"), "assessments.answer": mark("answered a question"), "assessments.answer_many": mark("answered questions"),
    "assessments.attach": mark("laid evidence"), "assessments.begin": mark("began an assessment"), "assessments.begin_scoring": mark("let the experts score"),
    "assessments.complete": mark("completed an assessment"), "assessments.consent": mark("decided whether the name is shown"), "assessments.detach": mark("took evidence off"),
    "assessments.hand_in": mark("handed scores in"), "assessments.meet": mark("began the joint round"), "assessments.reopen": mark("opened an assessment again"),
    "assessments.seat": mark("gave an expert a seat"), "assessments.state": mark("stated a fact"), "assessments.take_in_sheet": mark("took answers in from a sheet"), "assessments.take_over": mark("took finished assessments over"),
    "indicators.take_in_official": mark("took the official values in"), "intake.take_in": mark("took a file in"), "programme.take_in": mark("took the programme in"),
    "economy.amend_hours": mark("put hours right"),
    "economy.amend_grant": mark("changed a grant"), "economy.amend_income": mark("put income right"), "economy.book_income": mark("booked income"),
    "economy.claim": mark("claimed hours"), "economy.close_grant": mark("closed a grant"), "economy.lay_evidence": mark("laid evidence for hours"),
    "economy.receive_grant": mark("recorded a grant"), "economy.record_hours": mark("recorded hours"), "economy.record_many": mark("recorded hours in bulk"),
    "economy.set_budget": mark("wrote a grant's budget"), "economy.strike_hours": mark("struck hours"), "economy.take_back_income": mark("took income back"),
    "economy.unclaim": mark("took a claim back"),
    "labels.admit": mark("took an application up"), "labels.apply": mark("applied for a label"), "labels.ask": mark("asked an assessor"),
    "labels.award": mark("recorded the award"), "labels.begin_audit": mark("began an audit"), "labels.declare": mark("declared whether independent"),
    "labels.decline": mark("recorded that the label was not awarded"), "labels.drop_area": mark("took an improvement area out"),
    "labels.find_area": mark("wrote an improvement area"), "labels.finish": mark("finished a step"), "labels.plan": mark("planned a step"),
    "labels.remind": mark("reminded of a label that runs out"), "labels.report": mark("handed the report in"), "labels.withdraw": mark("withdrew an application"),
    "effects.freeze": mark("froze a protocol"), "effects.give_up": mark("gave a study up"), "effects.publish": mark("published a study"),
    "effects.review": mark("reviewed a study"), "effects.run": mark("counted a study"), "effects.make_bundle": mark("made the bundle of a study"), "effects.take_in_extract": mark("took an extract in"), "effects.write": mark("wrote a protocol"),
    "strengths.take_in_table": mark("took a regional table in"),
    "landscape.rename_scenario": mark("renamed a scenario of a merger"), "landscape.withdraw_scenario": mark("withdrew a scenario of a merger"),
    "meetings.call": mark("called a meeting of the forum"), "meetings.lay": mark("laid an exhibit before a meeting"),
    "meetings.take_back": mark("took an exhibit of a meeting back"),
    "jobs.begin": mark("began long work"), "jobs.cancel": mark("stopped long work"), "jobs.fail": mark("could not do long work"), "jobs.finish": mark("did long work"),
    "jobs.keep": mark("did a part of long work"), "jobs.order": mark("asked for long work"), "jobs.take": mark("took long work"), "jobs.take_over": mark("took long work over"),
    "landscape.keep_scenario": mark("kept a scenario of a merger"), "leagues.warn": mark("warned of a move down"), "leagues.withdraw": mark("withdrew a warning"), "letters.queue": mark("wrote a letter"),
    "letters.send": mark("sent a letter"), "letters.fail": mark("could not send a letter"),
    "activities.amend": mark("corrected an activity"), "clusters.part": mark("took a merger or split back"), "memberships.amend": mark("corrected a membership"),
    "accounts.approve": mark("approved the account"), "accounts.correct": mark("opened a new edition"), "accounts.open_round": mark("opened the round"),
    "accounts.return_account": mark("sent the account back"), "accounts.settle_many": mark("booked the year's accounts"), "accounts.submit": mark("handed the account in"),
    "accounts.extend": mark("gave more time"), "accounts.write": mark("wrote in the account"),
    "activities.call_off": mark("called an activity off"), "activities.hold": mark("recorded an activity"), "activities.hold_many": mark("recorded activities"),
    "activities.take_over": mark("took activities over"), "activities.take_over_parts": mark("took participations over"),
    "activities.take_part": mark("noted a participant"), "activities.take_part_many": mark("noted participants"), "activities.withdraw": mark("took a participant off the list"),
    "bodies.look_for_candidates": mark("looked for duplicates"), "bodies.merge": mark("said that two are the same"), "bodies.note_names": mark("noted how a source writes names"),
    "bodies.register": mark("registered an organisation"), "bodies.register_many": mark("registered organisations"), "bodies.set_apart": mark("said that two are different"),
    "bodies.take_over": mark("took a register over"), "bodies.undo_merge": mark("took a merge back"), "bodies.verify": mark("gave an organisation its number"),
    "clusters.close": mark("closed a cluster organisation"), "clusters.edit": mark("changed a cluster organisation"), "clusters.note_staff": mark("noted staff"),
    "clusters.form_group": mark("formed an interest group"), "clusters.end_group": mark("ended an interest group"),
    "clusters.seat": mark("seated somebody on a board"), "clusters.unseat": mark("took somebody off a board"),
    "clusters.register": mark("registered a cluster organisation"), "clusters.succeed": mark("noted a merger or split"), "labels.note": mark("noted a label"),
    "labels.take_in_peers": mark("took in a table of European peers"),
    "leagues.place": mark("placed in a league"), "memberships.commit": mark("changed the commitment"), "memberships.end": mark("ended a membership"),
    "memberships.enrol": mark("enrolled a participant"), "memberships.enrol_many": mark("enrolled participants"), "memberships.take_over": mark("took memberships over"),
    "outcomes.note": mark("noted an outcome"), "outcomes.note_many": mark("noted outcomes"), "outcomes.take_back": mark("took an outcome back"),
    "survey.prepare": mark("drew up a survey"), "survey.open": mark("opened a survey"), "survey.ask_more": mark("asked more companies in a survey"),
    "survey.close": mark("closed a survey"), "survey.publish": mark("published a survey"), "survey.hold_contacts": mark("gave contacts in companies"),
    "survey.note_basis": mark("recorded a lawful basis"), "survey.withdraw_basis": mark("withdrew a lawful basis"), "survey.revoke": mark("gave a company a new link"),
    "survey.recall": mark("took back all links of a survey"), "survey.renew": mark("laid out letters with new links"),
    "survey.look": mark("looked at what a company says otherwise"), "survey.save": mark("saved answers by a personal link"), "survey.hand_in": mark("handed in answers by a personal link"),
    "survey.remind": mark("laid out reminders of a survey"), "survey.write": mark("wrote to a company"), "survey.fail": mark("could not write to a company"),
    "outcomes.take_over": mark("took outcomes over"), "keys.make": mark("made a key"), "keys.withdraw": mark("withdrew a key"), "people.appoint": mark("gave a post"), "people.end_post": mark("ended a post"), "people.welcome": mark("welcomed a person"), "people.speak": mark("chose a language"), "people.let_in": mark("made a link to choose a password"),
    "reports.answer": mark("answered a funder's questions"), "reports.hand_in": mark("handed in a funder's report"),
}  # fmt: skip
THINGS = {
    "report": mark("funder's report"),
    "hours": mark("hours"),
    "assessment": mark("assessment"), "case": mark("case of certification"), "consent": mark("consent to being named"), "letter": mark("letter"), "peer": mark("European peers"),
    "remark": mark("field of an account"),
    "regional_table": mark("regional table"), "extract": mark("extract"), "study": mark("study"), "job": mark("long work"), "intake": mark("intake"),
    "grant": mark("grant"), "income": mark("income"), "notice": mark("warning"), "programme": mark("programme"), "step": mark("step of the plan"),
    "survey": mark("company survey"), "scenario": mark("scenario of a merger"), "meeting": mark("meeting of the forum"),
    "account": mark("account"), "activity": mark("activity"), "body": mark("organisation"), "candidate": mark("possible duplicate"),
    "cluster": mark("cluster organisation"), "label": mark("label"), "membership": mark("membership"), "outcome": mark("outcome"),
    "participation": mark("participation"), "person": mark("person"), "placement": mark("placement"), "post": mark("post"), "key": mark("key"), "round": mark("round"),
}  # fmt: skip
PARTS = {
    "state": mark("state"), "edition": mark("edition"), "year": mark("year"), "digest": mark("fingerprint"), "new": mark("new"), "of": mark("of"),
    "name": mark("name"), "scheme": mark("register"), "number": mark("number"), "accounts": mark("accounts"), "due_on": mark("due"),
    "submitted": mark("handed in"), "approved": mark("approved"), "source": mark("source"), "title": mark("title"), "kind": mark("kind"),
    "open": mark("open"), "returned": mark("sent back"), "persons": mark("persons"), "hours": mark("hours"), "role": mark("post"),
    "email": mark("e-mail"), "since": mark("since"), "until": mark("until"), "commitment": mark("commitment"), "step": mark("step"),
    "scenario": mark("scenario"), "meeting": mark("meeting"), "exhibit": mark("exhibit"),
}  # fmt: skip
_NO_GROUPS = {"year", "number", "edition", "first"}


def done(verb: str) -> str:
    """The act in words; an act that has none yet keeps its name."""
    return gettext(DONE[verb]) if verb in DONE else verb


def who(name: str) -> str:
    """A person's name as it is; what was done at the machine itself is the operator's."""
    return gettext("the operator") if name == "operator" else name


def thing(name: str, number: int | None) -> str:
    words = gettext(THINGS[name]) if name in THINGS else name
    return f"{words} {number}" if number else words


def _value(key: str, value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and key not in _NO_GROUPS:
        return grouped(value)
    text = str(value)
    return gettext(PARTS[text]) if key == "state" and text in PARTS else text


def changed(values: str) -> str:
    """What stood there (JSON text), as "state: approved, edition: 2"; nothing is a dash."""
    found = json.loads(values) if values else {}
    said = (
        f"{gettext(PARTS[key]) if key in PARTS else key}: {_value(key, value)}"
        for key, value in found.items()
        if value not in ("", None)
    )
    return ", ".join(said) or "–"
