"""Referrals in a given state, brought there by the product's own services."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from records.mpi.models import Patient
from scheduling.availability.models import Period
from scheduling.referrals import queries, services
from scheduling.referrals.models import Referral
from scheduling.referrals.services import HandOver, Wish
from scheduling.referrals.services.answering import Offer
from scheduling.referrals.services.arriving import miss
from telemed.core.intentions import System, intention
from telemed.organisations.models import Department, Organisation
from telemed.people.models import Role, User
from tests.factories.people import (
    AgreementFactory,
    ClinicFactory,
    DepartmentFactory,
    OrganisationFactory,
    PatientFactory,
    StaffFactory,
    UserFactory,
    treated,
)
from tests.factories.scheduling import PeriodFactory, SessionFactory, doctor_of

REASON = "反复胸闷两周，心电图有改变"
BACK = {
    "diagnosis": "不稳定型心绞痛",
    "done": "冠脉造影，植入支架 1 枚",
    "medicines": "阿司匹林 100 mg 每日一次",
}


@dataclass
class Road:
    """Everybody around one referral: the clinic, a county hospital, and the next one."""

    sender: User
    coordinator: User  # of the hospital
    director: User
    desk: User
    doctor: User  # of the department
    resident: User
    patient: Patient
    clinic: Organisation
    hospital: Organisation
    department: Department
    period: Period | None
    referral: Referral

    def refresh(self) -> Referral:
        return Referral.objects.select_related("appointment").get(pk=self.referral.pk)


def by(actor: User) -> Any:
    return intention(actor, door="test")


def road(*, places: int = 1, **unsent: Any) -> Road:
    """The people and places, with so many places for referrals a week ahead; nothing is sent."""
    clinic, hospital = ClinicFactory(), OrganisationFactory()
    department = DepartmentFactory(organisation=hospital)
    AgreementFactory(asking=clinic, asked=hospital)
    resident = UserFactory()
    patient = treated(PatientFactory(user=resident, managing_organisation=clinic), clinic)
    doctor = doctor_of(department)
    period = None
    if places:
        session = SessionFactory(department=department, clinician=doctor)
        period = PeriodFactory(session=session, referral=places, public=1)
    return Road(
        sender=StaffFactory(organisation=clinic),
        coordinator=StaffFactory(role=Role.COORDINATOR, organisation=hospital),
        director=StaffFactory(role=Role.DIRECTOR, organisation=hospital),
        desk=StaffFactory(role=Role.DESK, organisation=hospital),
        doctor=doctor,
        resident=resident,
        patient=patient,
        clinic=clinic,
        hospital=hospital,
        department=department,
        period=period,
        referral=None,  # type: ignore[arg-type]
    )


def next_hospital(road: Road, **of: Any) -> Road:
    """Another hospital with such a department, which has an agreement with the clinic, too."""
    there = OrganisationFactory()
    AgreementFactory(asking=of.get("clinic", road.clinic), asked=there)
    department = DepartmentFactory(organisation=there, specialty=road.department.specialty)
    return Road(
        **{
            **vars(road),
            "coordinator": StaffFactory(role=Role.COORDINATOR, organisation=there),
            "doctor": doctor_of(department),
            "hospital": there,
            "department": department,
            **of,
        }
    )


def wish(road: Road, **changed: Any) -> Wish:
    return Wish(**{"department_id": road.department.pk, "reason": REASON, **changed})


def sent(road_: Road | None = None, **changed: Any) -> Road:
    found = road_ or road()
    with by(found.sender):
        found.referral = services.send(
            actor=found.sender, patient=found.patient, wish=wish(found, **changed)
        )
    return found


def accepted(road_: Road | None = None, *, bed: bool = False, **changed: Any) -> Road:
    """In the place that was kept, or in a bed from tomorrow."""
    found = sent(road_, **changed)
    offer = Offer()
    if bed or found.period is None:
        offer = Offer(place="三楼 12 床", expected_at=timezone.now() + timedelta(days=1))
    with by(found.coordinator):
        services.accept(actor=found.coordinator, referral_id=found.referral.pk, offer=offer)
    return found


def arrived(road_: Road | None = None, **changed: Any) -> Road:
    found = accepted(road_, bed=True, **changed)
    with by(found.desk):
        services.arrive(actor=found.desk, referral_id=found.referral.pk, number="")
    return found


def handed_back(road_: Road | None = None, **changed: Any) -> Road:
    found = arrived(road_, **changed)
    due = timezone.localdate() + timedelta(days=14)
    with by(found.doctor):
        services.hand_back(
            actor=found.doctor,
            referral_id=found.referral.pk,
            items=[("复查心电图", due), ("测血压，每周一次", due)],
            **BACK,
        )
    return found


def closed(road_: Road | None = None, **changed: Any) -> Road:
    found = handed_back(road_, **changed)
    with by(found.sender):
        services.take_plan(actor=found.sender, referral_id=found.referral.pk)
    return found


def declined(road_: Road | None = None, **changed: Any) -> Road:
    found = sent(road_, **changed)
    with by(found.coordinator):
        services.decline(
            actor=found.coordinator,
            referral_id=found.referral.pk,
            reason="没有空床，也没有号",
            elsewhere="市人民医院",
        )
    return found


def missed(road_: Road | None = None, **changed: Any) -> Road:
    """As its clock does, two hours after the time."""
    found = accepted(road_, bed=True, **changed)
    with intention(System("clocks"), door="test"):
        miss(referral=queries.lock_referral(found.referral.pk))
    return found


def another(road: Road) -> Road:
    """The same people, about another patient."""
    patient = treated(PatientFactory(managing_organisation=road.clinic), road.clinic)
    return replace(road, patient=patient)


def down_road(*, elsewhere: bool = False) -> Road:
    """
    A patient who is at the hospital, and the clinic whose family doctors know them.

    The department is the clinic's; the clinic may not know the patient yet (`elsewhere`).
    """
    found = road(places=0)
    department = DepartmentFactory(organisation=found.clinic, specialty="general")
    doctor = doctor_of(found.department)
    patient = found.patient
    if elsewhere:
        patient = PatientFactory(managing_organisation=ClinicFactory())
    return replace(
        found,
        department=department,
        doctor=doctor,
        patient=treated(patient, found.hospital),
    )


def hand_over(**changed: Any) -> HandOver:
    today = timezone.localdate()
    items = [("测血压", today + timedelta(days=7)), ("康复训练指导", today + timedelta(days=10))]
    words = {"diagnosis": "脑梗死恢复期", "done": "溶栓后两周，肌力 4 级", "items": items}
    return HandOver(**{**words, **changed})


def down_sent(
    road_: Road | None = None,
    *,
    actor: User | None = None,
    purpose: str = "rehabilitation",
    over: HandOver | None = None,
    **changed: Any,
) -> Road:
    found = road_ or down_road()
    actor = actor or found.doctor
    with by(actor):
        found.referral = services.send_down(
            actor=actor,
            patient=found.patient,
            purpose=purpose,
            wish=wish(found, **changed),
            hand_over=over or hand_over(),
        )
    return found


def down_accepted(found: Road | None = None) -> Road:
    found = found if found and found.referral else down_sent(found)
    offer = Offer(place="卫生院全科门诊", expected_at=timezone.now() + timedelta(days=1))
    with by(found.sender):
        services.accept(actor=found.sender, referral_id=found.referral.pk, offer=offer)
    return found


def down_arrived(found: Road | None = None) -> Road:
    found = found or down_accepted()
    with by(found.sender):
        services.arrive(
            actor=found.sender,
            referral_id=found.referral.pk,
            number=found.patient.id_card_tail or "",
        )
    return found


def down_closed(found: Road | None = None) -> Road:
    found = found or down_arrived()
    with by(found.sender):
        services.take_plan(actor=found.sender, referral_id=found.referral.pk)
    return found
