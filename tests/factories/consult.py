"""Cases in a given state, brought there by the product's own services."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import factory
from django.utils import timezone

from consult.opinions import services as opinions
from consult.opinions.models import Opinion
from consult.requests import services as requests
from consult.requests.models import Case, Kind
from records.mpi.models import Patient
from telemed.core.intentions import intention
from telemed.organisations.models import Organisation, Specialty
from telemed.people import signing
from telemed.people.models import Role, User
from tests.factories.people import (
    AgreementFactory,
    ClinicFactory,
    OrganisationFactory,
    PatientFactory,
    PractitionerFactory,
    StaffFactory,
    UserFactory,
    treated,
)

PIN = "135790"
LEGAL = {
    "reason": "胸痛 2 小时",
    "aim": "明确诊断",
    "wanted_time": "today",
    "summary": "男，68 岁。胸痛 2 小时，血压 150/90 mmHg。",
    "specialty": Specialty.NEUROLOGY,
}
TEXTS = {
    "findings": "头颅 CT：右侧基底节区高密度影。",
    "conclusion": "考虑右侧基底节区脑出血。",
    "recommendations": "1. 血压控制在 140/90 以下\n2. 立即转诊",
}


class CaseFactory(factory.django.DjangoModelFactory[Case]):
    """One row of a case, without offers or steps: CaseFactory(status=…) for lists and counts."""

    patient = factory.SubFactory(PatientFactory)
    asking = factory.SubFactory(ClinicFactory)
    asked = factory.SubFactory(OrganisationFactory)
    requester = factory.SubFactory(
        StaffFactory,
        role=Role.TOWNSHIP_DOCTOR,
        organisation=factory.SelfAttribute("..asking"),
    )
    number = factory.Sequence(lambda n: f"C000000-{n:04d}")

    class Meta:
        model = Case

    @classmethod
    def _create(cls, model_class: type[Case], *args: Any, **fields: Any) -> Case:
        return super()._create(model_class, *args, **{**LEGAL, **fields})


@dataclass(frozen=True)
class Scene:
    """Everybody around one case."""

    asker: User
    specialist: User
    coordinator: User
    resident: User
    patient: Patient
    clinic: Organisation
    hospital: Organisation
    case: Case

    def refresh(self) -> Case:
        self.case.refresh_from_db()
        return self.case


def _by(actor: User) -> Any:
    return intention(actor, door="test")


def drafted_case(
    *,
    specialists: int = 1,
    kind: str = Kind.SINGLE,
    around: Scene | None = None,
    **changed: Any,
) -> Scene:
    """
    A complete request that was not sent: `changed` replaces any of the legal fields.

    `around` another scene, the same people ask and answer about the same patient.
    """
    scene = around or _people(specialists)
    asker, patient = scene.asker, scene.patient
    with _by(asker):
        case = requests.draft_case(actor=asker, patient=patient, kind=kind)
    with _by(asker):
        fields = {**LEGAL, **changed, "asked": scene.hospital.pk}
        requests.save_draft(actor=asker, case_id=case.pk, **fields)
    case.refresh_from_db()
    with _by(asker):
        requests.attach_consent(
            actor=asker,
            case_id=case.pk,
            method="drawn",
            relation="self",
            signer_name=patient.name,
            signature=b"\x89PNG",
            fee_shown=requests.fee_of(case) or 0,
        )
    case.refresh_from_db()
    return replace(scene, case=case)


def _people(specialists: int) -> Scene:
    """Everybody, without a case."""
    clinic, hospital = ClinicFactory(), OrganisationFactory()
    AgreementFactory(asking=clinic, asked=hospital)
    asker = StaffFactory(role=Role.TOWNSHIP_DOCTOR, organisation=clinic)
    PractitionerFactory(user=asker, specialty=Specialty.GENERAL)
    doctors = [
        StaffFactory(role=Role.SPECIALIST, organisation=hospital) for _ in range(specialists)
    ]
    for doctor in doctors:
        PractitionerFactory(user=doctor)
    coordinator = StaffFactory(role=Role.COORDINATOR, organisation=hospital)
    resident = UserFactory()
    patient = treated(PatientFactory(user=resident), clinic)
    return Scene(asker, doctors[0], coordinator, resident, patient, clinic, hospital, Case())


def sent_case(**options: Any) -> Scene:
    """Sent and routed: every specialist of the hospital was asked."""
    scene = drafted_case(**options)
    with _by(scene.asker):
        requests.submit_case(actor=scene.asker, case_id=scene.case.pk)
    scene.refresh()
    return scene


def accepted_case(**options: Any) -> Scene:
    """A specialist holds it and can sign with PIN."""
    scene = sent_case(**options)
    with _by(scene.specialist):
        signing.create_key(user=scene.specialist, pin=PIN)
        requests.accept_case(actor=scene.specialist, case_id=scene.case.pk)
    scene.refresh()
    return scene


def write(scene: Scene, **texts: str) -> None:
    """The holder saves a draft; what is not given is TEXTS."""
    with _by(scene.specialist):
        opinions.save_draft(actor=scene.specialist, case_id=scene.case.pk, **{**TEXTS, **texts})


def sign(scene: Scene) -> Opinion:
    """The holder signs what is drafted."""
    with _by(scene.specialist):
        opinion = opinions.sign_opinion(actor=scene.specialist, case_id=scene.case.pk, pin=PIN)
    scene.refresh()
    return opinion


def signed_case(**options: Any) -> Scene:
    """Version 1 of the opinion is signed and waits for the receipt."""
    scene = accepted_case(**options)
    write(scene)
    sign(scene)
    return scene


def closed_case(**options: Any) -> Scene:
    """The asking side adopted the opinion; the case is closed."""
    scene = signed_case(**options)
    with _by(scene.asker):
        requests.give_receipt(
            actor=scene.asker, case_id=scene.case.pk, version=1, decision="adopted"
        )
    scene.refresh()
    return scene


def amended_case(**options: Any) -> Scene:
    """Version 2 is signed over version 1."""
    scene = signed_case(**options)
    with _by(scene.specialist):
        opinions.start_amendment(
            actor=scene.specialist, case_id=scene.case.pk, reason="补充复查时间"
        )
    write(scene, recommendations="1. 立即转诊\n2. 6 小时后复查 CT")
    sign(scene)
    return scene


@dataclass(frozen=True)
class JointScene(Scene):
    """A joint consult: `scene.specialist` of neurology chairs, `heart` and `lungs` sit in it."""

    heart: User
    lungs: User

    @property
    def experts(self) -> tuple[User, ...]:
        return self.specialist, self.heart, self.lungs

    @property
    def seats(self) -> dict[str, Any]:
        return {
            "neurology": self.specialist.pk,
            "cardiology": self.heart.pk,
            "respiratory": self.lungs.pk,
        }


def half_hour_of(day: int, hour: int) -> datetime:
    """A full hour, so many days ahead."""
    moment = timezone.localtime() + timedelta(days=day)
    return moment.replace(hour=hour, minute=0, second=0, microsecond=0)


def joint_request(**changed: Any) -> JointScene:
    """Asks for neurology and cardiology together; nobody is invited yet."""
    people = _people(1)
    AgreementFactory(asking=people.clinic, asked=people.hospital, services=["mdt"], price=30000)
    others = {}
    for name, specialty in (("heart", "cardiology"), ("lungs", "respiratory")):
        others[name] = StaffFactory(role=Role.SPECIALIST, organisation=people.hospital)
        PractitionerFactory(user=others[name], specialty=specialty)
    shared = {name: getattr(people, name) for name in Scene.__dataclass_fields__}
    scene = JointScene(**shared, **others)
    asked = {"joint": True, "further": ["cardiology"], **changed}
    case = drafted_case(around=scene, **asked).case
    return replace(scene, case=case)


def joint_sent(**changed: Any) -> JointScene:
    """Sent: it waits for the coordinator to set it up."""
    scene = joint_request(**changed)
    with _by(scene.asker):
        requests.submit_case(actor=scene.asker, case_id=scene.case.pk)
    scene.refresh()
    return scene


def joint_invited(*, at: datetime | None = None, **changed: Any) -> JointScene:
    """Chair and two experts are invited for one time, tomorrow at ten unless another is given."""
    scene = joint_sent(**changed)
    with _by(scene.coordinator):
        requests.convene(
            actor=scene.coordinator,
            case_id=scene.case.pk,
            experts=scene.seats,
            chair="neurology",
            starts_at=at or half_hour_of(1, 10),
            agenda="头晕原因与用药",
        )
    scene.refresh()
    return scene


def joint_accepted(**changed: Any) -> JointScene:
    """All three have accepted; each can sign with PIN."""
    scene = joint_invited(**changed)
    for expert in scene.experts:
        with _by(expert):
            signing.create_key(user=expert, pin=PIN)
            requests.accept_case(actor=expert, case_id=scene.case.pk)
    scene.refresh()
    return scene


def joint_met(**changed: Any) -> JointScene:
    """They have met: the room ended and the experts are asked for their view."""
    scene = joint_accepted(**changed)
    with _by(scene.specialist):
        requests.begin_case(case_id=scene.case.pk)
        opinions.ask_statements(case_id=scene.case.pk)
    scene.refresh()
    return scene
