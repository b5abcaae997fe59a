"""What people type."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from records.mpi.models import Patient
from telemed.core.errors import Invalid


class RegistrationForm(forms.Form):
    """A new person. The rules are the index's own; this only reads the fields."""

    name = forms.CharField(label=_("Name"), required=False, max_length=100)
    id_card = forms.CharField(label=_("ID number"), required=False, max_length=40)
    health_card = forms.CharField(label=_("Health card number"), required=False, max_length=40)
    sex = forms.ChoiceField(
        label=_("Sex"), required=False, choices=[("", "—"), *Patient.Sex.choices]
    )
    birth_date = forms.DateField(
        label=_("Birth date"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    address = forms.CharField(label=_("Address"), required=False, max_length=400)

    because = forms.ChoiceField(
        label=_("Why there is no ID number"),
        required=False,
        choices=[("", "—"), *Patient.Temporary.choices],
    )
    mother = forms.CharField(
        label=_("Mother's ID number or temporary number"), required=False, max_length=40
    )
    birth_order = forms.IntegerField(
        label=_("Birth order"), required=False, min_value=1, max_value=9
    )
    another = forms.CharField(label=_("Another person, because"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "id_card", "health_card", "phone", "address", "mother", "another"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["phone"].widget.input_type = "tel"
        for field in self.fields.values():
            field.widget.attrs["class"] = "in"

    def focus(self) -> None:
        """Put the cursor where something is to be mended, else on the first field."""
        wrong = next((name for name in self.fields if name in self.errors), "name")
        self.fields[wrong].widget.attrs["autofocus"] = True

    @property
    def is_temporary(self) -> bool:
        """Whether the part for people without an ID is in use, and so stands open."""
        parts = ("because", "mother", "birth_order")
        return any(self[name].value() or name in self.errors for name in parts)

    def refusal(self) -> Invalid:
        """The first thing that is wrong; the page says all of them at their fields."""
        name, errors = next(iter(self.errors.items()))
        return Invalid(str(errors[0]), path=name)


class IdentifyForm(forms.Form):
    """The ID of somebody with a temporary number."""

    id_card = forms.CharField(label=_("ID number"), required=False, max_length=40)
    name = forms.CharField(label=_("Name on the ID"), required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs |= {"class": "in", "autocomplete": "off"}


class LooksForm(forms.Form):
    """The filter of the auditor's search, as it stands in the address."""

    first = forms.DateField(label=_("First day"), required=False)
    last = forms.DateField(label=_("Last day"), required=False)
    kind = forms.CharField(required=False, max_length=20)
    who = forms.CharField(label=_("Name of who looked"), required=False, max_length=60)
    patient = forms.UUIDField(required=False)

    def check(self) -> None:
        """Raises Invalid: the first thing that is wrong."""
        if not self.is_valid():
            name, errors = next(iter(self.errors.items()))
            raise Invalid(str(errors[0]), path=name)
