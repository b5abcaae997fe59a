"""What a room's forms may say."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.requests.forms import refusal
from consult.rooms.models import Role

__all__ = ["HoldForm", "InvitationForm", "PersonForm", "RemovalForm", "refusal"]
LONGEST_REASON = 200


class PersonForm(forms.Form):
    """One person of the room."""

    user_id = forms.UUIDField()


class RemovalForm(PersonForm):
    """Who is to go, and why; which reasons there are is the service's to say."""

    reason = forms.CharField(max_length=LONGEST_REASON, required=False)


class InvitationForm(forms.Form):
    """Whom a host asks in, and as what; `agreed`: the patient knows of an observer."""

    user_id = forms.UUIDField(error_messages={"required": _("Choose a person from the list.")})
    role = forms.ChoiceField(choices=[(Role.INTERPRETER, ""), (Role.OBSERVER, "")])
    agreed = forms.BooleanField(required=False)


class HoldForm(forms.Form):
    """Why the consult is held; that there is a reason is the service's to say."""

    reason = forms.CharField(max_length=LONGEST_REASON, required=False)
