"""ECGs come in, are kept, and come out sample by sample as they came; broken ones say why not."""

import json
import zlib
from pathlib import Path

import numpy as np
import pydicom
import pytest
from django.urls import reverse
from pydicom.data import get_testdata_file

from records.imaging.models import Instance, Study
from tests.factories.imaging import as_bytes, dicom_bytes, ecg, wfdb, zipped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

VALUES = np.array([[0, 5], [100, -5], [-300, 7], [20000, -20000]])
DEMO = Path(__file__).parents[3] / "records" / "imaging" / "demo" / "ecg.zip"


def refusal(answer):
    status, said = answer
    assert (status, said["accepted"]) == (422, [])
    (one,) = said["refused"]
    return one["why"]


def heard(client):
    """The manifest's only recording, and its leads in microvolt as a browser works them out."""
    study = Study.objects.get()
    client.get(reverse("imaging:study", args=[study.pk]))
    answer = client.get(reverse("imaging:series", args=[study.pk]))
    manifest = json.loads(answer.content)
    (recording,) = manifest["ecgs"]
    address = manifest["urls"]["waveform"].replace("{instance}", recording["instance"])
    answer = client.get(address, headers={"accept-encoding": "deflate"})
    kind, leads, samples = answer["X-Waveform"].split()
    raw = np.frombuffer(zlib.decompress(answer.content), np.uint8).astype("<u2")
    half = raw.size // 2
    steps = (raw[:half] | raw[half:] << 8).reshape(int(leads), int(samples))
    stored = np.cumsum(steps, axis=1, dtype="<u2").astype("<i2" if kind == "int16" else "<u2")
    volts = [
        row * one["gain"] + one["offset"]
        for row, one in zip(stored, recording["leads"], strict=True)
    ]
    return manifest, recording, np.array(volts)


def test_a_recording_comes_out_as_it_came(send, signed_in):
    assert send(as_bytes(ecg()))[0] == 200

    manifest, recording, microvolts = heard(signed_in)

    assert manifest["series"] == []
    assert [lead["name"] for lead in recording["leads"]] == ["I", "II"]
    assert (recording["rate"], recording["samples"]) == (500, 4)
    assert np.allclose(microvolts, VALUES.T * 2.5 + 10)


def test_the_twelve_leads_of_a_real_machine_are_known_by_their_codes(send, signed_in):
    path = get_testdata_file("waveform_ecg.dcm", download=False)
    send(Path(path).read_bytes())

    _manifest, recording, microvolts = heard(signed_in)

    names = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]
    assert [lead["name"] for lead in recording["leads"]] == names
    assert recording["samples"] == 10_000  # the rhythm, not the averaged beat beside it
    assert np.allclose(microvolts.T, pydicom.dcmread(path).waveform_array(0), atol=1e-6)


def test_a_wfdb_record_in_a_zip_becomes_one_recording(send, signed_in):
    status, said = send(zipped(*wfdb(VALUES)), name="r.zip")

    assert (status, said["accepted"], said["refused"]) == (200, ["r.hea"], [])
    _manifest, recording, microvolts = heard(signed_in)
    assert [lead["name"] for lead in recording["leads"]] == ["V1", "V2"]
    assert np.allclose(microvolts, VALUES.T / 2)  # 2,000 units a millivolt


def test_the_same_wfdb_record_again_is_already_here(send):
    send(zipped(*wfdb(VALUES)), name="r.zip")
    _status, said = send(zipped(*wfdb(VALUES)), name="r.zip")
    assert (said["accepted"], said["already"]) == ([], ["r.hea"])


def test_the_demonstration_has_a_real_one_of_ten_seconds(send, signed_in):
    assert send(DEMO.read_bytes(), name="ecg.zip")[0] == 200
    _manifest, recording, microvolts = heard(signed_in)
    assert (recording["samples"], recording["rate"], len(microvolts)) == (10_000, 1000, 12)
    # Einthoven: I + III = II at every moment.
    assert np.abs(microvolts[0] + microvolts[2] - microvolts[1]).max() <= 2


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"rate": None}, "SamplingFrequency"),
        ({"rate": 0}, "how fast"),
        ({"rate": 1_000_000}, "how fast"),
        ({"unit": "mmHg"}, "millivolt"),
        ({"bits": 8}, "format"),
        ({"kind": "MB"}, "format"),
        ({"leads": ["Lead I"]}, "ChannelDefinitionSequence"),
        ({"leads": ["Lead I", "Lead I"]}, "alike"),
        ({"NumberOfWaveformSamples": 0}, "no recording"),
        ({"NumberOfWaveformSamples": 5}, "cut off"),
        ({"NumberOfWaveformSamples": 2**31 - 1}, "larger"),
        ({"NumberOfWaveformChannels": 65_535}, "larger"),
        ({"WaveformData": None}, "cut off"),
    ],
)
def test_a_recording_that_says_nonsense_is_refused_in_words(send, doctor, changed, why):
    doctor.language = "en"
    doctor.save()
    assert why in refusal(send(as_bytes(ecg(**changed))))
    assert not Instance.objects.exists()


@pytest.mark.parametrize(
    ("members", "why"),
    [
        (wfdb(VALUES)[:1], "in one ZIP"),
        (wfdb(VALUES, off=1), "damaged"),
        (wfdb(VALUES, length=400), "cut off"),
        (wfdb(VALUES, length=10**12), "cannot be read"),
        (wfdb(VALUES, format=212), "format"),
        (wfdb(VALUES, gain="x"), "format"),
        ([("r.hea", b"r 2 1000"), ("r.dat", b"")], "cannot be read"),
        ([("r.hea", b"\xff\xfe\x00"), ("r.dat", b"")], "cannot be read"),
    ],
)
def test_a_broken_wfdb_record_is_refused_in_words(send, doctor, members, why):
    doctor.language = "en"
    doctor.save()
    assert why in refusal(send(zipped(*members), name="r.zip"))
    assert not Instance.objects.exists()


def test_a_picture_is_no_recording_and_a_recording_no_picture(send, signed_in):
    send(dicom_bytes())
    send(as_bytes(ecg()))
    for instance in Instance.objects.all():
        signed_in.get(reverse("imaging:study", args=[instance.series.study_id]))
        pixels = signed_in.get(reverse("imaging:pixels", args=[instance.pk, 0]))
        samples = signed_in.get(reverse("imaging:waveform", args=[instance.pk]))
        found = [pixels.status_code, samples.status_code]
        assert found == ([404, 200] if instance.is_recording else [200, 404])
