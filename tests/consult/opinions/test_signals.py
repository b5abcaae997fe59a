"""Risk signals over signed opinions: each at its bound, about the institution that answered."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from consult.opinions import signals
from consult.opinions.duplicates import likeness, stripped
from consult.opinions.phrasing import fixed_pieces
from consult.requests import services as requests
from records.imaging.models import Opening, Study
from telemed.core.intentions import intention
from telemed.oversight.indicators import Period
from telemed.oversight.models import Signal
from telemed.oversight.presenting.signals import make_lines
from telemed.oversight.services import raise_signals
from telemed.people import signing
from tests.factories.consult import PIN, sent_case, sign, write
from tests.factories.people import PatientFactory, treated

pytestmark = pytest.mark.django_db
START = "2026-10-12 09:00+08:00"
SAME = (
    "患者头晕三天，血压一百七十，神经系统查体未见局灶体征，考虑高血压所致头晕，"
    "建议调整降压药物并于一周后复查血压与血脂。"
)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def october():
    return Period.month(timezone.localdate().replace(month=10, day=1))


def answered(clock, around=None, *, waits=timedelta(hours=1), text=None, studies=False):
    """A case that was accepted and signed so long afterwards."""
    scene = sent_case(around=around)
    with intention(scene.specialist, door="test"):
        if around is None:
            signing.create_key(user=scene.specialist, pin=PIN)
        requests.accept_case(actor=scene.specialist, case_id=scene.case.pk)
    if studies:
        study = Study.objects.create(
            patient=scene.patient, organisation=scene.clinic, study_uid=f"2.25.{scene.case.pk.int}"
        )
        scene.case.studies.add(study)
    clock.shift(waits)
    write(scene, **({"findings": "", "conclusion": text, "recommendations": ""} if text else {}))
    return scene


def another_patient(scene):
    """The same people about somebody else."""
    from dataclasses import replace

    return replace(scene, patient=treated(PatientFactory(), scene.clinic))


def n_of(count, scene):
    return count(october()).get(scene.hospital.pk, {}).get("n", 0)


def test_the_same_text_about_somebody_else_counts_and_about_the_same_person_does_not(clock):
    scene = answered(clock, text=SAME)
    sign(scene)
    same = answered(clock, scene, text=SAME)
    sign(same)
    assert n_of(signals._duplicates, scene) == 0
    other = answered(clock, another_patient(scene), text=SAME + "。")
    sign(other)
    assert signals._duplicates(october()) == {scene.hospital.pk: {"n": 1, "of": 3, "limit": 90}}


def test_a_text_comes_again_within_thirty_days_and_no_later(clock):
    clock.move_to("2026-09-20 09:00+08:00")
    scene = answered(clock, text=SAME)
    sign(scene)
    clock.shift(timedelta(days=30, hours=1))
    sign(answered(clock, another_patient(scene), text=SAME, waits=timedelta(0)))
    assert n_of(signals._duplicates, scene) == 0
    clock.shift(timedelta(days=1))
    sign(answered(clock, another_patient(scene), text=SAME, waits=timedelta(0)))
    assert n_of(signals._duplicates, scene) == 1


@pytest.mark.parametrize(("length", "n"), [(39, 0), (40, 1)])
def test_short_texts_are_not_compared(clock, length, n):
    text = (
        "考虑高血压所致头晕建议调整药物一周后复查血压血脂并随访观察病情变化情况如有不适立即就诊勿擅自停药"
    )[:length]
    scene = answered(clock, text=text)
    sign(scene)
    sign(answered(clock, another_patient(scene), text=text))
    assert n_of(signals._duplicates, scene) == n


def test_what_a_template_says_to_everybody_is_left_out():
    with translation.override("zh-hans"):
        pieces = fixed_pieces()
    assert pieces
    text = "甲".join(pieces)
    assert set(stripped(text, pieces)) == {"甲"}


def test_likeness_goes_by_pairs_of_characters():
    assert likeness("甲乙丙丁", "甲乙丙丁") == 1
    assert likeness("甲乙丙丁", "戊己庚辛") == 0
    assert 0.6 < likeness("甲乙丙丁", "甲乙丙戊") < 0.7


@pytest.mark.parametrize(("seconds", "n"), [(59, 1), (60, 0)])
def test_signed_less_than_a_minute_after_accepting_counts(clock, seconds, n):
    scene = answered(clock, waits=timedelta(seconds=seconds))
    sign(scene)
    assert n_of(signals._quick, scene) == n


def test_images_that_who_signed_never_opened_count(clock):
    scene = answered(clock, studies=True)
    sign(scene)
    seen = answered(clock, another_patient(scene), studies=True)
    Opening.objects.create(study=seen.case.studies.get(), user=seen.specialist)
    clock.shift(timedelta(minutes=1))
    sign(seen)
    colleague = answered(clock, another_patient(scene), studies=True)
    Opening.objects.create(study=colleague.case.studies.get(), user=colleague.asker)
    clock.shift(timedelta(minutes=1))
    sign(colleague)
    sign(answered(clock, another_patient(scene)))  # without images
    assert signals._unseen(october()) == {scene.hospital.pk: {"n": 2, "of": 3}}


def test_an_opinion_off_duty_counts(clock):
    scene = answered(clock)
    sign(scene)
    assert n_of(signals._off_duty, scene) == 0
    requests_step = scene.case.steps.get(action="opinion.sign")
    requests_step.pk = None
    requests_step.facts = {"off_duty": True}
    requests_step._state.adding = True
    requests_step.save()
    assert n_of(signals._off_duty, scene) == 1


def test_the_month_raises_one_signal_each_with_its_sentence(clock, by, stranger):
    scene = answered(clock, waits=timedelta(seconds=5), studies=True)
    sign(scene)
    clock.move_to("2026-11-24 08:00+08:00")
    for _again in "12":
        with by(stranger):
            raise_signals(month=timezone.localdate().replace(month=10, day=1))
    with translation.override("en"):
        said = {line.signal.rule: line.why for line in make_lines(Signal.objects.all(), stranger)}
    assert said == {
        "quick_opinion": "Opinions signed less than 60 seconds after the doctor had accepted: "
        "1 of 1.",
        "no_images": "Opinions on consults with images, of which the doctor had opened none before "
        "signing: 1 of 1.",
    }
    assert {signal.subject for signal in Signal.objects.all()} == {scene.hospital}
