"""Input of the pages of messages, and what a gateway sends."""

from typing import Any

import pydantic
from django import forms
from django.utils.translation import gettext_lazy as _

from telemed.core.errors import Malformed
from telemed.notifications.models import Channel, Preference

CHANNELS = [(Channel.SMS.value, Channel.SMS.label), (Channel.EMAIL.value, Channel.EMAIL.label)]


class ReachForm(forms.ModelForm):
    """The page about reaching somebody."""

    class Meta:
        model = Preference
        fields = ["channel", "quiet", "quiet_from", "quiet_until", "urgent_only"]
        widgets = {
            "channel": forms.RadioSelect,
            "quiet_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "quiet_until": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
        labels = {
            "channel": _("If I do not read a message here, send it by"),
            "quiet": _("Quiet hours"),
            "quiet_from": _("From"),
            "quiet_until": _("Until"),
            "urgent_only": _("Outside the inbox, urgent messages only"),
        }


class AddressForm(forms.Form):
    """A number or an address to be verified."""

    channel = forms.ChoiceField(choices=CHANNELS)
    address = forms.CharField(max_length=254)


class CodeForm(forms.Form):
    """The code that came."""

    channel = forms.ChoiceField(choices=CHANNELS)
    code = forms.CharField(max_length=12)


class Pushed(pydantic.BaseModel):
    """
    One thing that a gateway reports, in the words of Alibaba Cloud's SmsReport and SmsUp.

    SmsReport has out_id and success, SmsUp has phone_number and content.
    """

    phone_number: str = pydantic.Field(default="", max_length=20)
    out_id: str = pydantic.Field(default="", max_length=64)
    success: bool | None = None
    content: str | None = pydantic.Field(default=None, max_length=500)


PUSHED = pydantic.TypeAdapter(list[Pushed])


def parse_pushed(body: bytes) -> list[Pushed]:
    """Raises Malformed, saying nothing of what stood there."""
    try:
        return PUSHED.validate_json(body)
    except pydantic.ValidationError as error:
        where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
        raise Malformed("This is no list of reports.", path=where) from None


def cleaned(form: forms.BaseForm) -> dict[str, Any]:
    """What was typed in, or Malformed for a form that no page of ours sends."""
    if not form.is_valid():
        raise Malformed(
            str(_("Something in this form can't be read.")), path=next(iter(form.errors))
        )
    return dict(form.cleaned_data)
