"""Teams with their doctors, how busy they are, whom they serve, and the packages of a county."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Count, Prefetch, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _

from records.consent.models import Basis, CareAccess
from records.mpi.models import Member as HouseMember
from records.mpi.models import Patient
from scheduling.registration.models import (
    DOCTORS,
    LIVE,
    OPEN,
    Contract,
    Function,
    Member,
    Package,
    Panel,
    Status,
    Team,
)
from scheduling.registration.permissions import COUNTY, KEEPERS, may_keep_teams, may_review
from telemed.core.errors import NotFound
from telemed.organisations.models import Division, Organisation
from telemed.people.models import Practitioner, PractitionerRole, Role, User

MOST_TEAMS = 30
STOPPED = [
    *(Practitioner.State.SUSPENDED, Practitioner.State.REVOKED),
    Practitioner.State.EXPIRED,
]


@dataclass(frozen=True)
class Workload:
    """How busy a team is: what a leader looks at before agreeing, and a resident before asking."""

    doctors: int
    signed: int
    cap: int

    @property
    def free(self) -> int:
        return max(self.cap - self.signed, 0)


def open_teams() -> QuerySet[Team]:
    members = Member.objects.current().select_related("user__practitioner").order_by("since", "pk")
    teams = Team.objects.filter(closed_on=None).select_related("organisation__division")
    return teams.prefetch_related(Prefetch("members", members, to_attr="now"))


def get_team(team_id: UUID) -> Team:
    """One that takes people, for everybody."""
    team = open_teams().filter(pk=team_id, shut_on=None).first()
    if team is None:
        raise NotFound(_("This team does not exist."), path="team")
    return team


def get_own_team(actor: User, team_id: UUID, *, lock: bool = False) -> Team:
    """One of the clinic that the actor keeps. Raises NotFound for any other."""
    teams = Team.objects.filter(organisation=actor.organisation_id, pk=team_id, closed_on=None)
    teams = teams.select_related("organisation__division")
    if lock:
        # with its key: who comes to the team looks for it (a_shut_team_takes_nobody), in turns
        teams = teams.select_for_update(of=["self"])
    team = teams.first() if may_keep_teams(actor) else None
    if team is None:
        raise NotFound(_("Not found, or not yours to know of."))
    return team


def teams_kept(actor: User) -> list[Team]:
    return list(open_teams().filter(organisation=actor.organisation_id).order_by("name", "pk"))


def teams_after(after: UUID | None, limit: int) -> list[UUID]:
    """The teams that come after this one, for a night's work; an empty list at the end."""
    rows = Team.objects.order_by("pk")
    rows = rows.filter(pk__gt=after) if after else rows
    return list(rows.values_list("pk", flat=True)[:limit])


def teams_of(actor: User) -> list[Team]:
    """Those to which this account belongs now."""
    mine = Member.objects.current().filter(user=actor)
    return list(open_teams().filter(pk__in=mine.values("team")).order_by("name", "pk"))


def is_member(actor: User, team: Team) -> bool:
    """In the team, and acting where it is; a supporting specialist acts at their own hospital."""
    if not may_review(actor):
        return False
    mine = Member.objects.current().filter(team=team, user=actor)
    here = actor.organisation_id == team.organisation_id
    return mine.filter(Q() if here else Q(function=Function.SPECIALIST)).exists()


def leads(actor: User, team: Team) -> bool:
    return actor.organisation_id == team.organisation_id and led_by_user(team, actor.pk)


def led_by_user(team: Team, user_id: UUID) -> bool:
    """Also of an account that is closed or somewhere else by now."""
    mine = Member.objects.current().filter(team=team, user=user_id, function=Function.LEADER)
    return mine.exists()


def doctors_of(team: Team) -> list[User]:
    """Whom a contract of this team can name, the leader first."""
    rows = Member.objects.current().filter(team=team, function__in=DOCTORS, user__is_active=True)
    found = rows.select_related("user__practitioner").order_by("since", "pk")
    return [m.user for m in sorted(found, key=lambda m: m.function != "leader") if m.user]


def leader_of(team: Team) -> User | None:
    """Who leads it and has an account still; None where there is nobody to be told."""
    row = Member.objects.current().filter(team=team, function=Function.LEADER)
    member = row.filter(user__is_active=True).select_related("user").first()
    return member.user if member else None


def doctor_now(contract: Contract) -> User | None:
    """Whom a contract's doctor is told through: where that one may not work, who leads the team."""
    doctor = contract.doctor
    return doctor if doctor and may_work(doctor) else leader_of(contract.team)


def may_work(doctor: User) -> bool:
    """Has an account, and no licence that was stopped."""
    practitioner = getattr(doctor, "practitioner", None)
    stopped = practitioner is not None and practitioner.state in STOPPED
    return doctor.is_active and not stopped


