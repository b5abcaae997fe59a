"""Parsing what the pages of the rota send; the rules are the services'."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from telemed.rota.models import Shift


class ShiftForm(forms.Form):
    """Who is on from when to when; an end at or before the start is the next day's."""

    user = forms.UUIDField(error_messages={"required": _("Choose a person from the list.")})
    kind = forms.ChoiceField(choices=Shift.Kind.choices)
    starts = forms.TimeField(label=_("From"))
    ends = forms.TimeField(label=_("Until"))
    phone = forms.CharField(label=_("Number to ring"), max_length=20, required=False)

    def span(self, day: date) -> dict[str, datetime]:
        start = timezone.make_aware(datetime.combine(day, self.cleaned_data["starts"]))
        end = timezone.make_aware(datetime.combine(day, self.cleaned_data["ends"]))
        return {"starts_at": start, "ends_at": end if end > start else end + timedelta(days=1)}


class SwapForm(forms.Form):
    """`choice` is a colleague's shift in return, or the colleague alone."""

    choice = forms.RegexField(
        r"^(shift|user):[0-9a-f-]{36}$",
        error_messages={
            "required": _("Choose a colleague from the list."),
            "invalid": _("Choose a colleague from the list."),
        },
    )

    def chosen(self) -> tuple[str, str]:
        kind, _colon, key = self.cleaned_data["choice"].partition(":")
        return kind, key


def first_error(form: forms.BaseForm) -> tuple[str, Any]:
    """The field and the sentence of the first mistake."""
    return next((name, errors[0]) for name, errors in form.errors.items())
