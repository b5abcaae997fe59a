"""
A joint consult (MDT): each expert says of the conclusion whether they agree, before the chair
signs. What an expert wrote is nobody else's to change.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.opinions import rules, sealing
from consult.opinions.models import DISSENT, ExpertView
from consult.opinions.queries import unsettled_experts
from consult.opinions.services.drafting import checked
from consult.requests import services as requests
from consult.requests.models import Case, Offer, Status
from consult.requests.queries import coordinators_of, find_seat, get_case, lock_case
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from telemed.core import policies
from telemed.core.clocks import find_next, start_clock, stop_clocks
from telemed.core.errors import Conflict, Forbidden, Invalid
from telemed.core.intentions import require_intention
from telemed.core.models import Calendar, Clock
from telemed.people import signing
from telemed.people.models import User

REMIND, END = 0, 1  # rungs
View = ExpertView.View


def ask_statements(*, case_id: UUID) -> int:
    """
    The room ended: every expert is asked for their view, and the opinion is due from now.

    How many were asked; asked again, nobody is asked twice.
    """
    require_intention()
    case = requests.note_room_ended(case_id=case_id)
    if case is None:
        return 0
    asked = 0
    allowed: timedelta = policies.value(rules.STATEMENT)
    for offer in unsettled_experts(case):
        statement, _new = ExpertView.objects.get_or_create(
            case=case, expert=offer.doctor, defaults={"specialty": offer.specialty}
        )
        if find_next(statement.pk, rules.STATEMENT) is not None:
            continue
        asked += 1
        for rung, allowance in ((REMIND, allowed / 2), (END, allowed)):
            start_clock(
                kind=rules.STATEMENT,
                about=statement.pk,
                allowance=allowance,
                calendar=Calendar.WORKING,
                rung=rung,
            )
        tell(case=case, recipient=offer.doctor, template="mdt.statement")
    if asked:
        take_step(case=case, action="opinion.ask_statements", publish=False, by_system=True)
    return asked


def state_view(
    *, actor: User, case_id: UUID, view: str, text: str = "", pin: str = ""
) -> ExpertView:
    """
    An expert agrees or dissents; changed as often as they like until the chair signs.

    A dissent says why in DISSENT characters or more and is signed with the PIN. The same again
    answers the present state.
    """
    require_intention()
    case = get_case(actor, case_id, lock=True)
    seat = _seat_of_expert(actor, case)
    text = checked("statement", text.replace("\r\n", "\n")).strip()
    if view not in ExpertView.SAID:
        raise Invalid(_("Choose whether you agree or dissent."), path="view")
    if view == View.DISSENT and len(text) < DISSENT:
        message = _(
            "Say in at least {n} characters why you dissent; it is printed as you write it."
        )
        raise Invalid(message.format(n=DISSENT), path="text")
    if case.status != Status.IN_PROGRESS:
        raise _not_now(case)
    known = ExpertView.objects.filter(case=case, expert=actor).first()
    if known and (known.view, known.text) == (view, text):
        return known
    statement = known or ExpertView(case=case, expert=actor)
    statement.specialty, statement.view, statement.text = seat.specialty, view, text
    statement.stated_at = timezone.now()
    statement.sealed, statement.digest = "", ""
    statement.signature, statement.public_key = b"", b""
    if view == View.DISSENT:
        _seal(statement, case, actor, pin)
    statement.save()
    stop_clocks(about=statement.pk, kind=rules.STATEMENT)
    # What they said is for the chair alone until it is signed: the time line is not.
    take_step(case=case, action="opinion.state", publish=False)
    return statement


def statement_due(clock: Clock) -> None:
    """Half the time is over: a reminder. All of it: nothing was said, and the chair may sign."""
    require_intention()
    statement = ExpertView.objects.select_related("expert").filter(pk=clock.about).first()
    if statement is None:
        return
    case = lock_case(statement.case_id)
    statement.refresh_from_db()
    if statement.view != View.ASKED or case.status != Status.IN_PROGRESS:
        return
    turn = 10 * clock.turn + clock.rung + 1
    if clock.rung == REMIND:
        tell(case=case, recipient=statement.expert, template="mdt.statement", turn=turn)
        return
    statement.view = View.NONE
    statement.save(update_fields=["view"])
    take_step(
        case=case,
        action="opinion.unstated",
        publish=False,
        by_system=True,
        who=statement.expert.name,
    )
    told = [*coordinators_of(case.addressee), *([case.holder] if case.holder else [])]
    place = list(case.statements.order_by("pk").values_list("pk", flat=True)).index(statement.pk)
    for person in told:
        tell(
            case=case,
            recipient=person,
            template="mdt.unstated",
            turn=turn + 100 * place,
            who=statement.expert.name,
        )


def check_stated(case: Case) -> list[ExpertView]:
    """What the experts of a joint consult said. Raises Conflict while one of them has not."""
    if not case.is_joint:
        return []
    if waiting := unsettled_experts(case):
        n = len(waiting)
        message = ngettext(
            "{n} expert has not stated a view.", "{n} experts have not stated a view.", n
        )
        raise Conflict(message.format(n=n), path="statements")
    seated = [expert.pk for expert in case.experts]
    statements = case.statements.filter(expert__in=seated).select_related("expert__practitioner")
    return list(statements.order_by("pk"))


def _seat_of_expert(actor: User, case: Case) -> Offer:
    seat = find_seat(actor, case)
    if seat is None:
        raise Forbidden(_("Only the experts of a joint consult state a view."))
    if seat.role == Offer.Role.LEAD:
        raise Forbidden(_("The chair signs the conclusion; the other experts state their view."))
    return seat


def _not_now(case: Case) -> Conflict:
    if case.opinion_version and not case.is_withdrawn:
        message = _("The opinion is signed; your view can't be changed any more.")
        return Conflict(message, path="status")
    return Conflict(_("A view is stated once the experts have met."), path="status")


def _seal(statement: ExpertView, case: Case, actor: User, pin: str) -> None:
    """The expert's own signature under the dissent."""
    moment: datetime = statement.stated_at or timezone.now()
    statement.sealed = sealing.canonical(
        {
            "format": sealing.STATEMENT,
            "case": case.number,
            "expert": str(actor.pk),
            "expert_name": actor.name,
            "specialty": statement.specialty,
            "view": statement.view,
            "text": statement.text,
            "stated_at": moment.astimezone(UTC).isoformat(timespec="microseconds"),
        }
    )
    statement.digest = sealing.digest_of(statement.sealed)
    signature = signing.sign(user=actor, pin=pin, digest=bytes.fromhex(statement.digest))
    statement.signature, statement.public_key = signature.signature, signature.public_key
