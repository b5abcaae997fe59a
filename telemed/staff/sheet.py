"""A file of people: its columns, and what is wrong with each row before anything is stored."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from telemed.core.choices import WordField
from telemed.core.tables import Column, Mistake, Row, write
from telemed.organisations.models import Division, Organisation, Specialty
from telemed.people.models import CLINICAL, Practitioner, Role, User
from telemed.staff.permissions import administers

COLUMNS = (
    Column("org_number", "机构编号", "institution number"),
    Column("org_name", "机构名称", "institution name", needed=False),
    Column("org_kind", "机构类别", "institution kind", needed=False),
    Column("org_division", "行政区划代码", "division code", needed=False),
    Column("org_phone", "机构电话", "institution phone", needed=False),
    Column("name", "姓名", "name"),
    Column("username", "用户名", "user name"),
    Column("phone", "手机号", "mobile number", needed=False),
    Column("role", "角色", "role"),
    Column("department", "科室", "department", needed=False),
    Column("title", "职称", "title", needed=False),
    Column("licence_no", "执业证号", "licence number", needed=False),
    Column("specialty", "执业范围", "scope", needed=False),
    Column("practising_since", "首次独立执业", "first independent practice", needed=False),
    Column("licensed_until", "有效期至", "valid until", needed=False),
)
EXAMPLE = (
    *("5001", "开阳县某镇卫生院", "township_clinic", "520121101", "0851-55550000"),
    *("张示例", "zhang.shili", "13800000000", "township_doctor", "全科"),
    *("assistant", "110520000000001", "general", "2015-07-01", "2030-06-30"),
)
LICENCE = ("title", "licence_no", "specialty", "practising_since", "licensed_until")
DATES = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"]


class PersonForm(forms.Form):
    """One row: what can be said about it without looking at what is stored."""

    org_number = forms.IntegerField(min_value=1, max_value=2_000_000_000)
    org_name = forms.CharField(max_length=200, required=False)
    org_kind = WordField(choices=Organisation.Kind.choices, required=False)
    org_division = forms.CharField(max_length=12, required=False)
    org_phone = forms.CharField(max_length=20, required=False)
    name = forms.CharField(max_length=60)
    username = forms.RegexField(r"^[\w.@+-]+$", max_length=60)
    phone = forms.RegexField(r"^[0-9+ -]*$", max_length=20, required=False)
    role = WordField(choices=[c for c in Role.choices if c[0] != Role.RESIDENT])
    department = forms.CharField(max_length=100, required=False)
    title = WordField(choices=Practitioner.Title.choices, required=False)
    licence_no = forms.RegexField(r"^[A-Za-z0-9]{6,20}$", required=False)
    specialty = WordField(choices=Specialty.choices, required=False)
    practising_since = forms.DateField(input_formats=DATES, required=False)
    licensed_until = forms.DateField(input_formats=DATES, required=False)

    def clean(self) -> dict[str, Any]:
        sent = self.cleaned_data
        given = [key for key in LICENCE if sent.get(key)]
        if given and len(given) < len(LICENCE):
            for key in LICENCE:
                if key not in self.errors and not sent.get(key):
                    self.add_error(key, gettext_lazy("A licence needs all of its five columns."))
        if given and sent.get("role") and sent["role"] not in CLINICAL:
            self.add_error("role", gettext_lazy("Only doctors have a licence."))
        since, until = sent.get("practising_since"), sent.get("licensed_until")
        if since and until and until <= since:
            self.add_error("licensed_until", gettext_lazy("It ends before practice begins."))
        return sent


@dataclass
class Checked:
    """One row with what was understood of it."""

    row: Row
    sent: dict[str, Any]
    mistakes: list[Mistake] = field(default_factory=list)
    is_new: bool = True  # the account

    @property
    def role(self) -> str:
        return str(Role(self.sent["role"]).label)

    def wrong(self, key: str, text: str) -> None:
        self.mistakes.append(Mistake(self.row.number, key, text, COLUMNS))


@dataclass
class Preview:
    rows: list[Checked]

    @property
    def good(self) -> list[Checked]:
        return [one for one in self.rows if not one.mistakes]

    @property
    def bad(self) -> list[Checked]:
        return [one for one in self.rows if one.mistakes]

    @property
    def mistakes(self) -> list[Mistake]:
        return [mistake for one in self.rows for mistake in one.mistakes]


def text_of(rows: Iterable[Checked]) -> str:
    """A file of these rows; nothing where there are none."""
    cells = [[one.row.values[column.key] for column in COLUMNS] for one in rows]
    headings = [column.chinese for column in COLUMNS]
    return write(headings, cells).decode("utf-8-sig") if cells else ""


def check(actor: User, rows: Iterable[Row]) -> Preview:
    """Every mistake of every row, in six queries however many rows there are."""
    checked = [_shape(row) for row in rows]
    known = _Known(checked)
    for one in checked:
        if not one.mistakes:
            _check_place(actor, one, known)
            _check_person(one, known)
    return Preview(checked)


def _shape(row: Row) -> Checked:
    form = PersonForm(row.values)
    one = Checked(row, form.cleaned_data if form.is_valid() else {})
    for key, errors in form.errors.items():
        one.wrong(key, " ".join(str(error) for error in errors))
    one.sent["username"] = one.sent.get("username", "").lower()
    return one


class _Known:
    """What is stored already about anything that the file speaks of, and what the file says."""

    def __init__(self, checked: list[Checked]) -> None:
        sent = [one.sent for one in checked if not one.mistakes]
        numbers = {s["org_number"] for s in sent}
        self.places = {
            place.number: place
            for place in Organisation.objects.filter(number__in=numbers)
            .select_related("division")
            .prefetch_related("departments")
        }
        codes = {s["org_division"] for s in sent if s["org_division"]}
        self.divisions = Division.objects.in_bulk(codes)
        users = User.objects.filter(username__in={s["username"] for s in sent})
        self.users = {
            user.username: user for user in users.prefetch_related("roles__organisation__division")
        }
        licences = {s["licence_no"] for s in sent if s["licence_no"]}
        held = Practitioner.objects.filter(licence_no__in=licences).select_related("user")
        self.licences = {p.licence_no: p.user.username for p in held}
        self.names: dict[str, str] = {}
        self.rows: set[tuple[str, int, str]] = set()
        self.new_places: dict[int, dict[str, Any]] = {}


def _check_place(actor: User, one: Checked, known: _Known) -> None:
    sent = one.sent
    place = known.places.get(sent["org_number"])
    if place is None:
        _check_new_place(actor, one, known)
        return
    if not administers(actor, place):
        one.wrong("org_number", _("You do not keep the accounts of this institution."))
    if sent["org_name"] and sent["org_name"] != place.name:
        one.wrong("org_name", _("This number belongs to {name}.").format(name=place.name))
    if sent["department"] and sent["department"] not in {d.name for d in place.departments.all()}:
        one.wrong("department", _("{org} has no such department.").format(org=place.name))


def _check_new_place(actor: User, one: Checked, known: _Known) -> None:
    """An institution comes with its first row: name, kind and division."""
    sent, own = one.sent, actor.organisation
    if sent["org_number"] in known.new_places:
        first = known.new_places[sent["org_number"]]
        if sent["org_name"] and sent["org_name"] != first["org_name"]:
            one.wrong("org_name", _("Another row gives this number another name."))
        return
    for key in ("org_name", "org_kind", "org_division"):
        if not sent[key]:
            one.wrong(key, _("No institution has this number; a new one needs this column."))
    if one.mistakes:
        return
    division = known.divisions.get(sent["org_division"])
    if division is None:
        one.wrong("org_division", _("There is no division with this code."))
    elif (
        own is None
        or own.kind != Organisation.Kind.AUTHORITY
        or not division.code.startswith(own.division_id)
    ):
        one.wrong("org_number", _("New institutions are entered by the health authority."))
    else:
        known.new_places[sent["org_number"]] = sent


def _check_person(one: Checked, known: _Known) -> None:
    sent = one.sent
    username = sent["username"]
    user = known.users.get(username)
    one.is_new = user is None and username not in known.names
    if user and user.name != sent["name"]:
        one.wrong("username", _("This user name belongs to {name}.").format(name=user.name))
    if known.names.setdefault(username, sent["name"]) != sent["name"]:
        one.wrong("username", _("Another row gives this user name to somebody else."))
    key = (username, sent["org_number"], sent["role"])
    if key in known.rows:
        one.wrong("username", _("This row is in the file twice."))
    known.rows.add(key)
    holder = known.licences.setdefault(sent["licence_no"], username) if sent["licence_no"] else None
    if holder and holder != username:
        one.wrong("licence_no", _("This licence number belongs to somebody else."))
