"""Opinions: a draft that only its writers see, and signed versions that nobody can change."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consult.requests.models import Case
from telemed.core.models import BaseModel
from telemed.organisations.models import Organisation, Specialty
from telemed.people.models import User

PHRASE = {"short": 20, "text": 1000}
LIMITS = {
    "findings": 4000,
    "conclusion": 2000,
    "recommendations": 4000,
    "reason": 200,
    "statement": 2000,
}
SECTIONS = ("findings", "conclusion", "recommendations")
DISSENT = 20  # characters in which an expert says why not


class Draft(BaseModel):
    """
    The text being written. `version` counts saves, so that two windows don't overwrite; each
    section counts its own changes besides, for who write together.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="draft")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="opinion_drafts")
    findings = models.TextField(max_length=LIMITS["findings"], blank=True)
    conclusion = models.TextField(max_length=LIMITS["conclusion"], blank=True)
    recommendations = models.TextField(max_length=LIMITS["recommendations"], blank=True)
    amends = models.PositiveSmallIntegerField(default=0)  # which signed version, 0: none
    reason = models.CharField(max_length=LIMITS["reason"], blank=True)  # why it is amended
    version = models.PositiveIntegerField(default=0)
    findings_version = models.PositiveIntegerField(default=0)
    conclusion_version = models.PositiveIntegerField(default=0)
    recommendations_version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.pk)


class CoWriter(BaseModel):
    """
    A colleague whom the holder of a case asked to write along on its opinion.

    It lasts while who asked holds the case there, until it is taken back or the opinion is signed.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="co_writers")
    writer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="written_along")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="opinion_co_writers"
    )
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="co_writers_asked")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "writer"],
                condition=Q(ended_at=None),
                name="one_place_a_co_writer",
            ),
            models.CheckConstraint(
                condition=~Q(writer=F("asked_by")), name="nobody_writes_along_with_themselves"
            ),
        ]
        indexes = [
            models.Index(fields=["writer"], condition=Q(ended_at=None), name="live_co_writer")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SectionLease(BaseModel):
    """
    Who types in one section of a draft. Renewed by typing, deleted on leaving; one that ran out
    stays until somebody takes the section over, because its writer may have words unsaved.
    """

    LEASE = timedelta(seconds=30)

    class Section(models.TextChoices):
        FINDINGS = "findings", _("Findings")
        CONCLUSION = "conclusion", _("Conclusion")
        RECOMMENDATIONS = "recommendations", _("Recommendations")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="section_leases")
    section = models.CharField(max_length=16, choices=Section)
    writer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="section_leases")
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "section"], name="one_writes_a_section")
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.pk}"

    @property
    def is_live(self) -> bool:
        return self.until > timezone.now()


class Opinion(BaseModel):
    """
    One signed version. The application's role may not change or delete a row.

    `digest` is SHA-256 over the canonical JSON (RFC 8785 rules for our plain values) in `sealed`,
    which holds the previous version's digest; `signature` is the signer's over `digest`.
    """

    APPEND_ONLY = True

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="opinions")
    version = models.PositiveSmallIntegerField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="opinions")
    findings = models.TextField()
    conclusion = models.TextField()
    recommendations = models.TextField()
    reason = models.CharField(max_length=LIMITS["reason"], blank=True)
    signed_at = models.DateTimeField()
    sealed = models.TextField()
    digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True)
    signature = models.BinaryField()
    public_key = models.BinaryField()
    check_code = models.CharField(max_length=20, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="one_opinion_a_version"),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="amending_gives_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} v{self.version}"

    @property
    def withdrawal(self) -> Correction | None:
        """By whom and why it was withdrawn; None while it was not."""
        done = Correction.State.DONE
        kept = (c for c in self.corrections.all() if c.state == done)
        return next((c for c in kept if c.kind == Correction.Kind.WITHDRAWAL), None)


class ExpertView(BaseModel):
    """
    What one expert of a joint consult says of its conclusion, until the chair signs.

    Asked when the room ends; `none` where nothing was said in time. A dissent is signed by the
    expert: `sealed` is what the signature covers. The signed opinion holds all of them again, so
    that nobody changes them afterwards.
    """

    class View(models.TextChoices):
        ASKED = "asked", _("Not said yet")
        AGREE = "agree", _("Agrees")
        DISSENT = "dissent", _("Dissents")
        NONE = "none", _("Said nothing in time")

    SAID = (View.AGREE, View.DISSENT)
    SETTLED = (View.AGREE, View.DISSENT, View.NONE)

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="statements")
    expert = models.ForeignKey(User, on_delete=models.PROTECT, related_name="opinion_statements")
    specialty = models.CharField(max_length=20, choices=Specialty)
    view = models.CharField(max_length=8, choices=View, default=View.ASKED)
    text = models.TextField(max_length=LIMITS["statement"], blank=True)
    stated_at = models.DateTimeField(null=True, blank=True)
    sealed = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    signature = models.BinaryField(default=bytes)
    public_key = models.BinaryField(default=bytes)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "expert"], name="one_statement_an_expert"),
            models.CheckConstraint(
                condition=~Q(view="dissent")
                | (~Q(digest="") & Q(GreaterThanOrEqual(Length("text"), DISSENT))),
                name="a_dissent_is_reasoned_and_signed",
            ),
            models.CheckConstraint(
                condition=~Q(view__in=["agree", "dissent"]) | Q(stated_at__isnull=False),
                name="a_statement_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.view} {self.pk}"


class Correction(BaseModel):
    """
    What somebody of the answering side asked to be done about a signed version.

    A withdrawal takes two: the doctor who signed and the medical office, in either order. An
    amendment is asked by the medical office and done when the doctor signs the next version.
    """

    class Kind(models.TextChoices):
        WITHDRAWAL = "withdrawal", _("Withdrawal")
        AMENDMENT = "amendment", _("Amendment")

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")
        LAPSED = "lapsed", _("Lapsed")  # another version was signed meanwhile

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    reason = models.CharField(max_length=LIMITS["reason"])
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="opinion_corrections_asked"
    )
    decided_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="opinion_corrections_decided",
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "kind"],
                condition=Q(state__in=["asked", "done"]),
                name="one_correction_of_a_kind",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="correcting_gives_a_reason"),
            models.CheckConstraint(
                condition=~Q(kind="withdrawal", state="done")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="two_persons_withdraw",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state} {self.pk}"


class Phrase(BaseModel):
    """A sentence that a doctor writes often: their own, or shared with their department."""

    writer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="phrases")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="opinion_phrases"
    )
    specialty = models.CharField(max_length=20, choices=Specialty, blank=True)
    shared = models.BooleanField(default=False)
    short = models.CharField(max_length=PHRASE["short"])  # what is typed after a semicolon
    text = models.TextField(max_length=PHRASE["text"])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["writer", "organisation", "short"],
                condition=Q(shared=False),
                name="one_own_phrase_a_short",
            ),
            models.UniqueConstraint(
                fields=["organisation", "specialty", "short"],
                condition=Q(shared=True),
                name="one_department_phrase_a_short",
            ),
            models.CheckConstraint(
                condition=Q(shared=False) | ~Q(specialty=""), name="shared_within_a_department"
            ),
            models.CheckConstraint(
                condition=~Q(short="") & ~Q(text=""), name="a_phrase_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.short
