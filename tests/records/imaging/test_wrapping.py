"""What a clinic attaches, as DICOM: read back with pydicom, and with our own reader."""

import io

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.encaps import generate_frames

from records.imaging.reader import photo as photos
from records.imaging.reader.header import inspect
from records.imaging.reader.pdf import document, pages_of
from records.imaging.reader.pixels import decode
from records.imaging.reader.wire import Refused
from records.imaging.reader.wrapping import wrap
from tests.factories.attachments import drawing, jpeg, pdf, png, with_exif
from tests.factories.imaging import dicom

COVER = {
    "attachment": "photo",
    "described": "Photo",
    "title": "a.jpg",
    "study": "0190b6f0-0000-7000-8000-000000000001",
    "day": "20261127",
    "clock": "101500",
    "now_day": "20261127",
    "now_clock": "101530",
    "patient": {"id": "p1", "name": "王秀英", "birth_date": "19550301", "sex": "F"},
    "institution": "青岩镇卫生院",
}


@pytest.fixture
def wrapped(tmp_path):
    """wrapped(b"…", attachment="paper_ecg"): the path of the DICOM file made of it."""

    def make(content, **said):
        (tmp_path / "came").write_bytes(content)
        wrap(str(tmp_path / "came"), str(tmp_path / "made.dcm"), COVER | said)
        return tmp_path / "made.dcm"

    return make


def frame_of(path):
    (frame,) = generate_frames(pydicom.dcmread(path).PixelData, number_of_frames=1)
    return frame


def as_seen(values, content):
    """Whether these are the colours in which any program shows that picture."""
    shown = np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(int)
    return values.shape == shown.shape and np.abs(values.astype(int) - shown).max() <= 3


def test_a_small_jpeg_is_kept_to_the_byte(wrapped):
    content = jpeg()
    assert frame_of(wrapped(content)).rstrip(b"\0") == content


def test_it_reads_back_as_a_photograph_of_that_person(wrapped):
    made = pydicom.dcmread(wrapped(jpeg()))

    assert made.SOPClassUID == pydicom.uid.VLPhotographicImageStorage
    assert made.file_meta.TransferSyntaxUID == pydicom.uid.JPEGBaseline8Bit
    assert (made.Modality, made.ConversionType) == ("XC", "DI")
    assert "BurnedInAnnotation" not in made
    assert (str(made.PatientName), made.PatientID) == ("=王秀英", "p1")
    assert made.LossyImageCompression == "01"
    assert as_seen(made.pixel_array, jpeg())


def test_our_reader_says_what_it_is_and_shows_it_in_colour(wrapped):
    path = str(wrapped(jpeg()))
    facts, _body = inspect(path)

    assert (facts["attachment"], facts["why_not_shown"], facts["samples"]) == ("photo", "", 3)
    assert as_seen(decode(path, 0), jpeg())


def test_a_paper_ecg_is_marked_so_that_the_mark_is_read_back(wrapped):
    path = wrapped(jpeg(), attachment="paper_ecg")
    made, (facts, _body) = pydicom.dcmread(path), inspect(str(path))

    assert (made.Modality, made.ConversionType) == ("XC", "SI")
    assert made.BurnedInAnnotation == "YES"
    assert facts["attachment"] == "paper_ecg"
    assert "waveform" not in facts


def test_a_picture_of_a_machine_has_no_mark(tmp_path):
    path = tmp_path / "a.dcm"
    dicom().save_as(path, enforce_file_format=True)
    assert inspect(str(path))[0]["attachment"] == ""


@pytest.mark.parametrize("orientation", [1, 6])
def test_where_it_was_taken_and_by_what_is_gone(wrapped, orientation):
    frame = frame_of(wrapped(with_exif(orientation=orientation)))
    left = Image.open(io.BytesIO(frame))
    assert not left.getexif()
    assert b"ACME" not in frame


def test_without_its_exif_an_upright_jpeg_keeps_every_byte_of_its_picture(wrapped):
    frame, bare = frame_of(wrapped(with_exif())), jpeg()
    assert frame.rstrip(b"\0")[-2000:] == bare[-2000:]


def test_a_picture_that_lies_on_its_side_is_put_upright(wrapped):
    made = pydicom.dcmread(wrapped(with_exif(orientation=6)))
    assert (made.Rows, made.Columns) == (320, 240)


def test_what_hangs_behind_the_picture_is_cut_off(wrapped):
    content = jpeg()
    assert frame_of(wrapped(content + b"a video of the family")).rstrip(b"\0") == content


