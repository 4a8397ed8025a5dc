"""Kinds of areas."""

from klyngeforum.ground.words import Term, mark


class AreaKind(Term):
    MUNICIPALITY = "municipality", mark("Municipality")
    LANDSDEL = "landsdel", mark("Landsdel (NUTS 3)")
    REGION = "region", mark("Region")
    GROWTH_FORUM = "growth_forum", mark("Growth forum")
    COUNTRY = "country", mark("Country")
    URBANISATION = "urbanisation", mark("Degree of urbanisation")
