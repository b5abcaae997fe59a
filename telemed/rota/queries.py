"""Who is on duty. Each is one query; whether a licence lets them act is `licences.why_not`."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from telemed.organisations.models import Organisation
from telemed.people.models import User
from telemed.rota.models import Shift

CALLS = (Shift.Kind.FIRST_CALL, Shift.Kind.SECOND_CALL)
IN_CALLING_ORDER = ("kind", "during", "pk")  # first_call sorts before second_call


def on_duty(organisation: Organisation, specialty: str, at: datetime | None = None) -> list[User]:
    """Whom to call for a specialty, first call first; with licence and presence."""
    return [shift.user for shift in _calls(organisation, specialty, at)]


def duty_director(organisation: Organisation, at: datetime | None = None) -> User | None:
    """Who steps in when nobody on duty answers."""
    shifts = Shift.objects.at(organisation, at or timezone.now())
    shift = shifts.filter(kind=Shift.Kind.DIRECTOR).select_related("user").first()
    return shift.user if shift else None


def is_on_duty(user: User, at: datetime | None = None) -> bool:
    """Whether a published shift of this person, anywhere, covers the moment."""
    mine = Shift.objects.filter(user=user, in_force=True)
    return mine.filter(during__contains=at or timezone.now()).exists()


def next_on_duty(
    organisation: Organisation, specialty: str, after: datetime | None = None
) -> Shift | None:
    """The first-call shift that begins next, with its person."""
    ahead = Shift.objects.filter(
        rota__organisation=organisation,
        in_force=True,
        specialty=specialty,
        kind=Shift.Kind.FIRST_CALL,
        during__startswith__gt=after or timezone.now(),
        user__is_active=True,
    )
    return ahead.select_related("user").order_by("during").first()


def duty_phone(organisation: Organisation, specialty: str = "", at: datetime | None = None) -> str:
    """The number to ring for a specialty: what the shift says, else the institution's."""
    said = _calls(organisation, specialty, at).exclude(phone="")
    return said.values_list("phone", flat=True).first() or organisation.phone


def _calls(organisation: Organisation, specialty: str, at: datetime | None) -> QuerySet[Shift]:
    shifts = Shift.objects.at(organisation, at or timezone.now())
    calls = shifts.filter(specialty=specialty, kind__in=CALLS)
    return calls.select_related("user__practitioner", "user__presence").order_by(*IN_CALLING_ORDER)
