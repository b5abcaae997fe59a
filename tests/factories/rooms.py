"""A case with a doctor on each side, and its room."""

from dataclasses import dataclass

import factory

from consult.requests.models import Case, Kind, Status
from consult.rooms.models import Room
from records.consent.models import Basis
from telemed.organisations.models import Specialty
from telemed.people.models import Role, User
from tests.factories.people import (
    CareAccessFactory,
    ClinicFactory,
    OrganisationFactory,
    PatientFactory,
    PractitionerFactory,
    StaffFactory,
    treated,
)


class CaseFactory(factory.django.DjangoModelFactory[Case]):
    """An accepted consult: case.requester asks, case.holder answers."""

    class Meta:
        model = Case

    number = factory.Sequence(lambda n: f"HZ-1124-{n:03d}")
    kind = Kind.SINGLE
    status = Status.ACCEPTED
    patient = factory.SubFactory(PatientFactory)
    asking = factory.SubFactory(ClinicFactory)
    asked = factory.SubFactory(OrganisationFactory)
    requester = factory.LazyAttribute(
        lambda case: (
            PractitionerFactory(
                user=StaffFactory(
                    role=Role.TOWNSHIP_DOCTOR, organisation=case.asking, name="杨文秀"
                ),
                specialty=Specialty.GENERAL,
            ).user
        )
    )
    holder = factory.LazyAttribute(
        lambda case: StaffFactory(role=Role.SPECIALIST, organisation=case.asked, name="罗晓岚")
    )
    reason = "咳嗽 3 周，右肺结节待定"
    aim = "明确性质"
    wanted_time = "now"
    summary = "咳嗽 3 周，无咯血。"
    specialty = Specialty.RESPIRATORY


class RoomFactory(factory.django.DjangoModelFactory[Room]):
    case = factory.SubFactory(CaseFactory)

    class Meta:
        model = Room


@dataclass(frozen=True)
class Scene:
    """A room, and everybody who may come in."""

    room: Room
    asking: User
    answering: User
    coordinator: User


def scene() -> Scene:
    room = RoomFactory()
    case = room.case
    treated(case.patient, case.asking)
    CareAccessFactory(
        org=case.asked.number,
        patient=case.patient.rid,
        basis=Basis.CASE,
        about=case.pk,
        person=case.holder_id,
    )
    coordinator = StaffFactory(role=Role.COORDINATOR, organisation=case.asked, name="王协调")
    return Scene(room, case.requester, case.holder, coordinator)
