"""Where a word in the finder comes from: the reason that is shown."""

from klyngeforum.ground.words import Term, mark


class WordSource(Term):
    NAME = "name", mark("name")
    PURPOSE = "purpose", mark("purpose")
    THEME = "theme", mark("field")
    INDUSTRY = "industry", mark("industry")
    ACTIVITY = "activity", mark("activities")
    MEMBER = "member", mark("participants' industries")
