"""Reads that need a name."""

from collections.abc import Iterable

from records.mpi.models import ID_CARD, Patient
from telemed.core import secrecy


def by_id_cards(numbers: Iterable[str]) -> list[Patient]:
    """The people registered under these identity numbers, in the order of the index."""
    hashes = [secrecy.keyed_hash(number, purpose=ID_CARD) for number in numbers]
    return list(Patient.objects.filter(id_card_hash__in=hashes).order_by("pinyin", "pk"))
