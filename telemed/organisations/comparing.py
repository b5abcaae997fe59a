"""Two versions of an agreement side by side."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from telemed.organisations.models import Agreement, AgreementService, Service


@dataclass(frozen=True)
class Term:
    """One thing that is agreed, as both versions have it."""

    label: Any
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


def compare(before: Agreement, after: Agreement) -> list[Term]:
    """Prices and shares first, the text last."""
    terms = [
        Term(Service(service).label, _line(before, service), _line(after, service))
        for service in Service.values
        if _find(before, service) or _find(after, service)
    ]
    pairs = [
        (_("First day"), f"{before.starts_on:%Y-%m-%d}", f"{after.starts_on:%Y-%m-%d}"),
        (_("Last day"), f"{before.ends_on:%Y-%m-%d}", f"{after.ends_on:%Y-%m-%d}"),
        (_("Platform as third party"), _yes(before.platform), _yes(after.platform)),
        (_("Contact of the asking side"), before.asking_contact, after.asking_contact),
        (_("Contact of the asked side"), before.asked_contact, after.asked_contact),
        (_("Wording"), before.text, after.text),
    ]
    return terms + [Term(*pair) for pair in pairs]


def _find(agreement: Agreement, service: str) -> AgreementService | None:
    return next((line for line in agreement.services.all() if line.service == service), None)


def _line(agreement: Agreement, service: str) -> str:
    line = _find(agreement, service)
    if line is None:
        return "–"
    shares = " / ".join(str(share) for share in line.shares)
    unit = AgreementService.Unit(line.unit).label
    return _("CNY {amount} {unit}, {shares}").format(
        amount=f"{line.price / 100:.2f}", unit=unit, shares=shares
    )


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")
