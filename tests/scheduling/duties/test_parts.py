"""The parts of the norm's forms: what an exam cannot do without, what warns, what is published."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from fhir.resources.R4B.observation import Observation

from records.fhir.walker import check
from scheduling.duties import calendar, parts, presenting, services
from scheduling.duties.forms import ServeForm
from scheduling.duties.models import Code, Duty, Reading, Status
from scheduling.registration.models import Group
from telemed.core.errors import Invalid
from tests.consult.requests.looking import published
from tests.factories.duties import FINE, begun, due, elder_of, entered, serve, whole

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ELDERLY = {"rule": Code.ELDERLY_EXAM, "group": Group.ELDERLY}


@pytest.fixture
def exam(team):
    return due(team, patient=elder_of(team), **ELDERLY)


@pytest.fixture
def score(team):
    return due(team, Code.SELF_CARE, group=Group.ELDERLY, patient=elder_of(team))


def sent(found):
    """As a page sends it."""
    told = {"mode": found.mode, "note": found.note, **found.entries}
    values = (("systolic", found.systolic), ("diastolic", found.diastolic))
    return told | {name: str(one) for name, one in (*values, ("glucose", found.glucose)) if one}


def without(found, *fields, **more):
    kept = {name: value for name, value in found.entries.items() if name not in fields}
    return replace(found, entries=kept | more)


def observation(reading):
    """Valid for both of our judges."""
    found = published(reading.pk)
    Observation.model_validate({k: v for k, v in found.items() if k != "meta"})
    assert not check(json.loads(json.dumps(found), parse_float=Decimal))[0]
    return found


def test_a_blood_pressure_alone_is_no_exam_from_65(client, team, exam):
    team.leader.language = "en"
    team.leader.save()
    client.force_login(team.leader)
    page = f"/family-doctor/duties/{exam.pk}/"
    assert "Abdominal ultrasound" in client.get(page).content.decode()
    answer = client.post(f"{page}serve/", sent(FINE), follow=True).content.decode()
    assert "Way of life: enter “Smoking”, or say why it was not done." in answer
    exam.refresh_from_db()
    assert exam.status == Status.DUE
    client.post(f"{page}serve/", sent(whole(exam)))
    exam.refresh_from_db()
    assert exam.status == Status.DONE
    shown = client.get(page).content.decode()
    assert "Haemoglobin 155 g/L" in shown


@pytest.mark.parametrize("key", parts.ELDERLY_EXAM)
def test_each_part_of_the_exam_is_there_or_says_why_not(exam, key):
    part = parts.BY_KEY[key]
    fields = [item.field for item in part.items]
    lacks = replace(without(whole(exam), *fields), glucose=None if part.sugar else Decimal("5.6"))
    with pytest.raises(Invalid, match="or say why it was not done") as refused:
        serve(exam, found=lacks)
    assert refused.value.path == (fields[0] if fields else "glucose")
    with pytest.raises(Invalid, match="Choose why it was not done") as refused:
        serve(exam, found=without(lacks, **{part.field: "no time"}))
    assert refused.value.path == part.field
    done = serve(exam, found=without(lacks, **{part.field: "unequipped"}))
    assert done.status == Status.DONE
    assert done.entries[part.field] == "unequipped"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("item-hb", "19", "Haemoglobin: between 20 and 250 g/L."),
        ("item-hb", "131.5", "Haemoglobin: between 20 and 250 g/L."),
        ("item-ecg", "fine", "Choose one of the list."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(field, value, said):
    form = ServeForm({"mode": "face_to_face", field: value})
    assert dict(form.errors) == {field: [said]}


def test_each_value_is_one_of_the_record(exam):
    done = serve(exam, found=whole(exam, **{"item-hb": "132", "item-urine_protein": "1+"}))
    kinds = set(Reading.objects.filter(duty=done).values_list("kind", flat=True))
    assert kinds >= {"pressure", "glucose", "hb", "alt", "creatinine", "ecg", "ultrasound"}
    told = observation(Reading.objects.get(kind="hb"))
    assert told["code"]["coding"][0] == {"system": "http://loinc.org", "code": "718-7"}
    assert told["valueQuantity"]["value"] == 132
    assert told["category"][0]["coding"][0]["code"] == "laboratory"
    told = observation(Reading.objects.get(kind="urine_protein"))
    assert told["valueCodeableConcept"]["coding"][0]["code"] == "1+"
    form = {one["linkId"]: one["answer"][0] for one in published(done.form_id)["item"]}
    assert form["item-hb"]["valueQuantity"] == {
        "value": 132,
        "unit": "g/L",
        "system": "http://unitsofmeasure.org",
        "code": "g/L",
    }
    assert form["item-smoking"]["valueCoding"]["code"] == "never"


def test_a_critical_value_is_referred_and_measured_again(exam):
    warned = serve(exam, found=whole(exam, **{"item-hb": "60"}))
    assert warned.is_warned
    recheck = Duty.objects.get(rule=Code.RECHECK)
    assert recheck.asks == ["blood"]
    assert [part.key for part in calendar.parts(recheck)] == ["blood"]
    with pytest.raises(Invalid, match="Blood count: enter “Haemoglobin”"):
        serve(recheck, found=replace(FINE, systolic=None, diastolic=None))
    assert serve(recheck, found=replace(FINE, entries=entered("blood"))).status == Status.DONE


def test_just_above_it_is_none(exam):
    assert serve(exam, found=whole(exam, **{"item-hb": "61"})).status == Status.DONE


def test_an_urgent_finding_is_a_warning(exam):
    assert serve(exam, found=whole(exam, **{"item-ecg": "urgent"})).is_warned


def test_the_self_care_score_is_the_sum_of_five(score):
    note = replace(FINE, systolic=None, diastolic=None, note="生活能够自理")
    with pytest.raises(Invalid, match="Self-care score: enter “Eating”"):
        serve(score, found=note)
    answers = {"eating": 3, "washing": 1, "dressing": 0, "toilet": 1, "moving": 5}
    told = {f"item-{name}": str(points) for name, points in answers.items()}
    with pytest.raises(Invalid, match="enter “Moving”"):
        serve(score, found=without(replace(note, entries=told), "item-moving"))
    done = serve(score, found=replace(note, note="", entries=told))
    assert done.status == Status.DONE
    assert observation(Reading.objects.get(duty=done))["valueInteger"] == 10
    form = {one["linkId"]: one["answer"][0] for one in published(done.form_id)["item"]}
    assert form["selfcare_sum"] == {"valueInteger": 10}
    assert "Sum 10: needs help" in dict(parts.words_of(done.entries))["Self-care score"]


def test_the_form_begins_with_what_seldom_changes(team, exam):
    serve(exam, found=whole(exam, **{"item-height": "163.5", "item-weight": "70.0"}))
    later = Duty.objects.create(
        contract=exam.contract,
        rule=Code.ELDERLY_EXAM,
        due_on=timezone.localdate() + timedelta(days=365),
        closes_on=timezone.localdate() + timedelta(days=700),
        face=True,
        status=Status.DUE,
    )
    held = {item.field: value for row in presenting.parts_of(later) for item, value in row.items}
    assert (held["item-height"], held["item-weight"]) == ("163.5", "")
    [told] = [
        one
        for village in presenting.taken(team.leader, [later])["villages"]
        for one in village["duties"]
    ]
    assert told["remembered"]["item-height"] == "163.5"
    assert told["parts"] == list(parts.ELDERLY_EXAM)


def test_what_was_struck_is_entered_anew(exam, by):
    done = serve(exam, found=whole(exam))
    with by(done.served_by):
        services.take_back(actor=done.served_by, duty_id=done.pk)
    done.refresh_from_db()
    assert done.entries == {}
    assert set(Reading.objects.filter(duty=done).values_list("struck", flat=True)) == {True}


def test_each_yearly_exam_has_its_own_form(team):
    contract = begun(team, Group.HYPERTENSION, Group.DIABETES, Group.MENTAL)
    rules = (Code.HYPERTENSION_EXAM, Code.DIABETES_EXAM, Code.MENTAL_EXAM)
    asked = {
        one.rule: [part.key for part in calendar.parts(one)]
        for one in Duty.objects.filter(contract=contract, rule__in=rules)
    }
    assert asked == {
        Code.HYPERTENSION_EXAM: ["body"],
        Code.DIABETES_EXAM: ["body"],
        Code.MENTAL_EXAM: list(parts.MENTAL_EXAM),
    }


def test_what_belongs_to_another_form_is_left_out(team):
    done = serve(due(team), found=replace(FINE, entries=entered("blood")))
    assert done.entries == {}
