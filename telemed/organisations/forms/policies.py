"""A policy's value as fields, whatever its kind."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from telemed.core.errors import Invalid
from telemed.core.models import Calendar
from telemed.core.policies import (
    WORKING_DAY,
    Choice,
    Count,
    Days,
    Duration,
    Kind,
    Ladder,
    Money,
    Policy,
    Rung,
    Share,
    Switch,
)

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
WALL_UNITS = [("m", _("minutes")), ("h", _("hours")), ("d", _("days"))]
WORKING_UNITS = [
    ("m", _("minutes of working time")),
    ("h", _("hours of working time")),
    ("d", _("working days (8 h)")),
]
LOCAL = "%Y-%m-%dT%H:%M"


class PolicyForm(forms.Form):
    """The value, from when on, and why. `clean` puts the value together as the kind takes it."""

    effective_at = forms.DateTimeField(
        label=_("Takes effect"),
        required=False,
        input_formats=[LOCAL],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
        help_text=_("Empty: at once. What runs already is not changed."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=200, min_length=5, widget=forms.Textarea(attrs={"rows": 2})
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, policy: Policy, data: Any = None, *, value: Any = None, seen: int = 0
    ) -> None:
        self.kind = policy.kind
        self.giving_up = bool(data) and "give_up" in data
        initial = {"seen": seen} | ({} if value is None else _initial(policy.kind, value))
        super().__init__(data, initial=initial)
        if not self.giving_up:
            self.fields = _fields(policy.kind) | self.fields
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "in")

    @property
    def value_fields(self) -> list[forms.BoundField]:
        names = {"effective_at", "reason", "seen"}
        return [field for field in self if field.name not in names]

    @property
    def rungs(self) -> list[list[forms.BoundField]]:
        """Three fields a row, for a ladder."""
        fields = self.value_fields
        return [fields[n : n + 3] for n in range(0, len(fields), 3)]

    @property
    def is_ladder(self) -> bool:
        return isinstance(self.kind, Ladder)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if self.giving_up:
            return cleaned | {"value": None}
        try:
            cleaned["value"] = _compose(self.kind, cleaned)
            self.kind.check(cleaned["value"])
        except Invalid as error:
            self.add_error(self.value_fields[0].name, error.message)
        return cleaned


Fields = dict[str, forms.Field]


def _number(least: int, most: int, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=options.pop("label", _("Value")), min_value=least, max_value=most, **options
    )


def _duration_fields(kind: Duration) -> Fields:
    units = WORKING_UNITS if kind.calendar == Calendar.WORKING else WALL_UNITS
    return {
        "amount": _number(0, 600_000, label=_("Length")),
        "unit": forms.ChoiceField(label=_("Unit"), choices=units),
    }


def _money_fields(kind: Money) -> Fields:
    most = Decimal(kind.most) / 100
    amount = forms.DecimalField(
        label=_("Amount in yuan"),
        min_value=Decimal(kind.least) / 100,
        max_value=most,
        decimal_places=2,
    )
    return {"value": amount}


class DaysField(forms.CharField):
    """Whole days, with a comma between them: that of any keyboard, or a space."""

    def to_python(self, value: Any) -> Any:
        parts = re.split(r"[\s,，、;；]+", (super().to_python(value) or "").strip(" ,，、"))
        try:
            return tuple(int(part) for part in parts if part)
        except ValueError:
            raise forms.ValidationError(
                gettext("Give whole days, with commas between them.")
            ) from None

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(day) for day in value) if isinstance(value, tuple) else value


def _days_fields(_kind: Days) -> Fields:
    label = _("Days, with commas between them")
    return {"value": DaysField(label=label, max_length=40)}


def _choice_fields(kind: Choice) -> Fields:
    return {"value": forms.ChoiceField(label=_("Value"), choices=list(kind.options.items()))}


def _ladder_fields(kind: Ladder) -> Fields:
    callees = [("", "–"), *kind.callees.items()]
    fields: Fields = {}
    for n in range(kind.most_rungs):
        fields[f"percent_{n}"] = _number(
            0, kind.most_percent, label=_("Per cent of the promise"), required=False
        )
        fields[f"plus_{n}"] = _number(
            0, int(kind.most_plus / UNITS["m"]), label=_("Plus minutes"), required=False
        )
        fields[f"call_{n}"] = forms.ChoiceField(
            label=_("Who is told"), choices=callees, required=False
        )
    return fields


def _fields(kind: Kind) -> Fields:
    makers: list[tuple[type, Callable[[Any], Fields]]] = [
        (Duration, _duration_fields),
        (Money, _money_fields),
        (Share, lambda share: {"value": _number(share.least, share.most, label=_("Per cent"))}),
        (Count, lambda count: {"value": _number(count.least, count.most)}),
        (Switch, lambda _kind: _choice_fields(Choice(options={"on": _("on"), "off": _("off")}))),
        (Choice, _choice_fields),
        (Days, _days_fields),
        (Ladder, _ladder_fields),
    ]
    return next(make(kind) for type_, make in makers if isinstance(kind, type_))


def _initial(kind: Kind, value: Any) -> dict[str, Any]:
    match kind:
        case Duration():
            return _split(value, WORKING_DAY if kind.calendar == Calendar.WORKING else UNITS["d"])
        case Money():
            return {"value": Decimal(value) / 100}
        case Switch():
            return {"value": "on" if value else "off"}
        case Ladder():
            return {
                name: part
                for n, rung in enumerate(value)
                for name, part in (
                    (f"percent_{n}", rung.percent),
                    (f"plus_{n}", int(rung.plus / UNITS["m"]) or None),
                    (f"call_{n}", rung.call),
                )
            }
    return {"value": value}


def _split(value: timedelta, day: timedelta) -> dict[str, Any]:
    """The largest unit that leaves no rest; days only from two on."""
    units = {"d": day, "h": UNITS["h"], "m": UNITS["m"]}
    unit = next(
        (u for u, size in units.items() if not value % size and (u != "d" or value >= 2 * size)),
        "m",
    )
    return {"amount": value // units[unit], "unit": unit}


def _compose(kind: Kind, cleaned: dict[str, Any]) -> Any:
    match kind:
        case Duration():
            days = WORKING_DAY if kind.calendar == Calendar.WORKING else UNITS["d"]
            return cleaned["amount"] * (UNITS | {"d": days})[cleaned["unit"]]
        case Money():
            return int(cleaned["value"] * 100)
        case Switch():
            return cleaned["value"] == "on"
        case Ladder():
            return tuple(
                Rung(
                    percent=cleaned[f"percent_{n}"] or 0,
                    plus=(cleaned[f"plus_{n}"] or 0) * UNITS["m"],
                    call=call,
                )
                for n in range(kind.most_rungs)
                if (call := cleaned[f"call_{n}"])
            )
    return cleaned["value"]