def accounts_of(team: Team) -> list[Member]:
    """Members who sign in: whose the records of the signed become."""
    rows = Member.objects.current().filter(team=team, user__isnull=False)
    return list(rows.select_related("user__acting_as__organisation"))


def workloads(teams: Sequence[Team], cap: int) -> dict[UUID, Workload]:
    """By team; a doctor of two teams is as busy in both."""
    doctors: dict[UUID, set[UUID]] = {team.pk: set() for team in teams}
    rows = Member.objects.current().filter(team__in=list(doctors), function__in=DOCTORS)
    for team_id, user_id in rows.values_list("team", "user"):
        doctors[team_id].add(user_id)
    everybody = {one for several in doctors.values() for one in several}
    signed = dict(Panel.objects.filter(doctor__in=everybody).values_list("doctor", "signed"))
    return {
        pk: Workload(len(mine), sum(signed.get(one, 0) for one in mine), cap * len(mine))
        for pk, mine in doctors.items()
    }


def panel_sizes(doctors: Iterable[User]) -> dict[UUID, int]:
    rows = Panel.objects.filter(doctor__in=[one.pk for one in doctors])
    return dict(rows.values_list("doctor", "signed"))


def home_of(patient: Patient) -> str:
    """The code of the place where somebody lives: of the household, else of their clinic."""
    person = patient.merged_into or patient
    lives = HouseMember.objects.filter(
        Q(person=person) | Q(person__merged_into=person), left_on=None
    )
    code = lives.values_list("household__division", flat=True).first()
    clinic = person.managing_organisation
    return code or (clinic.division_id if clinic else _treated_at(person))


def _treated_at(person: Patient) -> str:
    """Of whom nothing else is known: where they were treated first."""
    rows = CareAccess.objects.in_force().filter(patient__in=person.rids, basis=Basis.TREATING)
    number = rows.order_by("pk").values_list("org", flat=True).first()
    place = Organisation.objects.filter(number=number).first() if number else None
    return place.division_id if place else ""


def is_in_area(team: Team, code: str) -> bool:
    """A team serves the place of its clinic; a place known by its county is in all of it."""
    area = team.organisation.division_id
    return bool(code) and (code.startswith(area) or area.startswith(code))


def teams_near(patient: Patient, *, at: UUID | None = None, text: str = "") -> list[Team]:
    """
    Where this person may sign up, the own clinic's teams first; `at` one clinic, or by a name.

    One more than are shown, where there are more.
    """
    code = home_of(patient)
    if not code:
        return []
    around = open_teams().filter(_serving(code), shut_on=None)
    for word in text.split():
        around = around.filter(_named(word))
    if at:
        around = around.filter(organisation=at)
    theirs = Case(When(organisation=patient.managing_organisation_id, then=0), default=1)
    return list(around.order_by(theirs, "name", "pk")[: MOST_TEAMS + 1])


def _serving(code: str) -> Q:
    """The places of `is_in_area`."""
    above = [code[:n] for n in range(COUNTY, len(code) + 1)]
    return Q(organisation__division__in=above) | Q(organisation__division__code__startswith=code)


def _named(word: str) -> Q:
    """People know a team by its doctor, its clinic or its villages, too."""
    mine = Member.objects.current().filter(user__name__icontains=word)
    places = Q(organisation__name__icontains=word) | Q(villages__icontains=word)
    return Q(name__icontains=word) | places | Q(pk__in=mine.values("team"))


def packages_of(organisation: Organisation) -> list[Package]:
    """What can be chosen at a clinic of this county today, the basic one first."""
    today = timezone.localdate()
    county = organisation.division_id[:COUNTY]
    there = Package.objects.filter(division=county, since__lte=today)
    return list(there.filter(Q(until=None) | Q(until__gt=today)).order_by("kind", "price", "pk"))


def get_package(organisation: Organisation, package_id: UUID | None) -> Package:
    """One of those, or the first where nothing is said."""
    there = packages_of(organisation)
    chosen = [one for one in there if package_id in (None, one.pk)]
    if not chosen:
        raise NotFound(_("This package cannot be chosen here."), path="package")
    return chosen[0]


def packages_kept(actor: User) -> list[Package]:
    """Of the counties of the authority; a clinic sees those of its own county."""
    if actor.organisation is None:
        return []
    mine = actor.organisation.division_id
    within = Q(division__code__startswith=mine) | Q(division=mine[:COUNTY])
    rows = Package.objects.filter(within).select_related("division")
    return list(rows.order_by("until", "division", "kind", "price", "pk")[:200])


def counties_of(actor: User) -> list[Division]:
    """For which counties an authority keeps packages."""
    if actor.organisation is None:
        return []
    mine = actor.organisation.division_id[:COUNTY]
    rows = Division.objects.filter(level=Division.Level.COUNTY, code__startswith=mine)
    return list(rows.order_by("code"))


