"""An agreement as a form: its period and text, and a row of fields for each service."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from telemed.organisations.models import Agreement, AgreementService, Service
from telemed.organisations.services.drafting import (
    LONGEST_TEXT,
    MOST_PRICE,
    Content,
    Line,
)

OUTLINE = _(
    "1. Purpose:\n2. What is provided, and to whom:\n3. How a request is made and answered:\n"
    "4. Duties of either side:\n5. How risks and disputes are shared:"
)
SHARES = ("asking", "asked", "platform")


@dataclass(frozen=True)
class Row:
    """The fields of one service."""

    label: Any
    on: forms.BoundField
    price: forms.BoundField
    unit: forms.BoundField
    shares: list[forms.BoundField]
    error: str


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class AgreementForm(forms.Form):
    """`content()` is what the service takes."""

    starts_on = forms.DateField(label=_("First day"), widget=_day())
    ends_on = forms.DateField(label=_("Last day"), widget=_day())
    asking_contact = forms.CharField(
        label=_("Contact of the asking side"), max_length=100, required=False
    )
    asked_contact = forms.CharField(
        label=_("Contact of the asked side"), max_length=100, required=False
    )
    platform = forms.BooleanField(label=_("The platform is a third party"), required=False)
    text = forms.CharField(
        label=_("Wording"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 10})
    )

    def __init__(self, data: Any = None, *, agreement: Agreement | None = None) -> None:
        super().__init__(data, initial=_initial(agreement))
        for service, label in Service.choices:
            self.fields |= _fields(service, label)
        self.refused: dict[str, str] = {}

    @property
    def rows(self) -> list[Row]:
        return [
            Row(
                label,
                self[f"on_{service}"],
                self[f"price_{service}"],
                self[f"unit_{service}"],
                [self[f"{side}_{service}"] for side in SHARES],
                self.refused.get(service, ""),
            )
            for service, label in Service.choices
        ]

    def refuse(self, path: str, message: str) -> None:
        """What the service said, at its field."""
        service = path.rpartition("_")[2]
        if service in Service.values:
            self.refused[service] = message
            self.add_error(None, message)
        else:
            self.add_error(path if path in self.fields else None, message)

    def content(self) -> Content:
        wanted = self.cleaned_data
        return Content(
            starts_on=wanted["starts_on"],
            ends_on=wanted["ends_on"],
            text=wanted["text"],
            asking_contact=wanted["asking_contact"],
            asked_contact=wanted["asked_contact"],
            platform=wanted["platform"],
            lines=tuple(
                Line(
                    service=service,
                    price=int((wanted[f"price_{service}"] or 0) * 100),
                    unit=wanted[f"unit_{service}"],
                    **{f"{side}_share": wanted[f"{side}_{service}"] or 0 for side in SHARES},
                )
                for service in Service.values
                if wanted[f"on_{service}"]
            ),
        )


def _fields(service: str, label: Any) -> dict[str, forms.Field]:
    number = {"class": "in num", "inputmode": "numeric"}
    fields: dict[str, forms.Field] = {
        f"on_{service}": forms.BooleanField(label=label, required=False),
        f"price_{service}": forms.DecimalField(
            label=_("Price in yuan"),
            min_value=0,
            max_value=Decimal(MOST_PRICE) / 100,
            decimal_places=2,
            required=False,
            widget=forms.NumberInput(number),
        ),
        f"unit_{service}": forms.ChoiceField(
            label=_("Unit"),
            choices=AgreementService.Unit.choices,
            widget=forms.Select({"class": "in"}),
        ),
    }
    names = {
        "asking": _("Asking share"),
        "asked": _("Asked share"),
        "platform": _("Platform share"),
    }
    for side in SHARES:
        fields[f"{side}_{service}"] = forms.IntegerField(
            label=names[side],
            min_value=0,
            max_value=100,
            required=False,
            widget=forms.NumberInput(number),
        )
    return fields


def _initial(agreement: Agreement | None) -> dict[str, Any]:
    today = timezone.localdate()
    initial: dict[str, Any] = {}
    for service in Service.values:
        initial[f"unit_{service}"] = AgreementService.Unit.CASE
        for side, share in zip(SHARES, (30, 70, 0), strict=True):
            initial[f"{side}_{service}"] = share
    if agreement is None:
        year = {"starts_on": today, "ends_on": today + timedelta(days=365)}
        return initial | year | {"text": OUTLINE}
    for line in agreement.services.all():
        initial |= {
            f"on_{line.service}": True,
            f"price_{line.service}": Decimal(line.price) / 100,
            f"unit_{line.service}": line.unit,
        }
        initial |= {
            f"{side}_{line.service}": share for side, share in zip(SHARES, line.shares, strict=True)
        }
    names = ("starts_on", "ends_on", "text", "asking_contact", "asked_contact", "platform")
    return initial | {name: getattr(agreement, name) for name in names}


def renewed(agreement: Agreement) -> Agreement:
    """What a renewal starts with: the year after the last day (or after today)."""
    first = max(agreement.last_day + timedelta(days=1), timezone.localdate())
    agreement.starts_on, agreement.ends_on = first, first + timedelta(days=365)
    return agreement
