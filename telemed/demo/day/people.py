"""Who plays: township doctors with an agreement, and how the doctors of their county answer."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from consult.requests.models import OPEN, Case, Kind, Status
from records.consent import access
from records.consent.registration import register_and_treat
from records.mpi.models import Patient
from telemed.core.errors import Conflict
from telemed.core.intentions import require_intention
from telemed.demo import crowd, past, province
from telemed.demo.accounts import PIN
from telemed.demo.day import load
from telemed.demo.past import Manner
from telemed.organisations.models import Agreement, Organisation, Service, Specialty
from telemed.people import signing
from telemed.people.models import Practitioner, PractitionerRole, Role, User

STORY = 40  # times as often as others the story's clinics ask: their lists are looked at
FREE = 100  # patients of a clinic that are looked at
TRIES = 5
MINUTE = timedelta(minutes=1)
# Everybody knows the demonstration's PIN; a real one costs a fifth of a second of each signing.
LIGHT = {"time_cost": 1, "memory_cost": 8_192, "parallelism": 1}
CUT = 0.04  # of all acts meet a line that is down
BY_DAY, BY_NIGHT = 0.12, 0.7  # of the requests are emergencies


@dataclass(frozen=True)
class Asker:
    """A township doctor, and the hospital that their clinic asks."""

    doctor: UUID
    hospital: UUID
    county: str


@dataclass(frozen=True)
class Request:
    """One case before it is asked: `at` in seconds of the day."""

    at: float
    asker: Asker
    kind: Kind
    specialty: Specialty
    seed: str

    @property
    def manner(self) -> Manner:
        return past.manner_of(self.asker.county)


def cast() -> tuple[list[Asker], list[int]]:
    """Everybody who may ask today, and how often compared with the others."""
    agreements = Agreement.objects.in_force(timezone.localdate())
    asked = dict(
        agreements.filter(services__service=Service.CONSULT)
        .order_by("-pk")
        .values_list("asking", "asked")
    )
    roles = PractitionerRole.objects.filter(
        role=Role.TOWNSHIP_DOCTOR,
        ends_on=None,
        user__is_active=True,
        user__acting_as=F("pk"),
        organisation__in=asked,
        organisation__kind=Organisation.Kind.TOWNSHIP_CLINIC,
    )
    roles = roles.exclude(user__practitioner__title=Practitioner.Title.VILLAGE)
    rows = roles.order_by("user__username").values_list(
        "user", "organisation", "organisation__division", "organisation__number"
    )
    story = {place.number for place in province.clinics_of_the_story()}
    found = [
        (Asker(doctor, asked[clinic], division[:6]), STORY if number in story else 1)
        for doctor, clinic, division, number in rows
    ]
    return [asker for asker, _weight in found], [weight for _asker, weight in found]


def requests_at(moments: Sequence[float], seed: str) -> list[Request]:
    """Who asks at each of these moments, about what."""
    askers, weights = cast()
    chance = random.Random(f"day {seed}")  # noqa: S311 (the same day again, not a secret)
    chosen = chance.choices(askers, weights, k=len(moments)) if askers else []
    return [
        Request(
            at=at,
            asker=asker,
            kind=_kind(at, chance),
            specialty=chance.choice(past.WANTED),
            seed=f"{seed} {n}",
        )
        for n, (at, asker) in enumerate(zip(moments, chosen, strict=False))
    ]


def _kind(at: float, chance: random.Random) -> Kind:
    pressing = BY_NIGHT if load.is_night(at) else BY_DAY
    return Kind.EMERGENCY if chance.random() < pressing else Kind.SINGLE


def user(user_id: UUID) -> User:
    """With all that a service asks of an actor."""
    people = User.objects.select_related("acting_as__organisation__division", "practitioner")
    return people.get(pk=user_id)


def patient_for(doctor: User, chance: random.Random) -> Patient:
    """Somebody whom the clinic treats, about whom nothing is open, or who comes the first time."""
    clinic = doctor.acting_organisation
    busy = Case.objects.filter(asking=clinic, status__in=[Status.DRAFT, *OPEN]).values("patient")
    free = Patient.objects.filter(
        managing_organisation=clinic,
        merged_into=None,
        deceased_on=None,
        birth_date__lte=_grown_up(),
    )
    seen = access.visible(doctor, "ask", free.exclude(pk__in=busy).filter(user=None))
    found = list(seen[:FREE])
    return chance.choice(found) if found else register(doctor, chance)


def _grown_up() -> date:
    """Born by this day one signs for oneself; for a child a guardian of the register would."""
    return timezone.localdate() - timedelta(days=18 * 366)


def register(doctor: User, chance: random.Random) -> Patient:
    require_intention()
    clinic = doctor.acting_organisation
    village = crowd.village_of(clinic.number or 0)
    for attempt in range(TRIES):
        person = crowd.villager(village, chance.randrange(crowd.NEW, crowd.RANKS))
        while person.birth_date > _grown_up():
            person = crowd.villager(village, chance.randrange(crowd.NEW, crowd.RANKS))
        try:
            return register_and_treat(
                actor=doctor,
                organisation=clinic,
                name=person.name,
                id_card=person.id_card,
                phone=person.phone,
                address=person.address,
            )
        except Conflict:  # the number is taken, or a namesake was born on the same day
            if attempt == TRIES - 1:
                raise
    raise AssertionError


def give_key(doctor: User) -> bool:
    """The demonstration's PIN for a specialist who never signed."""
    require_intention()
    User.objects.select_for_update(no_key=True).get(pk=doctor.pk)  # they may sign two at once
    missing = not doctor.signing_keys.filter(revoked_at=None).exists()
    if missing:
        signing.create_key(user=doctor, pin=PIN, cost=LIGHT)
    return missing


def answers_after(kind: Kind, manner: Manner, chance: random.Random) -> timedelta | None:
    """How long a doctor takes to answer; None: not at all."""
    if chance.random() < manner.silent:
        return None
    usual = 3.0 if kind == Kind.EMERGENCY else 30.0
    return usual * manner.pace * chance.lognormvariate(0, 0.8) * MINUTE


def signs_after(kind: Kind, chance: random.Random) -> timedelta:
    return chance.uniform(10, 40 if kind == Kind.EMERGENCY else 120) * MINUTE


def decides_after(manner: Manner, chance: random.Random) -> timedelta | None:
    """How long the asking doctor takes to act on the opinion; None: never."""
    return chance.uniform(5, 90) * MINUTE if chance.random() < manner.receipts else None


def decision(manner: Manner, chance: random.Random) -> str:
    said = chance.random()
    if said < manner.doubts:
        return "not_adopted"
    return "partly" if said < manner.doubts + 0.15 else "adopted"


def cut_for(chance: random.Random) -> timedelta | None:
    """For how long the line is down just now; None where it holds."""
    return chance.uniform(1, 10) * MINUTE if chance.random() < CUT else None
