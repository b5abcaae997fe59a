"""Parsing what the booking pages send; the rules are the services'."""

from django import forms
from django.utils.translation import gettext_lazy as _


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
