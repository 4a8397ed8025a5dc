"""States of an account and how they move; what a booked line counts as."""

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


class CountsAs(Term):
    """What a line is in the counts, decided at booking; unverified bodies count in no target."""

    COMPANY = "company", mark("Company")
    FOREIGN_COMPANY = "foreign_company", mark("Foreign company")
    KNOWLEDGE = "knowledge", mark("Knowledge institution")
    FOREIGN_KNOWLEDGE = "foreign_knowledge", mark("Foreign knowledge institution")
    AUTHORITY = "authority", mark("Public authority")
    OTHER = "other", mark("Other organisation")
    UNVERIFIED = "unverified", mark("Unverified")
