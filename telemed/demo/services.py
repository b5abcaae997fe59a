"""Laying the demonstration province: in bulk, by the plan, and never twice."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain

from django.contrib.auth.hashers import make_password
from django.db.models import Model
from django.utils import timezone

from records.consent.registration import register_and_treat
from records.mpi import services as index
from records.mpi.queries import by_id_cards
from telemed.audit import services as audit
from telemed.core import publication
from telemed.core.intentions import require_intention
from telemed.demo import province
from telemed.demo.accounts import ACCOUNTS, PASSWORD, PIN, Account
from telemed.demo.agreements import county_agreements, lay_agreements
from telemed.demo.models import PROVINCE, FillProgress
from telemed.demo.province import Place
from telemed.demo.residents import RESIDENTS, Resident
from telemed.demo.staff import Clinician, clinicians
from telemed.organisations.models import Department, Division, Organisation, Specialty
from telemed.people import signing
from telemed.people.models import Practitioner, PractitionerRole, Role, User


def lay_divisions() -> int:
    """The whole tree, when it is not there."""
    require_intention()
    missing = [] if Division.objects.exists() else list(province.divisions())
    Division.objects.bulk_create(missing, batch_size=1_000, ignore_conflicts=True)
    return len(missing)


def lay_places(*, places: Sequence[Place], password: str) -> int:
    """Institutions with departments, clinicians and agreements. `password` is a made hash."""
    require_intention()
    day = timezone.localdate()
    organisations = {place.number: _organisation(place) for place in places}
    departments = {
        (place.number, name): Department(
            organisation=organisations[place.number], name=name, specialty=specialty
        )
        for place in places
        for name, specialty in place.departments
    }
    staff = [
        _staff(
            clinician, organisations[place.number], departments[place.number, department], password
        )
        for place in places
        for clinician in clinicians(place, day)
        for department in [clinician.department]
    ]
    Organisation.objects.bulk_create(organisations.values())
    Department.objects.bulk_create(departments.values())
    _create_staff(staff)
    lay_agreements(county_agreements(places, organisations, day))
    audit.record(action="demo.lay", target=f"Organisation/{len(places)} by rule")
    _publish(chain(organisations.values(), *(licensed for _user, *licensed in staff)))
    return len(places)


Staff = tuple[User, PractitionerRole, Practitioner]


def _organisation(place: Place) -> Organisation:
    return Organisation(
        number=place.number,
        name=place.name,
        pinyin_initials=place.initials,
        kind=place.kind,
        division=province.division(place.division),
        phone=place.phone,
    )


def _staff(
    clinician: Clinician, organisation: Organisation, department: Department, password: str
) -> Staff:
    user = User(username=clinician.username, name=clinician.name, password=password)
    role = PractitionerRole(
        user=user, organisation=organisation, department=department, role=clinician.role
    )
    user.acting_as = role
    practitioner = Practitioner(
        user=user,
        title=clinician.title,
        licence_no=clinician.licence_no,
        specialty=clinician.specialty,
        practising_since=clinician.practising_since,
        licensed_until=clinician.licensed_until,
    )
    return user, role, practitioner


def _create_staff(staff: Iterable[Staff]) -> None:
    """Account and role point at each other: foreign keys are checked at the commit."""
    users, roles, practitioners = zip(*staff, strict=True) if staff else ((), (), ())
    User.objects.bulk_create(users)
    PractitionerRole.objects.bulk_create(roles)
    Practitioner.objects.bulk_create(practitioners)


def _publish(instances: Iterable[Model]) -> None:
    for instance in instances:
        publication.publish(instance)


def hash_password() -> str:
    """The shared password, hashed once as any other: a real hash takes a third of a second."""
    require_intention()
    return make_password(PASSWORD)


def lay_accounts(*, password: str) -> None:
    """The accounts of the sign-in page, with roles, licences and signing keys."""
    require_intention()
    for account in ACCOUNTS:
        _lay_account(account, password)


def _lay_account(account: Account, password: str) -> None:
    user = User.objects.create(
        username=account.username,
        name=account.name,
        password=password,
        phone=account.phone,
        phone_verified=True,
    )
    if account.place is None:
        return
    organisation = Organisation.objects.get(number=account.place.number)
    department = organisation.departments.filter(name=account.department).first()
    role = PractitionerRole.objects.create(
        user=user, organisation=organisation, department=department, role=account.role
    )
    user.acting_as = role
    user.save(update_fields=["acting_as"])
    if account.title and account.specialty:
        practitioner = _lay_licence(account, user, account.title, account.specialty)
        _publish([practitioner])
    _publish([role])
    if account.signs:
        signing.create_key(user=user, pin=PIN)


def _lay_licence(
    account: Account, user: User, title: Practitioner.Title, specialty: Specialty
) -> Practitioner:
    day = timezone.localdate()
    return Practitioner.objects.create(
        user=user,
        title=title,
        licence_no=f"DEMO{account.username.upper()}",
        specialty=specialty,
        practising_since=account.practising_since(day),
        licensed_until=date(day.year + 4, 6, 30),
    )


def lay_residents() -> None:
    """Through the same door as anybody who is registered at a clinic."""
    require_intention()
    numbers = [place.number for place in province.clinics_of_the_story()]
    clinics = Organisation.objects.in_bulk(numbers, field_name="number")
    for resident in RESIDENTS:
        _lay_resident(resident, clinics[numbers[resident.clinic]])


def _lay_resident(resident: Resident, clinic: Organisation) -> None:
    patient = register_and_treat(
        actor=require_intention().actor,
        organisation=clinic,
        name=resident.name,
        id_card=resident.id_card,
        phone=resident.phone,
        address=f"贵州省贵阳市开阳县{resident.village}{province.MARK}",
    )
    if resident.username:
        patient.user = User.objects.get(username=resident.username)
        patient.save(update_fields=["user"])


def _asker() -> Account:
    """The township doctor of the story's first clinic."""
    doctors = (account for account in ACCOUNTS if account.role == Role.TOWNSHIP_DOCTOR)
    return next(account for account in doctors if account.clinic == 0)


