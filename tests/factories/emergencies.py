"""Emergency access to a record: who opens it, who reviews it, and what each of them sees."""

from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from records.consent import access, breakglass
from records.mpi.models import Patient
from telemed.audit import services as audit
from telemed.notifications.models import Notification
from telemed.organisations.models import Division, Organisation
from telemed.people.models import Role, User
from tests.factories.people import (
    DepartmentFactory,
    DivisionFactory,
    OrganisationFactory,
    PatientFactory,
    PractitionerFactory,
    StaffFactory,
    UserFactory,
)

START = datetime(2026, 11, 27, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
WHY = "昏迷送来，呼之不应，须知用药史"
FOUND = "已核对急诊病历，情况属实"
NUMBER = "110101195804090014"


def make_scene():
    """A doctor of a hospital, the people who review there, the county, and somebody unknown."""
    hospital = OrganisationFactory()
    department = DepartmentFactory(organisation=hospital)
    at = {"organisation": hospital}
    doctor = StaffFactory(role=Role.SPECIALIST, department=department, name="蒙永福", **at)
    PractitionerFactory(user=doctor)
    county = DivisionFactory(code="520121", level=Division.Level.COUNTY)
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=county)
    resident = UserFactory(language="en")
    return SimpleNamespace(
        hospital=hospital,
        department=department,
        doctor=doctor,
        auditor=StaffFactory(role=Role.AUDITOR, **at),
        office=StaffFactory(role=Role.MEDICAL_OFFICE, **at),
        head=StaffFactory(role=Role.HEAD, **at),
        official=StaffFactory(role=Role.OFFICIAL, organisation=authority),
        patient=PatientFactory(user=resident),
        resident=resident,
    )


def look_up(scene, by, patient=None, doctor=None):
    """By the number that stands on a card; the index is tested elsewhere."""
    patient, doctor = patient or scene.patient, doctor or scene.doctor
    with by(doctor):
        audit.record(action="person.look", target=patient, patient_id=patient.pk)


def open_record(scene, by, patient=None, doctor=None, **changed):
    patient, doctor = patient or scene.patient, doctor or scene.doctor
    look_up(scene, by, patient, doctor)
    said = {"code": "silent", "text": WHY} | changed
    with by(doctor):
        return breakglass.open_record(actor=doctor, patient_id=patient.pk, **said)


def end(scene, by, glass):
    with by(glass.actor):
        return breakglass.end_session(actor=glass.actor, break_glass_id=glass.pk)


def review(scene, by, glass, actor=None, finding="justified", text=FOUND):
    actor = actor or scene.auditor
    with by(actor):
        return breakglass.review(actor=actor, break_glass_id=glass.pk, finding=finding, text=text)


def sees(doctor, patient):
    doctor = User.objects.get(pk=doctor.pk)
    decided = access.decide(doctor, "read", patient).allowed
    listed = access.visible(doctor, "read", Patient.objects.filter(pk=patient.pk)).exists()
    assert decided == listed
    return decided


def told(template):
    return set(
        Notification.objects.filter(template=template).values_list("recipient_id", flat=True)
    )
