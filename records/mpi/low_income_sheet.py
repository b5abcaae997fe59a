"""A county's list for one of its registers as a file: its columns, and what each row says."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from records.mpi.identity import parse_id_card
from records.mpi.models import ID_CARD, SPECIAL, LowIncome, Register
from records.mpi.roll import read_day
from telemed.core import secrecy
from telemed.core.choices import WordField
from telemed.core.errors import DomainError
from telemed.core.tables import Column, Mistake, Row

ROWS, BYTES = 20_000, 2_000_000  # of one county's list, which comes whole
COLUMNS = (
    Column("id_card", "身份证号", "ID number"),
    Column("kind", "类别", "kind"),
    Column("last_day", "有效期至", "last day", needed=False),
    # Counties send it; it is not kept.
    Column("name", "姓名", "name", needed=False),
)
# Who is on the list of special families is that, and of which kind is nobody's business here.
OF_SPECIAL = tuple(column for column in COLUMNS if column.key != "kind")
EXAMPLE = ("110101195804090014", "低保", "2027-12-31", "")
# What counties write, besides the words of the choices.
WORDS = {
    "低保": LowIncome.Kind.SUBSISTENCE,
    "低保对象": LowIncome.Kind.SUBSISTENCE,
    "最低生活保障": LowIncome.Kind.SUBSISTENCE,
    "特困": LowIncome.Kind.HARDSHIP,
    "特困人员": LowIncome.Kind.HARDSHIP,
    "特困供养": LowIncome.Kind.HARDSHIP,
    "监测对象": LowIncome.Kind.MONITORED,
    "防返贫监测": LowIncome.Kind.MONITORED,
    "防返贫监测对象": LowIncome.Kind.MONITORED,
}
_kinds = WordField(choices=LowIncome.Kind.choices)


@dataclass(frozen=True)
class Line:
    """Somebody of the list; the number itself is not kept beyond this row."""

    id_card_hash: str
    kind: str
    ends_on: date | None


def columns_of(register: str) -> tuple[Column, ...]:
    return OF_SPECIAL if register == Register.SPECIAL else COLUMNS


def example_of(register: str) -> tuple[str, ...]:
    there = columns_of(register)
    return tuple(value for column, value in zip(COLUMNS, EXAMPLE, strict=True) if column in there)


def shape(row: Row, valid_from: date, register: str) -> tuple[Line | None, list[Mistake]]:
    """What a row says, or what is wrong with it by itself."""
    mistakes = []

    def wrong(key: str, said: str) -> None:
        mistakes.append(Mistake(row.number, key, said, columns_of(register)))

    number, ends_on = "", None
    try:
        number = parse_id_card(row.values["id_card"]).number
    except DomainError as error:
        wrong("id_card", error.message)
    special = register == Register.SPECIAL
    kind = SPECIAL if special else _kind(row.values["kind"])
    if not special and kind not in LowIncome.Kind.values:
        words = ", ".join(str(label) for label in LowIncome.Kind.labels)
        wrong("kind", _("One of: {words}").format(words=words))
    try:
        last = read_day(row.values["last_day"])
        ends_on = last + timedelta(days=1) if last else None
    except (DomainError, OverflowError) as error:
        said = _("{text} is no date; write 1958-04-09.").format(text=row.values["last_day"][:20])
        wrong("last_day", getattr(error, "message", said))
    if ends_on and ends_on <= valid_from:
        wrong("last_day", _("This has ended before the list begins."))
    if mistakes:
        return None, mistakes
    return Line(secrecy.keyed_hash(number, purpose=ID_CARD), str(kind), ends_on), []


def _kind(word: str) -> str:
    return str(WORDS.get(word) or _kinds.to_python(word))
