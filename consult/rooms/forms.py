"""What a room's forms may say."""

from django import forms


class PersonForm(forms.Form):
    """One person of the room, and why."""

    user_id = forms.UUIDField()
    reason = forms.CharField(max_length=200, required=False)
