"""Reads that need a name."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from consult.keyimages.models import KeyImage, Still
from consult.requests.models import Case
from records.consent import access
from telemed.core.errors import NotFound
from telemed.people.models import User


def key_images_of(case: Case) -> QuerySet[KeyImage]:
    """What stands of a case, the oldest first; the caller has asked who may see it."""
    standing = KeyImage.objects.filter(case=case, removed_at=None)
    return standing.select_related("made_by", "study").order_by("created_at", "pk")


def visible_of(actor: User, case: Case) -> list[KeyImage]:
    """Those of a case whose images this account may read."""
    return list(access.visible(actor, "read", key_images_of(case), path="study__patient"))


def sealed_with(case: Case) -> list[dict[str, str]]:
    """What the signature of an opinion covers of its key images."""
    placed = key_images_of(case).filter(in_opinion=True)
    return [{"id": str(one.pk), "sha256": one.sha256, "caption": one.caption} for one in placed]


def by_ids(wanted: Iterable[str]) -> dict[str, KeyImage]:
    """By id, those taken away too: a signed opinion keeps what it was signed with."""
    return {str(one.pk): one for one in KeyImage.objects.filter(pk__in=wanted)}


def get_key_image(actor: User, key_image_id: UUID, *, lock: bool = False) -> KeyImage:
    """One whose images the actor may read. Hidden and absent look the same."""
    rows = KeyImage.objects.select_related("case", "study")
    rows = rows.select_for_update(of=("self",), no_key=True) if lock else rows
    seen = access.visible(actor, "read", rows, path="study__patient").filter(pk=key_image_id)
    found = seen.first()
    if found is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"KeyImage/{key_image_id}")
    return found


def find_still(client_id: UUID) -> Still | None:
    return Still.objects.select_related("study").filter(client_id=client_id).first()


def find_by_client(client_id: UUID) -> KeyImage | None:
    return KeyImage.objects.filter(client_id=client_id).first()
