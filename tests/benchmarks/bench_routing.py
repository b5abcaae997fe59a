"""
What finding somebody costs as the province joins: python -m tests.benchmarks routing [--asks N]

Lays 5 hospitals with their clinics and clinicians, then the rest of the province: 199 hospitals,
1,543 clinics, 15,000 clinicians. Each clinic has agreements with five hospitals and each hospital
its last answers and a rota. From clinics anywhere, in both: which hospitals are proposed, and a
request that is sent to the doctors of one (`route_case`), median ms; of proposing the statements'
alone, beside one plain query that reads the rows of the same doctors by their index. Exit 1 when
either costs more than 1.2 times what it cost among 5.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection, connections
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from consult.requests.models import Case, Step
from consult.requests.queries import propose
from consult.requests.services.sending import route_case
from records.mpi.models import Patient
from telemed.core.ids import new_id
from telemed.core.intentions import intention
from telemed.organisations.models import Agreement, AgreementService, Organisation, Specialty
from telemed.organisations.models.agreements import day_range
from telemed.people.models import Practitioner, PractitionerRole, Role, User
from telemed.rota.models import Rota, Shift, month_of
from tests.benchmarks import application
from tests.factories.consult import LEGAL
from tests.factories.people import DivisionFactory, PatientFactory

__all__ = ["application"]

FEW, MANY, LIMIT = 5, 199, 1.2
CLINICS, CLINICIANS = 1543, 15_000
PARTNERS = 5  # hospitals that a clinic may ask
ANSWERED = 60  # requests that each hospital answered lately
AT_A_CLINIC = 2
AT_A_HOSPITAL = (CLINICIANS - AT_A_CLINIC * CLINICS) // MANY
WARM = 20
SPECIALTIES = [value for value in Specialty.values if value != Specialty.GENERAL]
ASKED = Specialty.NEUROLOGY
TABLES = (
    *("organisations_organisation", "organisations_agreement", "organisations_agreementservice"),
    *("people_user", "people_practitionerrole", "people_practitioner"),
    *("requests_case", "requests_step", "rota_shift", "rota_rota"),
)
# The plainest way to the rows that proposing looks at: by index, joined, nothing counted.
PLAIN = """
    SELECT * FROM people_practitionerrole r
    JOIN people_user u ON u.id = r.user_id
    JOIN people_practitioner p ON p.user_id = u.id
    WHERE r.organisation_id = ANY(%(hospitals)s) AND r.role = 'specialist' AND r.ends_on IS NULL
      AND p.specialty = %(specialty)s AND p.user_id = ANY(ARRAY(
        SELECT user_id FROM people_practitionerrole
        WHERE organisation_id = ANY(%(hospitals)s) AND role = 'specialist' AND ends_on IS NULL))
