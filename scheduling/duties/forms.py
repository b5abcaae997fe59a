"""Parsing what the pages of duties send; the rules are the services'."""

from django import forms
from django.utils.translation import gettext_lazy as _

from scheduling.duties import limits
from scheduling.duties.services import Dates, Findings
from telemed.web.pictures import PictureField

LONG_AGO = 10 * 366 * 86_400  # seconds; the service takes no more than a month of them


def _whole() -> forms.IntegerField:
    said = dict.fromkeys(("invalid", "min_value", "max_value"), limits.PRESSURE_RANGE)
    low, high = limits.PRESSURE
    return forms.IntegerField(required=False, min_value=low, max_value=high, error_messages=said)


class ServeForm(forms.Form):
    """`seen` and `waited` come from a device: how the duty stood there, and since when it waits."""

    mode = forms.CharField(required=False, max_length=12)
    systolic = _whole()
    diastolic = _whole()
    glucose = forms.DecimalField(
        required=False,
        min_value=limits.GLUCOSE[0],
        max_value=limits.GLUCOSE[1],
        decimal_places=1,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_decimal_places"), limits.GLUCOSE_RANGE
        ),
    )
    signs = forms.BooleanField(required=False)
    note = forms.CharField(required=False, max_length=limits.LONGEST)
    refusal = forms.CharField(required=False, max_length=limits.REFUSAL)
    draft = forms.UUIDField(required=False)
    signature = PictureField(required=False, max_length=600_000)
    seen = forms.CharField(required=False, max_length=40)
    waited = forms.IntegerField(required=False, min_value=0, max_value=LONG_AGO)

    def findings(self) -> Findings:
        found = self.cleaned_data
        return Findings(**{**found, "waited": found["waited"] or 0})


class AddForm(ServeForm):
    """A visit that was not the first to be written down, and why it is kept."""

    because = forms.CharField(required=False, max_length=limits.REFUSAL)

    def findings(self) -> Findings:
        found = {name: self.cleaned_data[name] for name in ServeForm.base_fields}
        return Findings(**{**found, "waited": found["waited"] or 0})


def _day() -> forms.DateField:
    said = {"invalid": _("Write the day as 2026-05-31.")}
    return forms.DateField(required=False, error_messages=said)


class DatesForm(forms.Form):
    """The days of a pregnancy, or of a newborn's way home."""

    expected_on, period_on = _day(), _day()
    weeks = forms.IntegerField(
        required=False, error_messages={"invalid": _("Write the weeks as a whole number.")}
    )
    delivered_on, discharged_on = _day(), _day()
    risk = forms.CharField(required=False, max_length=6)

    def dates(self) -> Dates:
        return Dates(**self.cleaned_data)


class EndForm(forms.Form):
    """When and how a pregnancy ended; nobody is asked why."""

    ended_on = _day()
    kind = forms.CharField(required=False, max_length=5)


class SettleForm(forms.Form):
    kept = forms.ChoiceField(
        choices=[("yes", "yes"), ("no", "no")],
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Please choose what you found.")
        ),
    )
    why = forms.CharField(required=False, max_length=500)


class WaiveForm(forms.Form):
    because = forms.CharField(required=False, max_length=8)
