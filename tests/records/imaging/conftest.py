"""A file store of its own for each test, somebody who uploads, and the real series."""

import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest
from django.urls import reverse

from records.imaging import children
from telemed.core import publication
from tests.factories.people import PatientFactory, StaffFactory, treated

DEMO = Path(__file__).parents[3] / "records" / "imaging" / "demo"


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "files"


@pytest.fixture
def published(monkeypatch):
    """What would have gone to the FHIR store."""
    kept = []
    monkeypatch.setattr(
        publication, "_store", lambda mapping, name, resource, **owner: kept.append(resource)
    )
    return kept


@pytest.fixture
def doctor(db):
    return StaffFactory()


@pytest.fixture
def patient(doctor):
    return treated(PatientFactory(), doctor.organisation)


@pytest.fixture
def signed_in(client, doctor):
    client.force_login(doctor)
    return client


@pytest.fixture
def send(signed_in, patient):
    """send(b"…"): one file through the door; (status, what it said)."""

    def post(content, name="a.dcm", to=None):
        url = reverse("imaging:upload", args=[(to or patient).pk])
        headers = {"accept": "application/json", "x-file-name": quote(name)}
        kind = "application/octet-stream"
        answer = signed_in.post(url, content, content_type=kind, headers=headers)
        return answer.status_code, answer.json()

    return post


@pytest.fixture(scope="session")
def series(tmp_path_factory):
    """series("ct-head-human"): the paths of a real series, in the order of the archive."""

    def unpack(name):
        folder = tmp_path_factory.mktemp(name)
        with zipfile.ZipFile(DEMO / f"{name}.zip") as archive:
            archive.extractall(folder)
        return [path for path in folder.rglob("*") if path.is_file()]

    return unpack


@pytest.fixture(autouse=True, scope="session")
def no_child_stays():
    yield
    children.pool.close()
