"""Withdrawing a signed opinion, by two persons; and the medical office that asks to amend one."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.opinions.models import Correction, Draft, Opinion
from consult.opinions.queries import newest_opinion, open_correction
from consult.opinions.services.drafting import AMENDABLE, REASON, checked
from consult.requests import permissions
from consult.requests import services as requests
from consult.requests.models import Case
from consult.requests.queries import get_case, people_of
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from telemed.core import publication
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import refusing, require_intention
from telemed.people.models import Role, User

WITHDRAWAL_REASON = 10  # characters
Kind, State = Correction.Kind, Correction.State


def ask_withdrawal(*, actor: User, case_id: UUID, reason: str) -> Correction:
    """
    The first of the two: who signed it, or the medical office. The other one is told.

    Asking again answers what was asked already.
    """
    case, opinion = _signed_case(actor, case_id)
    require(may_withdraw(actor, case, opinion), _by_two())
    known = open_correction(opinion, Kind.WITHDRAWAL)
    if known is not None and known.asked_by_id == actor.pk:
        return known
    if known is not None:
        message = _("{who} asked to withdraw it already; confirm that instead.")
        raise Conflict(message.format(who=known.asked_by.name), path="state")
    reason = _reason(reason, WITHDRAWAL_REASON)
    asked = _ask(actor, opinion, Kind.WITHDRAWAL, reason)
    take_step(case=case, action="opinion.ask_withdrawal", publish=False, version=opinion.version)
    for person in _others(actor, case, opinion):
        tell(
            case=case,
            recipient=person,
            template="opinion.withdrawal_asked",
            turn=_turn(opinion),
            who=actor.name,
        )
    return asked


def confirm_withdrawal(*, actor: User, case_id: UUID) -> Opinion:
    """
    The second of the two: the text stays readable and is void; a new opinion is due.

    Raises Conflict where nobody asked, a newer version stands, or the first person asks again.
    """
    case, opinion = _signed_case(actor, case_id)
    require(may_withdraw(actor, case, opinion), _by_two())
    asked = _asked(opinion)
    if asked.asked_by_id == actor.pk or not _is_other_half(actor, case, opinion, asked):
        raise Conflict(_("Another person must confirm what you asked."), path="actor")
    alone = Conflict(_("Another person must confirm what you asked."), path="actor")
    with refusing(two_persons_withdraw=alone):
        _decide(asked, State.DONE, actor)
    _lapse(opinion, Kind.AMENDMENT)
    _begin_anew(case, asked.reason)
    requests.mark_withdrawn(case=case, reason=asked.reason, by=(asked.asked_by, actor))
    publication.publish(opinion)
    return opinion


def drop_withdrawal(*, actor: User, case_id: UUID) -> None:
    """Either of the two says no, or takes it back: the opinion stays."""
    case, opinion = _signed_case(actor, case_id)
    require(may_withdraw(actor, case, opinion), _by_two())
    asked = _asked(opinion)
    _decide(asked, State.DROPPED, actor)
    take_step(case=case, action="opinion.drop_withdrawal", publish=False)
    if asked.asked_by_id != actor.pk:
        tell(
            case=case,
            recipient=asked.asked_by,
            template="opinion.withdrawal_dropped",
            who=actor.name,
        )


def ask_amendment(*, actor: User, case_id: UUID, reason: str) -> Correction:
    """The medical office of the answering side asks who signed for a new version."""
    case, opinion = _signed_case(actor, case_id)
    require(permissions.is_office(actor, case), _("Only the medical office asks for an amendment."))
    known = open_correction(opinion, Kind.AMENDMENT)
    if known is not None:
        return known
    asked = _ask(actor, opinion, Kind.AMENDMENT, _reason(reason, REASON))
    take_step(case=case, action="opinion.ask_amendment", publish=False, version=opinion.version)
    if case.holder:
        tell(
            case=case,
            recipient=case.holder,
            template="opinion.amendment_asked",
            turn=_turn(opinion),
        )
    return asked


def may_withdraw(actor: User, case: Case, opinion: Opinion) -> bool:
    """One of the two who withdraw it together."""
    return _signed_it(actor, case, opinion) or permissions.is_office(actor, case)


def settle_corrections(*, opinion: Opinion, at: datetime) -> None:
    """A newer version was signed: what was asked about this one is done, or means nothing now."""
    require_intention()
    live = Correction.objects.filter(opinion=opinion, state=State.ASKED)
    live.filter(kind=Kind.AMENDMENT).update(state=State.DONE, decided_at=at)
    live.filter(kind=Kind.WITHDRAWAL).update(state=State.LAPSED, decided_at=at)


def _by_two() -> str:
    return _("Only who signed it and their medical office withdraw an opinion, together.")


def _signed_it(actor: User, case: Case, opinion: Opinion) -> bool:
    return permissions.is_holder(actor, case) and opinion.author_id == actor.pk


def _is_other_half(actor: User, case: Case, opinion: Opinion, asked: Correction) -> bool:
    """The doctor confirms what the office asked, and the other way round."""
    if asked.asked_by_id == opinion.author_id:
        return permissions.is_office(actor, case)
    return _signed_it(actor, case, opinion)


def _signed_case(actor: User, case_id: UUID) -> tuple[Case, Opinion]:
    """The case, locked, with the opinion that stands."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    ours = permissions.is_holder(actor, case) or permissions.is_office(actor, case)
    require(ours, _by_two())
    opinion = newest_opinion(case)
    if case.is_withdrawn:
        raise Conflict(_("This opinion was withdrawn already."), path="status")
    if opinion is None or case.status not in AMENDABLE:
        raise Conflict(_("There is no signed opinion to withdraw."), path="status")
    return case, opinion


def _asked(opinion: Opinion) -> Correction:
    asked = open_correction(opinion, Kind.WITHDRAWAL)
    if asked is None:
        message = _("Nobody has asked to withdraw version {n}.").format(n=opinion.version)
        raise Conflict(message, path="state")
    return asked


def _ask(actor: User, opinion: Opinion, kind: Correction.Kind, reason: str) -> Correction:
    twice = Conflict(_("This was asked already."), path="state")
    with refusing(one_correction_of_a_kind=twice):
        return Correction.objects.create(opinion=opinion, kind=kind, reason=reason, asked_by=actor)


def _decide(asked: Correction, state: Correction.State, actor: User) -> None:
    asked.state, asked.decided_by, asked.decided_at = state, actor, timezone.now()
    asked.save(update_fields=["state", "decided_by", "decided_at"])


def _lapse(opinion: Opinion, kind: Correction.Kind) -> None:
    live = Correction.objects.filter(opinion=opinion, kind=kind, state=State.ASKED)
    live.update(state=State.LAPSED, decided_at=timezone.now())


def _begin_anew(case: Case, reason: str) -> None:
    """An amendment that was being written is now a new opinion; its window looks again first."""
    draft = Draft.objects.filter(case=case).first()
    if draft is not None:
        draft.amends, draft.reason, draft.version = 0, reason, draft.version + 1
        draft.save()


def _others(actor: User, case: Case, opinion: Opinion) -> list[User]:
    """Who has to confirm."""
    if permissions.is_office(actor, case):
        return [opinion.author]
    return [p for p in people_of(case.addressee, Role.MEDICAL_OFFICE) if p.pk != actor.pk]


def _turn(opinion: Opinion) -> int:
    return opinion.version * 100 + opinion.corrections.count()


def _reason(text: str, least: int) -> str:
    reason = checked("reason", text).strip()
    if len(reason) < least:
        message = _("Give a reason of at least {n} characters.").format(n=least)
        raise Invalid(message, path="reason")
    return reason
