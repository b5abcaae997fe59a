"""What somebody waits for who found a day full."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scheduling.appointments.models.bookings import Appointment
from scheduling.availability.models import Pool
from telemed.people.models import User

MOST_WAITS = 3  # of one person at a time


class Wait(models.Model):
    """
    The wish behind an appointment on the waitlist, and its place in the order.

    The appointment stands at a period of the wished day; an offer moves it to the place that came
    free. `rank` counts a person's waits and is empty once one is over. Whoever `stays` was
    displaced by a stop and waits for the same doctor on any day; that is none of the three.
    """

    class Grade(models.IntegerChoices):
        """How soon a doctor thinks it should be."""

        ORDINARY = 0, _("In its turn")
        SOON = 1, _("Should be seen soon")
        URGENT = 2, _("Must not wait")

    appointment = models.OneToOneField(
        Appointment, on_delete=models.CASCADE, primary_key=True, related_name="wait"
    )
    person_key = models.UUIDField()
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    clinician = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )  # with nobody else; empty: with whoever has a place
    pools = ArrayField(models.CharField(max_length=13, choices=Pool))
    grade = models.PositiveSmallIntegerField(choices=Grade, default=Grade.ORDINARY)
    graded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    far = models.BooleanField(default=False)  # so far from the hospital that a bus must be caught
    since = models.DateTimeField()
    offers = models.PositiveSmallIntegerField(default=0)
    lapses = models.PositiveSmallIntegerField(default=0)
    let_go = ArrayField(models.UUIDField(), default=list)  # periods that were offered in vain
    stays = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_key", "rank"], name="three_waits_a_person"),
            models.CheckConstraint(
                condition=Q(rank=None) | Q(rank__gte=1, rank__lte=MOST_WAITS),
                name="wait_rank_known",
            ),
            models.CheckConstraint(
                condition=Q(grade=0) | Q(graded_by__isnull=False), name="a_doctor_grades"
            ),
            models.CheckConstraint(
                condition=Q(stays=False) | Q(clinician__isnull=False, rank=None),
                name="one_stays_with_a_doctor",
            ),
        ]
        indexes = [
            models.Index(fields=["clinician"], condition=Q(stays=True), name="wait_stays"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
