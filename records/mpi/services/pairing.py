"""Two records that may be one person: suggested, linked, told apart."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from records.mpi import matching, merge_checks, queries, rules
from records.mpi.matching import Candidate
from records.mpi.models import Merge, Pair, Patient
from records.mpi.permissions import is_about, may_review, may_separate
from telemed.audit import services as audit
from telemed.core import policies, publication
from telemed.core.clocks import start_clock, stop_clocks
from telemed.core.errors import Conflict, Forbidden, Invalid, require
from telemed.core.intentions import Actor, require_intention
from telemed.core.models import Calendar, Clock
from telemed.notifications.services import notify
from telemed.people.models import User

SHORTEST_REASON, LONGEST_REASON = 4, 200
FIRST_DAY = date(2020, 1, 1)  # from which the days of reminders are counted


def suggest_pair(*, actor: User, one: Patient, other: Patient, said: str) -> Pair:
    """Somebody on the staff thinks that these two records are one person."""
    require_intention()
    require(may_review(actor) or actor.is_clinical, _("Your role here may not pair records."))
    candidate = matching.compare(matching.facts_of(one), other)
    return keep_pair(
        actor=actor, one=one, other=other, candidate=candidate, said=checked_reason(said)
    )


def keep_pair(
    *, actor: Actor, one: Patient, other: Patient, candidate: Candidate, said: str
) -> Pair:
    """
    The pair of these two, suggested; one that people decided stays as they decided it, except
    that a shown ID number ("id_taken") is news and opens a pair that was told apart.
    """
    require_intention()
    if one.pk == other.pk:
        raise Invalid(_("This is one and the same record; there is nothing to merge."))
    first, second = sorted((one, other), key=lambda patient: patient.pk.int)
    pair, new = Pair.objects.get_or_create(
        one=first,
        other=second,
        defaults={
            "score": candidate.score,
            "grade": candidate.grade,
            "reasons": list(candidate.reasons),
            "said": said,
            "suggested_by": actor if isinstance(actor, User) else None,
        },
    )
    reopened = not new and said == "id_taken" and pair.state == Pair.State.DIFFERENT
    if reopened:
        pair.state, pair.said = Pair.State.SUGGESTED, said
        pair.score, pair.grade = candidate.score, candidate.grade
        pair.reasons = list(candidate.reasons)
        pair.save()
    if new or reopened:
        start_clock(
            kind=queries.REVIEW,
            about=pair.pk,
            allowance=policies.value(rules.REVIEW),
            calendar=Calendar.WORKING,
        )
        audit.record(action="match.suggest", target=pair, patient_id=one.pk)
    return pair


def link(*, actor: User, pair_id: UUID, reason: str) -> Pair:
    """Probably one person; both records stay and point at each other."""
    require_intention()
    return _decide(actor, pair_id, Pair.State.LINKED, reason, "match.link")


def tell_apart(*, actor: User, pair_id: UUID, reason: str) -> Pair:
    """Two people; remembered, so that nobody is asked again."""
    require_intention()
    return _decide(actor, pair_id, Pair.State.DIFFERENT, reason, "match.reject")


def _decide(actor: User, pair_id: UUID, state: Pair.State, reason: str, action: str) -> Pair:
    pair = locked_pair(actor, pair_id)
    reason = checked_reason(reason)
    become(pair, state)
    pair.reason, pair.decided_by, pair.decided_at = reason, actor, timezone.now()
    pair.survivor, pair.proposed_by, pair.proposed_at, pair.proposal = None, None, None, ""
    pair.save()
    stop_clocks(about=pair.pk, kind=queries.REVIEW)
    audit.record(action=action, target=pair, patient_id=pair.one_id)
    publish_people(pair.one, pair.other)
    return pair


def locked_pair(actor: User, pair_id: UUID) -> Pair:
    """The pair, its two people locked first and in one order for everybody."""
    require_intention()
    _require_reviewer(actor)
    seen = queries.get_pair(actor, pair_id)
    people = Patient.objects.select_for_update(no_key=True).filter(
        pk__in=[seen.one_id, seen.other_id]
    )
    locked = {person.pk: person for person in people.order_by("pk")}
    pair = Pair.objects.select_for_update(no_key=True).get(pk=pair_id)
    pair.one, pair.other = locked[pair.one_id], locked[pair.other_id]
    if is_about(actor, pair):
        raise Forbidden(_("One of these records is your own; somebody else has to decide."))
    return pair


def become(pair: Pair, state: Pair.State) -> None:
    if not pair.can_become(state):
        said = _("This pair is already: {state}. Look again before deciding.")
        raise Conflict(said.format(state=pair.get_state_display()))
    pair.state = state


def checked_reason(reason: str) -> str:
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        said = _("Give a reason of at least {n} characters.").format(n=SHORTEST_REASON)
        raise Invalid(said, path="reason")
    return reason[:LONGEST_REASON]


def publish_people(*people: Patient) -> None:
    """A resource that came in from outside is kept as received, whatever we decide about it."""
    for person in people:
        if not person.received:
            publication.publish(person)


@dataclass(frozen=True)
class OpenedPair:
    """A pair on its page; who looks may or may not be the second person, and that is said."""

    pair: Pair
    may_confirm: bool
    may_separate: bool
    blockers: tuple[str, ...]
    merge: Merge | None


@dataclass(frozen=True)
class Queue:
    """What waits for a decision, which of it for too long, and what was decided."""

    waiting: list[Pair]
    overdue: set[UUID]
    decided: list[Pair]


def list_pairs(*, actor: User) -> Queue:
    require_intention()
    _require_reviewer(actor)
    audit.record(action="match.list", target="Pair")
    waiting = queries.pairs_of(actor)
    return Queue(waiting, queries.overdue_among(waiting), queries.decided_of(actor))


def open_pair(*, actor: User, pair_id: UUID) -> OpenedPair:
    """Both records of a pair; reading who two people are leaves its trace."""
    require_intention()
    _require_reviewer(actor)
    pair = queries.get_pair(actor, pair_id)
    for person in (pair.one, pair.other):
        audit.record(action="match.read", target=pair, patient_id=person.pk)
    second = bool(pair.proposed_by_id) and pair.proposed_by_id != actor.pk
    merged = pair.state == Pair.State.MERGED
    blocked = () if merged else tuple(merge_checks.blockers(pair.one, pair.other))
    return OpenedPair(
        pair=pair,
        may_confirm=second and not merged,
        may_separate=second and merged and may_separate(actor),
        blockers=blocked,
        merge=queries.merge_in_force(pair),
    )


def remind_to_review(*, clock: Clock) -> None:
    """
    Five working days on, and nobody decided: who reviews there is told how many wait, once a day
    whatever their number, and asked again in another five.
    """
    require_intention()
    pair = Pair.objects.select_related("one", "other").filter(pk=clock.about).first()
    if pair is None or pair.state != Pair.State.SUGGESTED:
        return
    start_clock(
        kind=queries.REVIEW,
        about=pair.pk,
        allowance=policies.value(rules.REVIEW),
        calendar=Calendar.WORKING,
    )
    for recipient in queries.reviewers_of(pair):
        notify(
            recipient=recipient,
            template="match.overdue",
            about=recipient.pk,
            url="/patients/pairs/" if may_review(recipient) else "/inbox/",
            turn=(timezone.localdate() - FIRST_DAY).days,
            n=queries.count_overdue(pair),
        )


def _require_reviewer(actor: User) -> None:
    require(may_review(actor), _("Records are paired by administrators and the medical office."))
