"""What comes gzip'ed is the same file, and never more than it may be."""

import gzip
import io
import sys
import zlib
from urllib.parse import quote

import pytest
from django.test import RequestFactory
from django.urls import reverse

from records.imaging import files, intake, squeezed
from records.imaging.models import Instance, PartialUpload
from records.imaging.views import pieces
from telemed.core.errors import Invalid, TooLarge
from tests.factories.imaging import dicom_bytes

KIND = "application/octet-stream"
JSON = {"accept": "application/json"}


@pytest.fixture(autouse=True)
def english(signed_in):
    signed_in.cookies["language"] = "en"


@pytest.fixture
def send(signed_in, patient, published):
    """send(b"…", "gzip"): a whole file as its bytes are on the line."""

    def post(content, encoding):
        url = reverse("imaging:upload", args=[patient.pk])
        headers = JSON | {"content-encoding": encoding, "x-file-name": quote("头.dcm")}
        return signed_in.post(url, content, content_type=KIND, headers=headers)

    return post


@pytest.fixture
def add(signed_in, patient, published):
    """add(size)(offset, b"…", "gzip"): pieces of a file of that size."""

    def begin(size):
        url = reverse("imaging:begin", args=[patient.pk])
        stated = {"upload-length": str(size), "x-file-name": "a.dcm", "x-file-print": "a1"}
        place = signed_in.post(url, content_type=KIND, headers=JSON | stated)["Location"]

        def patch(offset, piece, encoding):
            headers = JSON | {"upload-offset": str(offset), "content-encoding": encoding}
            return signed_in.patch(place, piece, content_type=KIND, headers=headers)

        patch.finish = lambda: signed_in.post(place, content_type=KIND, headers=JSON)
        return patch

    return begin


def test_pieces_packed_or_not_make_the_very_file(add, store):
    content = dicom_bytes()
    piece = add(len(content))

    assert piece(0, gzip.compress(content[:300]), "gzip")["Upload-Offset"] == "300"
    assert piece(300, content[300:500], "identity")["Upload-Offset"] == "500"
    assert piece(500, gzip.compress(content[500:]), "GZIP")["Upload-Offset"] == str(len(content))

    assert piece.finish().json()["accepted"] == ["a.dcm"]
    assert files.path_of(Instance.objects.get().sha256).read_bytes() == content


def test_a_whole_file_packed_is_kept_as_it_is(send, store):
    content = dicom_bytes()

    assert send(gzip.compress(content), "gzip").json()["accepted"] == ["头.dcm"]
    assert files.path_of(Instance.objects.get().sha256).read_bytes() == content


def test_what_unpacks_to_too_much_is_refused_and_nothing_counts(add, send, monkeypatch):
    monkeypatch.setattr(pieces, "MAX_PIECE", 1 << 20)
    bomb = gzip.compress(bytes(40 << 20))

    said = add(50 << 20)(0, bomb, "gzip")

    assert said.status_code == 413
    assert said.json()["text"] == "What came compressed unpacks to more than 1 MB."
    assert PartialUpload.objects.get().received == 0
    assert send(gzip.compress(bytes(20 << 20)), "gzip").status_code == 413
    assert not Instance.objects.exists()


def test_a_bomb_is_left_after_the_first_bite_beyond_the_limit():
    bomb = squeezed.Unpacked(io.BytesIO(gzip.compress(bytes(200 << 20))), 1 << 20)
    chunks = list[bytes]()

    with pytest.raises(TooLarge):
        chunks.extend(iter(lambda: bomb.read(files.CHUNK), b""))

    assert sum(map(len, chunks)) <= 1 << 20


def test_more_inside_than_was_announced_is_refused(add):
    assert add(100)(0, gzip.compress(bytes(200)), "gzip").status_code == 422
    assert PartialUpload.objects.get().received == 0


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "x" * 500, "压缩"])
def test_another_encoding_is_refused(add, send, encoding):
    content = dicom_bytes()

    assert add(len(content))(0, content, quote(encoding)).status_code == 422
    said = send(content, quote(encoding))
    assert said.status_code == 422
    assert said.json()["text"].startswith("Files come as they are or as gzip, and not as")
    assert not Instance.objects.exists()


RAW = dicom_bytes()
PACKED = gzip.compress(RAW)


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"no gzip",
        PACKED[:-9],
        PACKED + b"more",
        PACKED + PACKED,
        PACKED[:40] + bytes(8) + PACKED[48:],
        zlib.compress(b"zlib"),
    ],
    ids=["empty", "plain", "cut", "more behind", "twice", "broken", "zlib"],
)
def test_what_is_damaged_is_refused_and_nothing_counts(add, send, damaged):
    said = add(len(RAW))(0, damaged, "gzip")

    assert said.status_code == 422
    assert said.json()["text"] == "What came compressed is damaged. Send it again."
    assert PartialUpload.objects.get().received == 0
    assert send(damaged, "gzip").status_code == 422
    assert not Instance.objects.exists()


def test_the_sample_series_is_squeezed_to_less_than_half(series, capsys):
    """The figures of docs/adr/0048: what a line is spared, by the gzip that browsers have."""
    said = {}
    for name in ("ct-head-human", "ct-head-phantom"):
        slices = [path.read_bytes() for path in series(name)]
        plain = [one for one in slices if intake_would_squeeze(one)]
        packed = sum(len(gzip.compress(one, 6)) for one in plain)
        said[name] = (len(plain), sum(map(len, plain)), packed)
    with capsys.disabled():
        for name, (count, whole, packed) in said.items():
            share = 100 - packed * 100 // whole if whole else 0
            sys.stdout.write(
                f"\n{name}: {count} plain slices, {whole} bytes, as gzip {packed}: {share}% less\n"
            )

    for count, whole, packed in said.values():
        assert not count or packed < whole / 2
    assert any(count for count, _whole, _packed in said.values())


def intake_would_squeeze(content):
    """As static/imaging/header.js: a transfer syntax that is not compressed in itself."""
    return any(
        uid + end in content[132:600]
        for uid in (b"1.2.840.10008.1.2", b"1.2.840.10008.1.2.1")
        for end in (b"\0",)
    )


def test_a_request_without_an_encoding_is_read_as_it_is():
    stream = io.BytesIO(b"as it is")
    assert squeezed.unpacked(RequestFactory().post("/"), stream, 1) is stream
    with pytest.raises(Invalid):
        squeezed.unpacked(RequestFactory().post("/", headers={"content-encoding": "br"}), stream, 1)
    assert intake.limit() > pieces.MAX_PIECE
