"""One thing that one person does: an intention for each, as their page would open it."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from django.utils import timezone

from consult.requests.models import Kind
from telemed.core.intentions import System, intention
from telemed.core.models import Calendar
from telemed.demo.day import acts, people, shortening
from telemed.demo.day.acts import Waiting
from telemed.demo.day.people import Request
from telemed.demo.day.tempo import Tempo
from telemed.people.models import User
from telemed.people.refusals import counting_wrong_pins

PLAYER = System("demo")
DOOR = "command"
OVERLAP = timedelta(seconds=10)  # longer than a clock's row may wait for its commit


@dataclass(frozen=True)
class Act:
    """What is to be done, and when (real time)."""

    at: datetime
    name: str
    do: Callable[[], Sequence["Act"]]
    tries: int = 0


@dataclass
class Life:
    """A played case from its request on; only its own acts change it."""

    request: Request
    case: UUID
    chance: random.Random
    asked: set[UUID] = field(default_factory=set)  # offers whose doctors know
    clocks: shortening.Known = field(default_factory=dict)


class Cast:
    """Everybody's acts. Each answers what follows from it."""

    def __init__(self, tempo: Tempo) -> None:
        self.tempo = tempo
        self.cases: list[UUID] = []  # all that were sent
        self.lives: dict[UUID, Life] = {}  # those in which something may still happen
        self.lock = Lock()
        self.looked_at = tempo.began

    def ask(self, request: Request) -> Sequence[Act]:
        """Typed, consented, sent: three pages of the asking doctor."""
        chance = random.Random(request.seed)  # noqa: S311 (the same day again, not a secret)
        doctor = self._user(request.asker.doctor)
        with intention(doctor, door=DOOR):
            case = acts.draft(actor=doctor, request=request, chance=chance)
        with intention(doctor, door=DOOR):
            acts.consent(actor=doctor, case_id=case)
        life = Life(request, case, chance)
        with self._moving(doctor, life):
            acts.send(actor=doctor, case_id=case)
            waiting = acts.waiting(cases=[case])
        with self.lock:
            self.cases.append(case)
            self.lives[case] = life
        return self.answers(waiting)

    def answers(self, waiting: Sequence[Waiting]) -> Sequence[Act]:
        """The doctors who were asked and do not know yet what they will do."""
        return [act for one in waiting if (act := self._answer(one))]

    def _answer(self, waiting: Waiting) -> Act | None:
        with self.lock:
            life = self.lives.get(waiting.case)
            if life is None or waiting.offer in life.asked:
                return None
            life.asked.add(waiting.offer)
        kind, manner = life.request.kind, life.request.manner
        pause = people.answers_after(kind, manner, life.chance)
        if pause is None:
            return None
        refuses = life.chance.random() < manner.declines
        return self._later(life, pause, "answer", lambda: self.answer(life, waiting, refuses))

    def answer(self, life: Life, waiting: Waiting, refuses: bool) -> Sequence[Act]:
        doctor = self._user(waiting.doctor)
        with intention(doctor, door=DOOR):
            acts.look(actor=doctor, case_id=life.case)
        with self._moving(doctor, life):
            if refuses:
                acts.decline(actor=doctor, case_id=life.case, chance=life.chance)
                return []
            acts.accept(actor=doctor, case_id=life.case)
        pause = people.signs_after(life.request.kind, life.chance)
        return [self._later(life, pause, "sign", lambda: self.sign(life, doctor))]

    def sign(self, life: Life, doctor: User) -> Sequence[Act]:
        """Written and signed; who never signed gets a key first."""
        with intention(doctor, door=DOOR):
            people.give_key(doctor)
            acts.write(actor=doctor, case_id=life.case)
        with counting_wrong_pins(doctor, door=DOOR), self._moving(doctor, life):
            acts.sign(actor=doctor, case_id=life.case)
        pause = people.decides_after(life.request.manner, life.chance)
        if pause is None:
            return []
        return [self._later(life, pause, "decide", lambda: self.decide(life))]

    def decide(self, life: Life) -> Sequence[Act]:
        doctor = self._user(life.request.asker.doctor)
        said = people.decision(life.request.manner, life.chance)
        with self._moving(doctor, life):
            acts.decide(actor=doctor, case_id=life.case, decision=said)
        return []

    def tell_outcome(self, case: UUID, doctor_id: UUID, day: int, seed: str) -> Sequence[Act]:
        chance = random.Random(f"{seed} {case} {day}")  # noqa: S311
        doctor = self._user(doctor_id)
        with intention(doctor, door=DOOR):
            acts.tell_outcome(actor=doctor, case_id=case, day=day, chance=chance)
        return []

    def look_round(self) -> Sequence[Act]:
        """What others did to the played cases: doctors asked by a clock, rungs that it started."""
        with self.lock:
            lives = dict(self.lives)
        since, self.looked_at = self.looked_at, timezone.now()
        with intention(PLAYER, door=DOOR):
            alive = set(acts.still_open(cases=list(lives)))
            waiting = acts.waiting(cases=list(alive))
            known = {case: lives[case].clocks for case in alive}
            shortening.shorten_clocks(known=known, tempo=self.tempo, since=since - OVERLAP)
        with self.lock:
            for case in lives.keys() - alive:
                del self.lives[case]
        return self.answers(waiting)

    def end(self) -> int:
        """The clocks of what stays open run in real time from now on."""
        clocks = [
            clock for life in self.lives.values() for clock, short in life.clocks.items() if short
        ]
        with intention(PLAYER, door=DOOR, timeout_ms=30_000):
            return shortening.lengthen_clocks(clocks=clocks, tempo=self.tempo)

    def due_outcomes(self, limit: int) -> list[tuple[UUID, UUID, int]]:
        with intention(PLAYER, door=DOOR):
            return acts.outcomes_due(now=timezone.now(), limit=limit)

    @contextmanager
    def _moving(self, doctor: User, life: Life) -> Iterator[None]:
        """An intention whose new clocks are shortened before anybody sees them."""
        since = timezone.now()
        with intention(doctor, door=DOOR):
            yield
            known = {life.case: life.clocks}
            shortening.shorten_clocks(known=known, tempo=self.tempo, since=since)

    def _later(
        self, life: Life, pause: timedelta, name: str, do: Callable[[], Sequence[Act]]
    ) -> Act:
        """After so much of the played day, and later still where the line is down."""
        emergency = life.request.kind == Kind.EMERGENCY
        calendar = Calendar.WALL if emergency else Calendar.WORKING
        moment = self.tempo.after(pause, timezone.now(), calendar)
        if cut := people.cut_for(life.chance):
            # The first try went through and its answer was lost: it is sent again.
            again = self.tempo.after(cut, moment, Calendar.WALL)
            return Act(moment, name, lambda: [*do(), Act(again, "repeat", lambda: repeat(do))])
        return Act(moment, name, do)

    def _user(self, user_id: UUID) -> User:
        with intention(PLAYER, door=DOOR):
            return people.user(user_id)


def repeat(do: Callable[[], Sequence[Act]]) -> Sequence[Act]:
    """Whatever it answers, nothing follows from it that did not follow already."""
    do()
    return []
