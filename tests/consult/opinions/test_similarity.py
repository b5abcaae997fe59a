"""Closed cases that are like the one in hand: by which words, and never whose."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consult.opinions import rules, services
from consult.opinions.similarity import most_like, terms
from consult.requests.models import Case
from telemed.audit.models import AuditRow
from telemed.core.errors import Conflict, Forbidden, NotFound
from telemed.core.models import PolicyChange
from telemed.organisations.models import Specialty
from tests.consult.opinions.test_withdrawing import confirm, office_of
from tests.factories.consult import accepted_case, closed_case
from tests.factories.people import StaffFactory

pytestmark = pytest.mark.django_db
TEXT = "右侧肢体无力 2 小时，言语不清"


def pair(**changed):
    """A case in hand and a closed one of the same hospital."""
    scene, past = accepted_case(reason=TEXT), closed_case(reason="言语不清、肢体无力半天")
    Case.objects.filter(pk=past.case.pk).update(**{"asked": scene.hospital, **changed})
    past.refresh()
    return scene, past


def similar(by, scene):
    with by(scene.specialist):
        return services.find_similar(actor=scene.specialist, case_id=scene.case.pk)


def test_terms_are_pairs_of_characters_and_latin_words():
    assert terms("头颅CT 140/90，CT") == {"头颅", "ct"}


def test_the_shared_words_are_the_reason_and_rare_ones_count_more():
    others = ["胸痛两天", "突发言语不清", "胸痛，言语不清，肢体无力", "腹痛"]
    likes = most_like("肢体无力伴言语不清", others, limit=3)
    assert [like.place for like in likes] == [2, 1]
    assert set(likes[0].words) == {"肢体无力", "言语不清"}
    assert 0 < likes[1].score < likes[0].score <= 1
    assert most_like("", others, limit=3) == most_like("x", [], limit=3) == []


def test_a_similar_case_is_shown_without_whose_it_is(by):
    scene, past = pair()
    name = past.patient.name
    reason = f"{name}言语不清、肢体无力半天，{past.clinic.name}，电话 13800138000"
    Case.objects.filter(pk=past.case.pk).update(reason=reason)
    past.patient.birth_date = date(1950, 1, 1)
    past.patient.save()

    (one,) = similar(by, scene)

    assert "言语不清" in one.words
    assert "言语不清、肢体无力半天" in one.question
    shown = repr(one)
    for secret in (name, past.clinic.name, "13800138000", past.case.number, "1950"):
        assert secret not in shown
    assert "70" in one.age
    assert AuditRow.objects.filter(action="opinion.similar", patient_id=scene.patient.pk).exists()


@pytest.mark.parametrize(
    "changed",
    [{"specialty": Specialty.RESPIRATORY}, {"status": "signed"}, {"withdrawn_version": 1}],
    ids=lambda changed: next(iter(changed)),
)
def test_only_closed_cases_of_the_specialty_with_an_opinion_are_compared(by, changed):
    scene, _past = pair(**changed)
    assert similar(by, scene) == []


def test_another_hospitals_cases_and_the_patients_own_are_not_shown(by):
    scene, past = pair()
    Case.objects.filter(pk=past.case.pk).update(asked=past.hospital)
    assert similar(by, scene) == []
    Case.objects.filter(pk=past.case.pk).update(asked=scene.hospital, patient=scene.patient)
    assert similar(by, scene) == []


def test_who_does_not_write_the_opinion_sees_none(by):
    scene, _past = pair()
    for actor, refusal in (
        (scene.asker, Forbidden),
        (scene.coordinator, Forbidden),
        (StaffFactory(), NotFound),
    ):
        with pytest.raises(refusal), by(actor):
            services.find_similar(actor=actor, case_id=scene.case.pk)
    Case.objects.filter(pk=scene.case.pk).update(status="cancelled", cancel_reason="已转院")
    with pytest.raises(Conflict):
        similar(by, scene)


def test_the_hospital_can_turn_it_off(by, client):
    scene, _past = pair()
    PolicyChange.objects.create(
        name=rules.SIMILAR,
        organisation_id=scene.hospital.pk,
        value=False,
        effective_at=timezone.now() - timedelta(days=1),
        set_by="user:1",
        set_by_name="管理员",
        reason="试点",
    )
    with pytest.raises(Forbidden):
        similar(by, scene)
    client.force_login(scene.specialist)
    page = client.get(reverse("opinions:draft", args=[scene.case.pk])).content.decode()
    assert "data-similar" not in page


def test_the_page_and_the_list_ask_few_questions(client, django_assert_max_num_queries):
    scene, past = pair()
    client.force_login(scene.specialist)
    address = reverse("opinions:similar", args=[scene.case.pk])
    assert address in client.get(reverse("opinions:draft", args=[scene.case.pk])).content.decode()
    for more in ("", "?part=list"):
        with django_assert_max_num_queries(12):
            page = client.get(address + more).content.decode()
        assert "<mark>" in page
        assert past.patient.name not in page


def test_a_withdrawn_opinion_is_no_example(by):
    scene, past = pair()
    assert len(similar(by, scene)) == 1
    Case.objects.filter(pk=past.case.pk).update(asked=past.hospital)
    office = office_of(past)
    with by(office):
        services.ask_withdrawal(actor=office, case_id=past.case.pk, reason="看错了病人，作废处理")
    confirm(by, past, past.specialist)
    Case.objects.filter(pk=past.case.pk).update(asked=scene.hospital)
    assert similar(by, scene) == []
