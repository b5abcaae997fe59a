"""Parsing what the booking pages send; the rules are the services'."""

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
