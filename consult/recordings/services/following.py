"""What happens in a room changes what may be recorded of it, in the same transaction."""

from consult.recordings.models import Recording
from consult.recordings.queries import answers_of
from consult.recordings.services.running import begin_if_all_agree, pause, stop
from consult.rooms.models import Room, RoomEvent
from telemed.core.intentions import require_intention

CAME = {"participant.joined", "participant.returned"}
WENT = {"participant.left", "participant.removed"}
FOLLOWED = CAME | WENT | {"room.held", "room.resumed", "room.ended"}


def follow_room(room: Room, event: RoomEvent) -> None:
    """Who comes later agrees first; a hold pauses; its recorder or the room gone, it ends."""
    require_intention()
    if event.kind not in FOLLOWED:
        return
    recording = room.recordings.filter(status__in=Recording.LIVE).first()
    if recording is None:
        return
    recording.room = room
    if event.kind in CAME:
        if not answers_of(recording).get(event.sender_id):
            pause(recording, reason="joined")
    elif event.kind in WENT:
        if event.body.get("participant") == str(recording.recorder_id):
            stop(recording, why="recorder")
        else:
            begin_if_all_agree(recording)
    elif event.kind == "room.held":
        pause(recording, reason="held")
    elif event.kind == "room.resumed":
        begin_if_all_agree(recording)
    else:
        stop(recording, why="ended")
