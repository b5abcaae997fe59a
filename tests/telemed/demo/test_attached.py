"""The sheets of the demonstration come through the same reader as anybody's."""

import pytest

from records.imaging import children
from records.imaging.models import Attachment
from telemed.demo import attached, joint
from tests.factories.consult import joint_sent
from tests.marks import committed

pytestmark = committed


@pytest.fixture
def case(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    scene = joint_sent()
    scene.asker.username = "township"
    scene.asker.save()
    scene.patient.name = joint.PATIENT
    scene.patient.managing_organisation = scene.clinic
    scene.patient.save()
    yield scene.case
    children.pool.close()


def test_a_paper_ecg_and_a_letter_hang_on_the_joint_consult_once(case, by):
    for _start in "12":
        for actor, act in attached.story():
            with by(actor):
                act()
    kinds = sorted(case.studies.values_list("attachment", flat=True))
    assert kinds == [Attachment.DOCUMENT, Attachment.PAPER_ECG]