@pytest.mark.parametrize(
    "content",
    [
        png(),
        png(drawing(mode="RGBA")),
        png(drawing(mode="P")),
        jpeg(progressive=True),
        jpeg(drawing(mode="CMYK")),
        jpeg(drawing(4000, 3000)),
    ],
    ids=["png", "png with alpha", "png with palette", "progressive", "cmyk", "large"],
)
def test_everything_else_becomes_a_baseline_jpeg_of_bounded_size(wrapped, content):
    path = wrapped(content)
    frame = frame_of(path)
    drawn = Image.open(io.BytesIO(frame))

    assert (drawn.format, drawn.mode, "progressive" in drawn.info) == ("JPEG", "RGB", False)
    assert max(drawn.size) <= photos.LONGEST
    assert len(frame) <= photos.AIM
    assert inspect(str(path))[0]["why_not_shown"] == ""


def test_a_grey_jpeg_stays_grey(wrapped):
    content = jpeg(drawing(mode="L"))
    path = wrapped(content)
    assert frame_of(path).rstrip(b"\0") == content
    assert inspect(str(path))[0]["samples"] == 1


def test_the_same_photo_again_has_the_same_identifier(wrapped):
    one = pydicom.dcmread(wrapped(jpeg())).SOPInstanceUID
    again = pydicom.dcmread(wrapped(jpeg(), now_clock="101900")).SOPInstanceUID
    other = pydicom.dcmread(wrapped(jpeg(quality=50))).SOPInstanceUID
    assert one == again != other


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"not a picture", "photo_unknown"),
        (b"GIF89a" + b"\0" * 40, "photo_unknown"),
        (HEIC, "photo_heic"),
        (pdf(), "photo_pdf"),
        (jpeg()[:3000], "photo_damaged"),
        (b"\xff\xd8\xff\xd9", "photo_damaged"),
        (png()[:200], "photo_damaged"),
        (jpeg(drawing(8, 8)), "photo_small"),
    ],
    ids=["empty", "text", "gif", "heic", "pdf", "cut jpeg", "no jpeg", "cut png", "tiny"],
)
def test_what_is_no_photograph_is_refused_by_its_reason(wrapped, content, code):
    with pytest.raises(Refused) as refused:
        wrapped(content)
    assert refused.value.code == code


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(wrapped, monkeypatch):
    monkeypatch.setattr(photos, "MAX_PIXELS", 320 * 240 - 1)
    monkeypatch.setattr(photos, "drawn", None)
    with pytest.raises(Refused) as refused:
        wrapped(png())
    assert refused.value.code == "photo_pixels"


# ---- PDF ----


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("pages", [1, 12])
def test_the_pages_of_a_pdf_are_counted(packed, pages):
    assert pages_of(pdf(pages, packed=packed)) == pages


def test_a_pdf_is_kept_to_the_byte_and_says_its_pages(wrapped):
    for content in (pdf(3), pdf(3) + b"\n"):  # of even and of odd length
        path = str(wrapped(content, attachment="document", title="出院小结.pdf"))
        made, (facts, _body) = pydicom.dcmread(path), inspect(path)

        assert made.SOPClassUID == pydicom.uid.EncapsulatedPDFStorage
        assert (made.Modality, made.DocumentTitle) == ("DOC", "出院小结.pdf")
        assert facts["document"] == {"pages": 3, "size": len(content)}
        assert facts["attachment"] == "document"
        assert document(path)[1] == content


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<html>", "pdf_unknown"),
        (jpeg(), "pdf_unknown"),
        (pdf()[:-20], "pdf_damaged"),
        (b"%PDF-1.7\n%%EOF", "pdf_damaged"),
        (pdf(trailer=b"/Encrypt 9 0 R"), "pdf_locked"),
        (pdf(2_001), "pdf_pages"),
    ],
    ids=["empty", "html", "jpeg", "cut", "hollow", "locked", "endless"],
)
def test_what_is_no_pdf_for_us_is_refused_by_its_reason(wrapped, content, code):
    with pytest.raises(Refused) as refused:
        wrapped(content, attachment="document")
    assert refused.value.code == code


def test_a_page_that_speaks_of_encryption_is_not_taken_for_locked():
    body = b"5 0 obj\n<< /Length 20 >>\nstream\n(/Encrypt me) Tj\nendstream\nendobj\n"
    content = pdf(1)
    assert pages_of(content[:9] + body + content[9:]) == 1


def test_an_object_stream_that_swells_is_not_followed(monkeypatch):
    monkeypatch.setattr("records.imaging.reader.pdf.MAX_UNPACKED", 10)
    with pytest.raises(Refused):
        pages_of(pdf(packed=True))
