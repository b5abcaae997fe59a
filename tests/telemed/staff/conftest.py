import pytest

from telemed.organisations.models import Division, Organisation
from telemed.people import open_work
from telemed.people.models import Role
from tests.factories.people import (
    ClinicFactory,
    DivisionFactory,
    OrganisationFactory,
    PractitionerFactory,
    StaffFactory,
)


@pytest.fixture
def hospital(db):
    return OrganisationFactory()


@pytest.fixture
def clinic(hospital):
    township = DivisionFactory(code="520121101", level=Division.Level.TOWNSHIP, name="龙岗镇")
    return ClinicFactory(division=township)


@pytest.fixture
def admin(hospital):
    return StaffFactory(role=Role.ADMINISTRATOR, organisation=hospital)


@pytest.fixture
def provincial(db):
    province = DivisionFactory(code="52", level=Division.Level.PROVINCE, name="贵州省")
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=province)
    return StaffFactory(role=Role.ADMINISTRATOR, organisation=authority)


@pytest.fixture
def office(hospital):
    return StaffFactory(role=Role.MEDICAL_OFFICE, organisation=hospital)


@pytest.fixture
def doctor(hospital):
    """Without a licence yet."""
    return StaffFactory(role=Role.SPECIALIST, organisation=hospital)


@pytest.fixture
def licensed(hospital):
    user = StaffFactory(role=Role.SPECIALIST, organisation=hospital)
    PractitionerFactory(user=user)
    return user


@pytest.fixture
def work():
    """Open work that a slice above would register: {user pk: [items]}."""
    held = {}

    def move(actor, user, to, item_id):
        item = next(one for one in held[user.pk] if one.id == item_id)
        held[user.pk].remove(item)
        held.setdefault(to.pk, []).append(item)

    open_work.register("test", lambda user: list(held.get(user.pk, [])), move, label="tests")
    yield held
    open_work.forget("test")
