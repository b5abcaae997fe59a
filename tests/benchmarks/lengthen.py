"""
More rows in a throwaway demonstration: python -m tests.benchmarks.lengthen ROWS

Laid past the services, because a thousand of each in a second is what a list's length needs; what
is measured reads them through the product. TELEMED_DATA says which stack. 0 lays the images only.
"""

import itertools
import sys
from datetime import timedelta

from django.utils import timezone

from consult.requests.models import Case, Offer, Status, Step
from records.consent.models import Basis, CareAccess
from records.mpi.models import Patient
from telemed.audit import services as audit
from telemed.core.ids import new_id, rid_of
from telemed.core.intentions import System, intention
from telemed.core.models import Calendar, Clock
from telemed.demo import archive
from telemed.notifications.models import Notification
from telemed.organisations.models import Organisation
from telemed.people.models import User
from tests.benchmarks import application
from tests.factories.consult import LEGAL

__all__ = ["application"]

LAYER = System("benchmark")
STATES = [Status.SIGNED, Status.ROUTED, Status.IN_PROGRESS, Status.CLOSED]
TIMEOUT = 120_000  # ms


def account(name: str) -> User:
    return User.objects.select_related("acting_as__organisation").get(username=name)


def patients(rows: int, clinic: Organisation) -> list[Patient]:
    """Registered at the clinic, in alphabetical order."""
    made = []
    for n in range(rows):
        key = new_id()
        sort = f"an {n:06d}"
        made.append(
            Patient(
                pk=key, fhir_id=str(key), rid=rid_of(key) or 0, name=f"安{n:06d}", pinyin=sort,
                initials="an", sex=Patient.Sex.FEMALE, managing_organisation=clinic,
            )
        )  # fmt: skip
    Patient.objects.bulk_create(made, batch_size=500)
    CareAccess.objects.bulk_create(
        CareAccess(org=clinic.number, patient=p.rid, basis=Basis.TREATING) for p in made
    )
    return made


def cases(people: list[Patient], asker: User, answerer: User) -> list[Case]:
    """A quarter each waits for the receipt, for an answer, for the opinion, for nothing."""
    made = [
        Case(
            number=f"B{n:08d}", patient=patient, asking=asker.acting_organisation,
            asked=answerer.acting_organisation, requester=asker, status=status,
            holder=None if status == Status.ROUTED else answerer,
            opinion_version=int(status in (Status.SIGNED, Status.CLOSED)), **LEGAL,
        )
        for n, (patient, status) in enumerate(zip(people, itertools.cycle(STATES), strict=False))
    ]  # fmt: skip
    Case.objects.bulk_create(made, batch_size=500)
    now = timezone.now()
    Offer.objects.bulk_create(
        Offer(
            case=case,
            doctor=answerer,
            status=Offer.Status.OFFERED if case.holder is None else Offer.Status.ACCEPTED,
        )
        for case in made
    )
    Clock.objects.bulk_create(
        Clock(
            kind="case.accept", about=case.pk, calendar=Calendar.WALL,
            due_at=now + timedelta(hours=1, seconds=n),
        )
        for n, case in enumerate(made)
        if case.status != Status.CLOSED
    )  # fmt: skip
    moves = itertools.pairwise([Status.DRAFT, Status.SUBMITTED, Status.ACCEPTED, Status.SIGNED])
    steps = [("case.submit", "case.accept", "opinion.sign"), list(moves)]
    Step.objects.bulk_create(
        (
            Step(
                case=case, action=action, from_status=before, to_status=after, actor=asker,
                organisation=asker.acting_organisation, at=now - timedelta(minutes=30 - n),
            )
            for case in made
            for n, (action, (before, after)) in enumerate(zip(*steps, strict=True))
        ),
        batch_size=1000,
    )  # fmt: skip
    return made


def messages(rows: int, recipient: User) -> None:
    Notification.objects.bulk_create(
        (
            Notification(
                recipient=recipient, template="case.accepted", about=new_id(), url="/cases/",
                facts={"no": f"B{n:08d}", "who": "benchmark", "org": "benchmark"},
            )
            for n in range(rows)
        ),
        batch_size=500,
    )  # fmt: skip


def institutions(rows: int, like: Organisation) -> None:
    Organisation.objects.bulk_create(
        (
            Organisation(
                number=10_000_000 + n, name=f"基准卫生院{n}", kind=like.kind,
                division=like.division, phone=like.phone,
            )
            for n in range(rows)
        ),
        batch_size=500,
    )  # fmt: skip


def looks(rows: int, patient: Patient, actors: list[User]) -> None:
    """Somebody else each time, so that no two are told as one."""
    for n in range(rows):
        with intention(actors[n % len(actors)], door="benchmark"):
            audit.record(
                action="record.read", target=patient, patient_id=patient.pk, reason="treating"
            )


def main(rows: int) -> None:
    archive.lay_pictures()
    asker, answerer, resident = account("township"), account("specialist"), account("resident")
    own = Patient.objects.get(user=resident)
    with intention(LAYER, door="benchmark", timeout_ms=TIMEOUT):
        people = patients(rows, asker.acting_organisation)
        cases([*people, *([own] * rows)], asker, answerer)
        for recipient in (asker, answerer, account("coordinator"), resident):
            messages(rows, recipient)
        institutions(rows, asker.acting_organisation)
    looks(rows, own, [asker, answerer])


if __name__ == "__main__":
    main(int(sys.argv[1]))
