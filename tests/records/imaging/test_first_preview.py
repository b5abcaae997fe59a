"""The preview that comes with a manifest, so that a long line is crossed once."""

import base64
import io
from pathlib import Path

import pytest
from django.urls import reverse
from PIL import Image
from pydicom.data import get_testdata_file

from records.imaging import children
from records.imaging.models import Instance, Opening, Study
from telemed.core.errors import Unavailable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
JSON = {"accept": "application/json"}


@pytest.fixture
def manifest(send, signed_in):
    """manifest(**asked): the answer for a study of one CT slice."""
    send(Path(get_testdata_file("CT_small.dcm", download=False)).read_bytes())
    address = reverse("imaging:series", args=[Study.objects.get().pk])
    return lambda **asked: signed_in.get(address, asked, headers=JSON)


def test_a_manifest_brings_the_first_preview_along_where_it_is_asked_for(manifest):
    assert "first" not in manifest().json()
    fine, small = (manifest(first=quality).json()["first"] for quality in (90, 30))
    assert small["instance"] == str(Instance.objects.get().pk)
    assert small["frame"] == 0
    head, body = small["picture"].split(",")
    assert head == "data:image/jpeg;base64"
    assert Image.open(io.BytesIO(base64.b64decode(body))).size == (128, 128)
    assert len(body) < len(fine["picture"]) / 2
    assert Opening.objects.get().frames == 2


@pytest.mark.parametrize("quality", ["", "0", "best"])
def test_a_manifest_with_a_preview_of_no_quality_is_refused_or_comes_without(manifest, quality):
    answer = manifest(first=quality)
    assert answer.status_code == (422 if quality else 200)
    assert "first" not in answer.json()


def test_a_manifest_comes_without_a_first_picture_that_cannot_be_made(manifest, monkeypatch):
    def busy(*_args, **_asked):
        raise Unavailable("busy")

    monkeypatch.setattr(children, "call", busy)
    said = manifest(first=50).json()
    assert len(said["series"]) == 1
    assert "first" not in said
