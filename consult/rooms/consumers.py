"""The room's socket."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID, uuid4

from django.contrib.auth.models import AnonymousUser
from django.utils import translation
from django.utils.translation import gettext as _

from consult.rooms import frames, queries, services, ways
from consult.rooms.links import Entries, Kind
from consult.rooms.models import Participant, Room, RoomEvent
from consult.rooms.neighbours import Neighbours
from consult.rooms.permissions import may_read, may_show
from telemed.audit import refusals
from telemed.core.errors import DomainError, Forbidden
from telemed.core.frames import Heartbeat
from telemed.core.intentions import System, intention
from telemed.core.sockets import Account, Close, Socket

Json = dict[str, Any]

LEASES = System("room-leases")
neighbours = Neighbours()


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class RoomConsumer(Socket):
    """
    /ws/rooms/<room>/?after=<the last number that the client has>&connection=<the page's own id>.
    Its frames: frames.py. Ours: {"is": "hello"} first; {"seq", "is", "from", "at", …} from the
    log; {"is": "snapshot"} in place of a long log; and passing: point, view, typing, signal,
    gone, beat (answers a heartbeat), ways (answers who asks for new credentials), error.

    Sockets of one room in one process hand frames and fresh events to each other directly;
    neighbours.py and the bells carry them to other processes. The log is the truth for both.

    The connection is the page, not the socket: a page that lost its line comes back under the
    same one, so that its calls go on.

    Passing frames carry `from` and `connection` as we know them, whatever the client says, and
    never touch the database.
    """

    accepts = frames.FRAMES
    room_id = UUID(int=0)  # until it has entered one
    FRESH = 100  # events handed over and not yet sent; more are read from the log

    async def enter(self) -> Iterable[str]:
        self.room_id = self.scope["url_route"]["kwargs"]["room_id"]
        asked = parse_qs(self.scope["query_string"].decode())
        after = asked.get("after", ["0"])[0]
        self.last_seq = int(after[:9]) if after.isdecimal() else 0
        self.rung_for = 0  # the newest number that a bell told of
        self.away = False
        self.connection = as_uuid(asked.get("connection", [""])[0]) or uuid4()
        place = await self.in_room(services.join_room, connection=self.connection)
        self.role, self.joined = place.role, place.room.last_seq
        return [Room.group(self.room_id)]

    async def greet(self) -> None:
        hello = await self.in_room(queries.welcome)
        self.leader: str | None = hello["leader"]
        self.rung_for = hello["last_seq"]
        # A client that is ahead of us talks of another room, or of a log that was restored.
        self.last_seq = self.last_seq if self.last_seq <= self.rung_for else 0
        place = await self.in_room(queries.get_present, connection=self.connection)
        ours = {"connection": str(self.connection), "ways": ways.offered(place)}
        self.queue({"is": "hello", **ours, **hello})
        self.fresh: dict[int, RoomEvent] = {}
        await neighbours.come(self.room_id, self)
        replaced = {"type": "room.replaced", "user": str(self.user.pk), "seq": self.joined}
        await self.channel_layer.group_send(Room.group(self.room_id), replaced)

    async def disconnect(self, code: int) -> None:
        await super().disconnect(code)
        neighbours.go(self.room_id, self)
        if self.sender and self.ending != Close.REPLACED:
            self.pass_on({"is": "gone"})

    async def recheck(self) -> None:
        place = await self.in_room(queries.get_participant)
        self.role = place.role
        if place.connection not in {None, self.connection}:
            self.end(Close.REPLACED)
        self.rung_for = max(self.rung_for, place.room.last_seq)  # a bell may have been lost
        self.away = place.status == Participant.Status.AWAY

    @classmethod
    def glance(cls, sockets: Sequence["RoomConsumer"]) -> dict["RoomConsumer", Hashable]:
        accounts = cls.holders(sockets)
        places = queries.glance_at_places([s.connection for s in sockets])
        found: dict[RoomConsumer, Hashable] = {}
        for socket, account in accounts.items():
            if place := places.get(socket.connection):
                last_seq, *rights = place
                # A bell that was lost makes a difference too: the socket looks, and reads.
                found[socket] = (account, tuple(rights), last_seq > socket.rung_for)
        return found

    @classmethod
    def keep_alive(cls, sockets: Sequence["RoomConsumer"]) -> None:
        with intention(LEASES, door="socket"):
            services.renew_leases(connections=[s.connection for s in sockets])

    def refused(self, action: str, error: DomainError) -> None:
        refusals.note(self.user, door="socket", action=f"room.{action}", error=error)

    async def in_room(self, function: Any, **arguments: Any) -> Any:
        return await self.call(function, room_id=self.room_id, **arguments)

    # What comes in.

    async def hear(self, frame: Any) -> None:
        match frame:
            case frames.Point() | frames.Typing() | frames.Signal():
                self.relay(frame)
            case frames.View(settled=False):
                if self.leader == str(self.user.pk):
                    self.relay(frame)
            case Heartbeat():
                await self.stay()
            case frames.Ways():
                place = await self.in_room(queries.get_present, connection=self.connection)
                self.queue({"is": "ways", **ways.offered(place)}, key="ways")
            case _:
                await self.act(frame)

    async def stay(self) -> None:
        """The next round renews the lease; who was away already comes back at once."""
        self.rounds.beating.add(self)
        if self.away:
            await self.in_room(services.renew_lease, connection=self.connection)
            self.away = False
        self.queue({"is": "beat"}, key="beat")

    def relay(self, frame: frames.Point | frames.Typing | frames.Signal | frames.View) -> None:
        if isinstance(frame, frames.Point | frames.View) and not may_show(self.role):
            with translation.override(self.user.language):
                raise Forbidden(_("Only the doctors of this case lead, point and measure."))
        body = frame.model_dump(mode="json", exclude={"do"}, exclude_none=True, by_alias=True)
        self.pass_on({"is": frame.do, **body})

    async def act(self, frame: Any) -> None:
        match frame:
            case frames.Say() | frames.Retract():
                await self.write(frame)
            case frames.SetRole(user=user, role=role, agreed=agreed):
                wanted = {"user_id": user, "role": role, "agreed": agreed}
                await self.in_room(services.set_role, **wanted)
            case frames.View(state=at_rest, client_id=client_id):
                state = at_rest.model_dump(mode="json", exclude_none=True, by_alias=True)
                client_id = client_id or uuid4()
                settled = await self.in_room(services.settle_view, state=state, client_id=client_id)
                self.hand_over(settled)
            case frames.Lead(take=True):
                await self.in_room(services.take_lead)
                self.leader = str(self.user.pk)
            case frames.Lead():
                await self.in_room(services.release_lead)
            case frames.Quality() as quality:
                await self.in_room(services.log_quality, **quality.model_dump(exclude={"do"}))
            case frames.Stuck():
                await self.in_room(services.doubt_engine, connection=self.connection)
            case frames.Leave():
                await self.in_room(services.leave_room)
            case frames.Screen() | frames.Ready():
                await self.tell(frame)
            case _:
                await self.keep(frame)

    async def write(self, frame: frames.Say | frames.Retract) -> None:
        """What is written to the others, or taken back."""
        match frame:
            case frames.Say(text=text, client_id=client_id):
                said = await self.in_room(services.say, text=text, client_id=client_id)
            case frames.Retract(message=message, client_id=client_id):
                which = {"message": message, "client_id": client_id}
                said = await self.in_room(services.retract, **which)
        self.hand_over(said)

    async def tell(self, frame: frames.Screen | frames.Ready) -> None:
        """What a page says of its own screen and line."""
        match frame:
            case frames.Screen(on=True, client_id=client_id):
                self.hand_over(await self.in_room(services.share_screen, client_id=client_id))
            case frames.Screen():
                await self.in_room(services.stop_screen)
            case frames.Ready() as found:
                await self.in_room(services.note_check, **found.model_dump(exclude={"do"}))

    async def keep(self, frame: Any) -> None:
        """What is drawn and kept of the images."""
        match frame:
            case frames.SaveMark(mark=mark, client_id=client_id):
                drawn = mark.model_dump(mode="json", exclude_none=True)
                saved = await self.in_room(services.save_mark, mark=drawn, client_id=client_id)
                self.hand_over(saved)
            case frames.RemoveMark(mark=gone, client_id=client_id):
                await self.in_room(services.remove_mark, mark=gone, client_id=client_id)
            case frames.ShareKeyImage(key_image=key_image, client_id=client_id):
                which = {"key_image_id": key_image, "client_id": client_id}
                self.hand_over(await self.in_room(services.share_key_image, **which))
            case frames.DropKeyImage(key_image=key_image, client_id=client_id):
                which = {"key_image_id": key_image, "client_id": client_id}
                self.hand_over(await self.in_room(services.drop_key_image, **which))
            case frames.OpenStudy(study=study, client_id=client_id):
                opened = await self.in_room(
                    services.show_study, study_id=study, client_id=client_id
                )
                self.hand_over(opened)

    def pass_on(self, frame: Json) -> None:
        """To the others in the room. Never stored."""
        who = {"from": str(self.user.pk), "connection": str(self.connection)}
        neighbours.pass_on(self.room_id, frame | who)

    def hand_over(self, event: RoomEvent) -> None:
        """A committed event, to save the sockets of this process their reading."""
        for neighbour in neighbours.of(self.room_id):
            if neighbour.last_seq < event.seq and len(neighbour.fresh) < self.FRESH:
                neighbour.fresh[event.seq] = event
                neighbour.rung_for = max(neighbour.rung_for, event.seq)
                neighbour.bell.set()

    # From the group and the neighbours. No database here: while it waits, messages pile up.

    async def room_rang(self, message: Json) -> None:
        self.rung_for = max(self.rung_for, message["seq"])
        self.bell.set()

    async def room_doubted(self, message: Json) -> None:
        self.doubt()

    async def room_replaced(self, message: Json) -> None:
        if message["user"] == str(self.user.pk) and message["seq"] > self.joined:
            self.end(Close.REPLACED)  # by a newer tab, or by this page's own way back

    def take(self, frame: Json) -> None:
        """Somebody's passing frame, if it is for this connection and role."""
        mine = str(self.connection)
        if frame["connection"] == mine or frame.get("to", mine) != mine:
            return
        if not may_read(self.role, frame["is"]):
            return
        # A newer pointer replaces the older one; every signal counts.
        signal = frame["is"] in {"signal", "gone"}
        self.queue(frame, key=None if signal else (frame["is"], frame["connection"]))

    # What goes out.

    async def send_due(self) -> None:
        """However often the bell rang: what the client lacks, as far as its window is open."""
        if self.passing and self.sent == 0:
            await self.send_one(self.passing.pop(next(iter(self.passing))))  # hello goes first
        if self.rung_for - self.last_seq > queries.SNAPSHOT_OVER:
            summary = await self.in_room(queries.summary)
            self.last_seq = summary["last_seq"]
            await self.send_one({"is": "snapshot", **summary})
        while self.space() and (event := self.fresh.pop(self.last_seq + 1, None)):
            await self.send_event(queries.as_frame(event, self.role))
        self.fresh = {seq: event for seq, event in self.fresh.items() if seq > self.last_seq}
        while self.last_seq < self.rung_for and (limit := self.space()):
            events = await self.in_room(queries.events_after, seq=self.last_seq, limit=limit)
            for event in events:
                await self.send_event(event)
            if len(events) < limit:
                return

    async def send_event(self, event: Json) -> None:
        if event["is"] in {"lead.taken", "lead.released"}:
            self.leader = event["from"] if event["is"] == "lead.taken" else None
        await self.send_one(event)
        self.last_seq = event["seq"]


class LinkConsumer(RoomConsumer):
    """The same for who came by a link: the cookie of the browser that entered says who it is."""

    kind: Kind  # of the slice
    links: Entries

    def prepare(self) -> None:
        super().prepare()
        self.session_key = self.scope.get("cookies", {}).get(self.kind.cookie, "")
        self.entered: UUID = self.scope["url_route"]["kwargs"]["room_id"]

    def holder(self) -> Account:
        link = self.links.find_entered(self.session_key, self.entered)
        return link.holder if link else AnonymousUser()  # type: ignore[return-value]

    @classmethod
    def holders(cls, sockets: Sequence[Any]) -> dict[Any, Hashable]:
        seen = cls.links.glance_at_links([socket.session_key for socket in sockets])
        return {s: seen[s.session_key] for s in sockets if s.session_key in seen}
