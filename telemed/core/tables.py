"""CSV as people bring it from their spreadsheets, and as they take it away again."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from telemed.core.errors import Invalid, Malformed, TooLarge

ROWS, BYTES = 1_000, 1_000_000
BOM = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins with one
FIGURE = re.compile(r"-\d+(\.\d+)?", re.ASCII).fullmatch  # except an amount that is owed


@dataclass(frozen=True)
class Column:
    """`names` are the headings that are understood: the key itself, and words of both languages."""

    key: str
    chinese: str
    english: str
    needed: bool = True

    def is_named(self, heading: str) -> bool:
        said = heading.strip().casefold()
        return said in {self.key.casefold(), self.chinese.casefold(), self.english.casefold()}

    def heading(self, language: str) -> str:
        return self.english if language == "en" else self.chinese


@dataclass(frozen=True)
class Mistake:
    """What is wrong, and where: the row as a spreadsheet numbers it, the column by its key."""

    row: int
    key: str
    text: str
    columns: Sequence[Column]

    @property
    def column(self) -> str:
        """The heading, in the active language; empty where no single column is to blame."""
        language = translation.get_language() or "zh-hans"
        return next((c.heading(language) for c in self.columns if c.key == self.key), "")


@dataclass(frozen=True)
class Row:
    """One line of the file; `number` is what a spreadsheet shows beside it."""

    number: int
    values: dict[str, str]


def decode(content: bytes, *, most: int = BYTES) -> str:
    """UTF-8, or GB18030 as Chinese spreadsheets save it."""
    if len(content) > most:
        raise TooLarge(_("The file is over 1 MB; cut it into parts."), path="file")
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text.removeprefix(BOM)
    raise Malformed(_("This is no CSV file. Save the sheet as CSV, then choose it."), path="file")


def read(text: str, columns: Sequence[Column], *, most: int = ROWS) -> list[Row]:
    """The lines that are not empty, by column; a missing or unknown heading is refused."""
    lines = csv.reader(io.StringIO(text, newline=""), dialect=_dialect(text), strict=True)
    try:
        rows = [(lines.line_num, [cell.strip() for cell in line]) for line in lines]
    except csv.Error as error:
        sentence = _("Row {n} cannot be read: a quotation mark is not closed.")
        raise Malformed(sentence.format(n=lines.line_num), path="file") from error
    rows = [(number, cells) for number, cells in rows if any(cells)]
    if not rows:
        raise Malformed(_("The file is empty."), path="file")
    keys = _keys(rows[0][1], columns)
    if len(rows) - 1 > most:
        raise TooLarge(_("More than {n} rows; cut the file into parts.").format(n=most))
    return [
        Row(number, dict.fromkeys((c.key for c in columns), "") | _named(keys, cells))
        for number, cells in rows[1:]
    ]


def write(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    """As spreadsheets open it without a question; no cell of it is run as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return (BOM + out.getvalue()).encode()


def harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) and not FIGURE(cell) else cell


def _dialect(text: str) -> type[csv.excel]:
    first = text.partition("\n")[0]
    return csv.excel_tab if first.count("\t") > first.count(",") else csv.excel


def _keys(headings: Sequence[str], columns: Sequence[Column]) -> list[str]:
    keys = []
    for heading in headings:
        column = next((c for c in columns if c.is_named(heading)), None)
        if column is None and heading:
            sentence = _("There is no column “{name}” in the template.")
            raise Invalid(sentence.format(name=heading[:40]), path="file")
        keys.append(column.key if column else "")
    missing = [c for c in columns if c.needed and c.key not in keys]
    if missing:
        language = translation.get_language() or "zh-hans"
        names = _(", ").join(c.heading(language) for c in missing)
        raise Invalid(_("These columns are missing: {names}").format(names=names), path="file")
    return keys


def _named(keys: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return {key: cell for key, cell in zip(keys, cells, strict=False) if key}
