"""A template is filled from request, record and kept images, each fact with its source."""

from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from consult.keyimages.models import KeyImage
from consult.opinions import facts, phrasing, services, skeletons
from consult.opinions.duplicates import stripped
from consult.opinions.models import SECTIONS, Draft
from consult.requests.models import Case
from records.consent.models import CareAccess
from records.imaging.models import Study
from telemed.audit.models import AuditRow
from telemed.core.errors import Conflict, Forbidden, Invalid
from telemed.organisations.models import Specialty
from telemed.people.models import Practitioner, User
from tests.consult.requests.test_handing import colleague_of
from tests.factories.consult import PIN, TEXTS, accepted_case, sent_case, write
from tests.marks import committed
from tests.records.chart.conftest import keep as keep  # a fixture
from tests.records.chart.r4 import allergy, condition, observation, pressure, statement

JSON = {"accept": "application/json"}
pytestmark = committed


@pytest.fixture(autouse=True)
def _the_day():
    with time_machine.travel("2026-11-24T09:41:00+08:00", tick=False), translation.override("en"):
        yield


@pytest.fixture
def heart():
    """A case for the cardiologist."""
    scene = accepted_case()
    Case.objects.filter(pk=scene.case.pk).update(specialty=Specialty.CARDIOLOGY)
    Practitioner.objects.filter(user=scene.specialist).update(specialty=Specialty.CARDIOLOGY)
    scene.refresh()
    return scene


@pytest.fixture
def known(heart, keep):
    keep(
        heart.patient,
        condition("高血压", onsetDateTime="2011"),
        condition("痛风", "resolved"),
        allergy("青霉素"),
        statement("阿司匹林", dosage=[{"text": "100 mg 每日 1 次"}]),
        pressure(162, 94),
        observation("8867-4", 88, "/min", category="vital-signs"),
        observation("8867-4", 70, "/min", at="2025-01-01", category="vital-signs"),
        observation("10839-9", 0.8, "ng/mL"),
    )
    return heart


def fill(scene, by, key="chest_pain", actor=None):
    actor = actor or scene.specialist
    with by(actor):
        return services.start_from_template(actor=actor, case_id=scene.case.pk, key=key)


def study_of(scene, **more):
    study = Study.objects.create(
        patient=scene.patient,
        organisation=scene.clinic,
        study_uid=f"1.2.{uuid4().int >> 64}",
        studied_at=timezone.now(),
        **more,
    )
    scene.case.studies.add(study)
    return study


def kept(scene, study, caption, *marks):
    return KeyImage.objects.create(
        case=scene.case,
        study=study,
        series="1.2.3",
        slice=0,
        view={},
        marks=list(marks),
        caption=caption,
        sha256="0" * 64,
        width=10,
        height=10,
        made_by=scene.specialist,
        client_id=uuid4(),
    )


def lines(draft):
    return draft.findings.splitlines()


def test_each_fact_is_filled_with_its_unit_its_day_and_where_it_is_from(by, known):
    draft = fill(known, by)
    assert {
        "Complaint: 胸痛 2 小时 [request]",
        "Asked: 明确诊断 [request]",
        "Conditions: 高血压 (2011) [record]",
        "Medicines: 阿司匹林 100 mg 每日 1 次 [record]",
        "Allergies: 青霉素 [record]",
        "Blood pressure: Blood pressure 162/94 mmHg (2026-11-14) [record]",
        "Heart rate: Heart rate 88 /min (2026-11-10) [record]",
        "Troponin and BNP: Troponin I 0.8 ng/mL (2026-11-10) [record]",
    } <= set(lines(draft))
    assert draft.conclusion == skeletons.CHEST_PAIN.conclusion
    assert AuditRow.objects.filter(action="record.read", patient_id=known.patient.pk).exists()


def test_a_fact_stays_one_line_and_of_a_long_one_the_beginning_is_said(by, heart, keep):
    keep(
        heart.patient,
        statement("阿司匹林", dosage=[{"text": "100 mg\n每日 1 次"}]),
        allergy("青霉素" + "，皮疹" * 100),
    )
    draft = fill(heart, by)
    assert "Medicines: 阿司匹林 100 mg 每日 1 次 [record]" in lines(draft)
    (allergies,) = [line for line in lines(draft) if line.startswith("Allergies:")]
    said = allergies.removeprefix("Allergies: ").removesuffix(" [record]")
    assert len(said) == facts.LONGEST
    assert said.endswith("皮疹…")


def test_what_is_not_known_stays_a_blank_and_refuses_the_signature(by, heart):
    draft = fill(heart, by)
    assert {"Medicines: ____", "Allergies: ____", "Heart rate: ____", "ECG, measured: ____"} <= set(
        lines(draft)
    )
    with pytest.raises(Invalid) as refused, by(heart.specialist):
        services.sign_opinion(actor=heart.specialist, case_id=heart.case.pk, pin=PIN)
    assert refused.value.path == "findings"


def test_images_and_what_was_measured_on_them_are_said(by, heart):
    study_of(heart, modality="CT", described="CHEST")
    ecg = study_of(heart, modality="ECG")
    kept(
        heart,
        ecg,
        "II 导联",
        {"value": 840.4, "unit": "ms", "extra": {"rate": 71.4}},
        {"value": 0.213, "unit": "mV", "extra": {}},
        {"value": None, "unit": "", "extra": {}},
        {"value": "x", "unit": "mm"},
    )
    draft = fill(heart, by)
    assert "ECG, measured: II 导联 (840 ms 71/min, 0.21 mV) [key images]" in lines(draft)
    (images,) = [line for line in lines(draft) if line.startswith("Images:")]
    assert "CT CHEST (2026-11-24)" in images
    assert images.endswith("[images]")
    assert not any(line.startswith("Key images:") for line in lines(draft))  # none was kept


