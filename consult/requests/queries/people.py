"""Who is there to ask, to tell and to step in."""

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.requests.models import HELD, Case, Status
from telemed.organisations.models import Agreement, Organisation
from telemed.people import licences
from telemed.people.models import PractitionerRole, Role, User
from telemed.rota.queries import on_duty
from telemed.rota.reaching import (
    authorities_above,
    coordinators_of,
    directors_of,
    people_of,
    prefecture_coordinators,
)

__all__ = [
    "authorities_above",
    "coordinators_of",
    "directors_of",
    "people_of",
    "prefecture_coordinators",
]

AT_ONCE = 50  # accounts of one institution that are looked at
HOLDING = Count("cases_held", filter=Q(cases_held__status__in=HELD))


def calling_order(organisation: Organisation, specialty: str) -> dict[UUID, int]:
    """Places of those whom the rota names for a specialty now: first call first."""
    return {user.pk: place for place, user in enumerate(on_duty(organisation, specialty))}


def specialists_of(organisation: Organisation, specialty: str = "") -> QuerySet[User]:
    """Accounts that are specialists there now, with licence, roles and presence."""
    people = people_of(organisation, Role.SPECIALIST).filter(practitioner__isnull=False)
    if specialty:
        people = people.filter(practitioner__specialty=specialty)
    return people.select_related("practitioner", "presence").prefetch_related("roles")


def named_doctors_of(organisation: Organisation) -> list[User]:
    """Whom a request may ask for by name."""
    return list(specialists_of(organisation).order_by("name")[:AT_ONCE])


@dataclass(frozen=True)
class Candidate:
    """A doctor who may be asked, and why not where that is so; `holding` counts open cases."""

    doctor: User
    present: bool
    holding: int
    why_not: str | None


def why_not_present(user: User, case: Case) -> str:
    """
    What keeps this person from counting as the asking side's doctor (管理规范: a licensed one is
    there, and decides); empty where nothing does.
    """
    licence = getattr(user, "practitioner", None)
    today = timezone.localdate()
    return licences.why_not(licence, case.specialty, case.asking, today, answering=False) or ""


def asked_by(case: Case) -> set[UUID]:
    """Who asked: whoever began it or sent it for the asking side. They answer it in no role."""
    acts = case.steps.filter(action__in=["case.draft", "case.submit"], organisation=case.asking_id)
    return {case.requester_id, *acts.exclude(actor=None).values_list("actor", flat=True)}


def why_not_answer(
    doctor: User,
    case: Case,
    hospital: Organisation,
    specialty: str = "",
    *,
    asking: Set[UUID] | None = None,
) -> str | None:
    """
    What keeps a doctor of that hospital from the case: the licence gate, or that they asked for it
    themselves, where they work on both sides. None where nothing does.

    `specialty` is that of their seat in a joint consult; `asking` who asked, for whoever goes
    through many doctors.
    """
    if doctor.pk in (asked_by(case) if asking is None else asking):
        return _("asked for this consult")
    return licences.why_not(
        getattr(doctor, "practitioner", None),
        specialty or case.specialty,
        hospital,
        timezone.localdate(),
        answering=True,
    )


def candidates_of(case: Case) -> list[Candidate]:
    """The asked hospital's specialists, those who fit and are at the desk first."""
    hospital = case.addressee
    chair = case.offers.filter(role="lead", status="accepted").first() if case.is_joint else None
    specialty = chair.specialty if chair else case.specialty  # what a successor has to cover
    people = specialists_of(hospital).annotate(holding=HOLDING)
    asking = asked_by(case)
    candidates = [
        Candidate(
            person,
            is_at_desk(person),
            person.holding,
            why_not_answer(person, case, hospital, specialty, asking=asking),
        )
        for person in people.order_by("pk")[:100]
    ]
    return sorted(candidates, key=lambda c: (bool(c.why_not), not c.present, c.holding))


def is_at_desk(person: User) -> bool:
    """Whether the presence lease of an account (already joined) is alive."""
    presence = getattr(person, "presence", None)
    return presence is not None and presence.seen_at > timezone.now() - presence.LEASE


def on_duty_for(asking: Organisation) -> list[Candidate]:
    """Specialists of the hospitals that an institution may ask today, at the desk first."""
    in_force = Agreement.objects.in_force(timezone.localdate()).filter(asking=asking)
    current = PractitionerRole.objects.filter(
        user=OuterRef("pk"),
        organisation__in=in_force.values("asked"),
        role=Role.SPECIALIST,
        ends_on=None,
    )
    people = (
        User.objects.filter(Exists(current), is_active=True, practitioner__isnull=False)
        .select_related("practitioner", "presence", "acting_as__organisation")
        .annotate(holding=Count("cases_held", filter=Q(cases_held__status=Status.IN_PROGRESS)))
    )
    candidates = [
        Candidate(person, is_at_desk(person), person.holding, None)
        for person in people.order_by("pk")[:40]
    ]
    return sorted(candidates, key=lambda c: not c.present)[:8]


def specialties_asked(asking: Organisation, last: int = 100) -> list[str]:
    """What an institution asked for lately, most often first."""
    sent = Case.objects.filter(asking=asking).exclude(number=None).order_by("-id")
    lately = sent.values_list("specialty", flat=True)[:last]
    return [specialty for specialty, _times in Counter(lately).most_common() if specialty]