"""


class Province:
    """What has been laid so far."""

    def __init__(self) -> None:
        self.hospitals: list[Organisation] = []
        self.clinics: list[Organisation] = []
        self.askers: list[User] = []
        self.patient = PatientFactory()

    def grow(self, hospitals: int) -> None:
        """So many hospitals in all, with their share of clinics and clinicians."""
        new = self._places(Organisation.Kind.HOSPITAL, len(self.hospitals), hospitals)
        clinics = CLINICS * hospitals // MANY
        around = self._places(Organisation.Kind.TOWNSHIP_CLINIC, len(self.clinics), clinics)
        self.hospitals += new
        self.clinics += around
        doctors = list(staff(new, AT_A_HOSPITAL, Role.SPECIALIST, SPECIALTIES))
        general = [str(Specialty.GENERAL)]
        self.askers += list(staff(around, AT_A_CLINIC, Role.TOWNSHIP_DOCTOR, general))
        self._agree(around)
        call(new, doctors)
        answer(new, self.clinics[0], self.askers[0], self.patient)
        with connections["owner"].cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ANALYZE {table}")

    @staticmethod
    def _places(kind: str, start: int, end: int) -> list[Organisation]:
        base = 10_000 if kind == Organisation.Kind.HOSPITAL else 20_000
        county = [DivisionFactory(code=f"52{n % 9 + 1:02}{n // 9 + 1:02}") for n in range(88)]
        return Organisation.objects.bulk_create(
            Organisation(
                number=base + n, name=f"机构 {base + n}", kind=kind, division=county[n % 88]
            )
            for n in range(start, end)
        )

    def _agree(self, clinics: Sequence[Organisation]) -> None:
        since = timezone.localdate() - timedelta(days=30)
        until = since + timedelta(days=365)
        agreements, lines = [], []
        for n, clinic in enumerate(clinics):
            for k in range(PARTNERS):
                asked = self.hospitals[(7 * n + 41 * k) % len(self.hospitals)]
                agreement = Agreement(
                    asking=clinic,
                    asked=asked,
                    starts_on=since,
                    ends_on=until,
                    activated_at=timezone.now(),
                )
                agreements.append(agreement)
                lines.append(
                    AgreementService(
                        agreement=agreement,
                        service="consult",
                        price=12000,
                        asking=clinic,
                        asked=asked,
                        during=day_range(since, until),
                        in_force=True,
                    )
                )
        Agreement.objects.bulk_create(agreements)
        AgreementService.objects.bulk_create(lines)


def staff(
    places: Sequence[Organisation], each: int, role: str, specialties: Sequence[str]
) -> Iterator[User]:
    """Accounts with a licence and a role, in the order of the places."""
    users = [User(username=new_id(), name=f"医生 {n}") for n in range(len(places) * each)]
    User.objects.bulk_create(users)
    roles = [
        PractitionerRole(
            user=user, organisation=places[n // each], role=role, starts_on=date(2015, 1, 1)
        )
        for n, user in enumerate(users)
    ]
    PractitionerRole.objects.bulk_create(roles)
    Practitioner.objects.bulk_create(
        Practitioner(
            user=user,
            title=Practitioner.Title.ATTENDING,
            licence_no=f"L{user.pk.hex[-18:]}",
            specialty=specialties[n % each % len(specialties)],
            practising_since=date(2010, 1, 1),
            licensed_until=date(2099, 1, 1),
        )
        for n, user in enumerate(users)
    )
    for user, post in zip(users, roles, strict=True):
        user.acting_as = post
    User.objects.bulk_update(users, ["acting_as"], batch_size=2000)
    yield from users


def call(hospitals: Sequence[Organisation], doctors: Sequence[User]) -> None:
    """Everywhere one of each specialty is on duty now."""
    now = timezone.now()
    rotas = Rota.objects.bulk_create(
        Rota(
            organisation=hospital,
            month=month_of(now),
            version=1,
            state=Rota.State.PUBLISHED,
            published_at=now,
        )
        for hospital in hospitals
    )
    during = DateTimeTZRange(now - timedelta(hours=4), now + timedelta(hours=8))
    Shift.objects.bulk_create(
        Shift(
            rota=rota,
            user=doctors[n * AT_A_HOSPITAL + k],
            specialty=specialty,
            during=during,
            in_force=True,
        )
        for n, rota in enumerate(rotas)
        for k, specialty in enumerate(SPECIALTIES)
    )


def answer(
    hospitals: Sequence[Organisation], clinic: Organisation, asker: User, patient: Patient
) -> None:
    """What the medians of the first answer are taken over."""
    now = timezone.now()
    cases = Case.objects.bulk_create(
        Case(
            number=f"B{hospital.number}-{n}",
            status="accepted",
            patient=patient,
            asking=clinic,
            asked=hospital,
            requester=asker,
            **{**LEGAL, "specialty": ASKED},
        )
        for hospital in hospitals
        for n in range(ANSWERED)
    )
    Step.objects.bulk_create(
        Step(
            case=case,
            action=action,
            from_status="submitted",
            to_status="routed",
            at=now - timedelta(days=3) + later,
        )
        for n, case in enumerate(cases)
        for action, later in (
            ("case.submit", timedelta()),
            ("case.accept", timedelta(minutes=n % 90)),
        )
    )


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--asks", type=int, default=200)
    options = parser.parse_args()
    province = Province()
    spent = [measure(province, hospitals, options.asks) for hospitals in (FEW, MANY)]
    few, many = spent
    broken = 0
    for name in few:
        ratio = many[name] / few[name]
        limit = f" (limit {LIMIT})" if name != "plain" else ""
        broken += bool(limit) and ratio > LIMIT
        say(f"{name}, ms among {FEW} and {MANY}", f"{few[name]:.2f} {many[name]:.2f}")
        say(f"{name}, growth", f"{ratio:.2f}{limit}")
    say("proposing, times the plain query of its doctors", f"{many['propose'] / many['plain']:.1f}")
    return 1 if broken else 0


def measure(province: Province, hospitals: int, asks: int) -> dict[str, float]:
    """Medians in ms: proposing (statements), routing (all of it) and the plain query."""
    began = time.perf_counter()
    province.grow(hospitals)
    say(f"{hospitals} hospitals, {len(province.clinics):,} clinics laid, s", f"{since(began):.0f}")
    chance = random.Random(4)  # noqa: S311 - the same ones each time
    turn = [chance.randrange(len(province.clinics)) for _ in range(asks + WARM)]
    proposing, plain, routing = [], [], []
    for n in turn:
        clinic = province.clinics[n]
        proposing.append(clocked(lambda c=clinic: propose(c, ASKED)))
        partners = [route.organisation.pk for route in propose(clinic, ASKED)]
        plain.append(clocked(lambda p=partners: read(p)))
        routing.append(route(province, n))
    return {
        name: statistics.median(times[WARM:])
        for name, times in (("propose", proposing), ("route", routing), ("plain", plain))
    }


def route(province: Province, n: int) -> float:
    """A request of one clinic to the hospital proposed first, rolled out to its doctors."""
    clinic, asker = province.clinics[n], province.askers[AT_A_CLINIC * n]
    case = Case.objects.create(
        number=f"R{new_id().hex[-16:]}",
        status="submitted",
        patient=province.patient,
        asking=clinic,
        asked=propose(clinic, ASKED)[0].organisation,
        requester=asker,
        **{**LEGAL, "specialty": ASKED},
    )
    began = time.perf_counter()
    with intention(asker, door="bench"):
        asked = route_case(case=case)
    spent = (time.perf_counter() - began) * 1000
    if not asked:
        raise SystemExit("Nobody could be asked.")
    Case.objects.filter(pk=case.pk).update(status="cancelled", cancel_reason="measured")
    return spent


def read(partners: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, {"hospitals": list(partners), "specialty": ASKED})
        cursor.fetchall()


def clocked(ask: Callable[[], Any]) -> float:
    """The statements' time alone, in ms."""
    taken: list[float] = []

    def count(execute: Any, *arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            taken.append((time.perf_counter() - began) * 1000)

    with connection.execute_wrapper(count):
        ask()
    return sum(taken)


def since(began: float) -> float:
    return time.perf_counter() - began


def say(what: str, figure: str) -> None:
    sys.stdout.write(f"{what:50} {figure}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
