"""What is budgeted and what came in, cash or hours, and the evidence behind an hour."""

from klyngeforum.ground.words import Term, mark


class Standing(Term):
    BUDGET = "budget", mark("Budgeted")
    RECEIVED = "received", mark("Received")


class Form(Term):
    CASH = "cash", mark("Cash")
    HOURS = "hours", mark("Hours")


class HourEvidence(Term):
    NONE = "", mark("No evidence yet")
    TIME_SHEET = "time_sheet", mark("Signed time sheet")
    PARTICIPANT_LIST = "participant_list", mark("Participant list with date and time")
