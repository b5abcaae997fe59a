"""That the doctor sees somebody, from the moment it begins to the moment it is over."""

from django.db import models
from django.db.models import F, Q

from scheduling.appointments.models.bookings import Appointment
from telemed.core.models import BaseModel
from telemed.people.models import User


class Attendance(BaseModel):
    """
    A visit that took place (FHIR Encounter): one for a booking, made when it begins. By video the
    room is the encounter.
    """

    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, related_name="attendance"
    )
    # Whoever began it, or the doctor of the booking where the desk did; none where nobody is named.
    doctor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("begun_at")),
                name="an_attendance_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return str(self.appointment_id)
