"""What a doctor books for several people in one go, and what became of each of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.mpi.models import Patient
from scheduling.appointments.models.bookings import Appointment
from scheduling.availability.models import Period
from telemed.core.models import BaseModel
from telemed.organisations.models import Department, Organisation
from telemed.people.models import User

MOST_IN_BATCH = 20  # of one batch


class Batch(BaseModel):
    """One department and one day, by one doctor. `key`: that of the page that sent it."""

    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="batches")
    organisation = models.ForeignKey(  # for which the doctor acted
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    day = models.DateField()  # in China
    key = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["made_by", "key"], name="a_page_sends_one_batch")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class BatchRow(BaseModel):
    """
    One person of a batch. What became of them is decided once, in the transaction that books; the
    person in the batch is the key under which a second sending finds it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Not tried yet")
        BOOKED = "booked", _("Booked")
        REFUSED = "refused", _("Not booked")

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="rows", db_index=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    period = models.ForeignKey(  # what was wished for last
        Period, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    said = models.CharField(max_length=300, blank=True)  # why not, in the doctor's language
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "booked", "refused"]),
                name="batch_row_state_known",
            ),
            models.UniqueConstraint(fields=["batch", "patient"], name="once_in_a_batch"),
            models.UniqueConstraint(fields=["batch", "position"], name="one_at_each_position"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=MOST_IN_BATCH), name="twenty_in_a_batch"
            ),
            models.CheckConstraint(
                condition=Q(state="booked", appointment__isnull=False)
                | ~Q(state="booked") & Q(appointment=None),
                name="who_was_booked_has_an_appointment",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(said=""), name="a_refusal_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None)
                | ~Q(state="waiting") & Q(decided_at__isnull=False),
                name="what_was_decided_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
