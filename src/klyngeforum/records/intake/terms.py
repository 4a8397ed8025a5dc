"""States of an intake."""

from klyngeforum.ground.words import Term, mark


class IntakeState(Term):
    DRY = "dry", mark("Dry run")
    DONE = "done", mark("Taken in")
    REFUSED = "refused", mark("Refused")
