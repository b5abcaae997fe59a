"""
A doctor leaves, the team or for good: whom they had signed goes on with who was named, else leads
the team (ADR 0061).

In parts, each in an intention of its own: a panel has up to two thousand people. Who has no room
for them is not given them: the keepers of the team hear how many are left.
"""

from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from scheduling.registration import queries, rules
from scheduling.registration.events import DoctorGone
from scheduling.registration.models import Contract, Panel, Team
from scheduling.registration.services.claiming import full
from scheduling.registration.services.telling import tell_passed_on, tell_without_doctor
from telemed.audit import services as audit
from telemed.core import outbox, publication
from telemed.core.errors import Conflict
from telemed.core.intentions import require_intention
from telemed.people.models import User

PART = 50


def announce_gone(*, doctor_id: UUID) -> None:
    """Of a closed account, by team; of a licence that was stopped the keepers and the leader."""
    require_intention()
    doctor = User.objects.select_related("practitioner").get(pk=doctor_id)
    for team, n in queries.held_by(doctor_id):
        named = queries.successor_of(team, doctor_id)
        if named is None and queries.led_by_user(team, doctor_id):
            continue  # who leads it next is asked for, and takes them over then
        if not doctor.is_active:
            outbox.announce(DoctorGone(team_id=team.pk, user_id=doctor_id))
        elif not queries.may_work(doctor):
            tell_without_doctor(team, doctor, n)


def hand_on_part(*, team_id: UUID, doctor_id: UUID, moved: int = 0) -> int:
    """
    The next of them to who was named, else to the leader, then to whoever of the team has room.
    How many went.
    """
    require_intention()
    team = Team.objects.select_for_update(of=["self"], no_key=True).get(pk=team_id)
    doctor = User.objects.get(pk=doctor_id)
    if queries.works_in(team, doctor) or team.closed_on:
        _keep_successor(team, doctor, None)
        return 0
    rows = list(queries.held_in(team, doctor_id).select_for_update(of=["self"], no_key=True)[:PART])
    heir = _with_room(team, doctor_id) if rows else None
    if heir is None:
        _finish(team, doctor, moved=moved, left=len(rows))
        return 0
    successor, room = heir
    going = _as_many(rows, room)
    _pass_on(doctor=doctor, successor=successor, rows=going, cap=_cap(team))
    audit.record(action="team.pass_on", target=team, reason=f"{len(going)}")
    outbox.announce(DoctorGone(team_id=team_id, user_id=doctor_id, moved=moved + len(going)))
    return len(going)


def name_successor(*, user: User, to: User, team_id: UUID) -> None:
    """
    Before an account is closed: that colleague if they are a doctor of the team, else its leader,
    goes on with all of them, part by part as soon as it is closed. Raises PanelFull where there
    is no room.
    """
    require_intention()
    team = Team.objects.select_for_update(of=["self"], no_key=True).get(pk=team_id)
    others = [one for one in queries.doctors_of(team) if one.pk != user.pk]
    named = [one for one in others if one.pk == to.pk]
    leader = queries.leader_of(team)
    chosen = named or [one for one in others if one == leader]
    if not chosen:
        sentence = _("{who} is no doctor of {team}, and nobody else leads it: name a leader first.")
        raise Conflict(sentence.format(who=to.name, team=team.name), path="to")
    _refuse_too_many(team, chosen[0], queries.held_in(team, user.pk).filter(holds_place=True))
    _keep_successor(team, user, chosen[0])
    audit.record(action="team.name_successor", target=team)


def leave_to(team: Team, doctor: User, successor_id: UUID | None) -> User | None:
    """
    Out of this locked team: who goes on with whom they had signed; None where they had nobody.

    Raises Conflict where that is no other doctor of the team, PanelFull where there is no room.
    """
    require_intention()
    held = queries.held_in(team, doctor.pk)
    n = held.count()
    if not n:
        return None
    others = (one for one in queries.doctors_of(team) if one.pk != doctor.pk)
    successor = next((one for one in others if one.pk == successor_id), None)
    if successor is None:
        sentence = _("{n} people are signed with them; choose who takes them over.")
        raise Conflict(sentence.format(n=n), path="successor")
    _refuse_too_many(team, successor, held.filter(holds_place=True))
    outbox.announce(DoctorGone(team_id=team.pk, user_id=doctor.pk))
    return successor


def _refuse_too_many(team: Team, successor: User, rows: QuerySet[Contract]) -> None:
    """Looked at, not taken: who has no room later is given as many as they have room for."""
    cap = _cap(team)
    if queries.panel_sizes([successor]).get(successor.pk, 0) + rows.count() > cap:
        raise full(cap)


def _keep_successor(team: Team, doctor: User, successor: User | None) -> None:
    member = queries.last_time_in(team, doctor.pk)
    if member:
        member.successor = successor
        member.save(update_fields=["successor"])


def _pass_on(*, doctor: User, successor: User, rows: list[Contract], cap: int) -> None:
    """These locked contracts of one doctor to another, with their places. Raises PanelFull."""
    n = sum(one.holds_place for one in rows)
    for account in sorted([doctor, successor], key=lambda one: one.pk):
        Panel.objects.bulk_create([Panel(doctor=account, cap=cap)], ignore_conflicts=True)
    room = Panel.objects.filter(doctor=successor, signed__lte=cap - n)
    if not room.update(signed=F("signed") + n, cap=cap):
        raise full(cap)
    Panel.objects.filter(doctor=doctor).update(signed=F("signed") - n)
    moving = Contract.objects.filter(pk__in=[one.pk for one in rows])
    moving.update(doctor=successor)
    for contract in moving.select_related(*queries.SHOWN):
        publication.publish(contract)


def _cap(team: Team) -> int:
    cap: int = rules.value(rules.CAP, team.organisation_id)
    return cap


def _with_room(team: Team, gone: UUID) -> tuple[User, int] | None:
    """Who was named, else the first of the team's doctors, led by its leader; for how many more."""
    named = queries.successor_of(team, gone)
    able = [one for one in queries.doctors_of(team) if one.pk != gone and queries.may_work(one)]
    able.sort(key=lambda one: one != named)
    signed = queries.panel_sizes(able)
    free = ((one, _cap(team) - signed.get(one.pk, 0)) for one in able)
    return next(((one, room) for one, room in free if room > 0), None)


def _as_many(rows: list[Contract], room: int) -> list[Contract]:
    """What is not signed yet holds no place."""
    going: list[Contract] = []
    for one in rows:
        room -= one.holds_place
        if room < 0:
            break
        going.append(one)
    return going


def _finish(team: Team, doctor: User, *, moved: int, left: int) -> None:
    named = queries.successor_of(team, doctor.pk)
    heir = named if named and queries.may_work(named) else queries.leader_of(team)
    if moved and heir:
        tell_passed_on(team, doctor, heir, moved)
    _keep_successor(team, doctor, None)
    if left:
        tell_without_doctor(team, doctor, queries.held_in(team, doctor.pk).count())
