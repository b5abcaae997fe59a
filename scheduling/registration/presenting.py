"""What the pages of sign-up show, put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from records.consent import access
from records.mpi.models import Patient
from records.mpi.queries import household_of
from scheduling.registration import groups, included, limited, promises, queries, rules
from scheduling.registration.models import (
    OPEN,
    Contract,
    Group,
    Rejection,
    Status,
    Team,
)
from scheduling.registration.queries import Workload
from scheduling.registration.services import signers_of
from scheduling.registration.services.ending import LEADERS, RESIDENTS
from scheduling.registration.villages import propose, village_of
from telemed.core.errors import NotFound
from telemed.people.models import Role, User

TOLD = 500
ENDABLE = (Status.SIGNED, Status.ACTIVE, Status.RENEWAL_ASKED)


@dataclass(frozen=True)
class Offer:
    """A team as somebody sees it who looks for one."""

    team: Team
    leader: User | None
    load: Workload
    kept: promises.Kept


@dataclass(frozen=True)
class Housemate:
    """Somebody who can be put on the form, or the contract because of which not."""

    person: Patient
    mine: bool
    busy: Contract | None
    shut: bool  # not at this team, or not before what waits elsewhere is settled


@dataclass(frozen=True)
class Stage:
    name: Any
    done: bool
    now: bool


@dataclass(frozen=True)
class Doctor:
    """A doctor of the team, and how many people they have signed."""

    user: User
    signed: int
    cap: int

    @property
    def is_full(self) -> bool:
        return self.signed >= self.cap


@dataclass(frozen=True, kw_only=True)
class Acts:
    """What this account can do with a contract now."""

    signers: list[Any]
    may_withdraw: bool
    may_renew: bool
    endings: list[tuple[str, Any]]
    may_review: bool
    may_reopen: bool
    may_hand_over: bool
    may_sign_own: bool


def teams_for(actor: User, patient: Patient, text: str = "") -> tuple[list[Offer], bool]:
    """Those near, the own clinic's first; at a desk those of its clinic alone. Are there more?"""
    desk = actor.organisation_id if actor.role == Role.DESK else None
    found = queries.teams_near(patient, at=desk, text=text)
    teams = found[: queries.MOST_TEAMS]
    loads: dict[Any, Workload] = {}
    for organisation_id in {team.organisation_id for team in teams}:
        here = [team for team in teams if team.organisation_id == organisation_id]
        loads |= queries.workloads(here, rules.value(rules.CAP, organisation_id))
    kept = promises.kept_by(teams)
    offers = [Offer(team, leader(team), loads[team.pk], kept[team.pk]) for team in teams]
    return offers, len(found) > len(teams)


def leader(team: Team) -> User | None:
    members = getattr(team, "now", [])
    return next((one.user for one in members if one.function == "leader"), None)


def household(
    actor: User, patient: Patient, people: Sequence[Patient], team: Team | None = None
) -> list[Housemate]:
    """Who can be on one form: a resident's own people; at the clinic those who live together."""
    several = {patient.pk: patient}
    if actor.role == Role.RESIDENT:
        several |= {one.pk: one for one in people}
    else:
        together = [member.person for member in household_of(patient)]
        seen = Patient.objects.filter(pk__in=[one.pk for one in together])
        several |= {one.pk: one for one in access.visible(actor, "book", seen)}
    busy = queries.household_candidates(list(several.values()))
    return [
        Housemate(
            one,
            mine=one.user_id == actor.pk,
            busy=busy.get(one.pk),
            shut=_is_shut(busy.get(one.pk), team, asked=one.pk == patient.pk),
        )
        for one in several.values()
    ]


def _is_shut(busy: Contract | None, team: Team | None, *, asked: bool) -> bool:
    """Only whom the page is for changes from one team to another."""
    if busy is None:
        return False
    return not asked or (team is not None and busy.team_id == team.pk)


def chosen(
    actor: User, patient: Patient | None, people: Sequence[Patient], wanted: Sequence[str]
) -> list[Patient]:
    """Those of the form, each of whom this account may put there."""
    if patient is None:
        raise NotFound(_("Not found, or not yours to know of."), path="for")
    there = {str(one.person.pk): one.person for one in household(actor, patient, people)}
    if set(wanted) - there.keys():
        raise NotFound(_("Not found, or not yours to know of."), path="people")
    return [there[pk] for pk in dict.fromkeys(wanted)]


