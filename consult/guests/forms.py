"""What a host says of a guest without an account; the rules are the services'."""

from django import forms

from consult.requests.forms import refusal
from consult.rooms.forms import PersonForm

__all__ = ["LinkForm", "PersonForm", "refusal"]


class LinkForm(forms.Form):
    """`agreed`: the patient knows of an observer."""

    name = forms.CharField(max_length=60, required=False)
    phone = forms.CharField(max_length=30, required=False)
    role = forms.CharField(max_length=12, required=False)
    agreed = forms.BooleanField(required=False)
