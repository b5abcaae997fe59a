import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, connections

from telemed.audit import sealing, services
from telemed.audit.models import AuditRow, Seal
from telemed.core.intentions import System, intention
from tests.marks import committed

pytestmark = committed
SEALER, CLERK = System("sealer"), System("clerk")


def write(target: str = "Thing/1") -> None:
    with intention(CLERK, door="test"):
        services.record(action="thing.read", target=target)


def seal() -> Seal | None:
    with intention(SEALER, door="test"):
        return sealing.seal()


def as_owner(statement: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)


def test_a_whole_chain_verifies():
    for _ in range(3):
        write()
        assert seal() is not None

    assert list(sealing.broken()) == []
    assert [link.rows for link in Seal.objects.order_by("until")] == [1, 1, 1]
    assert seal() is None


def test_a_row_whose_transaction_is_open_waits_for_the_next_seal():
    written, sealed = threading.Event(), threading.Event()

    def slow():
        with intention(CLERK, door="test"):
            services.record(action="thing.read", target="Thing/slow")
            written.set()
            sealed.wait(5)
        connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    written.wait(5)
    write("Thing/quick")
    first = seal()
    sealed.set()
    writer.join()
    second = seal()

    assert (first, second.rows) == (None, 2)  # one horizon for both: no order is invented
    assert list(sealing.broken()) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditrow SET actor_id = 'user:nobody'",
        "DELETE FROM audit_auditrow",
        "TRUNCATE audit_auditrow",
        "DELETE FROM audit_seal",
    ],
)
def test_the_application_cannot_rewrite_history(statement):
    write()
    seal()
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditRow.objects.count() == 1


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE audit_auditrow SET actor_id = 'x' WHERE id = {row}", "row {row} was changed"),
        ("DELETE FROM audit_auditrow WHERE id = {row}", "changed, added or removed"),
        ("DELETE FROM audit_seal WHERE id = {seal}", "a seal is missing"),
    ],
)
def test_the_owner_can_but_it_shows(statement, named, capsys):
    for _ in range(3):
        write()
        seal()
    ids = {"row": AuditRow.objects.order_by("id")[1].id, "seal": Seal.objects.order_by("id")[1].pk}

    as_owner(statement.format(**ids))

    with pytest.raises(CommandError):
        call_command("audit_verify")
    assert named.format(**ids) in capsys.readouterr().err


def test_a_slice_that_reads_with_intent_leaves_nothing_behind_the_flush():
    assert not AuditRow.objects.exists()  # the rows of the tests above were flushed by the owner


def test_the_newest_link_alone_shows_that_its_rows_or_the_link_before_it_changed():
    write()
    first = seal()
    write()
    newest = seal()

    assert sealing.holds(newest, first)
    assert not sealing.holds(newest, None)
    as_owner("UPDATE audit_auditrow SET actor_id = 'user:nobody'")
    assert not sealing.holds(newest, first)
