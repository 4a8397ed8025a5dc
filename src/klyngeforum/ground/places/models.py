"""Areas with dates, who lies in what from when to when, and postcodes."""

from __future__ import annotations

from django.db import models

from klyngeforum.ground.fields import danish, not_before, one_of, term

from .terms import AreaKind


class Area(models.Model):
    """A municipality, landsdel, region, growth forum or country, valid from–to (both days included)."""

    kind = term(AreaKind)
    code = models.CharField(max_length=24)
    name_da = models.CharField(max_length=80)
    sorted_as = danish("name_da")
    name_en = models.CharField(max_length=80)
    country = models.CharField(max_length=2, default="DK")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "code", "valid_from"], name="an_area_starts_once_a_day"),
            one_of("kind", AreaKind, "an_area_has_a_known_kind"),
            not_before("valid_to", "valid_from", "an_area_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.name_da

    def say(self, language: str) -> str:
        """Its name in the language."""
        return self.name_en if language.startswith("en") else self.name_da


class Belonging(models.Model):
    """The child area lies in the parent area from–to: regions are asked for as of a date. A municipality's degree of urbanisation is kept in
    the same way, and may be a placeholder until the official table is taken in."""

    child = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="parents")
    parent = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="children")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    placeholder = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "parent", "valid_from"], name="a_belonging_starts_once_a_day"),
            not_before("valid_to", "valid_from", "a_belonging_ends_after_it_begins"),
        ]


class Postcode(models.Model):
    """A postcode and the municipality that holds most of it (taken in by the operator)."""

    country = models.CharField(max_length=2, default="DK")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=80)
    municipality = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="postcodes")
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["country", "code"], name="a_postcode_stands_once")]
