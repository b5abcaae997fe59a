"""
Two records become one, and two again: each time by two different people.

Nothing that points at the record that goes is rewritten; it keeps `merged_into`, and whoever looks
it up finds the record that stays.
"""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from records.mpi import merge_checks, queries
from records.mpi.models import Merge, Pair, Patient
from records.mpi.permissions import may_separate
from records.mpi.services.pairing import (
    become,
    checked_reason,
    locked_pair,
    publish_people,
)
from records.mpi.services.temporary import IDENTIFY
from telemed.audit import services as audit
from telemed.core.clocks import restart_clocks, stop_clocks
from telemed.core.errors import Conflict, Forbidden, Invalid, require
from telemed.core.intentions import require_intention
from telemed.notifications.services import notify
from telemed.people.models import User


def propose_merge(*, actor: User, pair_id: UUID, survivor_id: UUID, reason: str) -> Pair:
    """The first of two people: which of the records stays, and why they are one."""
    require_intention()
    pair = locked_pair(actor, pair_id)
    if survivor_id not in (pair.one_id, pair.other_id):
        raise Invalid(_("Please choose which record stays."), path="survivor")
    if not pair.can_become(Pair.State.MERGED):
        become(pair, Pair.State.MERGED)
    _propose(actor, pair, reason)
    pair.survivor = pair.one if survivor_id == pair.one_id else pair.other
    _refuse_blocked(pair)
    pair.save()
    audit.record(action="person.merge.propose", target=pair, patient_id=pair.survivor_id)
    return pair


def confirm_merge(*, actor: User, pair_id: UUID) -> Merge:
    """The second: from now on one record stands for both."""
    require_intention()
    pair = locked_pair(actor, pair_id)
    proposer = _second(actor, pair)
    become(pair, Pair.State.MERGED)
    loser, survivor = _refuse_blocked(pair)
    merge = Merge.objects.create(
        pair=pair,
        loser=loser,
        survivor=survivor,
        proposed_by=proposer,
        confirmed_by=actor,
        reason=pair.proposal,
        pointers=pointers_at(loser),
    )
    loser.merged_into = survivor
    loser.save(update_fields=["merged_into"])
    survivor.has_merged = True
    survivor.save(update_fields=["has_merged"])
    merge_checks.run_merge(loser, survivor)
    stop_clocks(about=loser.pk, kind=IDENTIFY)
    stop_clocks(about=pair.pk, kind=queries.REVIEW)
    _settle(actor, pair)
    audit.record(action="person.merge", target=pair, patient_id=survivor.pk)
    publish_people(loser, survivor)
    _tell(merge, turn=0)
    return merge


def propose_separation(*, actor: User, pair_id: UUID, reason: str) -> Pair:
    """The first of two people who undo a merge, whenever that is."""
    require_intention()
    pair = locked_pair(actor, pair_id)
    if pair.state != Pair.State.MERGED:
        raise Conflict(_("These records are not merged."))
    _propose(actor, pair, reason)
    pair.save()
    audit.record(action="person.unmerge.propose", target=pair, patient_id=pair.survivor_id)
    return pair


def confirm_separation(*, actor: User, pair_id: UUID) -> Pair:
    """The second, of the medical office: both records stand for themselves again."""
    require_intention()
    require(may_separate(actor), _("A merge is undone by the medical office."))
    pair = locked_pair(actor, pair_id)
    merge = Merge.objects.select_for_update(no_key=True).filter(pair=pair, undone_at=None).first()
    if merge is None:
        raise Conflict(_("These records are not merged."))
    proposer = _second(actor, pair)
    loser, survivor = _both(pair)
    loser.merged_into = None
    loser.save(update_fields=["merged_into"])
    survivor.has_merged = Patient.objects.filter(merged_into=survivor).exists()
    survivor.save(update_fields=["has_merged"])
    merge_checks.run_separate(loser, survivor)
    if loser.is_temporary:
        restart_clocks(about=loser.pk, kind=IDENTIFY)
    merge.undo_proposed_by, merge.undone_by = proposer, actor
    merge.undone_at, merge.undo_reason = timezone.now(), pair.proposal
    merge.save()
    become(pair, Pair.State.UNMERGED)
    _settle(actor, pair)
    audit.record(action="person.unmerge", target=pair, patient_id=survivor.pk)
    publish_people(loser, survivor)
    _tell(merge, turn=1)
    return pair


