"""Renewing: a new contract that waits for its signature; no review, and nothing by itself."""

from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.registration import clock_rows, queries
from scheduling.registration.models import Assignment, Channel, Contract, Package, Status
from scheduling.registration.services.applying import LONGEST, takes_nobody
from scheduling.registration.services.reviewing import freeze
from scheduling.registration.services.signing import dead
from scheduling.registration.services.stepping import lock, note
from telemed.core import moments
from telemed.core.errors import Conflict, Invalid
from telemed.core.intentions import refusing, require_intention
from telemed.people.models import User


def renew(*, actor: User, contract_id: UUID, years: int = 1) -> Contract:
    """
    The next one, with the same team and what its package is today, to be read and signed.

    Raises Conflict for what ended otherwise, or ran out too long ago.
    """
    require_intention()
    old = lock(actor, contract_id)
    if not 1 <= years <= LONGEST:
        raise Invalid(_("A contract holds for one to three years."), path="years")
    waiting = Contract.objects.filter(renews=old, status=Status.AGREED)
    if there := waiting.select_related(*queries.SHOWN).first():
        return there
    if old.status == Status.ACTIVE:
        raise old.out_of_turn()
    if not queries.is_renewable(old):
        raise dead()
    if old.team.closed_on or old.team.shut_on:
        raise takes_nobody()
    doctors = queries.doctors_of(old.team)
    if not doctors:
        raise Conflict(_("This team has no doctor now; choose another team."), path="team")
    new = Contract(
        patient=old.patient,
        person_key=old.person_key,
        form=old.form,
        team=old.team,
        package=_package(old),
        doctor=next((one for one in doctors if one.pk == old.doctor_id), doctors[0]),
        years=years,
        status=Status.AGREED,
        channel=Channel.RENEWAL,
        applied_by=actor,
        applied_at=moments.now(),
        renews=old,
    )
    freeze(new)
    twice = Conflict(_("This contract is renewed already."), path="status")
    with refusing(
        renewed_once=twice,
        one_open_application_at_a_team=twice,
        a_shut_team_takes_nobody=takes_nobody(),
    ):
        new.save(force_insert=True)
    Assignment.objects.create(contract=new)
    note(new, "contract.propose", "")
    clock_rows.start_signature(new)
    return new


def _package(old: Contract) -> Package:
    """The same where it can still be chosen, else the county's first."""
    there = queries.packages_of(old.team.organisation)
    if old.package in there or not there:
        return old.package
    return there[0]
