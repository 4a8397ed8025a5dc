"""Meetings of the forum, what was laid before each, and the words that it was laid before them in."""

from __future__ import annotations

from django.db import models

from klyngeforum.ground.fields import one_of, term

from .terms import FORM, Kind, Part, Shape, Sign


class Meeting(models.Model):
    """A meeting of the forum on a day."""

    held_on = models.DateField()
    title = models.CharField(max_length=120)
    called_at = models.DateTimeField()
    called_by = models.ForeignKey("access.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-held_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(title=""), name="a_meeting_has_a_title"),
            models.UniqueConstraint(fields=["held_on", "title"], name="a_meeting_is_called_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Laid(models.Model):
    """Something laid before a meeting (a scenario, or a page as it was seen): its name, its day and its numbers as they were then. It is
    never counted again; one that was taken back keeps its place and its words, and says so."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="laid")
    kind = term(Kind, default=Kind.SCENARIO.value)
    scenario = models.ForeignKey(
        "landscape.Scenario", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    address = models.CharField(max_length=300, blank=True)  # where the page that was seen stands
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)
    as_of = models.DateField()
    digest = models.CharField(max_length=16)
    form = models.PositiveSmallIntegerField(default=FORM)
    laid_at = models.DateTimeField()
    laid_by = models.ForeignKey("access.Person", null=True, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(
        "access.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_back_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["meeting", "position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="what_is_laid_before_a_meeting_has_its_place"),
            models.UniqueConstraint(
                fields=["meeting", "scenario"], condition=models.Q(taken_back_at__isnull=True),
                name="a_scenario_lies_once_before_a_meeting",
            ),
            models.UniqueConstraint(
                fields=["meeting", "address"], condition=models.Q(taken_back_at__isnull=True) & ~models.Q(address=""),
                name="a_page_lies_once_before_a_meeting",
            ),
            one_of("kind", Kind, "what_is_laid_is_of_a_known_kind"),
            models.CheckConstraint(
                condition=models.Q(kind=Kind.SCENARIO.value, scenario__isnull=False, address="")
                | (~models.Q(kind=Kind.SCENARIO.value) & models.Q(scenario__isnull=True) & ~models.Q(address="")),
                name="what_is_laid_is_a_scenario_or_a_page",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_back_at__isnull=True, taken_back_because="", taken_back_by__isnull=True)
                | (models.Q(taken_back_at__isnull=False) & ~models.Q(taken_back_because="")),
                name="an_exhibit_is_taken_back_for_a_reason",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class LaidCell(models.Model):
    """One cell of what was laid: frozen words in both languages."""

    laid = models.ForeignKey(Laid, on_delete=models.PROTECT, related_name="cells")
    part = term(Part)
    row = models.PositiveSmallIntegerField()
    column = models.PositiveSmallIntegerField()
    said_da = models.TextField()
    said_en = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["laid", "part", "row", "column"], name="a_laid_cell_stands_once"),
            one_of("part", Part, "a_laid_cell_is_of_a_known_part"),
        ]


class LaidPicture(models.Model):
    """What the page had drawn when it was laid, frozen as the numbers that it was drawn from."""

    laid = models.ForeignKey(Laid, on_delete=models.PROTECT, related_name="pictures")
    position = models.PositiveSmallIntegerField()
    part = term(Part)
    shape = term(Shape)
    label_da = models.TextField()
    label_en = models.TextField()
    key_da = models.TextField(blank=True)
    key_en = models.TextField(blank=True)

    class Meta:
        ordering = ["laid", "position"]
        constraints = [
            models.UniqueConstraint(fields=["laid", "position"], name="a_laid_picture_has_its_place"),
            one_of("part", Part, "a_laid_picture_is_of_a_known_part"),
            one_of("shape", Shape, "a_laid_picture_is_of_a_known_shape"),
        ]


class LaidName(models.Model):
    """What a row of a picture is of."""

    picture = models.ForeignKey(LaidPicture, on_delete=models.PROTECT, related_name="names")
    row = models.PositiveSmallIntegerField()
    said_da = models.TextField()
    said_en = models.TextField()

    class Meta:
        ordering = ["picture", "row"]
        constraints = [models.UniqueConstraint(fields=["picture", "row"], name="a_row_of_a_picture_has_one_name")]


class LaidSpot(models.Model):
    """One number of a picture."""

    picture = models.ForeignKey(LaidPicture, on_delete=models.PROTECT, related_name="spots")
    row = models.PositiveSmallIntegerField()
    column = models.PositiveSmallIntegerField()
    value = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    sign = term(Sign, default=Sign.PLAIN.value)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["picture", "row", "column"], name="a_spot_of_a_picture_stands_once"),
            one_of("sign", Sign, "a_spot_is_marked_with_a_known_sign"),
        ]
