"""Who takes the desk over, and the PIN."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from telemed.core.errors import Invalid
from telemed.people.forms import pin_field


class TakeOverForm(forms.Form):
    seat = forms.UUIDField(error_messages={"required": _("Choose who you are.")})
    pin = pin_field(_("Enter your PIN."))

    def read(self) -> tuple[UUID, str]:
        """The place and the PIN, or the first thing that is wrong."""
        if not self.is_valid():
            name, errors = next(iter(self.errors.items()))
            raise Invalid(str(errors[0]), path=name)
        return self.cleaned_data["seat"], self.cleaned_data["pin"]
