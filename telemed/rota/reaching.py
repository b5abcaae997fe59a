"""Who is there to tell and to step in at an institution, whatever it is about."""

from django.db.models import Exists, OuterRef, QuerySet

from telemed.organisations.models import Division, Organisation
from telemed.people.models import PractitionerRole, Role, User
from telemed.rota.queries import duty_director


def people_of(organisation: Organisation, role: str) -> QuerySet[User]:
    """The accounts that hold that role at that institution now."""
    current = PractitionerRole.objects.filter(
        user=OuterRef("pk"), organisation=organisation, role=role, ends_on=None
    )
    return User.objects.filter(Exists(current), is_active=True)


def coordinators_of(organisation: Organisation) -> QuerySet[User]:
    return people_of(organisation, Role.COORDINATOR)


def directors_of(organisation: Organisation) -> list[User]:
    """Who steps in when nobody answers: the duty director; without a rota, every director."""
    on_duty = duty_director(organisation)
    return [on_duty] if on_duty else list(people_of(organisation, Role.DIRECTOR))


def prefecture_coordinators(organisation: Organisation) -> QuerySet[User]:
    """The coordinators of the health authority of that institution's prefecture."""
    return authority_coordinators(organisation, Division.Level.PREFECTURE)


def authorities_above(organisation: Organisation) -> list[Organisation]:
    """The health authorities of its county, prefecture and province that have a coordinator."""
    above: list[str] = []
    division: Division | None = organisation.division
    while division:
        above.append(division.pk)
        division = division.parent
    current = PractitionerRole.objects.filter(
        organisation=OuterRef("pk"), role=Role.COORDINATOR, ends_on=None, user__is_active=True
    )
    found = Organisation.objects.filter(
        Exists(current), kind=Organisation.Kind.AUTHORITY, division__in=above, active=True
    ).exclude(pk=organisation.pk)
    return sorted(found, key=lambda one: (above.index(one.division_id), one.number))


def authority_coordinators(organisation: Organisation, level: str) -> QuerySet[User]:
    """The coordinators of the health authority of its county, prefecture or province."""
    division: Division | None = organisation.division
    while division and division.level != level:
        division = division.parent
    current = PractitionerRole.objects.filter(
        user=OuterRef("pk"),
        organisation__division=division,
        organisation__kind=Organisation.Kind.AUTHORITY,
        role=Role.COORDINATOR,
        ends_on=None,
    )
    people = User.objects.filter(Exists(current), is_active=True)
    return people if division else people.none()
