"""The three-step ladder of outcomes in companies, and its evidence."""

from klyngeforum.ground.words import Term, mark


class Step(Term):
    """Highest step reached in the year; "at least step k" is counted. Text, so that the order is the order of steps."""

    COMPETENCE = "1", mark("New competences and tools that markedly improve the ability to innovate")
    IDEA = "2", mark("New ideas that can become new products, services or processes")
    INNOVATION = "3", mark("New products, services or processes as a result of taking part")


class Evidence(Term):
    ORGANISATION = "organisation", mark("Stated by the cluster organisation")
    COMPANY = "company", mark("Confirmed by the company")
    DOCUMENT = "document", mark("Documented")
