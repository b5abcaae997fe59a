"""Fields that the forms of requests have of their own."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _


class PersonField(forms.CharField):
    """The id of somebody in the index, or UNKNOWN: a temporary number is made for them."""

    UNKNOWN = "unknown"

    def clean(self, value: Any) -> UUID | str:
        text = super().clean(value)
        if text == self.UNKNOWN:
            return text
        try:
            return UUID(text)
        except ValueError:
            raise forms.ValidationError(_("Find the patient first.")) from None


class UUIDsField(forms.Field):
    """
    Several ids of one name, as a page's boxes and its list of what was attached send them; a device
    keeps them as one text.
    """

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[UUID]:
        try:
            return [UUID(one) for one in ",".join(value or []).replace(" ", ",").split(",") if one]
        except ValueError:
            raise forms.ValidationError(_("Choose one from the list.")) from None
