"""A file may break its reader; it never breaks the product."""

import io
import os
import signal
import threading
import zlib

import pydicom
import pytest
from pydicom.uid import DeflatedExplicitVRLittleEndian

from records.imaging import children
from records.imaging.children import Child
from records.imaging.reader.wire import Refused
from tests.factories.imaging import as_bytes, dicom, dicom_bytes, zipped


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.dcm"
    path.write_bytes(dicom_bytes())
    return str(path)


@pytest.fixture
def pool(monkeypatch):
    made = children.Pool(size=2)
    monkeypatch.setattr(children, "pool", made)
    yield made
    made.close()


def pid_of(pool, key):
    return next(child.process.pid for name, child in pool.idle if name == key)


def test_a_study_keeps_its_warm_child(pool, file):
    children.call("one", "inspect", path=file)
    first = pid_of(pool, "one")
    children.call("one", "inspect", path=file)
    assert pid_of(pool, "one") == first


def test_a_child_that_was_made_ready_is_the_one_that_answers(pool, file):
    children.warm("one")
    ready = pid_of(pool, "one")
    children.warm("one")
    children.call("one", "inspect", path=file)
    assert [pid_of(pool, key) for key, _child in pool.idle] == [ready]


def test_where_no_place_is_free_none_is_made_ready(pool):
    pool.busy = pool.size
    children.warm("one")
    assert pool.idle == []


def test_studies_never_share_a_child_and_the_oldest_makes_room(pool, file):
    for key in ("one", "two", "three"):
        children.call(key, "inspect", path=file)
    assert [key for key, _child in pool.idle] == ["two", "three"]


def test_one_that_has_read_nothing_waits_for_the_next_study(pool, file):
    children.call("one", "inspect", path=file)
    waiting = pool.spare.process.pid
    children.call("one", "inspect", path=file)
    assert pool.spare.process.pid == waiting

    children.call("two", "inspect", path=file)

    assert pid_of(pool, "two") == waiting
    assert pool.spare.process.pid not in {waiting, pid_of(pool, "one")}


def test_one_that_left_while_it_waited_is_replaced(pool, file):
    children.call("one", "inspect", path=file)
    os.kill(pool.spare.process.pid, signal.SIGKILL)
    assert children.call("two", "inspect", path=file)[0]["rows"] == 4


def test_a_child_that_was_killed_is_replaced(pool, file):
    children.call("one", "inspect", path=file)
    os.kill(pid_of(pool, "one"), signal.SIGKILL)

    facts, _body = children.call("one", "inspect", path=file)

    assert facts["rows"] == 4


def test_a_child_that_dies_at_work_is_a_refusal_and_the_next_one_works(pool, file, monkeypatch):
    monkeypatch.setitem(children.SECONDS, "inspect", 0)  # no answer comes in no time

    with pytest.raises(Refused) as refused:
        children.call("one", "inspect", path=file)
    monkeypatch.setitem(children.SECONDS, "inspect", 20)

    assert refused.value.code == "reader_died"
    assert children.call("one", "inspect", path=file)[0]["rows"] == 4
    assert pool.busy == 0


def archive(tmp_path, count=3):
    """What an archive of so many pictures is unpacked with."""
    path, folder = tmp_path / "a.zip", tmp_path / "out"
    path.write_bytes(zipped(*((f"{number}.dcm", dicom_bytes()) for number in range(count))))
    folder.mkdir()
    return {"path": str(path), "folder": str(folder), "limit": 1 << 20, "first": 0}


def test_an_archive_is_answered_member_by_member(pool, tmp_path):
    asked = archive(tmp_path)
    names, *members = children.stream("one", "unpack", **asked)
    first = pid_of(pool, "one")
    behind = list(children.stream("one", "unpack", **asked | {"first": 2}))

    assert names == {"names": ["0.dcm", "1.dcm", "2.dcm"]}
    assert [member["facts"]["rows"] for member in members] == [4, 4, 4]
    assert len(behind) == 2
    assert pid_of(pool, "one") == first


def test_a_child_that_dies_between_two_members_is_a_refusal(pool, tmp_path, monkeypatch):
    started = []
    monkeypatch.setattr(children, "Child", lambda: started.append(Child()) or started[-1])
    members = children.stream("one", "unpack", **archive(tmp_path, count=1_000))
    next(members)
    os.kill(started[0].process.pid, signal.SIGKILL)

    with pytest.raises(Refused) as refused:
        list(members)

    assert refused.value.code == "reader_died"
    assert pool.busy == 0


def test_a_warm_child_that_left_is_replaced_before_the_first_member(pool, file, tmp_path):
    children.call("one", "inspect", path=file)
    os.kill(pid_of(pool, "one"), signal.SIGKILL)

    assert len(list(children.stream("one", "unpack", **archive(tmp_path)))) == 4


def test_who_stops_listening_leaves_no_half_answer_to_the_next(pool, file, tmp_path):
    members = children.stream("one", "unpack", **archive(tmp_path))
    next(members)
    members.close()

    assert (pool.busy, pool.idle) == (0, [])
    assert children.call("one", "inspect", path=file)[0]["rows"] == 4


def test_a_child_has_no_secrets_and_little_memory(pool, file):
    children.call("one", "inspect", path=file)
    pid = pid_of(pool, "one")

    with open(f"/proc/{pid}/environ") as environ:
        assert "TELEMED" not in environ.read()
    with open(f"/proc/{pid}/limits") as limits:
        said = limits.read()
    assert any("address space" in line and "1073741824" in line for line in said.splitlines())


def deflated_bomb():
    """30 KB that inflate to gigabytes, behind a sound file meta header."""
    made = dicom()
    made.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    whole = as_bytes(made)
    meta = pydicom.dcmread(io.BytesIO(whole)).file_meta
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(bytes(16 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return whole[: 144 + meta.FileMetaInformationGroupLength] + block * 250 + packer.flush()


def test_a_deflated_bomb_ends_in_a_refusal(pool, tmp_path):
    path = tmp_path / "bomb.dcm"
    path.write_bytes(deflated_bomb())

    with pytest.raises(Refused) as refused:
        children.call("one", "inspect", path=str(path))

    assert refused.value.code in {"too_big", "reader_died"}


def test_many_threads_share_the_pool(pool, file):
    seen = []

    def read(key):
        seen.append(children.call(key, "inspect", path=file)[0]["rows"])

    threads = [threading.Thread(target=read, args=(f"key{n % 4}",)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == [4] * 12
    assert pool.busy == 0
    assert len(pool.idle) <= 2
