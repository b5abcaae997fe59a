"""
Reading a file of the population register: CSV (UTF-8 or GB18030) or NDJSON of FHIR Patients.

Nothing of the database is known here. A row comes as the fields that a registration has, or as
the sentence why it can't be read.
"""

import csv
import hashlib
import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec
from django.utils.translation import gettext as _

from records.mpi.fhir import HEALTH_CARD_SYSTEM
from records.mpi.models import Patient
from records.mpi.receiving import (
    ID_CARD_SYSTEMS,
    Json,
    address_of,
    display_name,
    phone_of,
)
from telemed.core.errors import Invalid, Malformed

# The heading of a column, in Chinese or English, and the field it holds.
COLUMNS = {
    "姓名": "name", "name": "name",
    "身份证号": "id_card", "id_card": "id_card",
    "健康卡号": "health_card", "health_card": "health_card",
    "性别": "sex", "sex": "sex",
    "出生日期": "birth_date", "birth_date": "birth_date",
    "电话": "phone", "phone": "phone",
    "地址": "address", "address": "address",
    "机构编号": "organisation", "organisation": "organisation",
}  # fmt: skip
SEXES = {
    "男": Patient.Sex.MALE, "1": Patient.Sex.MALE, "male": Patient.Sex.MALE,
    "女": Patient.Sex.FEMALE, "2": Patient.Sex.FEMALE, "female": Patient.Sex.FEMALE,
    "未知": Patient.Sex.UNKNOWN, "0": Patient.Sex.UNKNOWN, "unknown": Patient.Sex.UNKNOWN,
    "其他": Patient.Sex.OTHER, "9": Patient.Sex.OTHER, "other": Patient.Sex.OTHER,
}  # fmt: skip
DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", re.ASCII)
ENCODINGS = ("utf-8-sig", "gb18030")
PIECE = 1 << 20
LONGEST_FIELD = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """Row `number` of the file (its heading is row 1): fields by name, or why there are none."""

    number: int
    fields: dict[str, str]
    wrong: str = ""


@dataclass(frozen=True)
class File:
    """A file that can be read: what it holds, by its digest, and how it is written."""

    path: Path
    digest: str
    lines: int  # about: a field may hold a line break
    encoding: str


def look_at(path: Path) -> File:
    """Raises Malformed for a file that can't be read at all."""
    digest, size, lines = hashlib.sha256(), 0, 0
    decoders = {name: getincrementaldecoder(name)() for name in ENCODINGS}
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
                size += len(piece)
                lines += piece.count(b"\n")
                _decode(decoders, piece)
        _decode(decoders, b"", final=True)
    except OSError as error:
        said = _("The file {name} can't be read: {why}.")
        raise Malformed(said.format(name=path.name, why=error.strerror)) from None
    if not size:
        raise Malformed(_("The file {name} is empty.").format(name=path.name))
    encoding = next((name for name in ENCODINGS if name in decoders), "")
    if not encoding:
        said = _("The file {name} is neither UTF-8 nor GB18030.")
        raise Malformed(said.format(name=path.name))
    return File(path, digest.hexdigest(), max(lines, 1), encoding)


def _decode(decoders: dict, piece: bytes, *, final: bool = False) -> None:
    for name in list(decoders):
        try:
            decoders[name].decode(piece, final)
        except UnicodeDecodeError:
            del decoders[name]


def lines_of(file: File) -> Iterator[Line]:
    """Every row behind the heading. Raises Malformed where the heading is wrong."""
    if file.path.suffix == ".ndjson":
        return _lines_of_ndjson(file)
    return _lines_of_csv(file)


def _lines_of_csv(file: File) -> Iterator[Line]:
    with file.path.open(encoding=file.encoding, newline="") as text:
        reader = csv.reader(text)
        names = _heading(file, next(reader, []))
        number = 1
        while True:
            number += 1
            try:
                values = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Line(number, {}, _("This row is no CSV: {why}.").format(why=error))
                continue
            if not any(value.strip() for value in values):
                yield Line(number, {}, _("This row is empty."))
            elif len(values) != len(names):
                said = _("This row has {count} fields; the heading has {wanted}.")
                yield Line(number, {}, said.format(count=len(values), wanted=len(names)))
            else:
                yield Line(number, dict(zip(names, values, strict=True)))


def _heading(file: File, cells: list[str]) -> list[str]:
    names = [COLUMNS.get(cell.strip().lower(), "") for cell in cells]
    unknown = [cell.strip() for cell, name in zip(cells, names, strict=True) if not name]
    if unknown or not names:
        said = _("{file}: no column is called {unknown}. There are: {known}.")
        known = ", ".join(COLUMNS)
        first = ", ".join(unknown)[:80] or "–"
        raise Malformed(said.format(file=file.path.name, unknown=first, known=known))
    if len(set(names)) < len(names):
        raise Malformed(_("{file}: a column comes twice.").format(file=file.path.name))
    if "name" not in names or not (
        {"id_card"} <= set(names) or {"sex", "birth_date"} <= set(names)
    ):
        said = _("{file}: a name is needed, and the ID number or sex and birth date.")
        raise Malformed(said.format(file=file.path.name))
    return names


def _lines_of_ndjson(file: File) -> Iterator[Line]:
    with file.path.open(encoding=file.encoding) as text:
        for number, line in enumerate(text, start=2):
            try:
                resource = msgspec.json.decode(line)
                if resource["resourceType"] != "Patient":
                    raise TypeError
                yield Line(number, _fields_of(resource))
            except (msgspec.DecodeError, TypeError, KeyError, AttributeError, ValueError):
                yield Line(number, {}, _("This line is no Patient in JSON."))


def _fields_of(resource: Json) -> dict[str, str]:
    numbers = {i.get("system"): i.get("value", "") for i in resource.get("identifier", ())}
    return {
        "name": display_name(resource),
        "id_card": next((v for k, v in numbers.items() if k in ID_CARD_SYSTEMS), ""),
        "health_card": numbers.get(HEALTH_CARD_SYSTEM, ""),
        "sex": resource.get("gender", ""),
        "birth_date": resource.get("birthDate", ""),
        "phone": phone_of(resource),
        "address": address_of(resource),
    }


def read_sex(text: str) -> str:
    """Empty stays empty: the ID number says it."""
    text = text.strip().lower()
    if text and text not in SEXES:
        raise Invalid(_("Sex is 男 or 女 (or male, female, 1, 2)."), path="sex")
    return str(SEXES[text]) if text else ""


def read_day(text: str) -> date | None:
    """1958-04-09, 1958/4/9, 19580409 or 1958年4月9日; empty stays empty."""
    text = text.strip()
    if not text:
        return None
    found = DAY.fullmatch(text)
    try:
        if not found:
            raise ValueError
        return date(*map(int, found.groups()))
    except ValueError:
        said = _("{text} is no date; write 1958-04-09.")
        raise Invalid(said.format(text=text[:20]), path="birth_date") from None
