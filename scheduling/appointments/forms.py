"""Parsing what the booking pages send; the rules are the services'."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from telemed.core.errors import Invalid


class FindForm(forms.Form):
    """What somebody looks for."""

    q = forms.CharField(required=False, max_length=60, label=_("Hospital, department or doctor"))


class TimesForm(forms.Form):
    """Which day and which doctor are shown."""

    day = forms.DateField(required=False)
    doctor = forms.UUIDField(required=False)
    move = forms.UUIDField(required=False)


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


def read_department(sent: QueryDict) -> UUID | None:
    """None: the whole hospital."""
    form = BoardForm(sent)
    if not form.is_valid():
        raise Invalid(gettext("Please choose a department of your hospital."), path="department")
    department: UUID | None = form.cleaned_data["department"]
    return department


class WishForm(forms.Form):
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
    form = WishForm(sent)
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


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
