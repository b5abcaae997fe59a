"""Reads that need a name."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.core.errors import NotFound
from telemed.organisations.models import Agreement, Organisation


def get_hospital(identifier: str = "") -> Organisation:
    """By id or number; without either, the hospital that was entered first. Raises NotFound."""
    hospitals = Organisation.objects.filter(active=True).order_by("pk")
    if not identifier:
        found = hospitals.filter(kind=Organisation.Kind.HOSPITAL).first()
    elif identifier.isascii() and identifier.isdecimal():
        found = hospitals.filter(number=int(identifier[:9])).first()
    else:
        try:
            found = hospitals.filter(pk=UUID(identifier)).first()
        except ValueError:
            found = None
    if found is None:
        raise NotFound(_("There is no such institution."), path="Organization")
    return found


def find_agreement(
    asking: Organisation, asked: Organisation, service: str = Agreement.Service.CONSULT
) -> Agreement | None:
    """The agreement in force today between the two, or None."""
    in_force = Agreement.objects.in_force(timezone.localdate())
    return in_force.filter(asking=asking, asked=asked, service=service).first()


@dataclass(frozen=True)
class Partner:
    """A hospital that an institution has, or had, an agreement with."""

    organisation: Organisation
    agreement: Agreement
    in_force: bool

    @property
    def fee(self) -> str:
        """The price in yuan."""
        return f"{self.agreement.price / 100:.0f}"


def partners_with_state(
    asking: Organisation, service: str = Agreement.Service.CONSULT
) -> list[Partner]:
    """Whom it may ask today first, then those whose agreement ran out; newest version each."""
    today = timezone.localdate()
    newest = (
        Agreement.objects.filter(asking=asking, service=service, starts_on__lte=today)
        .select_related("asked")
        .order_by("asked", "-version")
        .distinct("asked")
    )
    partners = [
        Partner(a.asked, a, a.state == Agreement.State.ACTIVE and a.ends_on >= today)
        for a in newest
    ]
    return sorted(partners, key=lambda p: (not p.in_force, p.organisation.number))
