"""Parsing what the pages of staff send; the rules are the services'."""

from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from telemed.core.errors import Invalid
from telemed.organisations.models import Specialty
from telemed.people.models import Practitioner, Role

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Form(forms.Form):
    """`read` is what the service takes, or the first thing that is wrong."""

    def read(self) -> dict[str, Any]:
        if not self.is_valid():
            name, errors = next(iter(self.errors.items()))
            label = self.fields[name].label if name in self.fields else ""
            raise Invalid(f"{label}: {errors[0]}" if label else str(errors[0]), path=name)
        return self.cleaned_data


class LicenceForm(Form):
    title = forms.ChoiceField(label=_("Title"), choices=Practitioner.Title.choices)
    licence_no = forms.CharField(label=_("Licence number"), max_length=20)
    specialty = forms.ChoiceField(label=_("Scope"), choices=Specialty.choices)
    practising_since = forms.DateField(label=_("First independent practice"), widget=DATE)
    licensed_until = forms.DateField(label=_("Valid until"), widget=DATE)


class PostForm(Form):
    organisation = forms.UUIDField(label=_("Institution"))
    role = forms.ChoiceField(
        label=_("Role"), choices=[c for c in Role.choices if c[0] != Role.RESIDENT]
    )
    department = forms.UUIDField(label=_("Department"), required=False)


class InviteForm(PostForm):
    name = forms.CharField(label=_("Name"), max_length=60)
    username = forms.CharField(
        label=_("User name"), max_length=60, validators=[UnicodeUsernameValidator()]
    )
    phone = forms.RegexField(
        r"^[0-9+ -]*$", label=_("Mobile number"), max_length=20, required=False
    )
    field_order = ("name", "username", "phone", "organisation", "role", "department")


class PasswordForm(Form):
    password = forms.CharField(label=_("Password"), max_length=200, strip=False)
    again = forms.CharField(label=_("Password once more"), max_length=200, strip=False)

    def read(self) -> dict[str, Any]:
        sent = super().read()
        if sent["password"] != sent["again"]:
            raise Invalid(str(_("The two are not the same. Enter both again.")), path="again")
        return sent


class MoveForm(Form):
    to = forms.UUIDField(label=_("Who takes over"))
