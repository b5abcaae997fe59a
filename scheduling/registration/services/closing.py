"""
Closing or suspending a team: everybody whom it looks after is handed over to another, in parts.

What begins it only says who takes whom. The parts do the rest, each in an intention of its own:
who is there is moved, and who was moved is there no more, so that a worker may die anywhere.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from records.mpi.models import Patient
from scheduling.registration import clock_rows, queries, rules
from scheduling.registration.events import ContractRejected, TeamHandedOver
from scheduling.registration.models import (
    LIVE,
    Assignment,
    Because,
    Channel,
    Closing,
    Contract,
    Left,
    Panel,
    Rejection,
    Share,
    Status,
    Team,
)
from scheduling.registration.services.applying import withdraw_locked
from scheduling.registration.services.ending import end_locked, shorten
from scheduling.registration.services.running import activate
from scheduling.registration.services.signing import settle_term
from scheduling.registration.services.stepping import lock_all, note, step
from scheduling.registration.services.teams import note_team
from scheduling.registration.villages import village_of
from scheduling.registration.words import day_words
from telemed.audit import services as audit
from telemed.core import moments, outbox
from telemed.core.errors import Conflict, Invalid
from telemed.core.intentions import refusing, require_intention
from telemed.core.reasons import checked_reason
from telemed.people.models import User

LEFT_WHY = 10  # characters
Plan = Mapping[str, UUID | None]  # by village


def begin_closing(
    *, actor: User, team_id: UUID, kind: str, reason: str, plan: Plan, left_reason: str = ""
) -> Closing:
    """
    From now on the team takes nobody, and its residents go to the teams of the plan.

    Raises Conflict where somebody hands it over already, and Invalid where somebody would be left
    without a team and nobody has written why.
    """
    require_intention()
    teams = _lock_teams(actor, team_id, plan)
    team = teams.pop(team_id)
    _refuse_shut(team)
    if kind not in Closing.Kind.values:
        raise Invalid(_("Please choose what happens to the team."), path="kind")
    reason = checked_reason(reason, longest=200)
    there = queries.people_by_village(team)
    _check_plan(there, plan, teams)
    if short := _without_team(team, there, plan):
        left_reason = _checked_left(left_reason, short)
    closing = Closing(
        team=team,
        kind=kind,
        reason=reason,
        left_reason=left_reason.strip()[:500] if short else "",
        begun_by=actor,
        begun_at=moments.now(),
        people=sum(there.values()),
    )
    with refusing(one_closing_of_a_team_at_a_time=_already(team)):
        closing.save(force_insert=True)
    Share.objects.bulk_create(
        Share(closing=closing, village=village, people=n, successor=_named(teams, plan[village]))
        for village, n in there.items()
    )
    team.shut_on = timezone.localdate()
    team.save(update_fields=["shut_on"])
    note_team(team, "team.begin_closing")
    return closing


def hand_over_part(limit: int) -> int:
    """
    The next people of the oldest closing that nobody else works on; 0 when there is nothing to do.
    """
    require_intention()
    rows = Closing.objects.filter(finished_at=None).select_related("team__organisation__division")
    free = rows.select_for_update(of=["self"], skip_locked=True, no_key=True)
    closing = free.order_by("begun_at").first()
    if closing is None:
        return 0
    keys = queries.people_to_hand_over(closing.team, limit)
    if not keys:
        _finish(closing)
        return 1
    locked = Patient.objects.filter(pk__in=keys).select_for_update(no_key=True, of=["self"])
    people = {one.pk: one for one in locked.order_by("pk")}
    theirs = queries.bound_to(closing.team).filter(person_key__in=keys)
    contracts = lock_all(theirs.values_list("pk", flat=True))
    heirs = _Heirs(closing, [one.doctor_id for one in contracts if one.doctor_id])
    for key in keys:
        mine = [one for one in contracts if one.person_key == key]
        _hand_over(closing, people[key], mine, heirs)
    closing.save(update_fields=["moved"])
    return len(keys)


def resume_team(*, actor: User, team_id: UUID) -> Team:
    """A suspended team takes people again; who was handed over stays where they are."""
    require_intention()
    team = queries.get_own_team(actor, team_id, lock=True)
    if queries.closing_now(team):
        raise _already(team)
    if team.shut_on:
        team.shut_on = None
        team.save(update_fields=["shut_on"])
        note_team(team, "team.resume")
    return team


def open_left(*, actor: User) -> list[Left]:
    """Who is without a family doctor in the county; the list is one look."""
    require_intention()
    rows = queries.left_in_county(actor)
    audit.record(action="left.list", target=f"Contract/{len(rows)} left without a team")
    return rows


def settle_left(*, actor: User, left_id: UUID, words: str) -> Left:
    """A coordinator of the county has seen to somebody, and says how."""
    require_intention()
    seen = queries.get_left(actor, left_id)
    left = Left.objects.select_for_update(of=["self"], no_key=True).get(pk=seen.pk)
    if left.settled_at:
        if left.settled_by_id == actor.pk:
            return left
        sentence = _("{who} has seen to this person already.")
        who = left.settled_by.name if left.settled_by else ""
        raise Conflict(sentence.format(who=who), path="note")
    left.note = checked_reason(words, longest=200, path="note")
    left.settled_at, left.settled_by = moments.now(), actor
    left.save(update_fields=["note", "settled_at", "settled_by"])
    audit.record(action="left.settle", target=left, patient_id=left.contract.patient_id)
    return left


class _Heirs:
    """The doctors of the successors with their room, counted down; their panels are locked."""

    def __init__(self, closing: Closing, before: Sequence[UUID]) -> None:
        shares = list(closing.shares.select_related("successor__organisation__division"))
        self.teams = {one.village: one.successor for one in shares}
        named = {team.pk: team for team in self.teams.values() if team}
        self.doctors = {pk: queries.doctors_of(team) for pk, team in named.items()}
        caps = {pk: rules.value(rules.CAP, team.organisation_id) for pk, team in named.items()}
        everybody = {one.pk: caps[pk] for pk, several in self.doctors.items() for one in several}
        missing = [Panel(doctor_id=pk, cap=everybody[pk]) for pk in sorted(everybody)]
        Panel.objects.bulk_create(missing, ignore_conflicts=True)
        rows = Panel.objects.filter(doctor__in={*everybody, *before}).select_for_update(no_key=True)
        signed = dict(rows.order_by("pk").values_list("doctor", "signed"))
        self.free = {pk: cap - signed[pk] for pk, cap in everybody.items()}
        # Nobody was to be left: who moved house or found the place taken goes to another of them.
        self.others = [] if closing.left_reason else list(named.values())

    def take(self, village: str) -> tuple[Team | None, User | None]:
        """The team of the village and its doctor with most room, who has one place less now."""
        own = self.teams.get(village)
        for team in [own, *self.others] if own else self.others:
            able = [one for one in self.doctors[team.pk] if self.free[one.pk] > 0]
            if doctor := max(able, key=lambda one: self.free[one.pk], default=None):
                self.free[doctor.pk] -= 1
                return team, doctor
        return own, None


def _hand_over(closing: Closing, person: Patient, mine: list[Contract], heirs: _Heirs) -> None:
    """What was asked for is given back; what is in force goes on with the successor."""
    held = [one for one in mine if not one.is_open]
    for contract in mine:
        if contract not in held:
            _give_back(contract, heirs.teams.get(village_of(contract.patient)))
    if not held:
        return
    # Of one that was renewed the renewal goes on: it runs longest.
    old = max(held, key=lambda one: one.term.upper)
    for other in held:
        if other is not old:
            shorten(other)
    if person.deceased_on:
        _end(old, Because.DEATH)
        return
    team, doctor = heirs.take(village_of(old.patient))
    if team and doctor:
        _move(old, person, team, doctor, closing)
        closing.moved += 1
        return
    _end(old, Because.TEAM_CLOSED, closing.left_reason)
    because = Left.Because.FULL if team else Left.Because.NOBODY
    Left.objects.create(closing=closing, contract=old, because=because)


def _move(old: Contract, person: Patient, team: Team, doctor: User, closing: Closing) -> None:
    """A contract of its own, as it was signed; the old one ends in the same act."""
    asked = old.status == Status.RENEWAL_ASKED
    new = Contract(
        patient=old.patient,
        person_key=old.person_key,
        form=old.form,
        team=team,
        package=old.package,
        doctor=doctor,
        years=old.years,
        status=Status.AGREED,
        channel=Channel.HANDED,
        applied_by=closing.begun_by,
        applied_at=moments.now(),
        replaces=old,
        change_because=Because.TEAM_CLOSED,
        text=old.text,
        text_hash=old.text_hash,
        text_en=old.text_en,
        read_at=old.read_at,
        read_aloud=old.read_aloud,
        signed_by=old.signed_by,
        relation=old.relation,
        witness=old.witness,
        signature_hash=old.signature_hash,
        signed_at=old.signed_at,
    )
    new.save(force_insert=True)
    Assignment.objects.create(contract=new)
    note(new, "contract.propose", "")
    settle_term(new, old, person)
    if old.status == Status.ENDED:
        old.hand_over, old.handed_over_at = closing.reason, moments.now()
        old.save(update_fields=["hand_over", "handed_over_at"])
    activate(new)
    if asked:
        step(new, Status.RENEWAL_ASKED, "contract.ask_renewal")


def _end(contract: Contract, because: Because, words: str = "") -> None:
    if contract.status in (Status.SIGNED, *LIVE):
        end_locked(contract, because, words)
    else:
        shorten(contract)


def _give_back(contract: Contract, instead: Team | None) -> None:
    """An application is refused with the team that takes the village; what was agreed, too."""
    contract.rejection, contract.instead = Rejection.CLOSED, instead
    if contract.status == Status.AGREED:
        withdraw_locked(contract)
        if not contract.renews_id:
            outbox.announce(ContractRejected(contract_id=contract.pk))
        return
    contract.ended_at = moments.now()
    step(contract, Status.REJECTED, "contract.reject", ContractRejected, reason=Rejection.CLOSED)
    clock_rows.stop(contract)


def _finish(closing: Closing) -> None:
    team = Team.objects.select_for_update(of=["self"], no_key=True).get(pk=closing.team_id)
    if closing.kind == Closing.Kind.CLOSE:
        team.closed_on = timezone.localdate()
        team.save(update_fields=["closed_on"])
    closing.finished_at = moments.now()
    closing.save(update_fields=["finished_at"])
    suspended = closing.kind == Closing.Kind.SUSPEND
    note_team(team, "team.suspend" if suspended else "team.close")
    outbox.announce(TeamHandedOver(closing_id=closing.pk))


def _lock_teams(actor: User, team_id: UUID, plan: Plan) -> dict[UUID, Team]:
    """The team and its successors in ascending order: two that name each other take turns."""
    queries.get_own_team(actor, team_id)
    wanted = {team_id, *(pk for pk in plan.values() if pk)}
    # with its key: who comes to the team looks for it (a_shut_team_takes_nobody), in turns
    rows = Team.objects.filter(pk__in=wanted).select_for_update(of=["self"]).order_by("pk")
    return {team.pk: team for team in rows.select_related("organisation__division")}


def _refuse_shut(team: Team) -> None:
    if team.closed_on:
        raise Conflict(_("This team is closed already."), path="team")
    if queries.closing_now(team):
        raise _already(team)
    coming = Share.objects.filter(successor=team, closing__finished_at=None)
    if share := coming.select_related("closing__team").first():
        sentence = _("{team} is handing its residents over to this team; wait until it is done.")
        raise Conflict(sentence.format(team=share.closing.team.name), path="team")


def _already(team: Team) -> Conflict:
    closing = queries.closing_now(team)
    if closing is None:
        return Conflict(_("Somebody else is handing this team over just now."), path="team")
    sentence = _("{who} began to hand this team over on {date}.")
    date = day_words(timezone.localdate(closing.begun_at))
    return Conflict(sentence.format(who=closing.begun_by.name, date=date), path="team")


def _check_plan(there: Mapping[str, int], plan: Plan, teams: Mapping[UUID, Team]) -> None:
    if set(there) - set(plan):
        sentence = _("People signed up or left meanwhile: look at the villages again.")
        raise Conflict(sentence, path="village")
    for village in there:
        team = _named(teams, plan[village])
        if plan[village] and (team is None or team.shut_on or team.closed_on):
            raise Invalid(_("Please choose a team that takes people."), path="successor")


def _named(teams: Mapping[UUID, Team], team_id: UUID | None) -> Team | None:
    return teams.get(team_id) if team_id else None


def _without_team(team: Team, there: Mapping[str, int], plan: Plan) -> list[str]:
    """What the plan leaves open, said for people: villages without a team, teams without room."""
    said, wanted = list[str](), dict[UUID, int]()
    room = {one.team.pk: one for one in queries.successors_of(team)}
    for village, n in there.items():
        named = plan[village]
        if named is None:
            sentence = _("{n} people of {village}: no team")
            said.append(sentence.format(n=n, village=village or _("other places")))
        elif named not in room:
            raise Invalid(_("Please choose a team that takes people."), path="successor")
        else:
            wanted[named] = wanted.get(named, 0) + n
    for pk, n in wanted.items():
        if n > room[pk].free:
            sentence = _("{team} has room for {room} of {n} people")
            said.append(sentence.format(team=room[pk].team.name, room=room[pk].free, n=n))
    return said


def _checked_left(words: str, short: list[str]) -> str:
    if len(words.strip()) < LEFT_WHY:
        sentence = _(
            "Somebody would be left without a team ({what}). Choose another team, or write why in "
            "at least {n} characters: the county's coordinators see it."
        )
        raise Invalid(sentence.format(what="; ".join(short), n=LEFT_WHY), path="left_reason")
    return words