def stages_of(contract: Contract) -> list[Stage]:
    """Applied, agreed, signed, in force: which are done and which comes now."""
    order = [
        (_("Applied"), {Status.APPLIED, Status.REVIEWING}),
        (_("Team agreed"), {Status.AGREED}),
        (_("Signed"), {Status.SIGNED}),
        (_("In force"), {Status.ACTIVE, Status.RENEWAL_ASKED, Status.RENEWED}),
    ]
    at = next((n for n, (_name, states) in enumerate(order) if contract.status in states), None)
    if at is None:
        return []
    return [Stage(name, n <= at, n == at) for n, (name, _states) in enumerate(order)]


def limits_of(contract: Contract) -> list[limited.Limit]:
    """How often in a year; once it is in force, how often in this one, too."""
    package = contract.package
    return limited.used_of(package.limits, contract.pk) if contract.is_in_care else package.limited


def services_of(contract: Contract) -> list[included.Service]:
    """What the package names; once it is in force, how often it was done this year."""
    package = contract.package
    if contract.is_in_care:
        return included.used_of(package.services, contract.pk)
    return package.included


def acts_on(actor: User, contract: Contract) -> Acts:
    resident = actor.role == Role.RESIDENT
    leads = not resident and queries.leads(actor, contract.team)
    member = not resident and queries.is_member(actor, contract.team)
    signs = contract.status == Status.AGREED and (resident or member)
    return Acts(
        signers=signers_of(actor, contract) if signs else [],
        may_withdraw=resident and contract.status in OPEN,
        may_renew=(resident or member) and queries.is_renewable(contract),
        endings=_endings(resident, leads) if contract.status in ENDABLE else [],
        may_review=leads and contract.status in (Status.APPLIED, Status.REVIEWING),
        may_reopen=leads and contract.status == Status.AGREED and not contract.renews_id,
        may_hand_over=leads
        and contract.status in (Status.LAPSED, Status.ENDED)
        and contract.handed_over_at is None,
        may_sign_own=contract.lacks_own and (member or contract.patient.user_id == actor.pk),
    )


def doctors_of(contract: Contract) -> list[Doctor]:
    """Whom the leader can name, the one with fewest first."""
    doctors = queries.doctors_of(contract.team)
    sizes = queries.panel_sizes(doctors)
    cap = rules.value(rules.CAP, contract.team.organisation_id)
    rows = [Doctor(one, sizes.get(one.pk, 0), cap) for one in doctors]
    return sorted(rows, key=lambda row: row.signed)


@dataclass(frozen=True)
class Village:
    """How many people of a village a team looks after, and who might take them over."""

    key: str  # of its field
    name: str
    people: int
    proposed: Team | None


def villages_of(team: Team) -> dict[str, Any]:
    """Whom a team would hand over, which teams could take them, and a proposal."""
    people, near = queries.people_by_village(team), queries.successors_of(team)
    room = {one.team.pk: one.free for one in near}
    found = propose(people, [one.team for one in near], room)
    return {
        "people": sum(people.values()),
        "near": near,
        "villages": [
            Village(f"to-{at}", name, n, found[name]) for at, (name, n) in enumerate(people.items())
        ],
    }


def to_tell(teams: Sequence[Team]) -> list[Contract]:
    """Whom these teams took over and no message reaches, village by village."""
    rows = [one for one in queries.handed_to(teams)[:TOLD] if one.patient.user_id is None]
    return sorted(rows, key=lambda one: (village_of(one.patient), one.patient.address, one.pk))


def groups_shown(actor: User, contract: Contract) -> list[Any]:
    """From the whole record for who may read it; else as far as the age says."""
    person = contract.patient
    seen = access.decide(actor, "read", person).allowed
    found = groups.groups_of(person) if seen else groups.by_age(person)
    return [Group(one).label for one in found]


def beside(actor: User, team: Team, person: Patient | None) -> promises.Beside:
    """
    Their own groups from the record for the resident alone; else as far as the age says, so that
    no page of a team tells anybody an illness.
    """
    if person is None:
        return promises.beside(team, [])
    own = actor.role == Role.RESIDENT and access.decide(actor, "read", person).allowed
    return promises.beside(team, groups.groups_of(person) if own else groups.by_age(person))


def rejections() -> list[tuple[str, Any]]:
    return [(one.value, one.label) for one in Rejection]


def _endings(resident: bool, leads: bool) -> list[tuple[str, Any]]:
    if resident:
        return [(one.value, one.label) for one in RESIDENTS]
    return [(one.value, one.label) for one in LEADERS] if leads else []
