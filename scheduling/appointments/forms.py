"""Parsing what the booking pages send; the rules are the services'."""

from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.appointments.models import MOST_EXAMINATIONS, Trip
from scheduling.appointments.proposals import Wish
from telemed.core.errors import Invalid
from telemed.web.templatetags.web import colon

MOST_STOPS = 2 * MOST_EXAMINATIONS  # read of what was sent


class FindForm(forms.Form):
    """What somebody looks for."""

    q = forms.CharField(required=False, max_length=60, label=_("Hospital, department or doctor"))


class TimesForm(forms.Form):
    """Which day and which doctor are shown."""

    day = forms.DateField(required=False)
    doctor = forms.UUIDField(required=False)
    move = forms.UUIDField(required=False)


class WishForm(forms.Form):
    """What is to be done on one day, in which order, and between which buses."""

    order = forms.ChoiceField(
        required=False, choices=Trip.Order.choices, label=_("What comes first?")
    )
    day = forms.DateField(required=False, label=_("Not before"))
    arrive = forms.TimeField(required=False, label=_("The bus arrives at"))
    leave = forms.TimeField(required=False, label=_("The last bus back leaves at"))
    doctor = forms.UUIDField(required=False)


class TakeForm(forms.Form):
    """One of the days that were proposed."""

    visit = forms.UUIDField(required=False)
    order = forms.CharField(required=False, max_length=20)


class DayForm(forms.Form):
    day = forms.DateField(required=False)


class HoldForm(forms.Form):
    """Which place, and for a move which booking."""

    period = forms.UUIDField()
    move = forms.UUIDField(required=False)


class ConfirmForm(forms.Form):
    reason = forms.CharField(required=False, max_length=200)


class GradeForm(forms.Form):
    grade = forms.IntegerField(min_value=0)


class WaiverForm(forms.Form):
    """The days of which nothing counts."""

    first = forms.DateField()
    last = forms.DateField()


class BoardForm(forms.Form):
    department = forms.UUIDField(required=False)


def read_wish(sent: QueryDict, there: Sequence[str], form: WishForm) -> Wish:
    """What is wished of what is there. Raises Invalid with what is wrong with it."""
    if not form.is_valid():
        wrong, sentences = next(iter(form.errors.items()))
        label = form.fields[wrong].label or gettext("Doctor")
        raise Invalid(f"{label}{colon()}{sentences[0]}", path=wrong)
    wanted = tuple(dict.fromkeys(sent.getlist("x")))
    if not wanted:
        raise Invalid(gettext("Choose at least one examination."), path="x")
    if not set(wanted) <= set(there):
        sentence = gettext("This hospital has no such examination in the next two weeks.")
        raise Invalid(sentence, path="x")
    if len(wanted) > MOST_EXAMINATIONS:
        sentence = gettext("At most {n} examinations on one trip.")
        raise Invalid(sentence.format(n=MOST_EXAMINATIONS), path="x")
    said = form.cleaned_data
    if said["day"] and said["day"] < timezone.localdate():
        raise Invalid(gettext("That day has passed; choose a later one."), path="day")
    if said["arrive"] and said["leave"] and said["arrive"] >= said["leave"]:
        sentence = gettext("The last bus back leaves after the bus arrives.")
        raise Invalid(sentence, path="leave")
    return Wish(
        examinations=wanted,
        order=said["order"] or Trip.Order.VISIT_LAST,
        since=said["day"],
        arrive=said["arrive"],
        leave=said["leave"],
    )


def read_stops(sent: QueryDict) -> list[UUID]:
    """The places of one of the days that were proposed. Raises Invalid."""
    try:
        return [UUID(one) for one in sent.getlist("stop")[:MOST_STOPS]]
    except ValueError:
        raise Invalid(gettext("Choose one of the days."), path="stop") from None


def read_department(sent: QueryDict) -> UUID | None:
    """None: the whole hospital."""
    form = BoardForm(sent)
    if not form.is_valid():
        raise Invalid(gettext("Please choose a department of your hospital."), path="department")
    department: UUID | None = form.cleaned_data["department"]
    return department
