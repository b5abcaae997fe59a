"""Background doors of the demonstration."""

from celery import shared_task

from scheduling.availability.tasks import plan_sessions_task
from telemed.core.doorbells import ring_task
from telemed.core.intentions import System, intention
from telemed.demo import (
    archive,
    attached,
    attended,
    hurried,
    laying,
    outpatients,
    promised,
    referred,
    services,
    standstill,
)
from telemed.oversight.tasks import raise_signals_task, watch_silence_task

FILLER = System("demo")
CHUNK = 50  # institutions an intention: a second or two with all that is published of them
STATEMENT = 30_000  # ms
COUNTED = 120_000  # ms; ten thousand places are counted as it is written down


@shared_task(soft_time_limit=280, time_limit=300)
def lay_pictures_task() -> None:
    """The story's images; each act opens intentions of its own and repeats itself safely."""
    archive.lay_pictures()
    for actor, act in attached.story():
        with intention(actor, door="worker", timeout_ms=STATEMENT):
            act()


@shared_task(soft_time_limit=280, time_limit=300)
def lay_referrals_task() -> None:
    """
    Somebody on each stretch of the way to a hospital and back, then what family doctors owe: a
    warning value that waits for its referral comes after them; at last the visits of four weeks
    that are over. Nothing where there is some.
    """
    for story in (referred.story, hurried.story, promised.story):
        for actor, act in story():
            with intention(actor, door="worker", timeout_ms=STATEMENT):
                act()
    with intention(FILLER, door="worker", timeout_ms=COUNTED):
        attended.lay_visits()


@shared_task(soft_time_limit=50, time_limit=60)
def fill_province_task() -> None:
    """
    The next institutions that the plan lacks, then it rings for itself again: other tasks get
    their turn between. Cut off, it goes on where it stopped within a minute.
    """
    with intention(FILLER, door="worker", timeout_ms=STATEMENT):
        more = services.fill_chunk(size=CHUNK)
        ring_task(fill_province_task if more else lay_past_task)
        if not more:
            ring_task(lay_sessions_task)


@shared_task(soft_time_limit=280, time_limit=300)
def lay_sessions_task() -> None:
    """
    The sessions of the next hospital that is there, then it rings for itself again; after the last,
    for the rest of what the first start laid for two weeks.
    """
    with intention(FILLER, door="worker", timeout_ms=STATEMENT):
        more = outpatients.lay_sessions()
        if more is not None:
            ring_task(lay_sessions_task if more else plan_sessions_task)


@shared_task(soft_time_limit=50, time_limit=60)
def lay_past_task() -> None:
    """
    The synthetic past of the next county, then it rings for itself again. Nothing happens before
    the province is full; afterwards, once a day, each county gets its yesterday.
    """
    with intention(FILLER, door="worker", timeout_ms=STATEMENT):
        left = laying.lay_past()
        if left is None:
            return
        if left:
            ring_task(lay_past_task)
            return
    watch_silence_task()
    raise_signals_task()
    with intention(FILLER, door="worker", timeout_ms=STATEMENT):
        laying.lay_reasons()


@shared_task(soft_time_limit=5, time_limit=10)
def note_running_task() -> None:
    """So that the next start knows for how long nothing ran."""
    with intention(FILLER, door="beat"):
        standstill.note_running()
