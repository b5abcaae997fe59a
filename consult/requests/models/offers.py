"""The doctors who are asked: each offer and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.requests.models.case import Case
from telemed.core.models import BaseModel
from telemed.organisations.models import Organisation, Specialty
from telemed.people.models import User


class Onlooker(BaseModel):
    """
    An institution that neither asks nor is asked and may know of the case: it passed it on, or
    it was passed up to it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="onlookers")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="cases_known"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "organisation"], name="known_once_a_case")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.organisation_id}"


class Offer(BaseModel):
    """
    One doctor who is invited to answer. In a joint consult: to one seat, that of `specialty`;
    who has the lead, alone or in the chair, signs.
    """

    class Role(models.TextChoices):
        LEAD = "lead", _("Chair")
        EXPERT = "expert", _("Expert")

    class Status(models.TextChoices):
        OFFERED = "offered", _("Asked")
        SEEN = "seen", _("Read")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        RETURNED = "returned", _("Returned")
        HANDED_OVER = "handed_over", _("Handed over")
        LAPSED = "lapsed", _("Lapsed")
        DONE = "done", _("Done")

    class Decline(models.TextChoices):
        SCOPE = "scope", _("Outside my scope")
        TIME = "time", _("No time now")
        CONFLICT = "conflict", _("Conflict of interest")
        NO_ANSWER = "no_answer", _("My question was not answered")
        OTHER = "other", _("Another reason")

    LIVE = (Status.OFFERED, Status.SEEN, Status.ACCEPTED)
    WAITING = (Status.OFFERED, Status.SEEN)

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="offers")
    doctor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="offers")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="offers"
    )
    status = models.CharField(max_length=12, choices=Status, default=Status.OFFERED)
    role = models.CharField(max_length=8, choices=Role, default=Role.LEAD)
    specialty = models.CharField(max_length=20, choices=Specialty, blank=True)
    # Set where this doctor is to take over from another, who stays responsible until then.
    takes_over = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors"
    )
    note = models.CharField(max_length=500, blank=True)  # what the successor has to know
    former = models.CharField(max_length=12, blank=True)  # its status when the case was withdrawn
    assigned_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="offers_assigned"
    )
    decline_code = models.CharField(max_length=12, choices=Decline, blank=True)
    decline_text = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(role="lead", status="accepted"),
                name="one_doctor_holds_a_case",
            ),
            models.UniqueConstraint(
                fields=["case", "specialty"],
                condition=~Q(specialty="") & Q(status="accepted"),
                name="one_doctor_a_seat",
            ),
            models.CheckConstraint(
                condition=Q(role="lead") | ~Q(specialty=""), name="an_expert_has_a_specialty"
            ),
            models.UniqueConstraint(
                fields=["case", "doctor"],
                condition=Q(status__in=["offered", "seen", "accepted"]),
                name="one_live_offer_a_doctor",
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(decline_code=""),
                name="a_refusal_gives_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["doctor", "status"], name="offer_doctor")]

    def __str__(self) -> str:
        return f"{self.status} {self.pk}"