def next_team(patient: Patient, besides: Team, cap: int) -> Team | None:
    """Where else this person might be taken: in the area, the one with most room."""
    others = [team for team in teams_near(patient) if team.pk != besides.pk]
    loads = workloads(others, cap)
    free = [team for team in others if loads[team.pk].free]
    return max(free, key=lambda team: loads[team.pk].free, default=None)


def coordinators_of(organisation: Organisation) -> list[User]:
    """Those of the county, who see to what is overdue."""
    return _holders(organisation, Role.COORDINATOR)


def keepers_of(organisation: Organisation) -> list[User]:
    """Heads and administrators of a clinic, who keep its teams."""
    held = PractitionerRole.objects.filter(
        role__in=KEEPERS, ends_on=None, organisation=organisation
    )
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))


def led_by(user_id: UUID) -> list[tuple[Team, User]]:
    """The open teams that an account leads, whether it may still sign in or not."""
    rows = Member.objects.current().filter(user=user_id, function=Function.LEADER)
    shown = rows.select_related("team__organisation", "user").order_by("pk")
    return [(member.team, member.user) for member in shown if member.user]


def held_by(doctor_id: UUID) -> list[tuple[Team, int]]:
    """The teams in which somebody is the doctor of contracts, with how many."""
    rows = Contract.objects.filter(_held(), doctor=doctor_id, team__closed_on=None)
    counts = dict(rows.order_by().values_list("team").annotate(n=Count("pk")))
    teams = Team.objects.filter(pk__in=counts).select_related("organisation__division")
    return [(team, counts[team.pk]) for team in teams.order_by("name", "pk")]


def held_in(team: Team, doctor_id: UUID) -> QuerySet[Contract]:
    """Theirs in this team, in the order in which contracts are locked."""
    return Contract.objects.filter(_held(), team=team, doctor=doctor_id).order_by("pk")


def _held() -> Q:
    """What a doctor has still: asked for, signed, or in force."""
    renewed = Q(status=Status.RENEWED, term__endswith__gt=timezone.localdate())
    return Q(status__in=[*OPEN, Status.SIGNED, *LIVE]) | renewed


def successor_of(team: Team, doctor_id: UUID) -> User | None:
    """Who was named to go on with whom a doctor of the team has signed."""
    member = last_time_in(team, doctor_id)
    return member.successor if member else None


def last_time_in(team: Team, user_id: UUID) -> Member | None:
    """The newest membership of somebody, whether it lasts or has ended."""
    mine = Member.objects.filter(team=team, user=user_id).select_related("successor")
    return mine.order_by("-since", "-pk").first()


def works_in(team: Team, user: User) -> bool:
    """With an account, and a place in the team."""
    return user.is_active and Member.objects.current().filter(team=team, user=user).exists()


def leaderless(organisation_id: UUID | None) -> list[Team]:
    """Open teams of a clinic whose leader has no account any more, or that have none."""
    lead = Member.objects.current().filter(function=Function.LEADER, user__is_active=True)
    rows = Team.objects.filter(organisation=organisation_id, closed_on=None, shut_on=None)
    return list(rows.exclude(pk__in=lead.values("team")).order_by("name", "pk"))


def authority_of(organisation: Organisation) -> list[User]:
    """Heads and coordinators of the county's health authority."""
    return [
        user
        for role in (Role.HEAD, Role.COORDINATOR)
        for user in _holders(organisation, role, kind=Organisation.Kind.AUTHORITY)
    ]


def _holders(organisation: Organisation, role: str, **facts: object) -> list[User]:
    county = organisation.division_id[:COUNTY]
    held = PractitionerRole.objects.filter(
        role=role,
        ends_on=None,
        organisation__in=Organisation.objects.filter(division__code__startswith=county, **facts),
    )
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))


def reread(team: Team) -> Team:
    """As it stands now, with its members, for its published face."""
    rows = Team.objects.select_related("organisation__division")
    members = Member.objects.current().select_related("user__practitioner").order_by("since", "pk")
    return rows.prefetch_related(Prefetch("members", members, to_attr="now")).get(pk=team.pk)


def who_can_be(organisation: Organisation, function: Function) -> QuerySet[User]:
    """
    Doctors of the clinic; as supporting specialists those of the county's hospitals. A village
    doctor is that in a team, and neither leads one nor is its family doctor.
    """
    held = PractitionerRole.objects.filter(ends_on=None)
    if function == Function.SPECIALIST:
        county = organisation.division_id[:COUNTY]
        held = held.filter(role=Role.SPECIALIST, organisation__division__code__startswith=county)
    else:
        held = held.filter(role=Role.TOWNSHIP_DOCTOR, organisation=organisation)
    there = User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")
    if function in (Function.LEADER, Function.GP):
        return there.exclude(practitioner__title=Practitioner.Title.VILLAGE)
    return there
