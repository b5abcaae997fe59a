"""待签, and signing without a shift."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from consult.opinions import queries, rules, sealing, services
from consult.requests import services as requests
from consult.requests.models import Status
from telemed.core.clocks import fire_due
from telemed.core.errors import Conflict, Forbidden, Invalid, Stale
from telemed.core.models import PolicyChange
from telemed.notifications.models import Notification
from telemed.people.models import SigningKey
from telemed.rota.models import month_of
from tests.consult.requests.looking import actions, clock_states, told
from tests.consult.requests.test_handing import colleague_of, hand_over
from tests.factories.consult import PIN, TEXTS, accepted_case, sign, write
from tests.factories.rota import RotaFactory, on
from tests.ruling import lay

pytestmark = pytest.mark.django_db
REASON = "夜间急会诊，临时替班"


def ready(by, scene, **given):
    with by(scene.specialist):
        services.mark_ready(actor=scene.specialist, case_id=scene.case.pk, **given)
    return scene.refresh()


def written_case():
    scene = accepted_case()
    write(scene)
    return scene


def signing(by, scene, off_duty=""):
    with by(scene.specialist):
        return services.sign_opinion(
            actor=scene.specialist, case_id=scene.case.pk, pin=PIN, off_duty=off_duty
        )


def test_a_text_that_waits_for_its_signature_is_told_to_the_coordinator_after_half_an_hour(by):
    with time_machine.travel("2026-11-24 09:00+08:00", tick=False):
        scene = written_case()
        assert ready(by, scene).ready_at == timezone.now()
        ready(by, scene)  # twice is once
    before = actions(scene.case)
    with time_machine.travel("2026-11-24 09:29+08:00", tick=False):
        fire_due()
        assert "opinion.unsigned" not in told(scene.coordinator)
    with time_machine.travel("2026-11-24 09:31+08:00", tick=False):
        fire_due()
    assert told(scene.coordinator).count("opinion.unsigned") == 1
    assert "opinion.unsigned" not in told(scene.asker)
    assert actions(scene.case) == before  # the asking side does not learn of a text


def test_the_asking_side_does_not_read_of_that_message_on_the_case_page(client, by):
    with time_machine.travel("2026-11-24 09:00+08:00", tick=False):
        scene = written_case()
        ready(by, scene)
    with time_machine.travel("2026-11-24 09:31+08:00", tick=False):
        fire_due()
    unsigned = Notification.objects.get(template="opinion.unsigned", about=scene.case.pk)
    client.force_login(scene.asker)
    told_of = client.get(reverse("requests:case", args=[scene.case.pk])).context["told"]
    assert told_of
    assert unsigned.text not in [one.text for one in told_of]


@pytest.mark.parametrize(
    ("kind", "said"), [("single", "45 min of working time"), ("emergency", "45 min")]
)
def test_the_page_names_the_length_of_when_it_was_marked(client, by, kind, said):
    scene = accepted_case(kind=kind)
    write(scene)
    lay(rules.READY, timedelta(minutes=45))
    ready(by, scene)
    lay(rules.READY, timedelta(minutes=50), since=timezone.now() + timedelta(seconds=1))
    client.force_login(scene.specialist)
    client.cookies["language"] = "en"
    page = client.get(reverse("requests:case", args=[scene.case.pk])).content.decode()
    assert f"Ready to sign. After {said} the coordinator is told." in page
    assert f". After {said} the coordinator is told. A change of the text" in page


def test_a_signature_or_a_change_of_the_text_ends_the_wait(by):
    scene = written_case()
    ready(by, scene)
    write(scene)  # the same text
    assert scene.refresh().ready_at
    write(scene, conclusion="再想一想")
    assert scene.refresh().ready_at is None
    assert clock_states(scene.case, "opinion.ready") == set()
    ready(by, scene)
    sign(scene)
    assert (scene.case.ready_at, scene.case.status) == (None, Status.SIGNED)
    assert clock_states(scene.case, "opinion.ready") == set()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        fire_due()
    assert "opinion.unsigned" not in told(scene.coordinator)


def test_the_next_doctor_reads_it_first(by):
    scene = written_case()
    ready(by, scene)
    colleague = colleague_of(scene)
    hand_over(scene, by, colleague)
    with by(colleague):
        requests.accept_case(actor=colleague, case_id=scene.case.pk)
    assert scene.refresh().ready_at is None


@pytest.mark.parametrize("texts", [{"conclusion": " "}, {"findings": "血压 ____"}])
def test_only_a_complete_text_is_ready(by, texts):
    scene = accepted_case()
    write(scene, **texts)
    with pytest.raises(Invalid):
        ready(by, scene)
    assert scene.refresh().ready_at is None


def test_who_may_not_sign_may_not_say_that_it_is_ready(by):
    scene = written_case()
    for actor in (scene.asker, scene.coordinator):
        with pytest.raises(Forbidden), by(actor):
            services.mark_ready(actor=actor, case_id=scene.case.pk)
    with pytest.raises(Stale):
        ready(by, scene, version=7)
    sign(scene)
    with pytest.raises(Conflict):
        ready(by, scene)


def test_without_a_key_the_opinion_is_kept_as_ready(client):
    scene = accepted_case()
    SigningKey.objects.all().delete()
    client.force_login(scene.specialist)
    answer = client.post(
        reverse("opinions:sign", args=[scene.case.pk]),
        {**TEXTS, "version": 0, "pin": PIN},
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 409
    assert answer.json()["path"] == "pin"
    assert scene.refresh().ready_at
    assert scene.case.draft.conclusion == TEXTS["conclusion"]


def test_the_boards_of_the_asked_side_say_what_it_waits_for(client, by):
    scene = written_case()
    client.force_login(scene.specialist)
    answer = client.post(reverse("opinions:ready", args=[scene.case.pk]), {**TEXTS, "version": 1})
    assert answer.status_code == 302
    for actor in (scene.coordinator, scene.specialist):
        client.force_login(actor)
        assert "chip--a" in client.get("/").content.decode()
    client.force_login(scene.asker)
    assert "chip--a" not in client.get(reverse("requests:list")).content.decode()


def duty(scene, *, hours=2):
    return on(scene.specialist, scene.hospital, timezone.now() - timedelta(hours=1), hours=hours)


def test_without_a_published_rota_nobody_is_asked(by):
    scene = written_case()
    opinion = signing(by, scene)
    assert "duty" not in sealing.facts_of(opinion)
    assert sealing.is_intact(opinion)


def test_a_doctor_on_duty_signs_as_such(by):
    scene = written_case()
    duty(scene)
    assert sealing.facts_of(signing(by, scene))["duty"] == "on"


def test_off_duty_a_reason_is_asked_once_and_sealed(by):
    scene = written_case()
    RotaFactory(organisation=scene.hospital, month=month_of(timezone.now()))
    assert queries.asks_duty_reason(scene.specialist, scene.case)
    for nothing in ("", "  夜班  "):
        with pytest.raises(Invalid) as refused:
            signing(by, scene, nothing)
        assert refused.value.path == "off_duty"
    opinion = signing(by, scene, REASON)
    facts = sealing.facts_of(opinion)
    assert (facts["duty"], facts["off_duty"]) == ("off", REASON)
    assert sealing.is_intact(opinion)
    step = scene.case.steps.get(action="opinion.sign")
    assert step.facts == {"version": 1, "off_duty": True}


@pytest.mark.parametrize(
    ("rule", "rota", "asked"),
    [(rules.ALWAYS, False, True), (rules.NEVER, True, False), (rules.WITH_ROTA, False, False)],
)
def test_the_house_decides_whether_it_is_asked(rule, rota, asked):
    scene = written_case()
    if rota:
        RotaFactory(organisation=scene.hospital, month=month_of(timezone.now()))
    PolicyChange.objects.create(
        name=rules.OFF_DUTY,
        organisation_id=scene.hospital.pk,
        value=rule,
        effective_at=timezone.now() - timedelta(days=1),
        set_by="user:1",
        set_by_name="管理员",
        reason="试点",
    )
    assert queries.asks_duty_reason(scene.specialist, scene.case) is asked


def test_the_page_asks_for_the_reason_and_a_refusal_keeps_what_was_typed(client):
    scene = written_case()
    RotaFactory(organisation=scene.hospital, month=month_of(timezone.now()))
    client.force_login(scene.specialist)
    page = client.get(reverse("opinions:draft", args=[scene.case.pk])).content.decode()
    assert 'name="off_duty"' in page
    sent = {**TEXTS, "version": 1, "pin": PIN, "off_duty": "夜"}
    answer = client.post(reverse("opinions:sign", args=[scene.case.pk]), sent, follow=True)
    assert 'value="夜"' in answer.content.decode()
    sent |= {"off_duty": REASON, "version": 2}
    client.post(reverse("opinions:sign", args=[scene.case.pk]), sent)
    assert scene.refresh().status == Status.SIGNED
