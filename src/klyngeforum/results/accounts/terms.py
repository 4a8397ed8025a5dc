"""States of an account and how they move; its sections; what a booked line counts as."""

from dataclasses import dataclass

from klyngeforum.ground.words import Term, mark


class AccountState(Term):
    OPEN = "open", mark("Open")
    SUBMITTED = "submitted", mark("Submitted")
    RETURNED = "returned", mark("Returned")
    APPROVED = "approved", mark("Approved")


MOVES: dict[AccountState, dict[str, AccountState]] = {
    AccountState.OPEN: {"submit": AccountState.SUBMITTED},
    AccountState.SUBMITTED: {"return_account": AccountState.RETURNED, "approve": AccountState.APPROVED},
    AccountState.RETURNED: {"submit": AccountState.SUBMITTED},
    AccountState.APPROVED: {},
}


class Section(Term):
    """A section of the account: answered, sent back and locked as one."""

    BODIES = "bodies", mark("Who the organisations are")
    PARTICIPATION = "participation", mark("Who took part")
    MEMBERSHIP = "membership", mark("Dedicated participants")
    COLLABORATION = "collaboration", mark("Starts of collaboration")
    OUTCOMES = "outcomes", mark("Outcomes in companies")


class About(Term):
    """What something typed in an account is about; its key says which one."""

    COMMENT = "comment", mark("The whole account")
    WARNING = "warning", mark("A warning")
    ANSWER = "answer", mark("A message of the secretariat")
    NOTHING = "nothing", mark("Nothing to report")


class Answered(Term):
    """How a section of an account stands: nothing to report is an answer, silence is none."""

    RECORDED = "recorded", mark("Recorded")
    NOTHING = "nothing", mark("Nothing to report")
    NOT_YET = "not_yet", mark("Not answered yet")


class Move(Term):
    """What happened to a body between two submissions."""

    NEW = "new", mark("New")
    GONE = "gone", mark("Gone")
    CHANGED = "changed", mark("Changed")


@dataclass(frozen=True, slots=True)
class Ask:
    """What the secretariat asks when it sends an account back: of one figure, of a section, or (neither) of the whole."""

    text: str
    measure: str = ""
    section: str = ""


class CountsAs(Term):
    """What a line is in the counts, decided at booking; unverified bodies count in no target."""

    COMPANY = "company", mark("Company")
    FOREIGN_COMPANY = "foreign_company", mark("Foreign company")
    KNOWLEDGE = "knowledge", mark("Knowledge institution")
    FOREIGN_KNOWLEDGE = "foreign_knowledge", mark("Foreign knowledge institution")
    AUTHORITY = "authority", mark("Public authority")
    OTHER = "other", mark("Other organisation")
    UNVERIFIED = "unverified", mark("Unverified")
