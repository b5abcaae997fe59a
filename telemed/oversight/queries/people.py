"""Who is told."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from telemed.organisations.models import Agreement, Organisation
from telemed.oversight.permissions import ANSWERING
from telemed.oversight.places import DIGITS, Level
from telemed.people.models import PractitionerRole, Role, User

AUTHORITY_ROLES = frozenset({Role.OFFICIAL, Role.COORDINATOR})


def people_at(organisations: Any, roles: Collection[str]) -> list[User]:
    """Active accounts with such a role today at one of the institutions (ids or a subquery)."""
    today = timezone.localdate()
    lasting = Q(ends_on=None) | Q(ends_on__gte=today)
    held = PractitionerRole.objects.filter(
        lasting, organisation__in=organisations, role__in=roles, starts_on__lte=today
    )
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))


def who_answers_for(organisation: Organisation) -> list[User]:
    return people_at([organisation.pk], ANSWERING)


def county_of(organisation: Organisation) -> tuple[str, list[User]]:
    """
    Whom to tell of an institution: the authority of its county or prefecture, the nearest first;
    where there is none, the coordinators of the hospitals that it may ask.
    """
    code = organisation.division_id
    lengths = (DIGITS[Level.COUNTY], DIGITS[Level.PREFECTURE])
    around = {code[:length] for length in lengths if length <= len(code)}
    authorities = _in(around | {one.ljust(DIGITS[Level.COUNTY], "0") for one in around})
    for authority in sorted(authorities, key=lambda one: one.division_id.rstrip("0"), reverse=True):
        if people := people_at([authority.pk], AUTHORITY_ROLES):
            return authority.name, people
    hospitals = asked_by(organisation)
    return "", people_at(hospitals.values("asked"), {Role.COORDINATOR})


def officials_above(organisation: Organisation, *, beside: UUID | None = None) -> list[User]:
    """
    Who decides about an institution: the officials of its prefecture, or of the province where
    there are none; `beside` is the institution that may not, because it explained.
    """
    for level in (Level.PREFECTURE, Level.PROVINCE):
        authorities = _authorities(organisation, level)
        if beside:
            authorities = authorities.exclude(pk=beside)
        if people := people_at(authorities.values("pk"), {Role.OFFICIAL}):
            return people
    return []


def officials_of_province(organisation: Organisation) -> list[User]:
    return people_at(_authorities(organisation, Level.PROVINCE).values("pk"), {Role.OFFICIAL})


def heads_of_county(organisation: Organisation) -> list[User]:
    """Who heads the health commission of its county."""
    return people_at(_authorities(organisation, Level.COUNTY).values("pk"), {Role.HEAD})


def _authorities(organisation: Organisation, level: Level) -> QuerySet[Organisation]:
    """Of the place of that level in which it lies; a code may be written in six digits."""
    code = organisation.division_id[: DIGITS[level]]
    return _in({code, code.ljust(DIGITS[Level.COUNTY], "0")})


def asked_by(organisation: Organisation) -> QuerySet[Agreement]:
    """The agreements in force under which an institution asks."""
    return Agreement.objects.in_force(timezone.localdate()).filter(asking=organisation.pk)


def _in(codes: Collection[str]) -> QuerySet[Organisation]:
    """The health commissions of these places."""
    authorities = Organisation.objects.filter(kind=Organisation.Kind.AUTHORITY, active=True)
    return authorities.filter(division__in=codes)
