"""Parsing what the pages of referrals send; the rules are the services'."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from scheduling.referrals.models import Agreed, Answer, Relation, Urgency
from scheduling.referrals.services import HandOver, Wish
from scheduling.referrals.services.answering import Offer
from telemed.core.errors import Invalid

TIMES = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
LATER = {"invalid": _("Choose a time.")}
# A green channel is opened on its own page.
CHOSEN = [(value, label) for value, label in Urgency.choices if value != Urgency.GREEN]


class NewForm(forms.Form):
    """For whom, and which specialty stands first."""

    patient = forms.UUIDField(required=False)
    specialty = forms.CharField(max_length=20, required=False)


class SendForm(forms.Form):
    department = forms.UUIDField(
        error_messages=dict.fromkeys(["required", "invalid"], _("Choose a department."))
    )
    reason = forms.CharField(max_length=500, required=False)
    summary = forms.CharField(max_length=4000, required=False)
    urgency = forms.ChoiceField(choices=CHOSEN)
    place = forms.BooleanField(required=False)
    agreed = forms.ChoiceField(
        choices=Agreed, error_messages={"required": _("Choose how the patient consents.")}
    )
    agreed_by = forms.ChoiceField(choices=Relation, required=False)
    agreed_note = forms.CharField(max_length=200, required=False)

    def wish(self) -> Wish:
        sent = checked(self)
        return Wish(
            department_id=sent["department"],
            reason=sent["reason"],
            summary=sent["summary"],
            urgency=sent["urgency"],
            keeps_place=sent["place"],
            agreed=sent["agreed"],
            agreed_by=sent["agreed_by"] or Relation.SELF,
            agreed_note=sent["agreed_note"],
        )


class DownForm(SendForm):
    """What a clinic is asked to go on with, and the hand-over that goes along."""

    purpose = forms.CharField(max_length=14, required=False)
    diagnosis = forms.CharField(max_length=500, required=False)
    done = forms.CharField(max_length=4000, required=False)
    medicines = forms.CharField(max_length=2000, required=False)
    none_reason = forms.CharField(max_length=200, required=False)

    def hand_over(self, sent: QueryDict) -> HandOver:
        words = checked(self)
        names = ("diagnosis", "done", "medicines", "none_reason")
        return HandOver(items=plan_of(sent), **{name: words[name] for name in names})


class AgainForm(forms.Form):
    department = forms.UUIDField(
        error_messages=dict.fromkeys(["required", "invalid"], _("Choose a department."))
    )
    place = forms.BooleanField(required=False)


class AcceptForm(forms.Form):
    """The place that is kept, another period, or a bed with the time from which it is free."""

    period = forms.CharField(max_length=40, required=False)
    place = forms.CharField(max_length=100, required=False)
    expected_at = forms.DateTimeField(input_formats=TIMES, required=False, error_messages=LATER)

    def offer(self) -> Offer:
        sent = checked(self)
        period = sent["period"]
        if period == "bed":
            return Offer(place=sent["place"], expected_at=sent["expected_at"])
        try:
            return Offer(period_id=forms.UUIDField(required=False).clean(period) or None)
        except forms.ValidationError:
            raise Invalid(str(_("Choose a time.")), path="period") from None


class DeclineForm(forms.Form):
    reason = forms.CharField(max_length=200, required=False)
    elsewhere = forms.CharField(max_length=100, required=False)


class TextForm(forms.Form):
    text = forms.CharField(max_length=1000, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=200, required=False)


class NumberForm(forms.Form):
    number = forms.CharField(max_length=40, required=False)


class MissedForm(forms.Form):
    answer = forms.ChoiceField(
        choices=Answer,
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], _("Choose what became of the patient.")
        ),
    )
    expected_at = forms.DateTimeField(input_formats=TIMES, required=False, error_messages=LATER)
    note = forms.CharField(max_length=150, required=False)


class HandBackForm(forms.Form):
    diagnosis = forms.CharField(max_length=500, required=False)
    done = forms.CharField(max_length=4000, required=False)
    medicines = forms.CharField(max_length=2000, required=False)
    none_reason = forms.CharField(max_length=200, required=False)


def plan_of(sent: QueryDict) -> list[tuple[str, date | None]]:
    """The rows of the plan in which something was written."""
    texts, days = sent.getlist("what"), sent.getlist("due_on")
    rows = [(text.strip(), _day(days[n] if n < len(days) else "")) for n, text in enumerate(texts)]
    return [(text, day) for text, day in rows if text]


def checked(form: forms.Form) -> dict[str, Any]:
    """Its cleaned values, or the first thing that is wrong as a refusal."""
    if form.is_valid():
        return form.cleaned_data
    path, faults = next(iter(form.errors.items()))
    raise Invalid(str(faults[0]), path=path)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
