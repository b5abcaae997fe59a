"""Nobody is recorded who did not agree, and anybody ends it."""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.recordings import files
from consult.recordings.models import Answer, Recording
from consult.recordings.services.running import begin_if_all_agree, stop
from consult.rooms.models import Participant, Role
from consult.rooms.permissions import CLINICAL
from consult.rooms.services import append, lock_place
from records.consent.models import Consent
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable, require
from telemed.core.intentions import require_intention
from telemed.people.models import User


def ask_recording(*, actor: User, room_id: UUID) -> Recording:
    """
    Ask everybody present and the patient; who asks agrees. Asking again answers the one under way.

    Raises Forbidden for others than the doctors, Conflict before the consult has begun,
    Unavailable where the disk would not bear it.
    """
    require_intention()
    place = lock_place(actor, room_id)
    require(place.role in CLINICAL, _("Only the doctors of this case ask to record."))
    require(place.room.case_id is not None, _("A visit by video is not recorded."))
    if not place.room.is_under_way:
        raise Conflict(_("The consult has not begun; there is nothing to record."), path="status")
    running = place.room.recordings.filter(status__in=Recording.LIVE).first()
    if running:
        return running
    if not files.has_room():
        said = _("The disk is nearly full: no recording can begin. The administrator has to act.")
        raise Unavailable(said, path="disk")
    recording = Recording.objects.create(room=place.room, asked_by=actor)
    append(place.room, "recording.asked", by=actor, recording=str(recording.pk))
    _keep(recording, actor, agreed=True)
    return recording


def answer_recording(
    *, actor: User, recording_id: UUID, agrees: bool, patient: bool = False, relation: str = ""
) -> Recording:
    """
    Say yes or no, for oneself, or (`patient`) what the patient said, to the doctor beside them.

    A no before it began refuses it; afterwards it stops it at once.
    """
    require_intention()
    recording, place = lock_recording(actor, recording_id)
    if recording.status not in Recording.LIVE:
        raise Conflict(_("This recording is over."), path="status")
    if patient:
        if place.role != Role.REQUESTER:
            raise Forbidden(_("Only the doctor beside the patient says what the patient said."))
        if agrees and relation not in Consent.Relation.values:
            raise Invalid(_("Say who agreed: the patient, or who for them."), path="relation")
    _keep(recording, actor, agreed=agrees, patient=patient, relation=relation if agrees else "")
    if not agrees:
        stop(recording, why="patient" if patient else "refused", by=actor)
    else:
        begin_if_all_agree(recording)
    return recording


def stop_recording(*, actor: User, recording_id: UUID) -> Recording:
    """Anybody in the room may, without a reason."""
    require_intention()
    recording, _place = lock_recording(actor, recording_id)
    stop(recording, why="stopped", by=actor)
    return recording


def lock_recording(actor: User, recording_id: UUID) -> tuple[Recording, Participant]:
    """A recording and the actor's place in its locked room."""
    known = Recording.objects.filter(pk=recording_id).values_list("room", flat=True).first()
    if known is None:
        said = _("Not found, or not yours to know of.")
        raise NotFound(said, path=f"Recording/{recording_id}")
    place = lock_place(actor, known)
    recording = Recording.objects.get(pk=recording_id)
    recording.room = place.room
    return recording, place


def _keep(
    recording: Recording, actor: User, *, agreed: bool, patient: bool = False, relation: str = ""
) -> None:
    Answer.objects.create(
        recording=recording,
        person=None if patient else actor,
        given_by=actor,
        relation=relation,
        agreed=agreed,
    )
    if agreed:
        append(
            recording.room,
            "recording.consented",
            by=actor,
            recording=str(recording.pk),
            patient=patient,
            relation=relation,
        )