def test_a_key_image_of_a_ct_has_its_line_where_there_is_one(by, heart):
    kept(heart, study_of(heart, modality="CT"), "右肺结节", {"value": 8.26, "unit": "mm"})
    assert "Key images: 右肺结节 (8.3 mm) [key images]" in lines(fill(heart, by))


def test_what_stands_there_stays(by, known):
    write(known, findings="", conclusion="考虑心绞痛", recommendations="")
    draft = fill(known, by)
    assert draft.conclusion == "考虑心绞痛"
    assert draft.recommendations
    again = fill(known, by, key="ecg")
    assert (again.version, again.findings) == (draft.version, draft.findings)


def test_a_section_in_which_another_writes_is_left_alone(by, known):
    other = colleague_of(known)
    with by(known.specialist):
        services.ask_co_writer(actor=known.specialist, case_id=known.case.pk, user_id=other.pk)
    with by(other):
        services.take_section(actor=other, case_id=known.case.pk, section="findings")
    draft = fill(known, by)
    assert (draft.findings, bool(draft.conclusion)) == ("", True)


def test_of_a_record_that_may_not_be_read_nothing_is_said(by, known):
    CareAccess.objects.filter(patient=known.patient.rid).delete()
    readings = AuditRow.objects.filter(action="record.read")
    before = readings.count()
    draft = fill(known, by)
    assert {"Asked: 明确诊断 [request]", "Allergies: ____"} <= set(lines(draft))
    assert readings.count() == before


@pytest.mark.parametrize("specialty", Specialty.values)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_specialty_has_templates_in_both_languages(specialty, language):
    with translation.override(language):
        offered = phrasing.templates_for(specialty)
    assert offered[-1]["key"] == "general"
    assert len(offered) > 1
    for template in offered:
        assert all(phrasing.BLANK in template[name] for name in SECTIONS)
        assert "{" not in "".join(template.values())


def test_every_line_of_a_template_has_words_and_every_template_is_offered():
    used = {name for one in skeletons.TEMPLATES for name in (*one.facts, *one.kept)}
    assert used == set(skeletons.LINES)
    offered = {one.key for some in skeletons.BY_SPECIALTY.values() for one in some}
    assert offered | {"general"} == {one.key for one in skeletons.TEMPLATES}


def test_what_the_record_said_does_not_hide_that_an_opinion_was_copied():
    pieces = phrasing.fixed_pieces()
    one, other = (
        phrasing.own_words(f"Medicines: {name} [record]\n用药〔档案〕后好转\nConsidered: 心绞痛")
        for name in ("阿司匹林", "华法林")
    )
    assert stripped(one, pieces) == stripped(other, pieces)
    assert "心绞痛" in one


@pytest.mark.parametrize("key", ["", "head_ct", "x"])
def test_only_what_is_offered_can_be_chosen(by, heart, key):
    with pytest.raises(Invalid) as refused:
        fill(heart, by, key=key)
    assert refused.value.path == "template"
    assert not Draft.objects.exists()


def test_before_it_is_accepted_there_is_nothing_to_fill(by):
    scene = sent_case()
    with pytest.raises(Forbidden):
        fill(scene, by, key="general")


# The door


def at(name, scene):
    return reverse(f"opinions:{name}", args=[scene.case.pk])


def test_the_page_asks_for_the_texts_and_takes_them_up(client, known):
    client.force_login(known.specialist)
    client.cookies["language"] = "en"
    answer = client.post(at("fill", known), {"template": "chest_pain"}, headers=JSON)
    assert answer.status_code == 200
    findings = answer.json()["sections"]["findings"]
    assert "Allergies: 青霉素 [record]" in findings["text"]
    assert (findings["version"], answer.json()["version"]) == (1, 1)
    refused = client.post(at("fill", known), {"template": "x"}, headers=JSON)
    assert (refused.status_code, refused.json()["path"]) == (422, "template")


def test_without_script_what_was_typed_is_kept_and_the_page_shows_the_rest(client, known):
    client.force_login(known.specialist)
    client.cookies["language"] = "en"
    page = client.get(at("draft", known)).content.decode()
    assert f'formaction="{at("fill", known)}"' in page
    typed = {"version": 0, "findings": "", "conclusion": "考虑心绞痛", "recommendations": ""}
    done = client.post(at("fill", known), {**typed, "template": "chest_pain"})
    assert done.url == at("draft", known)
    page = client.get(done.url).content.decode()
    assert "Allergies: 青霉素 [record]" in page
    assert "考虑心绞痛" in page


def test_a_key_pressed_in_a_field_only_saves(client, known):
    client.force_login(known.specialist)
    client.post(at("fill", known), {"version": 0, **TEXTS, "template": ""})
    assert Draft.objects.get().findings == TEXTS["findings"]


def test_a_signed_opinion_is_not_filled(by, known):
    write(known)
    doctor = User.objects.get(pk=known.specialist.pk)  # with the licence that was changed
    with by(doctor):
        services.sign_opinion(actor=doctor, case_id=known.case.pk, pin=PIN)
    with pytest.raises(Conflict, match="signed"):
        fill(known, by)
