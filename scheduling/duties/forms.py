"""Parsing what the pages of duties send; the rules are the services'."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from scheduling.duties.services import Findings

PRESSURE = _("A blood pressure lies between 30 and 300.")
GLUCOSE = _("A glucose lies between 0.5 and 60 mmol/L.")


def _whole() -> forms.IntegerField:
    said = dict.fromkeys(("invalid", "min_value", "max_value"), PRESSURE)
    return forms.IntegerField(required=False, min_value=30, max_value=300, error_messages=said)


class ServeForm(forms.Form):
    mode = forms.CharField(required=False, max_length=12)
    systolic = _whole()
    diastolic = _whole()
    glucose = forms.DecimalField(
        required=False,
        min_value=Decimal("0.5"),
        max_value=60,
        decimal_places=1,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_decimal_places"), GLUCOSE
        ),
    )
    signs = forms.BooleanField(required=False)
    note = forms.CharField(required=False, max_length=500)
    refusal = forms.CharField(required=False, max_length=200)
    draft = forms.UUIDField(required=False)

    def findings(self) -> Findings:
        return Findings(**self.cleaned_data)


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
