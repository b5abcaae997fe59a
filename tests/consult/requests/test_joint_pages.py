"""The pages of a joint consult: setting it up, who sits in it, what each reads."""

import pytest
from django.urls import reverse

from consult.requests.models import HalfHour, Offer, Status
from tests.factories.consult import (
    PIN,
    half_hour_of,
    joint_accepted,
    joint_invited,
    joint_met,
    joint_request,
    joint_sent,
    sent_case,
    sign,
    write,
)
from tests.factories.people import PractitionerFactory, StaffFactory

pytestmark = pytest.mark.django_db
WHY = "血压波动与心律失常有关，不支持单纯脑梗死，建议先做动态心电图。"


@pytest.fixture
def read(client):
    def page(user, address):
        client.force_login(user)
        type(user).objects.filter(pk=user.pk).update(language="en")
        return client.get(address, follow=True)

    return page


@pytest.fixture
def post(client):
    def send(user, address, fields):
        client.force_login(user)
        type(user).objects.filter(pk=user.pk).update(language="en")
        return client.post(address, fields, follow=True)

    return send


def plan_of(scene, **changed):
    return {
        "specialties": ["neurology", "cardiology"],
        "doctor-neurology": scene.specialist.pk,
        "doctor-cardiology": scene.heart.pk,
        "chair": "neurology",
        "starts_at": f"{half_hour_of(1, 10):%Y-%m-%dT%H:%M}",
        "agenda": "用药",
        **changed,
    }


def address(scene):
    return reverse("requests:mdt", args=[scene.case.pk])


def test_the_board_leads_to_the_plan_which_proposes_all_of_it(read, post):
    scene = joint_sent()
    assert address(scene) in read(scene.coordinator, "/").content.decode()
    answer = read(scene.coordinator, address(scene))
    context = answer.context
    assert [group.value for group in context["groups"]] == ["neurology", "cardiology"]
    assert [group.chosen.doctor for group in context["groups"]] == [scene.specialist, scene.heart]
    assert context["groups"][0].chairs
    assert context["slot"]
    part = read(
        scene.coordinator,
        address(scene) + "?part=plan&specialties=cardiology"
        "&specialties=respiratory&chair=respiratory&half_hours=2",
    )
    assert [group.chairs for group in part.context["groups"]] == [False, True]
    assert "<html" not in part.content.decode()

    post(scene.coordinator, address(scene), plan_of(scene))
    assert scene.refresh().status == Status.ROUTED
    assert scene.case.agenda == "用药"
    assert HalfHour.objects.count() == 3


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"specialties": ["neurology"]}, "at least 2"),
        ({"chair": ""}, "takes the chair"),
        ({"doctor-cardiology": ""}, "Choose a doctor for Cardiology"),
        ({"doctor-cardiology": "nonsense"}, "Choose a doctor for Cardiology"),
        ({"starts_at": ""}, "Choose a time"),
        ({"starts_at": "2020-01-01T10:00"}, "That time has passed"),
        ({"agenda": "x" * 1500}, "At most 1000"),
    ],
)
def test_a_plan_that_lacks_something_comes_back_with_the_reason_and_what_was_chosen(
    post, changed, said
):
    scene = joint_sent()
    answer = post(scene.coordinator, address(scene), plan_of(scene, **changed))
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert scene.refresh().status == Status.SUBMITTED
    if "agenda" not in changed:
        assert answer.context["agenda"] == "用药"


def test_without_script_doctors_and_times_are_looked_up_by_a_button(post):
    scene = joint_sent()
    answer = post(
        scene.coordinator,
        address(scene),
        plan_of(scene, specialties=["cardiology", "respiratory"], look="1"),
    )
    assert answer.status_code == 200
    assert "agenda" not in answer.request["QUERY_STRING"]
    assert [group.value for group in answer.context["groups"]] == ["cardiology", "respiratory"]
    assert scene.refresh().status == Status.SUBMITTED


def test_a_consult_for_one_offers_to_become_a_joint_one(read):
    scene = sent_case()
    page = read(scene.coordinator, f"/cases/{scene.case.pk}/").content.decode()
    assert address(scene) in page
    assert address(scene) not in read(scene.specialist, f"/cases/{scene.case.pk}/").content.decode()


def test_a_decline_shows_who_could_come_instead_and_one_click_invites_them(read, post):
    scene = joint_invited()
    free = StaffFactory(role="specialist", organisation=scene.hospital, name="韦正义")
    PractitionerFactory(user=free, specialty="cardiology")
    with_no_time = StaffFactory(role="specialist", organisation=scene.hospital, name="忙大夫")
    PractitionerFactory(user=with_no_time, specialty="cardiology")
    other = joint_invited(at=half_hour_of(2, 10)).case.meetings.get()
    HalfHour.objects.create(meeting=other, person=with_no_time, starts_at=half_hour_of(1, 10))
    post(scene.heart, reverse("requests:decline", args=[scene.case.pk]), {"code": "time"})
    page = read(scene.coordinator, f"/cases/{scene.case.pk}/")
    seat = next(s for s in page.context["team"] if s.wanting)
    assert [(one.doctor, one.free) for one in seat.instead] == [(free, True), (with_no_time, False)]
    assert read(scene.asker, f"/cases/{scene.case.pk}/").context["team"][1].instead == []
    post(
        scene.coordinator,
        reverse("requests:replace", args=[scene.case.pk]),
        {"offer": seat.former.pk, "doctor": free.pk},
    )
    assert scene.case.offers.get(doctor=free).status == Offer.Status.OFFERED


