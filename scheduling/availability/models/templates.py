"""What repeats each week, and the days that are otherwise."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from telemed.core.models import BaseModel
from telemed.organisations.models import Department, Organisation
from telemed.people.models import User


class Kind(models.TextChoices):
    """What happens in a session."""

    CLINIC = "clinic", _("Clinic")
    VIDEO = "video", _("Video visit")
    EXAMINATION = "examination", _("Examination")
    CONSULT_ROOM = "consult_room", _("Consultation room")


class Offered(BaseModel):
    """What a template lays down and a session has: who, where, how many at a time."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    clinician = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # nobody by name: the department, a machine or a room is booked
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.CLINIC)
    service = models.CharField(max_length=40, blank=True)  # of an examination: 心电图
    room = models.CharField(max_length=40, blank=True)
    period_minutes = models.PositiveSmallIntegerField(default=30)
    capacity = models.PositiveSmallIntegerField()  # places in each period

    class Meta:
        abstract = True


class Template(Offered):
    """One weekly session of somebody, from a day on."""

    weekday = models.PositiveSmallIntegerField()  # ISO 8601: Monday is 1
    starts = models.TimeField()  # in China
    ends = models.TimeField()
    on_holidays = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # its last day

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__gte=1, weekday__lte=7), name="a_week_has_seven_days"
            ),
            models.CheckConstraint(
                condition=Q(starts__lt=F("ends")), name="a_template_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=1, period_minutes__gte=5), name="a_template_has_places"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="a_template_lasts"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "weekday"], name="template_of_a_day")]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts:%H:%M}-{self.ends:%H:%M}"


class DayRule(BaseModel):
    """
    Days on which an institution, a department or a doctor keeps another week than usual.

    Closed, or open as on another weekday: a 调休 Saturday worked as a Monday, a holiday's clinic.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    clinician = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    first = models.DateField()
    last = models.DateField()
    as_weekday = models.PositiveSmallIntegerField(null=True, blank=True)  # null: closed
    reason = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="a_day_rule_lasts"),
            models.CheckConstraint(
                condition=Q(as_weekday=None) | Q(as_weekday__gte=1, as_weekday__lte=7),
                name="a_day_is_worked_as_one_of_seven",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_day_rule_says_why"),
        ]
        indexes = [models.Index(fields=["organisation", "last"], name="day_rules_ahead")]

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"
