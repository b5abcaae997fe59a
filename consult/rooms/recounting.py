"""What happened in a room, one sentence an event, for who reads it afterwards."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consult.rooms import plugs
from consult.rooms.models import Removal, Role, Room, RoomEvent
from records.imaging.models import Study

Json = dict[str, Any]
LOOKED = ("view.settled", "view.opened")


class Teller:
    """
    Tells the events of one log in their order: what it says of one hangs on those before.

    `names` are those of everybody who had a place, by their id.
    """

    def __init__(self, room: Room, names: Mapping[str, str], events: Iterable[RoomEvent]) -> None:
        self.room = room
        self.names = dict(names)
        self.studies = _studies_of(events)
        self.looked_at: set[str] = set()  # what the newest view showed
        self.drawn: set[str] = set()  # marks that were told of

    def tell(self, event: RoomEvent) -> str:
        """The sentence; "" for what is no news: the same picture, a mark that was only moved."""
        noun = event.kind.partition(".")[0]
        body = event.body
        if said := plugs.recounted(noun, event, self.name(event.sender_id)):
            return said
        match noun:
            case "room":
                return self._of_room(event)
            case "participant" | "role":
                return self._of_person(event.kind, body, event)
            case "study":
                what = self.studies.get(str(body["study"]["id"])) or body["study"].get("name", "")
                who = body.get("name") or self.name(event.sender_id)
                if (n := body.get("files", 1)) > 1:
                    return _("{who} added {n}: {what}").format(who=who, n=n, what=what)
                return _("{who} added: {what}").format(who=who, what=what)
            case "view" | "mark" | "key_image" | "lead":
                return self._of_images(event)
            case "quality" | "media":
                return self._of_line(event)
            case "screen" | "ready":
                return self._of_pages(event)
            case "chat":
                return str(body.get("text", ""))
        return self._of_case(event) or self._of_calls(event)

    def name(self, user_id: UUID | str | None) -> str:
        return self.names.get(str(user_id), "") or _("Somebody")

    def _of_room(self, event: RoomEvent) -> str:
        who = self.name(event.sender_id) if event.sender_id else ""
        match event.kind:
            case "room.opened":
                opened = _("{who} opened the room").format(who=who)
                return opened if who else _("The room opened by itself")
            case "room.live":
                if self.room.case_id is None:
                    return _("You are both here; the visit has begun")
                return _("Both sides are here; the consult has begun")
            case "room.held":
                reason = event.body.get("reason")
                if reason:
                    return _("On hold: {reason}").format(reason=reason)
                return _("On hold: a doctor is missing")
            case "room.resumed":
                return _("The consult goes on") if self.room.case_id else _("The visit goes on")
            case "room.ended":
                ended = _("{who} ended the room").format(who=who)
                return ended if who else _("The room ended by itself; everybody had left")
            case "room.lapsed":
                return _("The room ended; the sides had not met in it")
        return event.kind

    def _of_person(self, kind: str, body: Json, event: RoomEvent) -> str:
        who = body.get("name") or self.name(body.get("participant") or event.sender_id)
        by = self.name(event.sender_id) if event.sender_id else ""
        role = str(Role(body["role"]).label) if body.get("role") in Role.values else ""
        words = _("{by} asked {who} in by a link as {role}") if body.get("by_link") else ""
        said = (words or _person_words(kind, by)).format(who=who, by=by, role=role) or kind
        if reason := body.get("reason"):
            if reason in Removal.values:
                reason = Removal(reason).label
            return _("{said}: {reason}").format(said=said, reason=reason)
        agreed = _("{said}; the patient agreed").format(said=said)
        return agreed if body.get("agreed") else said

    def _of_images(self, event: RoomEvent) -> str:
        who, body = self.name(event.sender_id), event.body
        match event.kind:
            case "view.settled":
                return self._looked(who, body["state"])
            case "view.opened":
                study = self.studies.get(str(body["study"]["id"])) or body["study"].get("name", "")
                return _("{who} opened images: {what}").format(who=who, what=study)
            case "mark.saved":
                return self._drew(who, body["mark"])
            case "mark.removed":
                return _("{who} took a mark away").format(who=who)
            case "key_image.saved":
                what = body["key_image"].get("caption", "")
                return _("{who} kept a key image: {what}").format(who=who, what=what)
            case "key_image.removed":
                return _("{who} took a key image away").format(who=who)
            case "lead.taken":
                return _("{who} shows the images; the others follow").format(who=who)
        return _("{who} does not lead any more").format(who=who)

    def _looked(self, who: str, state: Json) -> str:
        """Each study once, until another was looked at; turning its pages is no news."""
        shown = [state, *([state["beside"]] if state.get("beside") else [])]
        studies = {str(one["study"]) for one in shown if one.get("study")}
        if not studies - self.looked_at:
            return ""
        self.looked_at = studies
        what = _(", ").join(self.studies.get(one) or _("Images") for one in sorted(studies))
        return _("{who} showed: {what}").format(who=who, what=what)

    def _drew(self, who: str, mark: Json) -> str:
        """Once; a mark that is moved stays the same mark."""
        if mark["id"] in self.drawn:
            return ""
        self.drawn.add(mark["id"])
        value = mark.get("value")
        if value is None:
            return _("{who} drew a mark").format(who=who)
        size = f"{value} {mark.get('unit') or ''}".strip()
        return _("{who} measured {size}").format(who=who, size=size)

    def _of_line(self, event: RoomEvent) -> str:
        body = event.body
        if event.kind == "media.moved":
            if body.get("engine") == "mesh":
                return _("The media server does not answer: picture and voice reach four")
            return _("More than four are here: picture and voice go over the media server")
        facts = {"who": self.name(event.sender_id), "to": self.name(body.get("to"))}
        if body.get("to"):
            said = _("{who}: thin line, the picture goes to {to} alone")
        else:
            said = {
                "video": _("{who}: picture and voice"),
                "still": _("{who}: weak line, voice and stills"),
                "audio": _("{who}: weak line, voice only"),
                "text": _("{who}: very weak line, text only"),
            }.get(body.get("mode", ""), event.kind)
        return said.format(**facts)

    def _of_pages(self, event: RoomEvent) -> str:
        """What pages say of their own screen and line."""
        who = self.name(event.body.get("participant") or event.sender_id)
        match event.kind:
            case "screen.started":
                return _("{who} shares the screen").format(who=who)
            case "screen.ended":
                return _("{who} shares the screen no longer").format(who=who)
        said = {
            "video": _("{who} tested the line before: good for video"),
            "sound": _("{who} tested the line before: sound and stills"),
            "text": _("{who} tested the line before: text only"),
        }.get(event.body.get("bears", ""), event.kind)
        return said.format(who=who)

    def _of_case(self, event: RoomEvent) -> str:
        """What happened to it while the room lasted; "" for anything else."""
        who, body = event.body.get("name") or self.name(event.sender_id), event.body
        match event.kind:
            case "opinion.signed":
                if (n := body["version"]) > 1:
                    return _("{who} signed version {n} of the opinion").format(who=who, n=n)
                return _("{who} signed the opinion").format(who=who)
            case "question.asked":
                return _("{who} asked for more").format(who=who)
            case "schedule.changed":
                return self._agreed(who, body)
        return ""

    def _agreed(self, who: str, body: Json) -> str:
        said = _("{who} agreed to meet: {to} instead of {former}")
        if not body["former"]:
            said = _("{who} agreed to meet: {to}")
        return said.format(who=who, to=body["to"], former=body["former"])

    def _of_calls(self, event: RoomEvent) -> str:
        who = self.name(event.sender_id)
        match event.kind:
            case "doctor.called":
                return _("{who} told both sides that a doctor is missing").format(who=who)
            case "coordinator.called":
                return _("The coordinators were told that a doctor is missing")
            case "phone.shown":
                phone = event.body.get("phone") or "–"
                if event.body.get("reason"):
                    said = _("The line bore no call; the phone number was shown: {phone}")
                    return said.format(phone=phone)
                return _("The phone number was shown: {phone}").format(phone=phone)
            case "phone.hidden":
                return _("The phone number is no longer shown")
        return ""


def _person_words(kind: str, by: str) -> str:
    """`by`: who let them in; "" where they came in by themselves."""
    return {
        "participant.joined": _("{who} came in"),
        "participant.returned": _("{who} is back"),
        "participant.away": _("{who} lost the line; the place is kept"),
        "participant.left": _("{who} left the room"),
        "participant.removed": _("{by} removed {who}"),
        "participant.invited": _("{by} asked {who} in as {role}"),
        "participant.knocked": _("{who} asks to come in"),
        "participant.admitted": _("{by} let {who} in") if by else _("{who} may come in"),
        "participant.refused": _("{by} did not let {who} in"),
        "participant.allowed": _("{by} allowed {who} back"),
        "role.changed": _("{by} made {who}: {role}"),
    }.get(kind, "")


def detail_of(event: RoomEvent) -> str:
    """What stands small behind the sentence: institution and role, or what the line measured."""
    body = event.body
    if event.kind == "participant.joined":
        role = str(Role(body["role"]).label) if body.get("role") in Role.values else ""
        return " · ".join(filter(None, [body.get("organisation"), role]))
    if event.kind == "quality.changed":
        rate = _("{kbit} kbit/s, delay {ms} ms")
        measured = rate.format(kbit=body.get("kbit_s"), ms=body.get("rtt_ms"))
        return (
            f"{measured} · {pgettext('line', 'by hand')}"
            if body.get("how") == "manual"
            else measured
        )
    return ""


def _studies_of(events: Iterable[RoomEvent]) -> dict[str, str]:
    """What the studies are called that those events look at."""
    ids: set[str] = set()
    for event in events:
        if event.kind == "view.settled":
            state = event.body["state"]
            ids |= {
                str(one["study"]) for one in (state, state.get("beside") or {}) if "study" in one
            }
        elif event.kind in ("view.opened", "study.came"):
            ids.add(str(event.body["study"]["id"]))
    found = Study.objects.filter(pk__in=ids) if ids else ()
    return {str(one.pk): " ".join(filter(None, [one.modality, one.described])) for one in found}