def test_the_expert_reads_time_agenda_and_who_else_comes(read):
    scene = joint_invited()
    page = read(scene.heart, f"/cases/{scene.case.pk}/")
    said = page.content.decode()
    assert page.context["may_answer"]
    assert page.context["row"].due_at  # of their own answer
    for words in ("Can you take part", "头晕原因与用药", scene.specialist.name, scene.lungs.name):
        assert words in said
    assert "Can you chair" in read(scene.specialist, f"/cases/{scene.case.pk}/").content.decode()


def test_the_asking_doctor_agrees_to_the_time_and_sees_who_comes(read, post):
    scene = joint_invited()
    page = read(scene.asker, f"/cases/{scene.case.pk}/")
    assert page.context["meeting"]["may_agree"]
    assert scene.heart.name in page.content.decode()
    meeting = scene.case.meetings.get()
    post(scene.asker, reverse("requests:agree", args=[scene.case.pk, meeting.pk]), {})
    page = read(scene.asker, f"/cases/{scene.case.pk}/")
    assert not page.context["meeting"]["may_agree"]
    assert "it holds once the doctors have accepted" in page.content.decode()


def test_every_seat_leads_into_the_room(read):
    scene = joint_accepted()
    for expert in scene.experts:
        assert f"/rooms/{scene.case.pk}/" in read(expert, "/").content.decode()
        assert read(expert, f"/rooms/{scene.case.pk}/").status_code == 200


def test_an_expert_dissents_and_it_stands_in_the_paper_in_the_residents_page_and_nowhere_before(
    read, post
):
    scene = joint_met()
    write(scene)
    page = read(scene.heart, f"/cases/{scene.case.pk}/").content.decode()
    assert "考虑右侧基底节区脑出血" in page  # the conclusion so far
    assert "op-conclusion" not in page  # which is the chair's to write
    assert (
        "考虑右侧基底节区脑出血"
        not in read(scene.asker, f"/cases/{scene.case.pk}/").content.decode()
    )
    state = reverse("opinions:state", args=[scene.case.pk])
    for fields, said in (
        ({"view": "dissent", "text": "不同意", "pin": PIN}, "at least 20 characters"),
        ({"view": "dissent", "text": WHY, "pin": "999999"}, "PIN"),
        ({}, "agree or dissent"),
    ):
        answer = post(scene.heart, state, fields)
        assert answer.status_code == 200
        assert said in answer.content.decode()
    post(scene.heart, state, {"view": "dissent", "text": WHY, "pin": PIN})
    assert WHY in read(scene.specialist, f"/cases/{scene.case.pk}/").content.decode()
    assert WHY not in read(scene.lungs, f"/cases/{scene.case.pk}/").content.decode()
    refused = post(
        scene.specialist, reverse("opinions:sign", args=[scene.case.pk]), {"pin": PIN}
    ).content.decode()
    assert "1 expert has not stated a view" in refused
    post(scene.lungs, state, {"view": "agree"})
    sign(scene)
    for reader, where in (
        (scene.asker, f"/cases/{scene.case.pk}/"),
        (scene.heart, f"/cases/{scene.case.pk}/"),
        (scene.resident, f"/my/cases/{scene.case.pk}/"),
        (scene.asker, f"/opinions/{scene.case.pk}/1/"),
        (scene.lungs, f"/opinions/{scene.case.pk}/1/"),
    ):
        page = read(reader, where).content.decode()
        assert WHY in page, where
        assert scene.lungs.name in page, where


def test_a_request_for_several_specialties_is_saved_and_what_is_wrong_stands_at_it(read, post):
    scene = joint_request()
    edit = f"/cases/{scene.case.pk}/edit/"
    assert read(scene.asker, edit).context["joint"]
    fields = {"team_sent": "1", "joint": "on", "specialty": "neurology"}
    answer = post(scene.asker, f"/cases/{scene.case.pk}/send/", fields)
    assert answer.context["faults"].get("further")
    post(scene.asker, edit, {"team_sent": "1"})
    assert (scene.refresh().kind, scene.case.further) == ("single", [])
    post(scene.asker, f"/cases/{scene.case.pk}/send/", {**fields, "further": ["cardiology"]})
    assert scene.refresh().status == Status.SUBMITTED
    page = read(scene.coordinator, f"/cases/{scene.case.pk}/").content.decode()
    assert address(scene) in page
