"""Kinds, registration schemes and size bands of bodies."""

from klyngeforum.ground.words import Term, mark


class BodyKind(Term):
    COMPANY = "company", mark("Company")
    KNOWLEDGE = "knowledge", mark("Knowledge institution")
    AUTHORITY = "authority", mark("Public authority")
    ASSOCIATION = "association", mark("Association or business organisation")
    CLUSTER = "cluster", mark("Cluster organisation")
    OTHER = "other", mark("Other organisation")


class KnowledgeKind(Term):
    NONE = "", mark("Not a knowledge institution")
    UNIVERSITY = "university", mark("University")
    GTS = "gts", mark("GTS institute")
    UNIVERSITY_COLLEGE = "college", mark("University college")
    ACADEMY = "academy", mark("Business academy")
    VOCATIONAL = "vocational", mark("Vocational school")
    RESEARCH = "research", mark("Research institution")
    HOSPITAL = "hospital", mark("Hospital")
    SCIENCE_PARK = "park", mark("Science park or incubator")


class Scheme(Term):
    """Registers that give numbers; a body without one is unverified and counts in no target."""

    CVR = "cvr", mark("CVR number")
    EU_VAT = "eu_vat", mark("EU VAT number")
    LEI = "lei", mark("LEI")
    PIC = "pic", mark("EU participant number (PIC)")
    NONE = "", mark("Unverified")


class SizeBand(Term):
    """Employees; "< 50" is the first three known bands, SME (EU) is a declaration of its own."""

    UNKNOWN = "", mark("Size unknown")
    NONE = "0", mark("No employees")
    MICRO = "1-9", mark("1–9 employees")
    SMALL = "10-49", mark("10–49 employees")
    MEDIUM = "50-249", mark("50–249 employees")
    LARGE = "250+", mark("250 employees or more")


UNDER_50 = (SizeBand.NONE, SizeBand.MICRO, SizeBand.SMALL)


class NameKind(Term):
    LEGAL = "legal", mark("Registered name")
    ALIAS = "alias", mark("Also called")
    FREETEXT = "freetext", mark("As written in a source")


class SuccessionKind(Term):
    MERGER = "merger", mark("Merger")
    SPLIT = "split", mark("Split")
    TAKEOVER = "takeover", mark("Takeover")


class CandidateState(Term):
    WAITING = "waiting", mark("Waiting")
    MERGED = "merged", mark("Merged")
    DIFFERENT = "different", mark("Not the same")
