"""Smallest valid people and places."""

from datetime import date, timedelta

import factory
from django.utils import timezone

from records.consent.models import Basis, CareAccess
from records.mpi.models import Patient
from telemed.organisations.models import (
    Agreement,
    AgreementService,
    Department,
    Division,
    Organisation,
    Specialty,
)
from telemed.organisations.models.agreements import day_range
from telemed.people.models import Practitioner, PractitionerRole, Role, User

NUMERALS = str.maketrans("0123456789", "〇一二三四五六七八九")


def numeral(number: int) -> str:
    """Digits as Chinese writes them, lest a name that counts up looks like a figure of the page."""
    return str(number).translate(NUMERALS)


class DivisionFactory(factory.django.DjangoModelFactory[Division]):
    code = "520121"
    level = Division.Level.COUNTY
    name = "开阳县"

    class Meta:
        model = Division
        django_get_or_create = ["code"]


class OrganisationFactory(factory.django.DjangoModelFactory[Organisation]):
    number = factory.Sequence(lambda n: 1000 + n)
    name = factory.Sequence(lambda n: f"第{numeral(n)}人民医院")
    kind = Organisation.Kind.HOSPITAL
    division = factory.SubFactory(DivisionFactory)
    phone = "0851-55550100"

    class Meta:
        model = Organisation


class ClinicFactory(OrganisationFactory):
    name = factory.Sequence(lambda n: f"第{numeral(n)}乡卫生院")
    kind = Organisation.Kind.TOWNSHIP_CLINIC


class DepartmentFactory(factory.django.DjangoModelFactory[Department]):
    organisation = factory.SubFactory(OrganisationFactory)
    name = "神经内科"
    specialty = Specialty.NEUROLOGY

    class Meta:
        model = Department


class AgreementFactory(factory.django.DjangoModelFactory[Agreement]):
    asking = factory.SubFactory(ClinicFactory)
    asked = factory.SubFactory(OrganisationFactory)
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=300))
    activated_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=30))

    class Meta:
        model = Agreement
        skip_postgeneration_save = True

    @classmethod
    def _create(cls, model_class, *args, price=12000, services=("consult",), **kwargs):
        """AgreementFactory(services=["ecg"], price=500): one line a service, 30 to 70 per cent."""
        agreement = super()._create(model_class, *args, **kwargs)
        AgreementService.objects.bulk_create(
            AgreementService(
                agreement=agreement,
                service=service,
                price=price,
                asking=agreement.asking,
                asked=agreement.asked,
                during=day_range(agreement.starts_on, agreement.ends_on),
                in_force=agreement.state == Agreement.State.ACTIVE,
            )
            for service in services
        )
        return agreement


class UserFactory(factory.django.DjangoModelFactory[User]):
    """An account without a role: a resident."""

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"人{numeral(n)}")

    class Meta:
        model = User


class StaffFactory(UserFactory):
    """An account that acts in a role: StaffFactory(role=…, organisation=…)."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    role = Role.TOWNSHIP_DOCTOR
    organisation = None
    department = None

    @classmethod
    def _create(cls, model_class, *args, role, organisation, department, **kwargs):
        user = super()._create(model_class, *args, **kwargs)
        clinic = role == Role.TOWNSHIP_DOCTOR
        place = organisation or (ClinicFactory() if clinic else OrganisationFactory())
        user.acting_as = PractitionerRole.objects.create(
            user=user,
            organisation=place,
            department=department,
            role=role,
            starts_on=timezone.localdate() - timedelta(days=3650),
        )
        user.save(update_fields=["acting_as"])
        return user


class PractitionerFactory(factory.django.DjangoModelFactory[Practitioner]):
    user = factory.SubFactory(StaffFactory, role=Role.SPECIALIST)
    title = Practitioner.Title.ASSOCIATE
    licence_no = factory.Sequence(lambda n: f"1105200{n:08d}")
    specialty = Specialty.NEUROLOGY
    practising_since = date(2010, 7, 1)
    licensed_until = date(2031, 6, 30)

    class Meta:
        model = Practitioner


class PatientFactory(factory.django.DjangoModelFactory[Patient]):
    name = "张三丰"
    pinyin = "zhang san feng"
    initials = "zsf"
    sex = Patient.Sex.MALE
    birth_date = date(1958, 4, 9)

    class Meta:
        model = Patient


class CareAccessFactory(factory.django.DjangoModelFactory[CareAccess]):
    basis = Basis.TREATING

    class Meta:
        model = CareAccess


def treated(patient: Patient, organisation: Organisation) -> Patient:
    """That institution treats this patient."""
    CareAccessFactory(org=organisation.number, patient=patient.rid)
    return patient
