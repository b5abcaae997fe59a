"""What the leader of a room shows now: all that its guests get of the images."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consult.keyimages.models import KeyImage
from consult.rooms.models import Participant, Room
from consult.rooms.permissions import may_show, only_sees, role_in
from consult.rooms.queries import get_participant
from records.imaging.manifest import build_veiled
from records.imaging.models import Instance, Study
from records.imaging.queries import find_instance, studies_of, whole_study
from telemed.core.errors import NotFound, require
from telemed.people.models import User

Json = dict[str, Any]

TOLD = ("lead.taken", "view.settled", "view.opened")
NEWEST = 20  # of those; a leader who opens more studies than that looks at one between them
ADDRESSES = {
    "pixels": "rooms:shown_pixels",
    "preview": "rooms:shown_preview",
    "waveform": "rooms:shown_samples",
}


@dataclass(frozen=True)
class Part:
    """A study, and the series of it that is looked at; "": it was only opened, all of it."""

    study: Study
    series: str

    def holds(self, instance: Instance) -> bool:
        same = instance.series.study_id == self.study.pk
        return same and self.series in ("", instance.series.series_uid)


def get_guest(actor: User, room_id: UUID) -> Participant:
    """The place of a guest who is in the room now. Raises Forbidden for everybody else in it."""
    place = get_participant(actor, room_id)
    require(only_sees(place.role), _("Only interpreters and observers see the images this way."))
    present = place.status == Participant.Status.ADMITTED
    require(present, _("Come into the room; the images are shown there."))
    return place


def parts_of(room: Room) -> list[Part]:
    """
    What the leader looks at, or has opened since; nothing when nobody leads.

    A doctor shows what they may read themselves, and of this patient alone, whatever they say.
    """
    leader = room.leader
    role = role_in(room.matter, leader) if leader else None
    if leader is None or role is None or not may_show(role):
        return []
    wanted: list[tuple[str, str]] = []
    newest = room.events.filter(kind__in=TOLD).order_by("-seq")
    for event in newest[:NEWEST]:
        if event.kind == "lead.taken":
            break
        if event.kind == "view.settled":
            wanted += _looked_at(event.body["state"])
            break
        if event.sender_id == leader.pk:
            wanted.append((event.body["study"]["id"], ""))
    if not wanted:
        return []
    theirs = studies_of(leader, room.matter.patient).filter(
        pk__in={study for study, _uid in wanted}
    )
    found = {str(study.pk): study for study in theirs}
    return [Part(found[study], series) for study, series in wanted if study in found]


def _looked_at(state: Json) -> list[tuple[str, str]]:
    """One picture or two. A stack of a series is named with its number behind a #."""
    both = [state, *([state["beside"]] if state.get("beside") else [])]
    return [(one["study"], one["series"].partition("#")[0]) for one in both if one.get("study")]


def manifest_of(part: Part, room: Room) -> Json:
    """What the page draws it from."""
    return build_veiled(
        whole_study(part.study.pk),
        part.series,
        addresses=ADDRESSES,
        within=room.pk,
        called=pgettext("image", "The patient"),
    )


def get_shown_instance(room: Room, instance_id: UUID) -> Instance:
    """One picture or recording of what is shown. All the others are hidden, which is absent."""
    instance = find_instance(instance_id)
    if instance is None or not any(part.holds(instance) for part in parts_of(room)):
        said = _("This is not shown in the room now.")
        raise NotFound(said, path=f"Instance/{instance_id}")
    return instance


def get_shown_key_image(room: Room, key_image_id: UUID) -> KeyImage:
    """One that was shared in this room and stands."""
    shared = room.events.filter(kind="key_image.saved", body__key_image__id=str(key_image_id))
    found = None
    if shared.exists():
        standing = KeyImage.objects.filter(case=room.case_id, removed_at=None)
        found = standing.select_related("case").filter(pk=key_image_id).first()
    if found is None:
        said = _("This is not shown in the room now.")
        raise NotFound(said, path=f"KeyImage/{key_image_id}")
    return found
