"""Asking a team: one form, a contract for each person on it; and taking it back."""

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from records.consent import access
from records.mpi.models import Patient
from scheduling.registration import clock_rows, groups, queries
from scheduling.registration.events import ContractApplied, ContractWithdrawn
from scheduling.registration.models import (
    LIVE,
    Assignment,
    Because,
    Channel,
    Contract,
    Package,
    Status,
    Team,
)
from scheduling.registration.permissions import COUNTY
from scheduling.registration.services.stepping import lock, note, step
from scheduling.registration.words import day_words
from telemed.core import moments, outbox
from telemed.core.errors import Conflict, Forbidden, Invalid, require
from telemed.core.ids import new_id
from telemed.core.intentions import refusing, require_intention
from telemed.people.models import CLINICAL, Role, User

MOST_PEOPLE = 12
LONGEST = 3  # years
AT_ONCE = {Because.MOVED, Because.TEAM_CLOSED, Because.COMPLAINT}  # change before a full year
PHOTO_LIMIT = 400_000  # bytes


def apply(
    *,
    actor: User,
    people: Sequence[Patient],
    team_id: UUID,
    package_id: UUID | None = None,
    years: int = 1,
    photo: bytes | None = None,
    change_because: str = "",
) -> list[Contract]:
    """
    By the resident, who acts for them, a doctor of the clinic, or its desk with the paper of who
    stands there. All of the form, or nobody.

    Raises Conflict with who is signed already and with whom, or why a change has to wait.
    """
    require_intention()
    team = queries.get_team(team_id)
    package = queries.get_package(team.organisation, package_id)
    several = {person.pk: person for one in people for person in [one.merged_into or one]}
    _check_form(list(several.values()), years, photo)
    _check_actor(actor, team, list(several.values()), photo)
    locked = Patient.objects.filter(pk__in=several).select_for_update(no_key=True, of=["self"])
    form = new_id()
    return [
        _apply_for(actor, person, team, package, years, photo, change_because, form)
        for person in locked.select_related("managing_organisation").order_by("pk")
    ]


def withdraw(*, actor: User, contract_id: UUID) -> Contract:
    """By the resident or who acts for them, until it is signed."""
    require_intention()
    contract = lock(actor, contract_id)
    require(actor.role == Role.RESIDENT, _("The resident takes an application back."))
    if contract.status == Status.WITHDRAWN:
        return contract
    withdraw_locked(contract)
    return contract


def withdraw_locked(contract: Contract) -> None:
    """Also by the system: nobody signed in time, or the person signed with another team."""
    contract.ended_at = moments.now()
    step(contract, Status.WITHDRAWN, "contract.withdraw", ContractWithdrawn)
    clock_rows.stop(contract)


def _check_form(people: Sequence[Patient], years: int, photo: bytes | None) -> None:
    if not people:
        raise Invalid(_("Please choose for whom."), path="people")
    if len(people) > MOST_PEOPLE:
        sentence = _("At most {n} people on one form.").format(n=MOST_PEOPLE)
        raise Invalid(sentence, path="people")
    if not 1 <= years <= LONGEST:
        raise Invalid(_("A contract holds for one to three years."), path="years")
    if photo and len(photo) > PHOTO_LIMIT:
        raise Invalid(_("The photo is too large."), path="photo")


def _check_actor(actor: User, team: Team, people: Sequence[Patient], photo: bytes | None) -> None:
    """The desk knows people by the card that they show (workflows.md section 15)."""
    if actor.role == Role.DESK:
        mine = actor.organisation_id == team.organisation_id
        require(mine, _("The desk enters applications to the teams of its own clinic."))
        if not photo:
            sentence = _("Add the photo of the application that they signed on paper.")
            raise Invalid(sentence, path="photo")
        return
    for person in people:
        if not access.decide(actor, "book", person).allowed:
            raise Forbidden(_("You may not sign this person up."))


