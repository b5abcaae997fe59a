"""What the database of a running stack knows, read past the product that wrote it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from telemed.demo import outpatients

ONCE = [  # each step of a case that went its whole way, in order
    "case.draft",
    "consent.give",
    "case.submit",
    "case.route",
    "case.accept",
    "case.begin",
    "opinion.sign",
    "case.receipt",
    "case.close",
    "case.archive",
]


class Witness:
    """Connects anew for each look: the database may have died since the last."""

    def __init__(self, data: Path, url: str = "") -> None:
        self.runtime, self.url = data / "runtime.json", url

    @property
    def owner_url(self) -> str:
        return str(json.loads(self.runtime.read_text())["owner_url"])

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        url = self.url or json.loads(self.runtime.read_text())["database_url"]
        with psycopg.connect(url, connect_timeout=5) as connection:
            yield connection

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self.database() as connection:
            return connection.execute(query, values).fetchall()

    def one(self, query: str, *values: object) -> Any:
        return self.rows(query, *values)[0][0]

    def change(self, query: str, *values: object) -> None:
        with self.database() as connection:
            connection.execute(query, values)

    @contextmanager
    def holding(self, row: str, table: str = "requests_case") -> Iterator[None]:
        """While it lasts, whoever changes this row waits in the middle of the transaction."""
        with self.database() as connection:
            connection.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR UPDATE", [row])  # noqa: S608
            try:
                yield
            finally:
                connection.close()

    def is_awaited(self) -> bool:
        """Whether somebody waits for what holding() holds."""
        waiting = "wait_event_type = 'Lock' AND usename = current_user"
        return bool(self.one(f"SELECT count(*) FROM pg_stat_activity WHERE {waiting}"))  # noqa: S608

    @contextmanager
    def leaving_the_rest_out(self) -> Iterator[None]:
        """
        The story's county is enough: the worker need not fill the province around it, nor lay what
        its hospitals offer; not before the database died, at least.
        """
        self.change("UPDATE demo_fillprogress SET finished_at = now() WHERE finished_at IS NULL")
        with self.database() as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", [outpatients.LAYING])
            connection.commit()
            yield

    def steps(self, case: str) -> list[str]:
        found = self.rows(
            "SELECT action FROM requests_step WHERE case_id = %s ORDER BY at, id", case
        )
        return [action for (action,) in found]

    def facts(self, case: str, action: str) -> list[dict[str, Any]]:
        """What the time line says of these steps."""
        found = self.rows(
            "SELECT facts FROM requests_step WHERE case_id = %s AND action = %s", case, action
        )
        return [facts for (facts,) in found]

    def told(self, case: str) -> dict[str, int]:
        """How often each sentence about the case was told, to anybody."""
        found = self.rows(
            "SELECT template, count(*) FROM notifications_notification"
            " WHERE about = %s GROUP BY template",
            case,
        )
        return dict(found)

    def check_closed(self, case: str) -> None:
        """A case that was asked, answered, signed and decided: each exactly once."""
        steps = [step for step in self.steps(case) if step != "offer.read"]
        assert steps == ONCE, steps
        for action in ONCE:
            traced = self.one(
                "SELECT count(*) FROM audit_auditrow WHERE target = %s AND action = %s"
                " AND refused = ''",
                f"Case/{case}",
                action,
            )
            assert traced == 1, (action, traced)
        for table, column in [
            ("opinions_opinion", "case_id"),
            ("requests_receipt", "case_id"),
            ("rooms_room", "case_id"),
        ]:
            count = self.one(f"SELECT count(*) FROM {table} WHERE {column} = %s", case)  # noqa: S608
            assert count == 1, (table, count)
        assert self.one("SELECT count(*) FROM opinions_draft WHERE case_id = %s", case) == 0
        asked = self.one("SELECT count(*) FROM requests_offer WHERE case_id = %s", case)
        offers = self.rows("SELECT status FROM requests_offer WHERE case_id = %s", case)
        assert [status for (status,) in offers].count("done") == 1, offers
        told = self.told(case)
        assert told["case.offered"] == asked, "every doctor who was asked heard of it, once"
        assert told["case.accepted"] == told["case.receipt"] == told["case.closed"] == 1, told
        running = self.one(
            "SELECT count(*) FROM core_clock WHERE about = %s AND state = 'running'"
            # Days later: how the patient is, and what was said after the end is filed.
            " AND kind NOT LIKE 'case.outcome%%' AND kind <> 'archive.thread'",
            case,
        )
        assert running == 0, "no promise is left open"

    def ended(self, *about: str) -> list[str]:
        """What these clocks ran for that have fired, the first first."""
        fired = "SELECT about FROM core_clock WHERE state = 'fired' AND about = ANY(%s::uuid[])"
        return [str(one) for (one,) in self.rows(f"{fired} ORDER BY ended_at", list(about))]

    def traced(self, action: str, kind: str, keys: Sequence[str]) -> list[int]:
        """How often that was done with each of them, as the trace says."""
        count = (
            "SELECT count(*) FROM audit_auditrow WHERE target = %s AND action = %s AND refused = ''"
        )
        return [self.one(count, f"{kind}/{key}", action) for key in keys]

    def check_gapless(self, room: str) -> None:
        numbers = "SELECT seq FROM rooms_roomevent WHERE room_id = %s ORDER BY seq"
        log = [seq for (seq,) in self.rows(numbers, room)]
        assert log == list(range(1, len(log) + 1))

    def check_room(self, room: str, said: list[str]) -> None:
        """The log has no gap, and every message once, each person's in the order they said it."""
        log = self.rows(
            "SELECT seq, kind, body->>'text' FROM rooms_roomevent WHERE room_id = %s ORDER BY seq",
            room,
        )
        assert [seq for seq, _kind, _text in log] == list(range(1, len(log) + 1))
        assert self.one("SELECT last_seq FROM rooms_room WHERE id = %s", room) == len(log)
        assert [kind for _seq, kind, _text in log].count("room.ended") == 1
        spoken = [text for _seq, kind, text in log if kind == "chat.posted"]
        assert sorted(spoken) == sorted(said)
        for who in {text.partition(" ")[0] for text in said}:
            mine = [text for text in spoken if text.startswith(f"{who} ")]
            assert mine == [text for text in said if text.startswith(f"{who} ")]

    def nothing_waits(self) -> bool:
        """Every announcement was delivered, and no transaction is left open."""
        return not self.one("SELECT count(*) FROM core_outboxevent WHERE delivered_at IS NULL")
