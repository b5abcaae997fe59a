"""
The refusal matrix of the pages: every address and method, by everybody who has no business there.

The doors come from the URL configuration, the acts from the views, the people from the roles; what
may be, from the table. A new door without a row fails here, and says what to add.
"""

from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from telemed.core.errors import Kind
from tests.refusals.doors import THIRD_PARTY, addresses, doors
from tests.refusals.house import House
from tests.refusals.looks import last_trace, state_of_the_house, traces_since
from tests.refusals.table import EVERYBODY, MESSAGES, NETWORK, SHELL, STAFF, Door
from tests.refusals.table_of_booking import BOOKINGS
from tests.refusals.table_of_care import CASES, DUTY, OPINIONS, RECORDS
from tests.refusals.table_of_rooms import RECORDINGS, ROOMS
from tests.refusals.table_of_time import CONTRACTS, DUTIES, GREENS, REFERRALS, SESSIONS

CARE = RECORDS | ROOMS | OPINIONS | RECORDINGS | CASES
TIME = SESSIONS | BOOKINGS | CONTRACTS | DUTIES | REFERRALS | GREENS
TABLE = SHELL | MESSAGES | NETWORK | STAFF | DUTY | TIME | CARE
NOT_SERVED = {"POST demo:sign_in"}  # a demonstration has it, the tests are none
REFUSED = {Kind.FORBIDDEN.value, Kind.NOT_FOUND.value}
SIGN_IN = "sign in"
SAMPLE = {"coordinator", "resident"}  # of everybody, where everybody may
SEEING = {"specialist", "official"}  # one of them is refused at every door


def test_every_door_has_a_row_and_every_row_a_door():
    found = list(doors())
    missing = [door for door in found if door not in TABLE]
    assert not missing, "\n".join(
        [
            "Say in tests/refusals/table.py or a table_of_*.py who may pass, whose it is, and",
            "where it is tried: Door(may=…) or Door(own=…, at=…, sent=…):",
            *missing,
        ]
    )
    assert set(TABLE) - set(found) == set(), "these doors are gone"
    assert {one.name for one in addresses()} >= THIRD_PARTY


class Visitor:
    """Somebody's browser; None is nobody's."""

    def __init__(self, name: str, user: object, *, sees: bool = False) -> None:
        self.name, self.user = name, user
        self.sees = sees or user is None  # gets a page; the others ask for JSON, which is quicker
        self.client = Client(raise_request_exception=False)
        if user:
            self.client.force_login(user)

    def knock(self, door: str, row: Door, house: House) -> str:
        """What became of it: sign in, forbidden, not_found; else the status."""
        method, _, name = door.partition(" ")
        at, sent = row.filled(house)
        url = reverse(name.partition("/")[0], kwargs=at)
        headers = {"accept": "text/html" if self.sees else "application/json"}
        return self._read(getattr(self.client, method.lower())(url, sent, headers=headers))

    def _read(self, answer: HttpResponse) -> str:
        location = urlsplit(answer.headers.get("Location", ""))
        if location.path == reverse("account_login"):
            return SIGN_IN
        if kept := parse_qs(location.query).get("refused"):  # said on the page of the form
            return self.client.session["refused"][kept[0]]["kind"]
        if answer.status_code in (403, 404) and not self.sees:
            return answer.json()["kind"]
        if answer.status_code in (403, 404):
            ours = "web/refusal.html" in {t.name for t in answer.templates}
            return str(answer.context["kind"]) if ours else f"{answer.status_code} bare"
        return str(answer.status_code)


@pytest.fixture
def house(db, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return House()


def visitors_of(house: House) -> list[Visitor]:
    return [Visitor(n, u, sees=n in SEEING) for n, u in house.visitors.items()]


def own_of(row: Door, house: House) -> list[object]:
    return [getattr(house, name) for name in row.own.split()]


def faults_at(door: str, row: Door, house: House, visitors: Iterable[Visitor]) -> list[str]:
    """Knock as everybody whom this door must refuse."""
    mark, faults, refused = last_trace(), [], []
    for visitor in visitors:
        if visitor.name in row.may or visitor.user in own_of(row, house):
            continue
        said = visitor.knock(door, row, house)
        expected = REFUSED if visitor.user or row.dark else {SIGN_IN}
        if said not in expected:
            faults.append(f"{door}: {visitor.name} got {said}")
        elif visitor.user:
            refused.append(visitor)
    traces = traces_since(mark)
    for visitor in refused:
        mine = [kind for actor, kind in traces if actor == visitor.user.actor_id]
        if not any(mine):
            faults.append(f"{door}: the refusal of {visitor.name} left no trace")
        if not all(mine):
            faults.append(f"{door}: {visitor.name} was let to something: {mine}")
    return faults


def test_whoever_is_not_in_the_table_is_refused_and_writes_nothing(house):
    visitors = [Visitor("nobody", None), *visitors_of(house)]
    faults, before = [], state_of_the_house()
    for door, row in TABLE.items():
        if row.open or door in NOT_SERVED:
            continue
        faults += faults_at(door, row, house, visitors)
        if row.idle:
            for visitor in visitors:
                if visitor.name in row.may:
                    visitor.knock(door, row, house)
        after = state_of_the_house()
        if changed := [table for table, sums in after.items() if before[table] != sums]:
            faults.append(f"{door}: {', '.join(changed)} changed")
        before = after
    assert not faults, "\n".join(faults)


def test_whoever_is_in_the_table_passes(house):
    """Else the refusals would prove nothing: a wrong address refuses everybody."""
    faults, known = [], {}
    for door, row in TABLE.items():
        if door in NOT_SERVED:
            continue
        may = row.may if row.may != EVERYBODY else SAMPLE
        people = [*own_of(row, house), *(u for n, u in house.visitors.items() if n in may)]
        for user in [*people, *([None] if row.open else [])]:
            visitor = known.setdefault(user, None) or Visitor(str(user), user)
            known[user], here = visitor, transaction.savepoint()
            said = visitor.knock(door, row, house)
            transaction.savepoint_rollback(here)  # the house stays as it was for the next
            if said in REFUSED | {SIGN_IN, "500"}:
                faults.append(f"{door}: {user} got {said}")
    assert not faults, "\n".join(faults)
