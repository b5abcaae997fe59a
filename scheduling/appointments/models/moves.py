"""Which place a booking left last, so that its move can be taken back for a while."""

from django.db import models

from scheduling.appointments.models.bookings import Appointment
from scheduling.availability.models import Period, Pool


class Move(models.Model):
    """
    The last move of a booking, with the place and the number that it left. Nothing is kept there:
    whoever takes the move back in time gets them as long as nobody else has.
    """

    appointment = models.OneToOneField(
        Appointment, on_delete=models.CASCADE, primary_key=True, related_name="last_move"
    )
    left = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    left_pool = models.CharField(max_length=13, choices=Pool)
    left_ticket = models.PositiveSmallIntegerField()
    took = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+", db_index=False)
    noted = models.BooleanField(default=False, db_default=False)  # as late, and by this move
    moved_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
