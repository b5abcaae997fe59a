"""Who acts for whom, and who lives together."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.mpi.models.people import Patient
from telemed.core.models import BaseModel
from telemed.organisations.models import Division, Organisation
from telemed.people.models import User

OF_AGE = 18


class Kin(models.TextChoices):
    """What somebody is to another, or to the head of a household."""

    MOTHER = "mother", _("Mother")
    FATHER = "father", _("Father")
    GRANDPARENT = "grandparent", _("Grandparent")
    GRANDCHILD = "grandchild", _("Grandchild")
    SPOUSE = "spouse", _("Spouse")
    CHILD = "child", _("Child")
    SIBLING = "sibling", _("Brother or sister")
    OTHER = "other", _("Somebody else")


class RelationQuerySet(models.QuerySet["Relation"]):
    def in_force(self, day: date | None = None) -> RelationQuerySet:
        """
        On that day: what the clock or a hand has not ended yet ends by its own date all the same,
        and with the death of either.
        """
        day = day or timezone.localdate()
        alive = self.filter(subject__deceased_on=None, delegate__deceased_on=None, ended_at=None)
        return alive.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)


class Relation(BaseModel):
    """One person acts for another: a guardian for a child, or whom an adult authorised."""

    class Basis(models.TextChoices):
        BIRTH = "birth", _("Parent by birth")
        CUSTODY = "custody", _("Custody")
        PROXY = "proxy", _("Authorised proxy")

    class Papers(models.TextChoices):
        HOUSEHOLD_BOOK = "household_book", _("Household register book")
        BIRTH_CERTIFICATE = "birth_certificate", _("Birth certificate")
        CUSTODY_PAPER = "custody_paper", _("Court decision or custody certificate")
        AUTHORISATION = "authorisation", _("Written authorisation")

    class Because(models.TextChoices):
        AGE = "age", _("Of age")
        PERIOD = "period", _("Period over")
        DEATH = "death", _("Death")
        CUSTODY = "custody", _("Custody changed")
        WITHDRAWN = "withdrawn", _("Authorisation withdrawn")
        MISTAKE = "mistake", _("Entered by mistake")

    subject = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="represented_by")
    delegate = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="represents")
    basis = models.CharField(max_length=8, choices=Basis)
    kin = models.CharField(max_length=12, choices=Kin)  # what the delegate is to the subject
    papers = models.CharField(max_length=20, choices=Papers)
    papers_no = models.CharField(max_length=40, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)  # the first day on which it no longer holds
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="relations_entered"
    )
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="relations_entered")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=10, choices=Because, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="relations_ended"
    )

    objects = RelationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(subject=F("delegate")), name="nobody_acts_for_themselves"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="a_relation_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_because="")
                | (Q(ended_at__isnull=False, ends_on__isnull=False) & ~Q(ended_because="")),
                name="an_ended_relation_says_why",
            ),
            models.CheckConstraint(
                condition=Q(basis="proxy") | Q(ends_on__isnull=False),
                name="a_guardianship_has_an_end",
            ),
            ExclusionConstraint(
                name="one_relation_of_two_at_a_time",
                expressions=[
                    ("subject", RangeOperators.EQUAL),
                    ("delegate", RangeOperators.EQUAL),
                    (
                        Func(
                            "starts_on",
                            "ends_on",
                            Value("[)"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_guardian(self) -> bool:
        return self.basis != self.Basis.PROXY

    @property
    def is_in_force(self) -> bool:
        """As `in_force()` says of a list."""
        today = timezone.localdate()
        dead = self.subject.deceased_on or self.delegate.deceased_on
        open_still = self.ends_on is None or self.ends_on > today
        return bool(self.ended_at is None and not dead and open_still and self.starts_on <= today)


class Household(BaseModel):
    """People who live together at one address (户)."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="households")
    address = models.CharField(max_length=200)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="households"
    )
    entered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="households_entered"
    )

    def __str__(self) -> str:
        return str(self.pk)


class Member(BaseModel):
    """Somebody's time in a household."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="households")
    is_head = models.BooleanField(default=False)
    kin = models.CharField(max_length=12, choices=Kin, blank=True)  # to the head
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="members_entered")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(left_on=None), name="one_household_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(left_on=None, is_head=True),
                name="one_head_of_a_household",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                name="a_member_leaves_after_joining",
            ),
            models.CheckConstraint(
                condition=Q(is_head=True, kin="") | (Q(is_head=False) & ~Q(kin="")),
                name="a_member_is_something_to_the_head",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
