"""Kinds of activities (strategy 1.4), attribution, roles in an activity."""

from klyngeforum.ground.words import Term, mark


class ActivityKind(Term):
    PROJECT = "project", mark("Innovation and collaboration project")
    MATCHMAKING = "matchmaking", mark("Matchmaking")
    INTERNATIONAL = "international", mark("International activity")
    COMPETENCE = "competence", mark("Sparring, workshop or course")
    KNOWLEDGE = "knowledge", mark("Spreading of knowledge")
    BRIDGE = "bridge", mark("Bridge to the innovation system")
    BUSINESS = "business", mark("Business collaboration")
    EDUCATION = "education", mark("Education needs")


class Attribution(Term):
    """How far the cluster organisation is the cause; targets count the first two."""

    INITIATED = "initiated", mark("Initiated by the cluster organisation")
    FACILITATED = "facilitated", mark("Facilitated by the cluster organisation")
    OTHER = "other", mark("Other")


class PartRole(Term):
    PARTICIPANT = "participant", mark("Participant")
    LEAD = "lead", mark("Lead partner")
    PARTNER = "partner", mark("Partner")
    SPEAKER = "speaker", mark("Speaker")
