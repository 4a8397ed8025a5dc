"""Roles that a post can hold, and how far a right reaches."""

from klyngeforum.ground.words import Term, mark


class Role(Term):
    SECRETARIAT = "secretariat", mark("Forum secretariat")
    FORUM = "forum", mark("Forum member (ministry or region)")
    MANAGER = "manager", mark("Cluster manager")
    STAFF = "staff", mark("Cluster office staff")
    AUDITOR = "auditor", mark("Auditor")
    ADVISER = "adviser", mark("Business adviser")
    INSTITUTION = "institution", mark("Knowledge institution")
    COMPANY = "company", mark("Company")
    ANALYST = "analyst", mark("Analyst")
    PUBLIC = "public", mark("Public")


class Reach(Term):
    OWN = "own", mark("own organisation")
    ASSIGNED = "assigned", mark("assigned cases")
    PARTY = "party", mark("own party")
    ALL = "all", mark("all")


class Language(Term):
    DANISH = "da", mark("Danish")
    ENGLISH = "en", mark("English")
