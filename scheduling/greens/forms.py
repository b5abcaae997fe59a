"""Parsing what the pages of the green channel send; the rules are the services'."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from records.mpi.models import Patient
from scheduling.greens.models import Kind, Outcome
from scheduling.greens.services import Wish
from telemed.core.errors import Invalid
from telemed.core.ids import new_id

UNKNOWN = "unknown"
WHEN = _("Say when it was.")


class MomentField(forms.CharField):
    """A local time without seconds, as typed, or a moment with its zone, as tapped."""

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            found = parse_datetime(text)
        except ValueError:
            found = None
        if found is None:
            raise forms.ValidationError(WHEN)
        try:
            return found if found.tzinfo else timezone.make_aware(found)
        except (ValueError, OverflowError):
            raise forms.ValidationError(WHEN) from None


class PersonField(forms.CharField):
    """The id of somebody in the index, or UNKNOWN."""

    def clean(self, value: Any) -> UUID | str:
        text = super().clean(value)
        if text == UNKNOWN:
            return text
        try:
            return UUID(text)
        except ValueError:
            raise forms.ValidationError(_("Find the patient first.")) from None


class NewForm(forms.Form):
    patient = forms.UUIDField(required=False)


class OpenForm(forms.Form):
    patient = PersonField(error_messages={"required": _("Find the patient first.")})
    kind = forms.ChoiceField(
        choices=Kind,
        error_messages=dict.fromkeys(["required", "invalid_choice"], _("Choose what it is.")),
    )
    hospital = forms.UUIDField(
        required=False, error_messages={"invalid": _("Choose a hospital from the list.")}
    )
    contact_at = MomentField(required=False, max_length=40)
    vitals = forms.CharField(max_length=300, required=False)
    name = forms.CharField(max_length=60, required=False)
    sex = forms.ChoiceField(
        choices=[("male", "male"), ("female", "female")],
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    key = forms.UUIDField()

    def wish(self) -> Wish:
        sent = self.cleaned_data
        return Wish(
            kind=sent["kind"],
            hospital_id=sent["hospital"],
            contact_at=sent["contact_at"],
            vitals=sent["vitals"],
            name=sent["name"],
            sex=sent["sex"] if sent["sex"] in Patient.Sex.values else "",
        )


class StampForm(forms.Form):
    """One tap. Without script there is no moment and no key: it is now, and new."""

    station = forms.CharField(max_length=10)
    at = MomentField(required=False, max_length=40)
    key = forms.UUIDField(required=False)

    def clean_key(self) -> UUID:
        return self.cleaned_data["key"] or new_id()


class CorrectForm(StampForm):
    reason = forms.CharField(max_length=200, required=False)


class VitalsForm(forms.Form):
    vitals = forms.CharField(max_length=300, required=False)


class EndForm(forms.Form):
    outcome = forms.ChoiceField(
        choices=Outcome,
        error_messages=dict.fromkeys(["required", "invalid_choice"], _("Choose what it came to.")),
    )
    note = forms.CharField(max_length=300, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=200, required=False)


def checked(form: forms.Form) -> dict[str, Any]:
    """Its cleaned values, or the first thing that is wrong as a refusal."""
    if form.is_valid():
        return form.cleaned_data
    path, faults = next(iter(form.errors.items()))
    raise Invalid(str(faults[0]), path=path)
