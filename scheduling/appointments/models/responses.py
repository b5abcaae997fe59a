"""What a person was asked about a booking, and what they said."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scheduling.appointments.models.bookings import Appointment
from telemed.core.models import BaseModel


class Response(BaseModel):
    """
    One question to a patient and its answer (FHIR AppointmentResponse): a place that came free for
    who waited, or another time because the clinic was stopped. It is open until it is answered, by
    whom ever; the times are those that were offered.
    """

    class About(models.TextChoices):
        OFFER = "offer", _("A place came free")
        STOP = "stop", _("The clinic was stopped")

    class Status(models.TextChoices):
        OPEN = "needs-action", _("Not answered yet")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")

    class By(models.TextChoices):
        """Who said it."""

        SELF = "self", _("the person")
        OTHER = "other", _("who acts for them")
        DESK = "desk", _("the hospital's desk")
        CLINIC = "clinic", _("the clinic, which takes place after all")
        NOBODY = "nobody", _("nobody, in time")

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="responses")
    about = models.CharField(max_length=5, choices=About)
    status = models.CharField(max_length=12, choices=Status, default=Status.OPEN)
    starts_at = models.DateTimeField(null=True, blank=True)  # empty: no place is kept
    ends_at = models.DateTimeField(null=True, blank=True)
    said_by = models.CharField(max_length=6, choices=By, blank=True)
    said_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appointment"],
                condition=Q(status="needs-action"),
                name="one_open_question_a_booking",
            ),
            models.CheckConstraint(
                condition=Q(about__in=["offer", "stop"]), name="response_about_known"
            ),
            models.CheckConstraint(
                condition=Q(status="needs-action", said_by="", said_at=None)
                | Q(status__in=["accepted", "declined"], said_at__isnull=False) & ~Q(said_by=""),
                name="an_answer_has_somebody_and_a_time",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None) | Q(starts_at__lt=models.F("ends_at")),
                name="what_is_offered_has_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.status}"
