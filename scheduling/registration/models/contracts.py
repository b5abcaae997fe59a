"""The contract of a resident with a family-doctor team (签约), from the application to its end."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from records.mpi.models import OF_AGE, Patient, Relation
from scheduling.registration.models.packages import Package
from scheduling.registration.models.teams import Team
from telemed.core.errors import Conflict
from telemed.core.models import BaseModel
from telemed.people.models import User


class Status(models.TextChoices):
    APPLIED = "applied", _("Applied")
    REVIEWING = "reviewing", _("Being looked at")
    AGREED = "agreed", _("To be signed")
    SIGNED = "signed", _("Signed, not begun")
    ACTIVE = "active", _("In force")
    RENEWAL_ASKED = "renewal_asked", _("To be renewed")
    RENEWED = "renewed", _("Renewed")
    LAPSED = "lapsed", _("Run out")
    ENDED = "ended", _("Ended")
    REJECTED = "rejected", _("Not accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


CHOOSES = timedelta(days=30)  # who was handed over may take another team
OPEN = [Status.APPLIED, Status.REVIEWING, Status.AGREED]  # nobody has signed yet
LIVE = [Status.ACTIVE, Status.RENEWAL_ASKED]
IN_CARE = [*LIVE, Status.RENEWED]  # inside its term
SIGNED = [Status.SIGNED, *IN_CARE, Status.LAPSED, Status.ENDED]
REFUSED = [Status.REJECTED, Status.WITHDRAWN]

# The whole life of a contract, readable at a glance. Missing key: final.
TRANSITIONS = {
    Status.APPLIED: {Status.REVIEWING, Status.REJECTED, Status.WITHDRAWN},
    Status.REVIEWING: {Status.AGREED, Status.REJECTED, Status.WITHDRAWN},
    Status.AGREED: {Status.REVIEWING, Status.SIGNED, Status.WITHDRAWN},
    Status.SIGNED: {Status.ACTIVE, Status.ENDED},
    Status.ACTIVE: {Status.RENEWAL_ASKED, Status.LAPSED, Status.ENDED},
    Status.RENEWAL_ASKED: {Status.RENEWED, Status.LAPSED, Status.ENDED},
}


class Channel(models.TextChoices):
    """Which way the application came."""

    WEB = "web", _("On the phone or computer")
    CLINIC = "clinic", _("At the clinic")
    PAPER = "paper", _("On paper, with a photo")
    RENEWAL = "renewal", _("As a renewal")
    HANDED = "handed", _("Taken over from another team")


class Because(models.TextChoices):
    """Why a contract ends before its time."""

    MOVED = "moved", _("Moved away")
    TEAM_CLOSED = "team_closed", _("The team was closed")
    COMPLAINT = "complaint", _("A complaint that was upheld")
    WISH = "wish", _("The resident wishes it")
    VIOLENCE = "violence", _("Violence against the team")
    CHANGED = "changed", _("Changed to another team")
    DEATH = "death", _("Death")


class Rejection(models.TextChoices):
    """Why a team does not take somebody."""

    FULL = "full", _("The doctors are full")
    AREA = "area", _("Outside the team's area")
    PAPERS = "papers", _("The papers do not fit")
    PACKAGE = "package", _("The package does not fit")
    CLOSED = "closed", _("The team closes")


def years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, month=3, day=1)


class Contract(BaseModel):
    """
    One person's contract with one team (FHIR Contract).

    `person_key` is the index's number of the person, and of the survivor once two records are
    merged. `text` is what was agreed on, word for word; what was signed is never changed.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="contracts")
    person_key = models.UUIDField()
    form = models.UUIDField()  # of a household: one form, a contract for each
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="contracts")
    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="contracts")
    doctor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="contracts"
    )
    years = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=13, choices=Status)
    channel = models.CharField(max_length=7, choices=Channel)
    photo = models.BinaryField(null=True, blank=True)  # of the paper application
    applied_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField()
    renews = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="renewals"
    )
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replacements"
    )
    change_because = models.CharField(max_length=11, choices=Because, blank=True)
    # When the county found that the resident was right: another team can be chosen at once.
    complaint_upheld_on = models.DateField(null=True, blank=True)
    rejection = models.CharField(max_length=7, choices=Rejection, blank=True)
    instead = models.ForeignKey(  # the team that was named instead
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField(blank=True)
    text_hash = models.CharField(max_length=64, blank=True)
    # The same in English, for whoever reads that; `text` is what binds.
    text_en = models.TextField(blank=True, default="", db_default="")
    read_at = models.DateTimeField(null=True, blank=True)  # opened, or read aloud
    read_aloud = models.BooleanField(default=False)
    signed_by = models.CharField(max_length=8, blank=True)  # self, guardian
    relation = models.ForeignKey(
        Relation, on_delete=models.PROTECT, null=True, blank=True, related_name="contracts"
    )
    witness = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signature = models.BinaryField(null=True, blank=True)  # PNG, or the photo's JPEG
    signature_hash = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    term = DateRangeField(null=True, blank=True)  # [first day, first day without)
    holds_place = models.BooleanField(default=False)  # counted in the panel of its doctor
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=11, choices=Because, blank=True)
    ended_note = models.CharField(max_length=200, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    hand_over = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="contract_status_known"
            ),
            models.UniqueConstraint(
                fields=["person_key"],
                condition=Q(status__in=LIVE),
                name="one_active_contract_a_person",
            ),
            ExclusionConstraint(
                name="nobody_has_two_family_doctors",
                expressions=[
                    ("person_key", RangeOperators.EQUAL),
                    ("term", RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=SIGNED),
            ),
            models.UniqueConstraint(
                fields=["person_key", "team"],
                condition=Q(status__in=OPEN),
                name="one_open_application_at_a_team",
            ),
            models.UniqueConstraint(
                fields=["renews"],
                condition=Q(renews__isnull=False) & ~Q(status="withdrawn"),
                name="renewed_once",
            ),
            models.CheckConstraint(
                condition=Q(years__gte=1, years__lte=3), name="one_to_three_years"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=SIGNED)
                | Q(
                    signed_at__isnull=False,
                    term__isnull=False,
                    doctor__isnull=False,
                    read_at__isnull=False,
                )
                # The signature under what was taken over stands on the contract before it.
                & (Q(signature__isnull=False) | Q(channel="handed", replaces__isnull=False))
                & ~Q(text_hash="")
                & ~Q(signature_hash=""),
                name="a_signed_contract_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(signed_by="guardian") | Q(relation__isnull=False),
                name="a_guardian_is_one_of_the_register",
            ),
            models.CheckConstraint(
                condition=~Q(status="rejected") | ~Q(rejection=""),
                name="a_rejected_contract_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(status="ended") | ~Q(ended_because=""),
                name="an_ended_contract_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "status", "applied_at"], name="contracts_of_a_team"),
            models.Index(fields=["person_key", "-applied_at"], name="contracts_of_a_person"),
            models.Index(
                fields=["doctor"], condition=Q(holds_place=True), name="contracts_counted"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def become(self, status: Status) -> None:
        """Change the status in memory, or refuse. The service locks, saves and audits."""
        if status not in TRANSITIONS.get(Status(self.status), set()):
            raise self.out_of_turn()
        self.status = status

    def out_of_turn(self) -> Conflict:
        """The refusal of what its state does not allow."""
        sentence = gettext("This contract is “{state}”; that cannot be done now.")
        return Conflict(sentence.format(state=self.get_status_display()), path="status")

    @property
    def starts_on(self) -> date | None:
        return self.term.lower if self.term else None

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds."""
        if self.term is None or self.term.upper is None:
            return None
        upper: date = self.term.upper
        return upper - timedelta(days=1)

    @property
    def is_in_care(self) -> bool:
        """Whether the team looks after the person today."""
        today = timezone.localdate()
        return self.status in IN_CARE and self.term is not None and today in self.term

    @property
    def is_handed(self) -> bool:
        """Taken over from a team that closed, as it had been signed there."""
        return self.channel == Channel.HANDED

    @property
    def free_until(self) -> date | None:
        """Of what was taken over: the last day on which another team can be chosen at once."""
        if not self.is_handed or self.status not in LIVE:
            return None
        return timezone.localdate(self.applied_at) + CHOOSES

    @property
    def is_free(self) -> bool:
        """Whether another team can be chosen at once today."""
        return self.free_until is not None and timezone.localdate() <= self.free_until

    @property
    def held_since(self) -> date | None:
        """When the year began after which a change needs no reason; a hand-over begins none."""
        signed_on = timezone.localdate(self.signed_at) if self.signed_at else None
        return signed_on if self.is_handed else self.starts_on or signed_on

    @property
    def origin(self) -> Contract:
        """What was signed: of what another team took over, the contract of the team before."""
        return self.replaces.origin if self.is_handed and self.replaces else self

    def year_of(self, day: date) -> date:
        """The first day of its year in which that day lies; a hand-over begins none."""
        first = self.origin.starts_on or self.starts_on or day
        years = day.year - first.year
        if years_after(first, years) > day:
            years -= 1
        return years_after(first, max(years, 0))

    @property
    def was_in_force(self) -> bool:
        """Whether it ever began; of one that ended on its first day no day is left."""
        return self.steps.filter(to_status=Status.ACTIVE).exists()

    @property
    def is_signed_by_guardian(self) -> bool:
        return self.signed_by == "guardian"

    @property
    def own(self) -> OwnSignature | None:
        """What the person signed at eighteen, also where another team took the contract over."""
        found = getattr(self, "own_signature", None)
        if found or not (self.is_handed and self.replaces):
            return found
        return self.replaces.own

    @property
    def lacks_own(self) -> bool:
        """Signed by a guardian for somebody who is of age now and has not signed it."""
        age = self.patient.age_on()
        of_age = age is not None and age >= OF_AGE
        binds = self.status in (Status.SIGNED, *LIVE)
        return binds and self.is_signed_by_guardian and of_age and self.own is None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_live(self) -> bool:
        return self.status in LIVE


class Step(models.Model):
    """One transition, for whoever counts them; never changed."""

    APPEND_ONLY = True

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="steps")
    action = models.CharField(max_length=30)
    from_status = models.CharField(max_length=13, blank=True)
    to_status = models.CharField(max_length=13)
    by = models.CharField(max_length=60)  # Actor.actor_id
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d %H:%M}"


class Assignment(BaseModel):
    """The team as this person's (FHIR CareTeam): a row because the store numbers by id."""

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="assignment")

    def __str__(self) -> str:
        return str(self.pk)


class Episode(BaseModel):
    """The care under a signed contract (FHIR EpisodeOfCare)."""

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="episode")

    def __str__(self) -> str:
        return str(self.pk)


class OwnSignature(models.Model):
    """Of who came of age under a contract that a guardian had signed; never changed."""

    APPEND_ONLY = True

    contract = models.OneToOneField(
        Contract, on_delete=models.PROTECT, related_name="own_signature"
    )
    text_hash = models.CharField(max_length=64)  # of what was read
    signature = models.BinaryField()  # PNG, or the photo's JPEG
    signature_hash = models.CharField(max_length=64)
    read_aloud = models.BooleanField(default=False)
    witness = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(text_hash="") & ~Q(signature_hash=""),
                name="an_own_signature_is_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.signed_at:%Y-%m-%d}"
