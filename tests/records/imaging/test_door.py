"""Uploads as a server hands them over: in small pieces, before anybody knows who sends them."""

import json

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.urls import reverse

from records.imaging import files, intake
from records.imaging.door import COLLECTED
from records.imaging.models import Instance, Study
from telemed.asgi import application
from telemed.core.threads import off_loop
from tests.factories.imaging import dicom_bytes, zipped
from tests.factories.people import PatientFactory, StaffFactory, treated
from tests.marks import committed
from tests.sockets import sign_in

pytestmark = [committed, pytest.mark.asyncio, pytest.mark.usefixtures("published")]
TOKEN = "a" * 32


@off_loop
def make_people():
    doctor = StaffFactory()
    return doctor, treated(PatientFactory(), doctor.organisation)


def begin(patient, content, *, key="", token=TOKEN, length=None, collected=None):
    headers = {
        "host": "testserver",
        "content-type": "application/octet-stream",
        "content-length": str(len(content) if length is None else length),
        "cookie": f"{settings.SESSION_COOKIE_NAME}={key}; csrftoken={TOKEN}",
        "x-csrftoken": token,
        "x-file-name": "a.dcm",
        "accept": "application/json",
    }
    scope = {
        "type": "http",
        "method": "POST",
        "path": reverse("imaging:upload", args=[patient.pk]),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "extensions": {COLLECTED: {"path": str(collected)}} if collected else {},
    }
    return ApplicationCommunicator(application, scope)


async def upload(patient, content, *, piece=100, **how):
    """The answer to a body that comes in pieces: status, and what it says."""
    sending = begin(patient, content, **how)
    for start in range(0, len(content), piece):
        part = content[start : start + piece]
        await sending.send_input({"type": "http.request", "body": part, "more_body": True})
    await sending.send_input({"type": "http.request", "body": b"", "more_body": False})
    head = await sending.receive_output(timeout=20)
    body = await sending.receive_output(timeout=20)
    await sending.wait()
    return head["status"], body["body"]


@pytest.fixture
def left(store):
    """What lies in the waiting room."""
    return lambda: list((store / "arriving").glob("*"))


@pytest.mark.parametrize("archive", [False, True])
async def test_a_body_in_pieces_is_kept_byte_for_byte(left, archive):
    doctor, patient = await make_people()
    picture = dicom_bytes()
    content = zipped(("a.dcm", picture)) if archive else picture

    status, said = await upload(patient, content, key=await sign_in(doctor))

    assert (status, json.loads(said)["accepted"]) == (200, ["a.dcm"])
    instance = await off_loop(Instance.objects.get)()
    assert files.path_of(instance.sha256).read_bytes() == picture
    assert left() == []


async def collect(tmp_path, content, **how):
    """The same from a server that collected the body by itself."""
    path = tmp_path / "collected"
    path.write_bytes(content)
    doctor, patient = await make_people()
    how = {"key": await sign_in(doctor), "length": len(content)} | how
    return path, await upload(patient, b"", collected=path, **how)


@pytest.mark.parametrize("archive", [False, True])
async def test_a_body_that_the_server_collected_is_kept_byte_for_byte(left, tmp_path, archive):
    picture = dicom_bytes()

    path, (status, said) = await collect(
        tmp_path, zipped(("a.dcm", picture)) if archive else picture
    )

    assert (status, json.loads(said)["accepted"]) == (200, ["a.dcm"])
    path.unlink()  # as the server does
    instance = await off_loop(Instance.objects.get)()
    assert files.path_of(instance.sha256).read_bytes() == picture
    assert left() == []


async def test_a_collected_body_over_the_limit_is_refused(left, tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "limit", lambda: 1000)

    _path, (status, said) = await collect(tmp_path, bytes(2_000), length=10)

    assert (status, json.loads(said)["accepted"]) == (422, [])
    assert left() == []


async def test_a_collected_body_that_went_with_its_sender_is_nobody_s(left, tmp_path):
    _doctor, patient = await make_people()
    sending = begin(patient, b"", collected=tmp_path / "gone")
    await sending.send_input({"type": "http.request", "body": b"", "more_body": False})
    await sending.wait(timeout=10)

    assert await sending.receive_nothing()
    assert left() == []


async def test_more_than_the_limit_is_refused_and_not_written(left, monkeypatch):
    monkeypatch.setattr(intake, "limit", lambda: 1000)
    monkeypatch.setattr(files, "CHUNK", 500)
    written = []
    original = files.Arriving.complete

    def complete(self):
        arrived = original(self)
        written.append(arrived.path.stat().st_size)
        return arrived

    monkeypatch.setattr(files.Arriving, "complete", complete)
    doctor, patient = await make_people()
    key = await sign_in(doctor)

    status, said = await upload(patient, bytes(200_000), key=key)
    assert (status, json.loads(said)["accepted"]) == (413, [])
    status, said = await upload(patient, bytes(2_000), key=key, length=10)  # the header lies
    assert (status, json.loads(said)["accepted"]) == (422, [])
    assert json.loads(said)["refused"][0]["why"]
    assert max(written) <= 1000
    assert left() == []


@pytest.mark.parametrize("who", ["nobody", "a stranger", "another page"])
async def test_who_may_not_upload_leaves_nothing_behind(left, who):
    doctor, patient = await make_people()
    stranger = await off_loop(StaffFactory)()
    key = "" if who == "nobody" else await sign_in(stranger if who == "a stranger" else doctor)
    token = "b" * 32 if who == "another page" else TOKEN

    status, _said = await upload(patient, dicom_bytes(), key=key, token=token)

    assert status == {"nobody": 302, "a stranger": 404, "another page": 403}[who]
    assert left() == []
    assert not await off_loop(Study.objects.exists)()


async def test_a_line_that_breaks_leaves_nothing_behind(left):
    doctor, patient = await make_people()
    sending = begin(patient, bytes(1000), key=await sign_in(doctor))
    await sending.send_input({"type": "http.request", "body": bytes(500), "more_body": True})
    await sending.send_input({"type": "http.disconnect"})
    await sending.wait(timeout=10)

    assert await sending.receive_nothing()
    assert left() == []
    assert not await off_loop(Study.objects.exists)()
