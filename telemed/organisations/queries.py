"""Reads that need a name."""

from django.utils import timezone

from telemed.organisations.models import Agreement, Organisation


def find_agreement(
    asking: Organisation, asked: Organisation, service: str = Agreement.Service.CONSULT
) -> Agreement | None:
    """The agreement in force today between the two, or None."""
    in_force = Agreement.objects.in_force(timezone.localdate())
    return in_force.filter(asking=asking, asked=asked, service=service).first()


def partners_of(
    asking: Organisation, service: str = Agreement.Service.CONSULT
) -> list[Organisation]:
    """Whom an institution may ask today, by name."""
    in_force = Agreement.objects.in_force(timezone.localdate())
    agreements = in_force.filter(asking=asking, service=service).select_related("asked")
    return [a.asked for a in agreements.order_by("asked__name")]
