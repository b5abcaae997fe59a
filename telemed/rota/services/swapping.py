"""Swapping shifts, with consent."""

from uuid import UUID

from django.db.models import Case, UUIDField, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core import outbox
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.intentions import refusing, require_intention
from telemed.people.models import User
from telemed.rota import staffing
from telemed.rota.events import ShiftSwapped, SwapAsked, SwapDeclined
from telemed.rota.models import Shift, Swap


def ask_swap(
    *, actor: User, shift_id: UUID, colleague_id: UUID, in_return_id: UUID | None = None
) -> Swap:
    """Ask a colleague to take a shift of the actor's, alone or in return for one of theirs."""
    require_intention()
    shift = _own_shift(actor, shift_id)
    colleague = User.objects.filter(pk=colleague_id).select_related("practitioner").first()
    if colleague is None or colleague == actor:
        raise NotFound(_("Choose a colleague from the list."), path="colleague")
    in_return = _in_return(shift, colleague, in_return_id)
    _require_able(shift, actor, colleague, in_return)
    asked = Conflict(_("A colleague is asked already for this shift; withdraw that first."))
    with refusing(one_colleague_asked_at_a_time=asked):
        swap = Swap.objects.create(
            shift=shift, in_return=in_return, asked_by=actor, colleague=colleague
        )
    audit.record(action="shift.ask_swap", target=swap)
    outbox.announce(SwapAsked(swap_id=swap.pk))
    return swap


def accept_swap(*, actor: User, swap_id: UUID) -> Swap:
    """The colleague agrees: the shifts change hands, in the drafts of that month too."""
    require_intention()
    swap = _locked(actor, swap_id)
    if swap.colleague_id != actor.pk:
        raise Forbidden(_("Only who was asked can accept."))
    if swap.state == Swap.State.SWAPPED:
        return swap  # done already
    _require_asked(swap)
    shift, in_return = _lock_shifts(swap)
    _require_unchanged(swap, shift, in_return)
    _require_able(shift, swap.asked_by, swap.colleague, in_return)
    _exchange(swap, shift, in_return)
    _decide(swap, Swap.State.SWAPPED)
    audit.record(action="shift.swap", target=swap)
    outbox.announce(ShiftSwapped(swap_id=swap.pk))
    return swap


def decline_swap(*, actor: User, swap_id: UUID) -> Swap:
    require_intention()
    swap = _locked(actor, swap_id)
    if swap.colleague_id != actor.pk:
        raise Forbidden(_("Only who was asked can decline."))
    if swap.state == Swap.State.DECLINED:
        return swap
    _require_asked(swap)
    _decide(swap, Swap.State.DECLINED)
    audit.record(action="shift.decline_swap", target=swap)
    outbox.announce(SwapDeclined(swap_id=swap.pk))
    return swap


def withdraw_swap(*, actor: User, swap_id: UUID) -> Swap:
    """Who asked thinks again, before the answer."""
    require_intention()
    swap = _locked(actor, swap_id)
    if swap.asked_by_id != actor.pk:
        raise Forbidden(_("Only who asked can withdraw."))
    if swap.state == Swap.State.WITHDRAWN:
        return swap
    _require_asked(swap)
    _decide(swap, Swap.State.WITHDRAWN)
    audit.record(action="shift.withdraw_swap", target=swap)
    return swap


def _own_shift(actor: User, shift_id: UUID) -> Shift:
    shifts = Shift.objects.filter(pk=shift_id, user=actor, in_force=True)
    shift = shifts.select_related("rota__organisation", "user").first()
    if shift is None:
        raise NotFound(_("Not found, or not yours to know of."))
    if shift.starts_at <= timezone.now():
        raise Conflict(_("This shift has begun; hand it over instead."))
    return shift


def _in_return(shift: Shift, colleague: User, in_return_id: UUID | None) -> Shift | None:
    if in_return_id is None:
        return None
    theirs = Shift.objects.filter(
        pk=in_return_id,
        user=colleague,
        in_force=True,
        rota__organisation=shift.rota.organisation_id,
        during__startswith__gt=timezone.now(),
    )
    other = theirs.select_related("rota__organisation").first()
    if other is None:
        raise Invalid(_("That shift is not your colleague's any more."), path="in_return")
    return other


