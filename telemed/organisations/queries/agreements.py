"""Who may ask whom."""

from dataclasses import dataclass

from django.utils import timezone

from telemed.organisations.models import Agreement, Organisation


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
