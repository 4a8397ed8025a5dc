"""Bodies, their names over time, production units, successions, duplicates and merges."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from klyngeforum.ground.fields import not_before, one_of, term

from .terms import BodyKind, CandidateState, KnowledgeKind, NameKind, Scheme, SizeBand, SuccessionKind


class Body(models.Model):
    """One organisation, keyed by registration scheme and number.

    ``merged_into`` points at the body that a person said it is the same as: counts follow it, undoing the merge empties it.
    """

    kind = term(BodyKind)
    knowledge_kind = term(KnowledgeKind, default="", blank=True)
    country = models.CharField(max_length=2, default="DK")
    scheme = term(Scheme, default="", blank=True)
    number = models.CharField(max_length=24, blank=True)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, db_index=True)
    employees = models.PositiveIntegerField(null=True, blank=True)
    size_band = term(SizeBand, default="", blank=True)
    eu_sme = models.BooleanField(null=True, blank=True)
    eu_sme_declared_on = models.DateField(null=True, blank=True)
    industry = models.ForeignKey(
        "industries.Industry", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    place = models.ForeignKey("places.Area", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    postcode = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=80, blank=True)
    protected = models.BooleanField(default=False)
    founded_on = models.DateField(null=True, blank=True)
    ceased_on = models.DateField(null=True, blank=True)
    website = models.URLField(blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed")
    source = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "number"], condition=~Q(scheme=""), name="a_number_names_one_body"
            ),
            models.CheckConstraint(
                condition=Q(scheme="", number="") | (~Q(scheme="") & ~Q(number="")), name="a_number_has_a_scheme"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                name="a_body_is_not_merged_into_itself",
            ),
            one_of("kind", BodyKind, "a_body_has_a_known_kind"),
            one_of("knowledge_kind", KnowledgeKind, "a_knowledge_institution_has_a_known_kind"),
            one_of("scheme", Scheme, "a_body_has_a_known_scheme"),
            one_of("size_band", SizeBand, "a_body_has_a_known_size_band"),
        ]
        indexes = [
            models.Index(fields=["kind", "name_key"], name="bodies_by_kind_and_name"),
            models.Index(fields=["scheme"], condition=Q(scheme=""), name="bodies_unverified"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def verified(self) -> bool:
        return self.scheme != Scheme.NONE


class BodyName(models.Model):
    """A name that the body has, had or was given in a source, with its search key."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="names")
    kind = term(NameKind)
    name = models.CharField(max_length=250)
    name_key = models.CharField(max_length=250, db_index=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            one_of("kind", NameKind, "a_name_has_a_known_kind"),
            models.UniqueConstraint(fields=["body", "kind", "name_key"], name="a_body_has_a_name_once"),
        ]


class ProductionUnit(models.Model):
    """A workplace (P-number): geography belongs here, legal identity to the body."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="units")
    number = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=200, blank=True)
    place = models.ForeignKey("places.Area", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    postcode = models.CharField(max_length=10, blank=True)
    main = models.BooleanField(default=False)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)


class Succession(models.Model):
    """One body carried on as another from a date."""

    predecessor = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="origins")
    kind = term(SuccessionKind)
    on = models.DateField()

    class Meta:
        constraints = [
            one_of("kind", SuccessionKind, "a_succession_has_a_known_kind"),
            models.UniqueConstraint(fields=["predecessor", "successor", "on"], name="a_succession_stands_once"),
        ]


class Candidate(models.Model):
    """Two bodies that may be the same: score 0–100 and the reason; a person decides."""

    left = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300)
    state = term(CandidateState, default=CandidateState.WAITING.value)
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="a_pair_is_a_candidate_once"),
            models.CheckConstraint(condition=Q(left__lt=models.F("right")), name="a_pair_is_ordered"),
            one_of("state", CandidateState, "a_candidate_has_a_known_state"),
        ]


class Merge(models.Model):
    """A person said that two bodies are one; nothing is moved, so undoing it loses nothing."""

    kept = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(undone_at__isnull=True), name="a_body_is_absorbed_once"
            ),
            not_before("undone_at", "at", "a_merge_is_undone_after_it_was_made"),
        ]
