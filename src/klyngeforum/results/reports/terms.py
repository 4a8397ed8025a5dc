"""How a field of a report got its value, and how far a report has come."""

from klyngeforum.ground.words import Term, mark


class Origin(Term):
    RECORDS = "records", mark("From the records")
    TYPED = "typed", mark("Typed")
    EMPTY = "empty", mark("Empty")


class ReportState(Term):
    DUE = "due", mark("Due")
    LATE = "late", mark("Late")
    HANDED_IN = "handed_in", mark("Handed in to the funder")
