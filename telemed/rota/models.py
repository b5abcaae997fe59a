"""Months of duty, and the shifts in them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from telemed.core.models import BaseModel
from telemed.organisations.models import Organisation, Specialty
from telemed.people.models import User

LONGEST = timedelta(hours=24)


def month_of(moment: datetime) -> date:
    """The first day of the month in China that a moment lies in."""
    return timezone.localdate(moment).replace(day=1)


class Rota(BaseModel):
    """
    Who is on duty at one institution in one month: the draft, or one version that was published.

    Changing a published month means publishing the next version; the old one stays.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        REPLACED = "replaced", _("Replaced by a newer version")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="rotas")
    month = models.DateField()  # its first day
    version = models.PositiveSmallIntegerField(default=0)  # given when it is published
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="rotas_published"
    )
    gap_reason = models.CharField(max_length=300, blank=True)  # why an hour is covered by nobody

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "month", "version"], name="one_rota_a_version"
            ),
            models.UniqueConstraint(
                fields=["organisation", "month"],
                condition=Q(state="draft"),
                name="one_draft_a_month",
            ),
            models.UniqueConstraint(
                fields=["organisation", "month"],
                condition=Q(state="published"),
                name="one_published_rota_a_month",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="a_rota_begins_on_the_first"),
            models.CheckConstraint(
                condition=Q(state="draft", version=0, published_at=None)
                | (~Q(state="draft") & Q(version__gte=1, published_at__isnull=False)),
                name="a_published_rota_has_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.month:%Y-%m} v{self.version}"


class ShiftQuerySet(models.QuerySet["Shift"]):
    def at(self, organisation: Organisation, moment: datetime) -> ShiftQuerySet:
        """Those in force at an institution at a moment."""
        return self.everywhere(moment).filter(rota__organisation=organisation)

    def everywhere(self, moment: datetime) -> ShiftQuerySet:
        """Those in force at a moment; a night may begin in the month before."""
        months = {month_of(moment), month_of(moment - LONGEST)}
        return self.filter(
            rota__month__in=months,
            in_force=True,
            during__contains=moment,
            user__is_active=True,
        )


class Shift(BaseModel):
    """One person on duty for a while. In force once its version of the rota is published."""

    class Kind(models.TextChoices):
        FIRST_CALL = "first_call", _("First call")
        SECOND_CALL = "second_call", _("Second call")
        DIRECTOR = "director", _("Duty director")

    rota = models.ForeignKey(Rota, on_delete=models.PROTECT, related_name="shifts")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="shifts")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.FIRST_CALL)
    specialty = models.CharField(max_length=20, choices=Specialty, blank=True)
    during = DateTimeRangeField()
    phone = models.CharField(max_length=20, blank=True)  # where the institution's is not the one
    in_force = models.BooleanField(default=False)
    copied_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="copies"
    )

    objects = ShiftQuerySet.as_manager()

    class Meta:
        constraints = [
            # Checked at the end of a statement, so that one may exchange two people.
            ExclusionConstraint(
                name="nobody_is_on_duty_twice",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(in_force=True),
                deferrable=Deferrable.IMMEDIATE,
            ),
            ExclusionConstraint(
                name="nobody_is_twice_in_a_rota",
                expressions=[
                    ("rota", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                deferrable=Deferrable.IMMEDIATE,
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False)
                & Q(during__endswith__lte=F("during__startswith") + LONGEST),
                name="a_shift_lasts_a_day_at_most",
            ),
            models.CheckConstraint(
                condition=(Q(kind="director") & Q(specialty=""))
                | (~Q(kind="director") & ~Q(specialty="")),
                name="a_call_has_a_specialty",
            ),
        ]
        indexes = [
            models.Index(
                fields=["rota", "specialty"], condition=Q(in_force=True), name="shift_in_force"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def starts_at(self) -> datetime:
        return self.during.lower

    @property
    def ends_at(self) -> datetime:
        return self.during.upper

    @property
    def label(self) -> str:
        """神经内科 一线; 值班主任."""
        if not self.specialty:
            return str(self.get_kind_display())
        return f"{self.get_specialty_display()} {self.get_kind_display()}"


class Swap(BaseModel):
    """
    A colleague is asked to take a shift over, alone or in return for one of theirs.

    Until they accept, everybody stays where they are.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        SWAPPED = "swapped", _("Swapped")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LAPSED = "lapsed", _("Lapsed")  # the rota was published anew, or the person left

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="swaps")
    in_return = models.ForeignKey(
        Shift, on_delete=models.PROTECT, null=True, blank=True, related_name="swaps_in_return"
    )
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="swaps_asked")
    colleague = models.ForeignKey(User, on_delete=models.PROTECT, related_name="swaps_offered")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shift"], condition=Q(state="asked"), name="one_colleague_asked_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("colleague")), name="nobody_swaps_with_themselves"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None)
                | (~Q(state="asked") & Q(decided_at__isnull=False)),
                name="a_decided_swap_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["colleague"], condition=Q(state="asked"), name="swap_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.shift_id} {self.state}"


class HandOver(BaseModel):
    """What the outgoing doctor had in hand before a shift ended, and who answers for it now."""

    shift = models.OneToOneField(Shift, on_delete=models.PROTECT, related_name="hand_over")
    outgoing = models.ForeignKey(User, on_delete=models.PROTECT, related_name="shifts_handed_on")
    incoming = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="shifts_taken_over"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(outgoing=F("incoming")), name="nobody_hands_over_to_themselves"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None) | Q(incoming__isnull=False),
                name="who_acknowledges_is_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["incoming"], condition=Q(acknowledged_at=None), name="hand_over_open"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class HandOverItem(BaseModel):
    """One thing in hand. `kind` and `item` lead to the slice that owns it."""

    class State(models.TextChoices):
        OPEN = "open", _("To decide")
        TAKEN = "taken", _("Taken over")
        KEPT = "kept", _("Kept")
        SETTLED = "settled", _("Settled meanwhile")

    hand_over = models.ForeignKey(HandOver, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=40)
    item = models.UUIDField()
    label = models.CharField(max_length=200)
    url = models.CharField(max_length=200, blank=True)
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hand_over", "kind", "item"], name="each_item_is_handed_over_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.item}"
