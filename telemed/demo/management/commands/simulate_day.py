"""A working day of the whole province, on top of the running demonstration."""

import random
import signal
import sys
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from telemed.core import pulse
from telemed.core.intentions import intention
from telemed.demo import mode
from telemed.demo.day import figures, load, people, tempo
from telemed.demo.day.door.acting import DOOR, PLAYER
from telemed.demo.day.door.playing import Play, Tally
from telemed.demo.day.figures import Figures
from telemed.demo.day.tempo import Tempo

MINUTES, HANDS, LATE = 3.0, 6, 10.0
LINES = 20  # of a progress that nobody watches in place, one so many looks


class Command(BaseCommand):
    help = (
        "Plays a working day of the whole province through the real services: 528 cases in three"
        " minutes, or --load 100 --speed 1 --minutes 2. Needs a running `up`."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--load", type=float, default=1.0, help="times the real 528 a day")
        parser.add_argument(
            "--speed",
            type=float,
            help="how much faster than real time requests come, around the busiest moment;"
            " without it the whole day is played",
        )
        parser.add_argument("--minutes", type=float, default=MINUTES, help="how long it takes")
        parser.add_argument("--seed", default="1", help="the same word, the same day")
        parser.add_argument("--hands", type=int, default=HANDS, help="how many act at once")
        parser.add_argument(
            "--late", type=float, default=LATE, help="seconds within which a due clock is claimed"
        )

    def handle(self, **options: Any) -> None:
        mode.require_demo(CommandError)
        for name in ("load", "minutes", "hands", "late", "speed"):
            if options[name] is not None and options[name] <= 0:
                raise CommandError(f"--{name} is more than 0.")
        if not pulse.is_shown():
            raise CommandError("No worker is alive: start `manage.py up` first, and leave it on.")
        self.shown, self.in_place = 0, sys.stdout.isatty()
        since = timezone.now()
        day, requests = self._requests(since, **options)
        play = Play(day, hands=options["hands"], say=self._progress)
        play.plan([(at, request) for at, request in requests], options["seed"])
        former = signal.signal(signal.SIGINT, lambda *_: self._stop(play))
        try:
            tally = play.run()
        finally:
            signal.signal(signal.SIGINT, former)
        with intention(PLAYER, door=DOOR, timeout_ms=30_000):
            found = figures.measure(cases=play.cast.cases, since=since, tempo=day)
        took = (timezone.now() - since).total_seconds()
        self._report(found, tally, day, took)
        if found.latest > options["late"] or tally.failed:
            sys.exit(1)

    def _requests(self, began: Any, **options: Any) -> tuple[Tempo, list[Any]]:
        """The day, and who asks when in real time."""
        today = tempo.working_day(timezone.localdate(began))
        minutes, speed = options["minutes"], options["speed"]
        chance = random.Random(f"load {options['seed']}")  # noqa: S311 (the same day again)
        if speed is None:
            day = tempo.whole_day(today, began, minutes)
            begin, end = 0.0, load.DAY
        else:
            day = tempo.stretch(today, began, minutes, speed)
            begin, end = tempo.span(minutes, speed)
        moments = load.moments(options["load"], begin, end, chance)
        with intention(PLAYER, door=DOOR):
            requests = people.requests_at(moments, options["seed"])
        if not requests:
            raise CommandError("Nobody may ask yet: the province is being filled; try again soon.")
        if speed is None:
            return day, [(day.real(day.midnight + _seconds(r.at)), r) for r in requests]
        return day, [(began + _seconds((r.at - begin) / speed), r) for r in requests]

    def _stop(self, play: Play) -> None:
        self.stdout.write("\nStopping: what is begun is ended.")
        play.stop()

    def _progress(self, line: str) -> None:
        self.shown += 1
        if self.in_place:
            self.stdout.write(f"\r\x1b[K{line}", ending="")
        elif self.shown % LINES == 1:
            self.stdout.write(line)
        self.stdout.flush()

    def _report(self, found: Figures, tally: Tally, day: Tempo, took: float) -> None:
        say = self.stdout.write
        say("" if not self.in_place else "\n")
        median = "nobody answered"
        if found.median is not None:
            waited = sorted(found.waits)[len(found.waits) // 2]
            median = f"{found.median:.0f} min of the played day ({waited:.1f} s)"
        rows = {
            "cases asked": f"{found.asked} in {took:.0f} s ({found.asked / took:.2f} a second)",
            "first answer, median": median,
            "closed": f"{found.closed} ({100 * found.closed_share:.0f} %), {found.open} open",
            "escalations": str(found.escalations),
            "clocks fired": f"{len(found.late)}; late p95 {found.late_at(0.95):.1f} s,"
            f" at most {found.latest:.1f} s",
            "messages": f"{found.messages} ("
            + ", ".join(f"{name} {n}" for name, n in found.sent.items())
            + ")",
            "outbox": f"{found.dead} dead, {found.undelivered} on the way",
            "behind its own plan": f"at most {tally.most_behind:.1f} s",
        }
        for label, text in rows.items():
            say(f"{label:22} {text}")
        for name in tally.acts:
            middle, slow = tally.speed_of(name)
            say(f"  {name:20} {tally.acts[name]:5}  p50 {middle:5.0f} ms  p95 {slow:5.0f} ms")
        for kind, counted in (("refused", tally.refused), ("FAILED", tally.failed)):
            for what, times in counted.most_common(8):
                say(f"  {kind}: {what} ({times})")


def _seconds(number: float) -> timedelta:
    return timedelta(seconds=number)
