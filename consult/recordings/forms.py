"""What is sent about a recording."""

from django import forms

from consult.requests.forms import refusal
from records.consent.models import Consent

__all__ = ["AnswerForm", "refusal"]


class AnswerForm(forms.Form):
    """Yes or no, one's own or the patient's."""

    agrees = forms.ChoiceField(choices=[("yes", ""), ("no", "")])
    patient = forms.BooleanField(required=False)
    relation = forms.ChoiceField(choices=[("", ""), *Consent.Relation.choices], required=False)
