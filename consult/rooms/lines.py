"""What a line bears that was measured before the room: the ladder's first guess, in one word."""

from dataclasses import dataclass
from typing import Literal

Bears = Literal["video", "sound", "text"]


@dataclass(frozen=True)
class Limit:
    """The thinnest, slowest and worst line on which that still works."""

    kbit_s: int
    rtt_ms: int
    loss: float


# Measured between two network namespaces (docs/room-acceptance.md, 1 to 3).
LIMITS: dict[Bears, Limit] = {
    "video": Limit(kbit_s=200, rtt_ms=800, loss=0.05),
    "sound": Limit(kbit_s=40, rtt_ms=2000, loss=0.2),
}


def bears(*, up_kbit_s: int, down_kbit_s: int, rtt_ms: int, loss: float) -> Bears:
    """The best that both directions bear."""
    for what, limit in LIMITS.items():
        thin = min(up_kbit_s, down_kbit_s) < limit.kbit_s
        if not (thin or rtt_ms > limit.rtt_ms or loss > limit.loss):
            return what
    return "text"
