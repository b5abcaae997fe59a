"""Keeping the teams of a clinic: who belongs to them, and who takes over a doctor's people."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from records.consent.services import end_care
from scheduling.registration import queries
from scheduling.registration.events import DoctorGone
from scheduling.registration.models import (
    DOCTORS,
    IN_CARE,
    Contract,
    Function,
    Member,
    Team,
)
from scheduling.registration.permissions import may_keep_teams
from scheduling.registration.services.doctors_leaving import leave_to
from scheduling.registration.services.opening import open_to
from telemed.audit import services as audit
from telemed.core import outbox, publication
from telemed.core.errors import Conflict, Invalid, NotFound, require
from telemed.core.intentions import refusing, require_intention
from telemed.people.models import User

NAMED = 60  # characters


def found_team(
    *, actor: User, name: str, leader_id: UUID | None, villages: str = "", phone: str = ""
) -> Team:
    """A team begins with its leader."""
    require_intention()
    _require_keeper(actor)
    name = name.strip()[:NAMED]
    if not name:
        raise Invalid(_("A team needs a name."), path="name")
    team = Team(
        organisation=actor.acting_organisation,
        name=name,
        villages=villages.strip()[:200],
        phone=phone.strip()[:20],
    )
    taken = Conflict(_("There is a team of this name already."), path="name")
    with refusing(one_open_team_of_a_name=taken):
        team.save(force_insert=True)
    _join(team, function=Function.LEADER, user=_account(team, Function.LEADER, leader_id))
    note_team(team, "team.found")
    return team


def change_team(*, actor: User, team_id: UUID, villages: str, phone: str) -> Team:
    require_intention()
    team = queries.get_own_team(actor, team_id, lock=True)
    team.villages, team.phone = villages.strip()[:200], phone.strip()[:20]
    team.save(update_fields=["villages", "phone"])
    note_team(team, "team.change")
    return team


def add_member(
    *, actor: User, team_id: UUID, function: str, user_id: UUID | None = None, name: str = ""
) -> Member:
    """A new leader takes over from the one before, who stays as a doctor of the team."""
    require_intention()
    team = queries.get_own_team(actor, team_id, lock=True)
    if function not in Function.values:
        raise Invalid(_("Please choose what they do in the team."), path="function")
    name = name.strip()[:NAMED]
    user = _account(team, Function(function), user_id) if user_id or not name else None
    if user is None and function in (*DOCTORS, Function.SPECIALIST):
        raise Invalid(_("A doctor of a team needs an account."), path="user")
    if function == Function.LEADER:
        now = Member.objects.current().filter(team=team, function=Function.LEADER)
        before = list(now.exclude(user=user))
        now.exclude(user=user).update(function=Function.GP)
        _pass_on_of_gone(team, before)
        mine = Member.objects.current().filter(team=team, user=user)
        if mine.update(function=Function.LEADER):
            note_team(team, "team.lead")
            return mine.get()
    member = _join(team, function=function, user=user, name="" if user else name)
    if user:
        rows = Contract.objects.filter(team=team, status__in=IN_CARE)
        for contract in rows.select_related("patient__merged_into"):
            open_to(contract, member)
    note_team(team, "team.add")
    return member


def end_member(*, actor: User, member_id: UUID, successor_id: UUID | None = None) -> Member:
    """
    Somebody leaves; whom they had signed goes on with another doctor of the team, part by part.

    Raises Conflict for who has left already and where none is named, PanelFull where that doctor
    has no room for all of them.
    """
    require_intention()
    seen = Member.objects.filter(pk=member_id).first()
    if seen is None:
        raise NotFound(_("Not found, or not yours to know of."))
    team = queries.get_own_team(actor, seen.team_id, lock=True)
    members = Member.objects.select_for_update(of=["self"], no_key=True)
    member = members.select_related("user").get(pk=seen.pk)
    if member.until:
        raise Conflict(_("{who} has left this team already.").format(who=member))
    if member.function == Function.LEADER:
        raise Conflict(_("Name another leader first."), path="function")
    if member.user:
        member.successor = leave_to(team, member.user, successor_id)
        about = Contract.objects.filter(team=team, status__in=IN_CARE).values_list("pk", flat=True)
        end_care(about=list(about), person=member.user.pk)
    today = timezone.localdate()
    member.until = max(member.since, today)
    member.save(update_fields=["until", "successor"])
    note_team(team, "team.remove")
    return member


def _pass_on_of_gone(team: Team, before: list[Member]) -> None:
    """A leader who left kept their people until somebody leads in their place."""
    for member in before:
        if member.user and not member.user.is_active:
            outbox.announce(DoctorGone(team_id=team.pk, user_id=member.user.pk))


def _join(team: Team, *, function: str, user: User | None = None, name: str = "") -> Member:
    there = Conflict(_("They belong to this team already."), path="user")
    lead = Conflict(_("This team has a leader already."), path="function")
    with refusing(once_in_a_team=there, one_leader_of_a_team=lead):
        return Member.objects.create(team=team, user=user, name=name, function=function)


def _account(team: Team, function: Function, user_id: UUID | None) -> User:
    """Somebody who works there now; a specialist at a hospital of the county."""
    there = queries.who_can_be(team.organisation, function)
    user = there.filter(pk=user_id).first() if user_id else None
    if user is None:
        raise Invalid(_("Please choose somebody who works there."), path="user")
    return user


def _require_keeper(actor: User) -> None:
    said = _("The head and the administrator of a clinic keep its teams.")
    require(may_keep_teams(actor), said)


def note_team(team: Team, action: str) -> None:
    audit.record(action=action, target=team)
    publication.publish(queries.reread(team))
