"""Commitment and role of a participant."""

from klyngeforum.ground.words import Term, mark


class Commitment(Term):
    PARTICIPANT = "participant", mark("Participant")
    DEDICATED = "dedicated", mark("Dedicated (formal agreement)")


class MemberRole(Term):
    MEMBER = "member", mark("Member")
    PARTNER = "partner", mark("Partner")
    SUPPORTER = "supporter", mark("Supporting organisation")
