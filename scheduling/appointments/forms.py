"""Parsing what the booking pages send; the rules are the services'."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.appointments.models import MOST_EXAMINATIONS, Trip
from scheduling.appointments.trip_proposals import Wish
from telemed.core.errors import Invalid
from telemed.web.templatetags.web import colon

MOST_STOPS = 2 * MOST_EXAMINATIONS  # read of what was sent


class FindForm(forms.Form):
    """What somebody looks for."""

    q = forms.CharField(required=False, max_length=60, label=_("Hospital, department or doctor"))
    by = forms.ChoiceField(required=False, choices=[("", ""), ("km", "")])  # nearest first


class TimesForm(forms.Form):
    """Which day and which doctor are shown."""

    day = forms.DateField(required=False)
    doctor = forms.UUIDField(required=False)
    move = forms.UUIDField(required=False)


class TripForm(forms.Form):
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
    key = forms.UUIDField(required=False)  # of the page: what is sent again is sent once


class GradeForm(forms.Form):
    grade = forms.IntegerField(min_value=0)


class WaiverForm(forms.Form):
    """The days of which nothing counts."""

    first = forms.DateField()
    last = forms.DateField()


class BoardForm(forms.Form):
    department = forms.UUIDField(required=False)


def read_wish(sent: QueryDict, there: Sequence[str], form: TripForm) -> Wish:
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


class BatchForm(forms.Form):
    """For several people: where, on which day, with whom, between which hours; and who is found."""

    department = forms.UUIDField(required=False)
    day = forms.DateField(required=False)
    doctor = forms.UUIDField(required=False)
    earliest = forms.TimeField(required=False)
    latest = forms.TimeField(required=False)
    key = forms.UUIDField(required=False)
    where = forms.CharField(required=False, max_length=60)
    q = forms.CharField(required=False, max_length=60)
    up = forms.UUIDField(required=False)
    down = forms.UUIDField(required=False)
    drop = forms.UUIDField(required=False)

    def read(self) -> dict[str, Any]:
        """What can be read of it; what cannot counts as not said."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}


def read_people(sent: QueryDict) -> list[UUID]:
    """In order, after one of them was moved up or down, or taken off the list."""
    form = BatchForm(sent)
    asked = form.read()
    people = [pk for pk in map(_uuid, sent.getlist("who")) if pk and pk != asked["drop"]]
    for name, step in (("up", -1), ("down", 1)):
        if asked[name] in people:
            place = people.index(asked[name])
            people.insert(max(place + step, 0), people.pop(place))
    return people


class SendForm(forms.Form):
    """A batch: the key of its page, where and when."""

    key = forms.UUIDField()
    department = forms.UUIDField()
    day = forms.DateField()


def read_batch(sent: QueryDict) -> tuple[dict[str, Any], list[tuple[UUID, UUID]]]:
    """The facts, and person and time of each row, in order."""
    form = SendForm(sent)
    rows = []
    for row in sent.getlist("row"):
        person, _colon, period = row.partition(":")
        rows.append((_uuid(person), _uuid(period)))
    if not form.is_valid() or any(None in row for row in rows):
        raise Invalid(gettext("This list cannot be read; open the page again."), path="row")
    return form.cleaned_data, [(who, when) for who, when in rows if who and when]


def read_period(sent: QueryDict) -> UUID:
    period = _uuid(sent.get("period", ""))
    if period is None:
        raise Invalid(gettext("Choose a time."), path="period")
    return period


def read_booking(sent: QueryDict) -> UUID:
    booking = _uuid(sent.get("booking", ""))
    if booking is None:
        raise Invalid(gettext("Choose one of the bookings."), path="booking")
    return booking


def read_shown(sent: QueryDict) -> dict[str, Any]:
    """How the row of the day's list says who came."""
    return {"number": sent.get("number", "")[:18], "seen": "seen" in sent}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
