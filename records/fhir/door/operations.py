"""Operations that are asked by POST of Parameters."""

from records.fhir import matching
from records.fhir.callers import Caller
from records.fhir.door.messages import Answer, Request
from records.fhir.door.owners import actor_of
from telemed.core.intentions import intention
from telemed.core.threads import off_loop


async def match(caller: Caller, request: Request) -> Answer:
    """Patient/$match; the index is asked on Django's own connection."""
    matching.require_right(caller)
    asked = matching.read(request.body)
    return Answer(200, await off_loop(_match)(caller, asked, request.base))


def _match(caller: Caller, asked: matching.Asked, base: str) -> bytes:
    actor = actor_of(caller)
    with intention(actor, door="fhir"):
        return matching.match(caller=caller, actor=actor, asked=asked, base=base)
