"""What the record of a room says of its recordings."""

from django.utils.translation import gettext as _

from consult.rooms.models import RoomEvent
from records.consent.models import Consent

WHY = {
    "refused": lambda: _("somebody does not agree"),
    "patient": lambda: _("the patient does not agree"),
    "stopped": lambda: _("somebody stopped it"),
    "recorder": lambda: _("who recorded had left"),
    "ended": lambda: _("the room had ended"),
    "disk": lambda: _("the disk was full"),
    "joined": lambda: _("somebody came who had not agreed yet"),
    "held": lambda: _("the consult was on hold"),
}


def tell(event: RoomEvent, who: str) -> str:
    """One sentence; who agreed is named, and for the patient who said so."""
    reason = WHY.get(event.body.get("reason", ""))
    match event.kind:
        case "recording.asked":
            return _("{who} asked to record").format(who=who)
        case "recording.consented":
            return _agreed(event, who)
        case "recording.started":
            return _("The recording runs; everybody has agreed")
        case "recording.paused":
            said = _("The recording pauses")
        case "recording.stopped":
            said = _("The recording has stopped")
        case "recording.refused":
            said = _("It is not recorded")
        case "recording.stored":
            return _("The recording is stored")
        case "recording.failed":
            return _("The recording failed")
        case "recording.expired":
            return _("The recording was deleted after its time")
        case _:
            return event.kind
    return _("{said}: {reason}").format(said=said, reason=reason()) if reason else said


def _agreed(event: RoomEvent, who: str) -> str:
    if not event.body.get("patient"):
        return _("{who} agrees to being recorded").format(who=who)
    relation = event.body.get("relation", "")
    if relation in Consent.Relation.values and relation != Consent.Relation.SELF:
        label = str(Consent.Relation(relation).label)
        said = _("{relation} agrees for the patient to being recorded; noted by {who}")
        return said.format(relation=label, who=who)
    return _("The patient agrees to being recorded; noted by {who}").format(who=who)
