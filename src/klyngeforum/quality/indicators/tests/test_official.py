"""The official values laid over a version: they take the place of what stood there, and what does not fit is named."""

from __future__ import annotations

from decimal import Decimal

import pytest

from klyngeforum.ground.programme.terms import Provenance
from klyngeforum.quality.indicators.loading import load
from klyngeforum.quality.indicators.terms import Threshold

from .laid import INDICATORS, LABELS, change

OFFICIAL = Provenance.OFFICIAL

OVERLAY = """
scheme = "lighthouse"
version = "2020.1"
based_on = "2020"
source = "The book"

[[indicator]]
code = "a2"
minimum = 2
points = [0, 2, 4]

[[indicator]]
code = "b2"
en = "Fresnel lens"
levels = [
  { number = 0, points = 0, da = "Uden", en = "Without" },
  { number = 1, points = 6, da = "Med", en = "With" },
]
excellence = 1

[[label]]
code = "tower"
[[label.requires]]
key = "share"
at_least = 0.9
[label.validity]
renewal_months = 24

[[label]]
code = "spark"
[[label.requires]]
key = "hat"
rule = "fact"
fact = "statutes"
"""


class TestOfficialValues:
    def lay(self, folder, text, version="2020.1"):
        place = folder / "schemes" / "lighthouse" / version
        place.mkdir(exist_ok=True)
        (place / "official.toml").write_text(text, encoding="utf-8")
        # the lens has one step fewer now
        return load(folder)

    def placeholders(self, folder):
        change(
            folder,
            INDICATORS,
            'minimum = "official"\nexcellence = "official"',
            'minimum = "placeholder"\nexcellence = "placeholder"',
        )
        change(folder, LABELS, 'indicator = "b2", at_least = 3', 'indicator = "b2", at_least = 1')

    def test_they_take_the_place_of_what_stood_there(self, folder):
        self.placeholders(folder)
        loaded = self.lay(folder, OVERLAY)
        assert loaded.problems == ()
        old, new = loaded.versions
        a2, b2, a3 = (new.indicator(code) for code in ("a2", "b2", "a3"))
        assert (new.version, new.source, new.scheme) == ("2020.1", "The book", "lighthouse")
        assert (a2.minimum, a2.excellence) == (Threshold(2, OFFICIAL), Threshold(2, Provenance.PLACEHOLDER))
        assert [one.points for one in a2.levels] == [0, 2, 4] and [one.days for one in a2.levels] == [0, 1, 6]
        assert (b2.name.en, b2.name.da, b2.top, b2.excellence) == ("Fresnel lens", "Linse", 1, Threshold(1, OFFICIAL))
        assert (b2.provenance["levels"], b2.provenance["points"], b2.provenance["minimum"]) == ("official", "official", "placeholder")  # fmt: skip
        assert a3 == old.indicator("a3")
        tower, _, spark = new.labels
        assert (
            tower.requires.parts[3].asks == {"at_least": Decimal("0.9")}
            and tower.requires.parts[3].source == "The book"
        )
        assert (tower.validity.renewal_months, tower.validity.first_months) == (24, 24)
        assert [one.key for one in spark.requires.parts] == ["ways", "hat"] and spark.requires.parts[
            1
        ].provenance == OFFICIAL
        assert old.checksum != new.checksum and old.indicator("a2").minimum.level == 1

    def test_in_place_of_a_version_of_the_same_name(self, folder):
        self.placeholders(folder)
        (one,) = self.lay(folder, OVERLAY.replace("2020.1", "2020"), "2020").versions
        assert (one.version, one.indicator("a2").minimum.level) == ("2020", 2)

    def test_values_built_upon_values(self, folder):
        self.placeholders(folder)
        self.lay(folder, OVERLAY)
        more = 'scheme = "lighthouse"\nversion = "2020.2"\nbased_on = "2020.1"\nsource = "Second book"\nmaximum = 21\n[[indicator]]\ncode = "a2"\npoints = [0, 3, 5]\n'
        found = self.lay(folder, more, "2020.2")
        assert found.problems == ()
        assert (found.versions[2].indicator("a2").minimum.level, found.versions[2].maximum) == (2, 21)

    @pytest.mark.parametrize(
        ("old", "new", "line"),
        [('code = "a2"', 'code = "a9"', "indicator a9, code: version to build on has no indicator 'a9'; mend the code"),
         ("minimum = 2", "minimun = 2", "indicator a2, minimun: nothing is called so here"),
         ('key = "share"', 'key = "shore"', "label tower, requires shore, key: there is no rule 'shore'; write one of papers, abroad, minima, share, assessors, or its kind with rule = …"),
         ('source = "The book"', "", "source: it is missing"), ('based_on = "2020"', 'based_on = "1999"', "based_on: there is no version '1999' below it; write one that has a folder"),
         ('based_on = "2020"', 'based_on = "2020.1"', "based_on: there is no version '2020.1' below it"), ('based_on = "2020"', "", "based_on: there is no version"),
         ('code = "spark"', 'code = "spurk"', "label spurk, code: version to build on has no label 'spurk'"), ("[label.validity]", "[label.valid]", "label tower, valid: nothing is called so here"),
         ('source = "The book"', 'source = "The book"\nsauce = "x"', "sauce: nothing is called so here")],
    )  # fmt: skip
    def test_what_does_not_fit_is_named(self, folder, old, new, line):
        self.placeholders(folder)
        assert old in OVERLAY
        found = [str(one) for one in self.lay(folder, OVERLAY.replace(old, new, 1)).problems]
        assert any(one.startswith("schemes/lighthouse/2020.1/official.toml, ") and line in one for one in found), found
