"""Households: who lives together, with whom as head, from when to when."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from records.mpi.models import Household, Kin, Member, Patient
from records.mpi.permissions import may_relate
from records.mpi.services.registering import checked_address
from telemed.audit import services as audit
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import refusing, require_intention
from telemed.people.models import User


def found_household(*, actor: User, head: Patient, address: str) -> Member:
    """A household of the acting institution's division; somebody is its head from the first day."""
    require_intention()
    _require_entering(actor)
    address = checked_address(address)
    if not address:
        raise Invalid(_("Please enter the village and house."), path="address")
    here = actor.acting_organisation
    household = Household.objects.create(
        division=here.division, address=address, organisation=here, entered_by=actor
    )
    return _join(actor, household, head, is_head=True)


def join_household(*, actor: User, household: Household, person: Patient, kin: str) -> Member:
    """Somebody comes to live there; whoever lives elsewhere leaves there first."""
    require_intention()
    _require_entering(actor)
    if kin not in Kin.values:
        raise Invalid(_("Please choose what they are to the head."), path="kin")
    household = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    if not household.members.filter(left_on=None).exists():
        raise Conflict(_("Nobody lives in this household any more."), path="kin")
    return _join(actor, household, person, kin=kin)


def leave_household(
    *, actor: User, member: Member, on: date | None = None, next_head: Patient | None = None
) -> Member:
    """Somebody moves out or died. A head is followed by another while anybody lives there."""
    require_intention()
    _require_entering(actor)
    Household.objects.select_for_update(no_key=True).get(pk=member.household_id)
    member = Member.objects.select_for_update(of=("self",), no_key=True).get(pk=member.pk)
    on = on or timezone.localdate()
    if member.left_on:
        said = _("{who} has left this household already.")
        raise Conflict(said.format(who=member.person.masked), path="left_on")
    if on < member.joined_on:
        raise Invalid(_("The end is before the start."), path="left_on")
    if on > timezone.localdate():
        raise Invalid(_("Please enter a day up to today."), path="left_on")
    others = Member.objects.filter(household=member.household_id, left_on=None).exclude(
        pk=member.pk
    )
    follower = others.filter(person=next_head).first() if next_head else None
    if member.is_head and follower is None and others.exists():
        raise Invalid(_("Please choose who is head of the household next."), path="next_head")
    member.left_on = on
    member.save(update_fields=["left_on"])
    if member.is_head and follower:
        others.exclude(pk=follower.pk).update(kin=Kin.OTHER)
        follower.is_head, follower.kin = True, ""
        follower.save(update_fields=["is_head", "kin"])
    audit.record(action="household.leave", target=member, patient_id=member.person_id)
    return member


def _join(
    actor: User, household: Household, person: Patient, *, is_head: bool = False, kin: str = ""
) -> Member:
    elsewhere = Conflict(
        _("{who} lives in a household already; end that first.").format(who=person.masked),
        path="person",
    )
    with refusing(one_household_at_a_time=elsewhere):
        member = Member.objects.create(
            household=household,
            person=person,
            is_head=is_head,
            kin=kin,
            joined_on=timezone.localdate(),
            entered_by=actor,
        )
    audit.record(action="household.join", target=member, patient_id=person.pk)
    return member


def _require_entering(actor: User) -> None:
    require(may_relate(actor), _("Households are entered by a township doctor."))
