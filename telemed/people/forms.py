"""What the pages of one's own account send."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from telemed.core.errors import Invalid

LONGEST = 12  # digits


def pin_field(missing: Any) -> forms.CharField:
    return forms.CharField(max_length=LONGEST, error_messages={"required": missing})


class NewPinForm(forms.Form):
    """A PIN, twice, because nobody sees what they type."""

    new_pin = pin_field(_("Enter the new PIN."))
    new_pin_again = pin_field(_("Enter the new PIN once more."))

    def read(self) -> dict[str, str]:
        """What the service takes, or the first thing that is wrong."""
        if not self.is_valid():
            name, errors = next(iter(self.errors.items()))
            raise Invalid(str(errors[0]), path=name)
        if self.cleaned_data["new_pin"] != self.cleaned_data["new_pin_again"]:
            raise Invalid(
                gettext("The two are not the same. Enter both again."), path="new_pin_again"
            )
        return self.cleaned_data


class ChangePinForm(NewPinForm):
    pin = pin_field(_("Enter your present PIN."))
    field_order = ("pin", "new_pin", "new_pin_again")
