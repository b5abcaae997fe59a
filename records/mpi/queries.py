"""Reads that need a name."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from records.mpi.models import ID_CARD, Merge, Pair, Patient
from telemed.core import secrecy
from telemed.core.errors import NotFound
from telemed.organisations.models import Organisation
from telemed.people.models import User
from telemed.staff.queries import administrators_of

QUEUE = 50


def by_id_cards(numbers: Iterable[str]) -> list[Patient]:
    """The people registered under these identity numbers, in the order of the index."""
    hashes = [secrecy.keyed_hash(number, purpose=ID_CARD) for number in numbers]
    return list(Patient.objects.filter(id_card_hash__in=hashes).order_by("pinyin", "pk"))


def find_by_hash(id_card_hash: str) -> Patient | None:
    """Whose number it is; of a merged record, the one that stays."""
    found = Patient.objects.select_related("merged_into").filter(id_card_hash=id_card_hash).first()
    return (found.merged_into or found) if found else None


def count_temporary(organisation_id: UUID | None) -> int:
    """The temporary numbers of an institution that still need an ID."""
    waiting = Patient.objects.filter(temporary_no__isnull=False, identified_at=None)
    return waiting.filter(merged_into=None, managing_organisation=organisation_id).count()


def keepers_of(patient: Patient) -> list[User]:
    """Who looks after a record of the index: who registered it, and the administrators there."""
    here = patient.managing_organisation
    people = [patient.registered_by] if patient.registered_by else []
    people += administrators_of(here) if here else []
    return list({user.pk: user for user in people if user.is_active}.values())


WAITING = Q(state=Pair.State.SUGGESTED) | Q(proposed_by__isnull=False)


def pairs_of(actor: User) -> list[Pair]:
    """The queue: what waits for a decision at this institution, the likeliest first."""
    pairs = _within(actor).filter(WAITING)
    return list(pairs.order_by("-score", "pk")[:QUEUE])


def count_waiting(actor: User) -> int:
    return _within(actor).filter(WAITING).count()


def decided_of(actor: User) -> list[Pair]:
    """What was decided lately and may be looked at again."""
    done = _within(actor).exclude(state=Pair.State.SUGGESTED).filter(proposed_by=None)
    return list(done.order_by("-decided_at", "pk")[:QUEUE])


def get_pair(actor: User, pair_id: UUID) -> Pair:
    pair = _within(actor).filter(pk=pair_id).first()
    if pair is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Pair/{pair_id}")
    return pair


def merge_in_force(pair: Pair) -> Merge | None:
    return pair.merges.filter(undone_at=None).first()


def _within(actor: User) -> QuerySet[Pair]:
    """Either record is kept by the institution; the authority sees the whole province."""
    pairs = Pair.objects.select_related(
        "one__managing_organisation",
        "other__managing_organisation",
        "one__mother",
        "other__mother",
        "survivor",
        "proposed_by",
        "suggested_by",
        "decided_by",
    )
    here = actor.organisation
    if here and here.kind == Organisation.Kind.AUTHORITY:
        return pairs
    kept = Q(one__managing_organisation=here) | Q(other__managing_organisation=here)
    return pairs.filter(kept) if here else pairs.none()