def _locked(actor: User, swap_id: UUID) -> Swap:
    swaps = Swap.objects.select_for_update(of=("self",), no_key=True).select_related(
        "asked_by__practitioner", "colleague__practitioner"
    )
    swap = swaps.filter(pk=swap_id).first()
    if swap is None or actor.pk not in (swap.asked_by_id, swap.colleague_id):
        raise NotFound(_("Not found, or not yours to know of."))
    return swap


def _require_asked(swap: Swap) -> None:
    if swap.state != Swap.State.ASKED:
        sentence = _("This request is {state}; it cannot be answered any more.")
        raise Conflict(sentence.format(state=swap.get_state_display()))


def _lock_shifts(swap: Swap) -> tuple[Shift, Shift | None]:
    """
    In one order for everybody, so that two swaps of the same shifts take turns.

    Locked alone, then read: a row whose person changed meanwhile would not join the old one.
    """
    keys = [swap.shift_id, *([swap.in_return_id] if swap.in_return_id else [])]
    shifts = Shift.objects.filter(pk__in=keys)
    list(shifts.select_for_update(no_key=True).order_by("pk"))
    found = {shift.pk: shift for shift in shifts.select_related("rota__organisation", "user")}
    return found[swap.shift_id], found.get(swap.in_return_id) if swap.in_return_id else None


def _require_unchanged(swap: Swap, shift: Shift, in_return: Shift | None) -> None:
    mine = shift.in_force and shift.user_id == swap.asked_by_id
    theirs = in_return is None or (in_return.in_force and in_return.user_id == swap.colleague_id)
    if not (mine and theirs):
        raise Conflict(_("One of the shifts has changed hands since; ask again."))
    starts = min(one.starts_at for one in (shift, in_return) if one)
    if starts <= timezone.now():
        raise Conflict(_("That time has passed."))


def _require_able(shift: Shift, asker: User, colleague: User, in_return: Shift | None) -> None:
    """Both pass the gate for what they would take, and are free but for what they give."""
    _require_can_take(colleague, shift, giving=in_return)
    if in_return:
        _require_can_take(asker, in_return, giving=shift)


def _require_can_take(person: User, shift: Shift, giving: Shift | None) -> None:
    staffing.require_able(person, shift.rota, shift.kind, shift.specialty, shift.starts_at)
    others = Shift.objects.filter(user=person, in_force=True, during__overlap=shift.during)
    if giving:
        others = others.exclude(pk=giving.pk)
    if clash := others.select_related("user", "rota__organisation").first():
        raise Conflict(staffing.clash_words(clash), path="colleague")


def _exchange(swap: Swap, shift: Shift, in_return: Shift | None) -> None:
    """Both in one statement: the constraint looks at its end."""
    to = {shift.pk: swap.colleague_id}
    if in_return:
        to[in_return.pk] = swap.asked_by_id
    taken = Conflict(_("Somebody was put on duty elsewhere just now; look again."))
    with refusing(nobody_is_on_duty_twice=taken, nobody_is_twice_in_a_rota=taken):
        _hand(list(to), to)
    drafts = Shift.objects.filter(copied_from__in=to, in_force=False, rota__state="draft")
    copies = {copy.pk: to[copy.copied_from_id] for copy in drafts if copy.copied_from_id}
    _clear_the_way(copies)
    if copies:
        _hand(list(copies), copies)


def _hand(keys: list[UUID], to: dict[UUID, UUID]) -> None:
    whens = [When(pk=key, then=Value(user)) for key, user in to.items()]
    Shift.objects.filter(pk__in=keys).update(user=Case(*whens, output_field=UUIDField()))


def _clear_the_way(copies: dict[UUID, UUID]) -> None:
    """Where the draft has the new person elsewhere by then, that other shift becomes a gap."""
    for key, user in copies.items():
        copy = Shift.objects.get(pk=key)
        in_the_way = Shift.objects.filter(rota=copy.rota_id, user=user, during__overlap=copy.during)
        in_the_way.exclude(pk__in=copies).delete()


def _decide(swap: Swap, state: Swap.State) -> None:
    swap.state, swap.decided_at = state, timezone.now()
    swap.save(update_fields=["state", "decided_at"])
