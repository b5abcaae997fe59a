"""What a client may send to a room, to the letter."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter

from telemed.core.frames import Frame, Heartbeat, Seen

Name = Annotated[str, Field(min_length=1, max_length=64)]
Number = Annotated[float, Field(ge=-1e6, le=1e6)]
Point2 = Annotated[list[Number], Field(min_length=2, max_length=2)]
Picture = Annotated[str, Field(pattern=r"^[0-9a-f-]{36}/[0-9]{1,6}$")]  # instance and frame
Slice = Annotated[int, Field(ge=0, le=100_000)]


class Say(Frame):
    do: Literal["say"]
    text: str = Field(min_length=1, max_length=4000)
    client_id: UUID


class Retract(Frame):
    """Take one's own message back, by its number."""

    do: Literal["retract"]
    message: int = Field(ge=1, le=2**31 - 1)
    client_id: UUID


class SetRole(Frame):
    """A host lets a guest interpret or observe; `agreed`: the patient knows of the observer."""

    do: Literal["role"]
    user: UUID
    role: Literal["interpreter", "observer"]
    agreed: bool = False


class Typing(Frame):
    do: Literal["typing"]


class Leave(Frame):
    do: Literal["leave"]


class Lead(Frame):
    """Let the others follow, or let them go."""

    do: Literal["lead"]
    take: bool


class Paper(Frame):
    """How an ECG lies on its paper: seconds, mm/s, mm/mV."""

    from_: Annotated[float, Field(alias="from", ge=0, le=1e6)] = 0
    speed: Literal[25, 50] = 25
    gain: Literal[5, 10, 20] = 10
    layout: Literal["grid", "list"] = "grid"
    filter: bool = False


class Shown(Frame):
    """
    One picture or ECG, in its own coordinates; centre and width are the window. `picture` names it:
    its place in the series is another one once more of the series has come (ADR 0057).
    """

    study: UUID | None = None
    series: Name
    slice: Slice = 0
    picture: Picture | None = None
    ecg: Paper | None = None
    centre: Number | None = None
    width: Number | None = None
    zoom: Number | None = None
    pan: Point2 | dict[Literal["x", "y"], Number] | None = None
    invert: bool = False


class ViewState(Shown):
    """
    What is on the screen: one, or two beside each other. `turn` grows with each frame of a leader,
    so that one that only passed never undoes a later one at rest.
    """

    beside: Shown | None = None
    linked: bool | None = None
    turn: Annotated[int, Field(ge=0, le=10**15)] | None = None


class View(Frame):
    """Moving (passes by) or at rest (`settled`: kept, and needs a client_id)."""

    do: Literal["view"]
    state: ViewState
    settled: bool = False
    client_id: UUID | None = None


class Point(Frame):
    """A pointer; without coordinates it is gone."""

    do: Literal["point"]
    series: Name | None = None
    slice: Slice | None = None
    picture: Picture | None = None
    x: Number | None = None
    y: Number | None = None


class Mark(Frame):
    id: Name
    kind: Name
    series: Name
    slice: Slice
    picture: Picture | None = None
    points: list[Point2 | dict[Literal["x", "y"], Number]] = Field(max_length=64)
    value: Number | str | None = None
    unit: str | None = Field(default=None, max_length=16)
    extra: dict[Name, Number | Annotated[str, Field(max_length=200)] | None] | None = Field(
        default=None, max_length=16
    )


class SaveMark(Frame):
    do: Literal["mark"]
    mark: Mark
    client_id: UUID


class RemoveMark(Frame):
    do: Literal["unmark"]
    mark: Name
    client_id: UUID


class ShareKeyImage(Frame):
    """A key image of the case that was just kept; the others get it into their strip."""

    do: Literal["key_image"]
    key_image: UUID
    client_id: UUID


class DropKeyImage(Frame):
    """One that its owner took away."""

    do: Literal["unkey"]
    key_image: UUID
    client_id: UUID


class OpenStudy(Frame):
    """A study that came into the case while the room lasts; the others may open it now."""

    do: Literal["open"]
    study: UUID
    client_id: UUID


class Description(Frame):
    """RTCSessionDescription (W3C WebRTC 1.0, 4.6)."""

    type: Literal["offer", "answer", "rollback"]
    sdp: str = Field(default="", max_length=60_000)


class Candidate(Frame):
    """RTCIceCandidateInit (W3C WebRTC 1.0, 4.8.1.1); the names are the browser's."""

    candidate: str = Field(max_length=1000)
    sdpMid: str | None = Field(default=None, max_length=64)  # noqa: N815
    sdpMLineIndex: int | None = Field(default=None, ge=0, le=64)  # noqa: N815
    usernameFragment: str | None = Field(default=None, max_length=256)  # noqa: N815


class Signal(Frame):
    """To one connection. A generation is one try to connect; older ones are dropped there."""

    do: Literal["signal"]
    to: UUID
    generation: int = Field(ge=0)
    description: Description | None = None
    candidate: Candidate | None = None


class Ways(Frame):
    """The credentials for the ways between the pages are about to die; new ones, please."""

    do: Literal["ways"]


class Stuck(Frame):
    """This page does not reach the media engine."""

    do: Literal["stuck"]


class Quality(Frame):
    """The call changed its rung, or the picture goes `to` one person alone, or to all again."""

    do: Literal["quality"]
    mode: Literal["video", "still", "audio", "text"]
    by: Literal["auto", "manual"]
    kbit_s: int = Field(ge=0, le=1_000_000)
    rtt_ms: int = Field(ge=0, le=600_000)
    loss: float = Field(ge=0, le=1)
    to: UUID | None = None


class Screen(Frame):
    """Show one's own screen to the others, or no longer."""

    do: Literal["screen"]
    on: bool
    client_id: UUID


class Ready(Frame):
    """What the page measured of its line before it came in; `echo`: whether one heard oneself."""

    do: Literal["ready"]
    up_kbit_s: int = Field(ge=0, le=1_000_000)
    down_kbit_s: int = Field(ge=0, le=1_000_000)
    rtt_ms: int = Field(ge=0, le=600_000)
    loss: float = Field(ge=0, le=1)
    way: Literal["relay", "direct", "none"]
    echo: Literal["heard", "silent", "untried"]
    client_id: UUID


Sent = (
    Say
    | Retract
    | SetRole
    | Typing
    | Leave
    | Lead
    | View
    | Point
    | SaveMark
    | RemoveMark
    | ShareKeyImage
    | DropKeyImage
    | OpenStudy
    | Signal
    | Ways
    | Stuck
    | Quality
    | Screen
    | Ready
    | Heartbeat
    | Seen
)
FRAMES: TypeAdapter[Sent] = TypeAdapter(Annotated[Sent, Field(discriminator="do")])