def _apply_for(
    actor: User,
    person: Patient,
    team: Team,
    package: Package,
    years: int,
    photo: bytes | None,
    change_because: str,
    form: UUID,
) -> Contract:
    if person.deceased_on:
        raise Conflict(_("This person has died."), path="people")
    if not queries.is_in_area(team, queries.home_of(person)):
        raise Conflict(_("Outside this team's area."), path="team")
    if package.groups and not groups.fits(package, person):
        raise Conflict(_("This package is for other groups of people."), path="package")
    replaces = _to_be_replaced(person, team, change_because)
    contract = Contract(
        patient=person,
        person_key=person.pk,
        form=form,
        team=team,
        package=package,
        years=years,
        status=Status.APPLIED,
        channel=_channel(actor, photo),
        photo=photo,
        applied_by=actor,
        applied_at=moments.now(),
        replaces=replaces,
        change_because=_why(change_because, replaces),
    )
    there = Conflict(_("An application of this person waits at this team already."), path="people")
    with refusing(one_open_application_at_a_team=there, a_shut_team_takes_nobody=takes_nobody()):
        contract.save(force_insert=True)
    Assignment.objects.create(contract=contract)
    clock_rows.start_review(contract)
    note(contract, "contract.apply", "")
    outbox.announce(ContractApplied(contract_id=contract.pk))
    return contract


def _why(because: str, replaces: Contract | None) -> str:
    """Of who was handed over the reason is known."""
    return because or (Because.TEAM_CLOSED.value if replaces and replaces.is_free else "")


def _to_be_replaced(person: Patient, team: Team, because: str) -> Contract | None:
    """The contract that a change would end, if there is one and it may end."""
    if because and because not in AT_ONCE:
        raise Invalid(_("Please choose the reason."), path="change_because")
    signed = Contract.objects.filter(
        person_key=person.pk, status__in=[Status.SIGNED, *LIVE]
    ).select_related("team__organisation")
    current = signed.first()
    if current is None:
        _refuse_early(queries.ended_early(person, team), because, person)
        return None
    if current.team_id == team.pk or current.status == Status.SIGNED:
        raise already_signed(current)
    _check_reason(because, current, person)
    if because == Because.TEAM_CLOSED and not current.is_free:
        said = _("No team of this person was closed in the last 30 days.")
        raise Conflict(said, path="change_because")
    year_ago = queries.year_ago(timezone.localdate())
    if because or current.is_free or current.held_since is None:
        return current
    if current.held_since > year_ago:
        said = _("A change needs one full year or a listed reason.")
        raise Conflict(said, path="change_because")
    return current


def _check_reason(because: str, current: Contract, person: Patient) -> None:
    """What a resident says is looked up: where they live, and what the county has found."""
    here = current.team.organisation.division_id[:COUNTY]
    if because == Because.MOVED and queries.home_of(person)[:COUNTY] == here:
        said = _(
            "The address on record is in the county of {team}: have it changed first, or wait "
            "until a full year is over."
        )
        raise Conflict(said.format(team=current.team.name), path="change_because")
    if because == Because.COMPLAINT and current.complaint_upheld_on is None:
        said = _("The county has upheld no complaint of this person about {team}.")
        raise Conflict(said.format(team=current.team.name), path="change_because")


def _refuse_early(ended: Contract | None, because: str, person: Patient) -> None:
    """To end a contract and to sign with another team the day after is a change, too."""
    if ended is None:
        return
    _check_reason(because, ended, person)
    if because in (Because.MOVED, Because.COMPLAINT):
        return
    sentence = _(
        "The contract with {team} was ended in its first year: another team can be asked from "
        "{date} on, or at once for a listed reason; {team} itself at any time."
    )
    date = day_words(queries.year_over(ended))
    raise Conflict(sentence.format(team=ended.team.name, date=date), path="change_because")


def takes_nobody() -> Conflict:
    return Conflict(_("This team takes nobody now; choose another team."), path="team")


def already_signed(contract: Contract) -> Conflict:
    sentence = _("Already signed with {team} until {date}.")
    said = sentence.format(team=contract.team.name, date=day_words(contract.last_day))
    return Conflict(said, path="people")


def _channel(actor: User, photo: bytes | None) -> str:
    if photo:
        return Channel.PAPER
    return Channel.CLINIC if actor.role in CLINICAL else Channel.WEB
