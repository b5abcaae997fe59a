"""Parsing what the pages of sessions send; the rules are the services'."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.availability.models import Kind, Pool
from scheduling.availability.services import Offer, Place, Wanted
from scheduling.availability.shares import RESERVED
from telemed.core.errors import Invalid

ISO_WEEKDAYS = range(1, 8)


class OfferForm(forms.Form):
    """Who, where and how much: shared by a session and a template."""

    department = forms.UUIDField(label=_("Department"))
    clinician = forms.UUIDField(label=_("Doctor"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, initial=Kind.CLINIC)
    service = forms.CharField(label=_("Examination"), max_length=40, required=False)
    room = forms.CharField(label=_("Room"), max_length=40, required=False)
    starts = forms.TimeField(label=_("From"))
    ends = forms.TimeField(label=_("Until"))
    period_minutes = forms.IntegerField(label=_("Minutes of a period"), min_value=1)
    capacity = forms.IntegerField(label=_("Places in each period"), min_value=0)
    key = forms.UUIDField(required=False)  # of the page: what is sent again is done once

    @property
    def once(self) -> tuple[str, Any]:
        """The key, and what was sent under it."""
        sent = {name: str(value) for name, value in self.cleaned_data.items() if name != "key"}
        return str(self.cleaned_data["key"] or ""), sent

    @property
    def offer(self) -> Offer:
        sent = self.cleaned_data
        return Offer(
            department_id=sent["department"],
            clinician_id=sent["clinician"],
            capacity=sent["capacity"],
            period_minutes=sent["period_minutes"],
            kind=sent["kind"],
            service=sent["service"],
            room=sent["room"],
        )

    def hours(self) -> dict[str, Any]:
        return {"starts": self.cleaned_data["starts"], "ends": self.cleaned_data["ends"]}


class SessionForm(OfferForm):
    day = forms.DateField(label=_("Day"))


class TemplateForm(OfferForm):
    weekday = forms.TypedChoiceField(
        label=_("Weekday"), coerce=int, choices=[(n, n) for n in ISO_WEEKDAYS]
    )
    since = forms.DateField(label=_("From which day on"))
    until = forms.DateField(label=_("Last day"), required=False)
    on_holidays = forms.BooleanField(label=_("On holidays too"), required=False)


class MoveForm(forms.Form):
    """Where to, and where the page showed it: `seen` is day, beginning and end."""

    day = forms.DateField(label=_("Day"))
    starts = forms.TimeField(label=_("From"))
    ends = forms.TimeField(label=_("Until"))
    though_closed = forms.BooleanField(required=False)
    seen_day = forms.DateField(required=False)
    seen_starts = forms.TimeField(required=False)
    seen_ends = forms.TimeField(required=False)

    @property
    def to(self) -> Place:
        sent = self.cleaned_data
        return Place(day=sent["day"], starts=sent["starts"], ends=sent["ends"])

    @property
    def seen(self) -> Place | None:
        sent = [self.cleaned_data[f"seen_{name}"] for name in ("day", "starts", "ends")]
        return (
            Place(**dict(zip(("day", "starts", "ends"), sent, strict=True))) if all(sent) else None
        )


class WeekForm(forms.Form):
    monday = forms.DateField(label=_("Week"))


class ResizeForm(forms.Form):
    """Places in each period, and per cent for each reserved pool."""

    capacity = forms.IntegerField(label=_("Places in each period"))

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for pool in RESERVED:
            self.fields[pool.value] = forms.IntegerField(label=Pool(pool).label)

    @property
    def shares(self) -> dict[str, int]:
        return {pool.value: self.cleaned_data[pool.value] for pool in RESERVED}


class StopForm(forms.Form):
    """A reason from the list, or one's own words; a plan, with the session that stands in."""

    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)
    other = forms.CharField(label=_("Reason"), max_length=200, required=False)
    plan = forms.RegexField(
        r"^(substitute|another_day|elsewhere|cancel)(:[0-9a-f-]{36})?$", label=_("What is offered")
    )

    def chosen(self) -> dict[str, Any]:
        plan, _colon, session = self.cleaned_data["plan"].partition(":")
        return {
            "reason": self.cleaned_data["other"] or self.cleaned_data["reason"],
            "plan": plan,
            "instead_id": UUID(session) if session else None,
        }


class DoctorForm(forms.Form):
    """Whose sessions stop, and on which days."""

    doctor = forms.UUIDField(required=False)
    first = forms.DateField(label=_("First day"), required=False)
    last = forms.DateField(label=_("Last day"), required=False)


def read_stops(sent: QueryDict) -> tuple[list[Wanted], str]:
    """The sessions that stay ticked, each with its plan ("id=plan"), and the reason."""
    plans = dict(one.partition("=")[::2] for one in sent.getlist("plan"))
    wanted = []
    for key in sent.getlist("session"):
        chosen = StopForm({"plan": plans.get(key, "")})
        try:
            session_id = UUID(key)
        except ValueError:
            raise Invalid(gettext("There is no such session."), path="session") from None
        plan = read(chosen).chosen()
        wanted.append(Wanted(session_id, plan["plan"], plan["instead_id"]))
    return wanted, sent.get("other", "") or sent.get("reason", "")


class DayRuleForm(forms.Form):
    first = forms.DateField(label=_("First day"))
    last = forms.DateField(label=_("Last day"))
    as_weekday = forms.TypedChoiceField(
        label=_("Worked as"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", ""), *[(n, n) for n in ISO_WEEKDAYS]],
    )
    department = forms.UUIDField(label=_("Department"), required=False)
    clinician = forms.UUIDField(label=_("Doctor"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=100)


class EndForm(forms.Form):
    from_day = forms.DateField(label=_("From which day on"))


class CopyForm(forms.Form):
    """Which week or month is filled, by its first day."""

    what = forms.ChoiceField(choices=[("week", "week"), ("month", "month")])
    first = forms.DateField()


class FilterForm(forms.Form):
    department = forms.UUIDField(required=False)


def read(form: forms.Form) -> Any:
    """The form, when it can be read; else the first mistake, with the name of its field."""
    if form.is_valid():
        return form
    name, errors = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    sentence = gettext("{field}: {what}") if label else "{what}"
    raise Invalid(sentence.format(field=label, what=errors[0]), path=name)