def lay_family() -> None:
    """A grandmother who raises her grandson while his parents work far away."""
    require_intention()
    doctor = User.objects.get(username=_asker().username)
    told = {resident.name: resident.id_card for resident in RESIDENTS}
    (grandmother,) = by_id_cards([told["吴金花"]])
    (grandson,) = by_id_cards([told["陈浩宇"]])
    index.add_relation(
        actor=doctor,
        subject=grandson,
        delegate=grandmother,
        basis="custody",
        kin="grandparent",
        papers="custody_paper",
    )
    head = index.found_household(actor=doctor, head=grandmother, address="双永村 3 组 12 号")
    index.join_household(actor=doctor, household=head.household, person=grandson, kin="grandchild")
    index.enter_health_card(actor=doctor, patient=grandmother, number="5201210000001231")


def is_laid() -> bool:
    """Whether the story is there, and what is left to do is to fill the province around it."""
    require_intention()
    return FillProgress.objects.filter(pk=PROVINCE).exists()


def begin_fill() -> None:
    """From now on the rest of the province may be laid, chunk by chunk."""
    require_intention()
    FillProgress.objects.create(
        key=PROVINCE, done=Organisation.objects.count(), total=len(province.plan())
    )


def fill_chunk(*, size: int) -> bool:
    """The next institutions of the plan; True while some are missing. One filler at a time."""
    require_intention()
    mine = FillProgress.objects.select_for_update(skip_locked=True, no_key=True)
    progress = mine.filter(pk=PROVINCE, finished_at=None).first()
    if progress is None:
        return False
    there = set(Organisation.objects.values_list("number", flat=True))
    missing = [place for place in province.plan() if place.number not in there]
    if chunk := missing[:size]:
        password = User.objects.get(username=ACCOUNTS[0].username).password
        lay_places(places=chunk, password=password)
    progress.done = progress.total - len(missing) + len(chunk)
    progress.finished_at = None if len(missing) > len(chunk) else timezone.now()
    progress.save(update_fields=["done", "finished_at"])
    return progress.finished_at is None
