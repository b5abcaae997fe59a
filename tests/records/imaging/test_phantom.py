"""The phantom measures what it says, and comes in like any other study."""

from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from records.imaging import files, phantom
from records.imaging.models import Instance, Study
from tests.factories.imaging import dicom_bytes
from tests.factories.people import PatientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


@pytest.fixture
def managed(doctor):
    return PatientFactory(managing_organisation=doctor.organisation)


def run(name, *arguments):
    out = StringIO()
    call_command(name, *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def test_the_nodule_has_its_diameter_and_its_value():
    _x, y, z = phantom.NODULE.at
    drawn = phantom.plane(z, 187.5)
    row = drawn[int(y / phantom.SPACING + phantom.SIZE / 2)]
    inside = np.flatnonzero(row == phantom.NODULE.value) * phantom.SPACING

    assert np.ptp(inside) + phantom.SPACING == pytest.approx(phantom.NODULE.diameter, abs=1.4)
    assert drawn[0, 0] == phantom.AIR
    far = phantom.plane(z + phantom.NODULE.diameter, 187.5)
    assert phantom.NODULE.value not in far


def test_a_drawn_thorax_is_kept_once_a_day(managed):
    first = run("draw_phantom", "--patient", managed.pk, "--slices", 3)
    again = run("draw_phantom", "--patient", managed.pk, "--slices", 3)

    study = Study.objects.get()
    assert f"/images/studies/{study.pk}/" in first
    assert "0 kept, 3 already here" in again
    assert (study.organisation, study.frame_count) == (managed.managing_organisation, 3)
    assert all(files.path_of(one.sha256).exists() for one in Instance.objects.all())


@pytest.mark.parametrize("slices", [0, 100_000])
def test_a_phantom_has_a_sensible_number_of_slices(managed, slices):
    with pytest.raises(CommandError):
        run("draw_phantom", "--patient", managed.pk, "--slices", slices)


def test_files_of_this_disk_are_loaded_and_bad_ones_named(managed, tmp_path):
    good, bad = tmp_path / "good.dcm", tmp_path / "bad.dcm"
    good.write_bytes(dicom_bytes())
    bad.write_bytes(b"no")

    assert "1 kept" in run("load_images", "--patient", managed.pk, good)
    with pytest.raises(CommandError):
        run("load_images", "--patient", managed.pk, good, bad)
    assert good.exists()


def test_pictures_need_a_person_and_an_institution(tmp_path):
    orphan = PatientFactory()
    with pytest.raises(CommandError):
        run("draw_phantom", "--patient", orphan.pk, "--slices", 1)
    with pytest.raises(CommandError):
        run("draw_phantom", "--patient", "00000000-0000-0000-0000-000000000000")