def withdraw_proposal(*, actor: User, pair_id: UUID) -> Pair:
    """Whoever may decide takes a waiting proposal off the table; the state stays."""
    require_intention()
    pair = locked_pair(actor, pair_id)
    if pair.proposed_by_id is None:
        raise Conflict(_("Nothing is proposed for this pair."))
    _clear(pair)
    pair.save()
    audit.record(action="person.merge.withdraw", target=pair, patient_id=pair.one_id)
    return pair


def pointers_at(patient: Patient) -> dict[str, list[str]]:
    """What pointed at a record when it was merged, by table and column."""
    kept: dict[str, list[str]] = {}
    for relation in Patient._meta.related_objects:
        model, field = relation.related_model, relation.field
        if isinstance(model, str) or model in (Patient, Pair, Merge):
            continue
        rows = model._default_manager.filter(**{field.name: patient}).order_by("pk")
        if ids := [str(pk) for pk in rows.values_list("pk", flat=True)]:
            kept[f"{model._meta.label_lower}.{field.name}"] = ids
    return kept


def _propose(actor: User, pair: Pair, reason: str) -> None:
    reason = checked_reason(reason)
    if pair.proposed_by_id:
        said = _("{who} has proposed this already; a second person confirms or withdraws it.")
        raise Conflict(said.format(who=pair.proposed_by))
    pair.proposed_by, pair.proposed_at, pair.proposal = actor, timezone.now(), reason


def _second(actor: User, pair: Pair) -> User:
    if pair.proposed_by is None:
        raise Conflict(_("Nothing is proposed for this pair."))
    if pair.proposed_by_id == actor.pk:
        raise Forbidden(_("You proposed this yourself; a second person has to confirm it."))
    return pair.proposed_by


def _both(pair: Pair) -> tuple[Patient, Patient]:
    """The record that goes and the one that stays, as they are locked."""
    if pair.survivor_id == pair.one_id:
        return pair.other, pair.one
    return pair.one, pair.other


def _refuse_blocked(pair: Pair) -> tuple[Patient, Patient]:
    loser, survivor = _both(pair)
    for record in (loser, survivor):
        if record.merged_into:
            said = _("This record was merged into {who}.")
            raise Conflict(said.format(who=record.merged_into.masked))
    if loser.has_merged:
        raise Conflict(_("Others were merged into that record; let it be the one that stays."))
    if loser.user_id:
        raise Conflict(_("That record has the person's account; let it be the one that stays."))
    if items := merge_checks.blockers(loser, survivor):
        raise Conflict(_("Settle first: {items}.").format(items="; ".join(items)))
    return loser, survivor


def _settle(actor: User, pair: Pair) -> None:
    pair.reason, pair.decided_by, pair.decided_at = pair.proposal, actor, timezone.now()
    survivor = pair.survivor
    _clear(pair)
    if pair.state == Pair.State.MERGED:
        pair.survivor = survivor
    pair.save()


def _clear(pair: Pair) -> None:
    pair.proposed_by, pair.proposed_at, pair.proposal = None, None, ""
    if pair.state != Pair.State.MERGED:
        pair.survivor = None


def _tell(merge: Merge, *, turn: int) -> None:
    """The resident, and who registered either record; an undone merge is news again."""
    people = [merge.survivor.user, merge.survivor.registered_by, merge.loser.registered_by]
    for recipient in {user.pk: user for user in people if user}.values():
        url = f"/patients/{merge.survivor_id}/" if recipient.is_clinical else "/my/"
        notify(recipient=recipient, template="person.merged", about=merge.pk, url=url, turn=turn)
