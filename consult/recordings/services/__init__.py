"""Everything that changes a recording."""

from consult.recordings.services.asking import answer_recording, ask_recording, stop_recording
from consult.recordings.services.following import follow_room
from consult.recordings.services.keeping import (
    add_piece,
    disk_failed,
    expire_recording,
    finish_recording,
    finish_silent,
    watch_recording,
)

__all__ = [
    "add_piece",
    "answer_recording",
    "ask_recording",
    "disk_failed",
    "expire_recording",
    "finish_recording",
    "finish_silent",
    "follow_room",
    "stop_recording",
    "watch_recording",
]
