"""Smallest valid teams, packages, and contracts in each state."""

import factory
from django.utils import timezone

from records.consent.models import Basis
from records.mpi.models import Kin, Relation
from scheduling.registration import services
from scheduling.registration.models import Contract, Function, Member, Package, Team
from telemed.core.intentions import intention
from tests.factories.people import (
    CareAccessFactory,
    ClinicFactory,
    DivisionFactory,
    PatientFactory,
    PractitionerFactory,
    StaffFactory,
    UserFactory,
)

SIGNATURE = b"\x89PNG\r\n\x1a\n" + bytes(range(40))


class PackageFactory(factory.django.DjangoModelFactory[Package]):
    division = factory.SubFactory(DivisionFactory)
    kind = Package.Kind.BASIC
    name = "基础包"
    contents = "建立健康档案\n每年一次健康评估\n优先预约、优先转诊"
    price = 12_000
    insurance = 50
    public_health = 40
    resident = 10

    class Meta:
        model = Package
        django_get_or_create = ["division", "name"]


class TeamFactory(factory.django.DjangoModelFactory[Team]):
    """A team of a clinic with its leader, who has a licence; `team.leader` is the account."""

    organisation = factory.SubFactory(ClinicFactory)
    name = factory.Sequence(lambda n: f"家庭医生{chr(0x4E00 + n)}队")
    villages = "双永村、刘育村"

    class Meta:
        model = Team
        skip_postgeneration_save = True

    @classmethod
    def _create(cls, model_class, *args, leader=None, **kwargs):
        PackageFactory()
        team = super()._create(model_class, *args, **kwargs)
        team.leader = leader or StaffFactory(organisation=team.organisation)
        if not hasattr(team.leader, "practitioner"):
            PractitionerFactory(user=team.leader, specialty="general")
        Member.objects.create(team=team, user=team.leader, function=Function.LEADER)
        return team


def join(team, function=Function.GP, user=None):
    """One more account in a team."""
    user = user or StaffFactory(organisation=team.organisation)
    Member.objects.create(team=team, user=user, function=function)
    return user


def resident_of(team, **facts):
    """Somebody with an account, of the team's clinic."""
    facts = {"user": UserFactory(), **facts}
    return PatientFactory(managing_organisation=team.organisation, **facts)


def child_of(parent, *, years=8, team=None, born=None, **facts):
    """A child that this person is guardian of."""
    first = timezone.localdate().replace(day=1)
    child = PatientFactory(
        name="陈小宇",
        birth_date=born or first.replace(year=first.year - years),
        managing_organisation=parent.managing_organisation,
        **facts,
    )
    Relation.objects.create(
        subject=child,
        delegate=parent,
        basis=Relation.Basis.BIRTH,
        kin=Kin.MOTHER,
        papers=Relation.Papers.BIRTH_CERTIFICATE,
        starts_on=child.birth_date,
        ends_on=child.birth_date.replace(year=child.birth_date.year + 18),
        organisation=parent.managing_organisation,
        entered_by=StaffFactory(organisation=parent.managing_organisation),
    )
    return child


def treated_by(team, patient):
    CareAccessFactory(org=team.organisation.number, patient=patient.rid, basis=Basis.TREATING)
    return patient


def applied(team, patient=None, **more) -> Contract:
    patient = patient or resident_of(team)
    with intention(patient.user, door="test"):
        [contract] = services.apply(actor=patient.user, people=[patient], team_id=team.pk, **more)
    return contract


def agreed(team, patient=None, **more) -> Contract:
    contract = applied(team, patient, **more)
    with intention(team.leader, door="test"):
        return services.agree(actor=team.leader, contract_id=contract.pk)


def read(contract, actor=None) -> Contract:
    actor = actor or contract.patient.user
    with intention(actor, door="test"):
        return services.open_text(actor=actor, contract_id=contract.pk)


def signed(team, patient=None, **more) -> Contract:
    """In force from today on."""
    contract = read(agreed(team, patient, **more))
    return sign(contract)


def sign(contract, actor=None) -> Contract:
    actor = actor or contract.patient.user
    with intention(actor, door="test"):
        return services.sign(actor=actor, contract_id=contract.pk, signature=SIGNATURE)


def upheld(contract):
    """The county was with the resident: another team can be chosen at once."""
    today = timezone.localdate()
    Contract.objects.filter(pk=contract.pk).update(complaint_upheld_on=today)
    return contract
