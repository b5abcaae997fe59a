"""Parsing what the pages of duties send; the rules are the services'."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scheduling.duties import limits, parts
from scheduling.duties.items import Item
from scheduling.duties.services import Dates, Findings
from telemed.web.pictures import PictureField

LONG_AGO = 10 * 366 * 86_400  # seconds; the service takes no more than a month of them


def _whole() -> forms.IntegerField:
    said = dict.fromkeys(("invalid", "min_value", "max_value"), limits.PRESSURE_RANGE)
    low, high = limits.PRESSURE
    return forms.IntegerField(required=False, min_value=low, max_value=high, error_messages=said)


def _item(item: Item) -> forms.Field:
    if item.choices:
        return forms.ChoiceField(
            required=False,
            choices=[(one.value, one.value) for one in item.choices],
            error_messages={"invalid_choice": parts.UNKNOWN_CHOICE},
        )
    ways = ("invalid", "min_value", "max_value", "max_decimal_places")
    return forms.DecimalField(
        required=False,
        min_value=item.low,
        max_value=item.high,
        decimal_places=item.places,
        error_messages=dict.fromkeys(ways, item.range_words),
    )


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With the items of the parts, which each service has others of."""
        super().__init__(*args, **kwargs)
        self.fields |= {field: _item(item) for field, item in parts.ITEMS.items()}
        for part in parts.PARTS:
            self.fields[part.field] = forms.CharField(required=False, max_length=10)

    def findings(self) -> Findings:
        sent = self.cleaned_data
        found = {name: sent[name] for name in ServeForm.base_fields}
        named = [name for name in self.fields if name not in self.base_fields]
        entries = {name: str(sent[name]) for name in named if sent[name] not in ("", None)}
        return Findings(**{**found, "waited": found["waited"] or 0, "entries": entries})


class AddForm(ServeForm):
    """A visit that was not the first to be written down, and why it is kept."""

    because = forms.CharField(required=False, max_length=limits.REFUSAL)


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


class AnswerForm(forms.Form):
    """Whether a proposed group is a diagnosis."""

    answer = forms.ChoiceField(
        choices=[("yes", "yes"), ("no", "no")],
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Please choose what you found.")
        ),
    )
    because = forms.CharField(required=False, max_length=200)


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
