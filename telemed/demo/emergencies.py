"""Two emergency accesses, so that their pages have something to show: one reviewed, one waiting."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from records.chart.services import open_chart
from records.consent import access, breakglass
from records.consent.models import BreakGlass
from records.mpi.models import Patient
from records.mpi.queries import by_id_cards
from telemed.demo.accounts import get_user
from telemed.demo.residents import RESIDENTS
from telemed.notifications.services import mark_read
from telemed.people.models import User

FIRST = ("吴金花", "陈浩宇")  # whose own pages show it
WHY = (
    (BreakGlass.Code.SILENT, "120送入急诊，呼之不应，家属在外地，须立即知道用药和过敏史。（演示）"),
    (BreakGlass.Code.DANGERS, "车祸外伤准备急诊手术，须核对抗凝药和过敏史。（演示）"),
)
FOUND = "已核对急诊病历和120交接单，情况属实，查看范围与抢救相符。（演示）"
Act = tuple[User, Callable[[], object]]


@dataclass
class Emergency:
    """One doctor and one person whose record they may not see."""

    doctor: User
    patient: Patient
    number: str
    code: str
    text: str

    def story(self) -> Iterator[Act]:
        doctor, patient = self.doctor, self.patient
        yield doctor, partial(breakglass.find_in_emergency, actor=doctor, number=self.number)
        yield doctor, self._open
        yield doctor, partial(open_chart, actor=doctor, patient_id=patient.pk)
        yield doctor, self._end
        if patient.user:
            yield patient.user, partial(self.read, patient.user)

    @property
    def key(self) -> UUID:
        return BreakGlass.objects.filter(actor=self.doctor, patient=self.patient).latest("pk").pk

    def _open(self) -> None:
        breakglass.open_record(
            actor=self.doctor, patient_id=self.patient.pk, code=self.code, text=self.text
        )

    def _end(self) -> None:
        breakglass.end_session(actor=self.doctor, break_glass_id=self.key)

    def read(self, reader: User) -> None:
        mark_read(actor=reader, about=self.key)

    def reviewed_by(self, auditor: User) -> Iterator[Act]:
        yield auditor, partial(self.read, auditor)
        yield auditor, partial(self._review, auditor)

    def _review(self, auditor: User) -> None:
        breakglass.review(
            actor=auditor,
            break_glass_id=self.key,
            finding=BreakGlass.Status.JUSTIFIED,
            text=FOUND,
        )


def story() -> Iterator[Act]:
    """Who does what, one after the other; the door opens an intention for each."""
    doctor, auditor = get_user("specialist6"), get_user("auditor")
    people = _unseen(doctor)
    for n, ((patient, number), (code, text)) in enumerate(zip(people, WHY, strict=False)):
        emergency = Emergency(doctor, patient, number, code, text)
        yield from emergency.story()
        if n == 0:
            yield from emergency.reviewed_by(auditor)
        else:
            yield auditor, partial(emergency.read, auditor)


def _unseen(doctor: User) -> list[tuple[Patient, str]]:
    """Residents of the story whom this doctor may not see, those with pages of their own first."""
    numbers = {one.name: one.id_card for one in RESIDENTS if one.id_card}
    names = [*FIRST, *(name for name in numbers if name not in FIRST)]
    found = []
    for name in names:
        [*people] = by_id_cards([numbers[name]]) if name in numbers else []
        if people and not access.decide(doctor, "read", people[0]).allowed:
            found.append((people[0], numbers[name]))
        if len(found) == len(WHY):
            break
    return found
