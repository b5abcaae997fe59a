from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, connection
from django.utils import timezone

from consult.opinions import queries, sealing, services
from consult.opinions.models import Draft, Opinion
from consult.requests import services as requests
from consult.requests.models import Case, Status
from records.fhir import queries as fhir
from telemed.audit.models import AuditRow
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from telemed.core.intentions import intention
from telemed.core.models import Clock, ClockState
from telemed.notifications.models import Notification
from telemed.people import signing
from telemed.people.models import Role
from tests.factories.consult import (
    PIN,
    TEXTS,
    accepted_case,
    amended_case,
    closed_case,
    sent_case,
    sign,
    signed_case,
    write,
)
from tests.factories.people import OrganisationFactory, StaffFactory

pytestmark = pytest.mark.django_db


def acting(actor):
    return intention(actor, door="test")


def changed(opinion, **fields):
    """The row as a thief of the database would leave it; never saved."""
    for name, value in fields.items():
        setattr(opinion, name, value)
    return opinion


def test_a_signed_opinion_is_sealed_and_the_case_moves_on():
    scene = accepted_case()
    write(scene)

    opinion = sign(scene)

    assert (opinion.version, opinion.conclusion) == (1, TEXTS["conclusion"])
    assert sealing.is_intact(Opinion.objects.get(pk=opinion.pk))
    assert (scene.case.status, scene.case.opinion_version) == (Status.SIGNED, 1)
    assert not Draft.objects.filter(case=scene.case).exists()
    assert fhir.read("Composition", str(opinion.pk)) is not None
    told = Notification.objects.filter(template="opinion.signed")
    assert {n.recipient_id: n.url for n in told} == {
        scene.asker.pk: f"/cases/{scene.case.pk}/",
        scene.resident.pk: f"/my/cases/{scene.case.pk}/",
    }
    assert AuditRow.objects.filter(action="opinion.sign", patient_id=scene.patient.pk).exists()


@pytest.mark.parametrize(
    "tampered",
    [
        {"conclusion": "没有出血。"},
        {"findings": ""},
        {"recommendations": "观察"},
        {"version": 3},
        {"reason": "别的理由"},
        {"signed_at": timezone.now() - timedelta(days=1)},
        {"previous_digest": "0" * 64},
        {"digest": "0" * 64},
        {"sealed": "{}"},
        {"sealed": "no json"},
        {"sealed": "[]"},
        {"signature": b"x" * 64},
        {"signature": b""},
        {"public_key": b"x" * 32},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_whatever_is_changed_afterwards_shows(tampered):
    opinion = signed_case().case.opinions.get()
    assert sealing.is_intact(opinion)
    assert not sealing.is_intact(changed(opinion, **tampered))


def test_a_new_digest_over_a_changed_text_still_lacks_the_signature():
    opinion = signed_case().case.opinions.get()
    sealed = opinion.sealed.replace("脑出血", "脑梗死")
    forged = {
        "sealed": sealed,
        "digest": sealing.digest_of(sealed),
        "conclusion": opinion.conclusion.replace("脑出血", "脑梗死"),
    }
    assert not sealing.is_intact(changed(opinion, **forged))


@pytest.mark.parametrize(
    "statement", ["UPDATE opinions_opinion SET conclusion = 'x'", "DELETE FROM opinions_opinion"]
)
def test_the_application_may_not_change_or_delete_a_signed_opinion(statement):
    signed_case()
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_amendment_is_the_next_version_and_asks_for_a_new_receipt():
    scene = signed_case()
    first = scene.case.opinions.get()
    with_receipt(scene)
    with acting(scene.specialist):
        draft = services.start_amendment(
            actor=scene.specialist, case_id=scene.case.pk, reason="补充复查时间"
        )
    assert (draft.conclusion, draft.amends) == (first.conclusion, 1)
    write(scene, recommendations="6 小时后复查")

    second = sign(scene)

    assert (second.version, second.previous_digest) == (2, first.digest)
    assert sealing.is_intact(second)
    assert (scene.case.status, scene.case.opinion_version) == (Status.SIGNED, 2)
    assert scene.case.opinions.count() == 2
    running = Clock.objects.filter(about=scene.case.pk, state=ClockState.RUNNING)
    kinds = {clock.kind for clock in running}
    assert {kind for kind in kinds if "outcome" not in kind} == {"case.receipt"}
    with pytest.raises(Conflict, match="2"), acting(scene.asker):
        requests.give_receipt(
            actor=scene.asker,
            case_id=scene.case.pk,
            version=1,
            decision="partly",
            reason="旧版意见不适用",
        )


def test_a_closed_case_stays_closed_when_amended_and_takes_a_new_receipt():
    scene = closed_case()
    with acting(scene.specialist):
        services.start_amendment(
            actor=scene.specialist, case_id=scene.case.pk, reason="更正左右侧别"
        )
    write(scene, conclusion="考虑左侧基底节区脑出血。")
    sign(scene)
    assert (scene.case.status, scene.case.opinion_version) == (Status.CLOSED, 2)

    with acting(scene.asker):
        requests.give_receipt(
            actor=scene.asker, case_id=scene.case.pk, version=2, decision="adopted"
        )
    assert scene.refresh().status == Status.CLOSED
    assert scene.case.receipts.count() == 2


def test_an_amendment_can_be_given_up():
    scene = signed_case()
    with acting(scene.specialist):
        services.start_amendment(
            actor=scene.specialist, case_id=scene.case.pk, reason="需要再想一想"
        )
    with acting(scene.specialist):
        services.drop_amendment(actor=scene.specialist, case_id=scene.case.pk)
    assert not Draft.objects.exists()
    with pytest.raises(Conflict):
        write(scene)


@pytest.mark.parametrize("reason", ["", "短", "    a    ", "a" * 201, "a\x00bcdef"])
def test_an_amendment_needs_a_reason_in_words(reason):
    scene = signed_case()
    with pytest.raises(Invalid), acting(scene.specialist):
        services.start_amendment(actor=scene.specialist, case_id=scene.case.pk, reason=reason)
    assert not Draft.objects.exists()


def test_only_the_holder_knows_of_a_draft():
    scene = accepted_case(specialists=2)
    write(scene)
    other = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital)
    everybody = [scene.asker, scene.coordinator, scene.resident, other, StaffFactory()]
    assert [queries.find_draft(actor, scene.case) for actor in everybody] == [None] * 5
    assert queries.find_draft(scene.specialist, scene.case).conclusion == TEXTS["conclusion"]


@pytest.mark.parametrize(
    ("who", "reads"),
    [("asker", 1), ("specialist", 1), ("resident", 1), ("coordinator", 0)],
)
def test_a_signed_opinion_is_for_those_who_treat_and_the_patient(who, reads):
    scene = signed_case()
    actor = getattr(scene, who)
    assert len(queries.opinions_of(actor, scene.case)) == reads
    if not reads:
        with pytest.raises(NotFound), acting(actor):
            services.read_opinion(actor=actor, case_id=scene.case.pk, version=1)


def test_writing_begins_the_consult_and_another_window_cannot_overwrite():
    scene = accepted_case()
    with acting(scene.specialist):
        draft = services.save_draft(
            actor=scene.specialist, case_id=scene.case.pk, version=0, findings="一"
        )
    assert (draft.version, scene.refresh().status) == (1, Status.IN_PROGRESS)
    with pytest.raises(Stale), acting(scene.specialist):
        services.save_draft(actor=scene.specialist, case_id=scene.case.pk, version=0, findings="二")
    assert Draft.objects.get().findings == "一"


@pytest.mark.parametrize(
    ("field", "text"),
    [("findings", "a" * 4001), ("conclusion", "a" * 2001), ("findings", "a\x00b"), ("amends", "1")],
)
def test_what_cannot_be_kept_is_refused_and_changes_nothing(field, text):
    scene = accepted_case()
    with pytest.raises(Invalid) as refused, acting(scene.specialist):
        services.save_draft(actor=scene.specialist, case_id=scene.case.pk, **{field: text})
    assert refused.value.path == field
    assert not Draft.objects.exists()


@pytest.mark.parametrize("who", ["asker", "coordinator", "resident"])
def test_nobody_but_the_holder_writes_or_signs(who):
    scene = accepted_case()
    write(scene)
    actor = getattr(scene, who)
    with pytest.raises(Forbidden), acting(actor):
        services.save_draft(actor=actor, case_id=scene.case.pk, findings="x")
    with pytest.raises(Forbidden), acting(actor):
        services.sign_opinion(actor=actor, case_id=scene.case.pk, pin=PIN)
    assert not Opinion.objects.exists()


def test_a_stranger_does_not_learn_that_the_case_exists():
    scene = accepted_case()
    stranger = StaffFactory(role=Role.SPECIALIST)
    with pytest.raises(NotFound), acting(stranger):
        services.sign_opinion(actor=stranger, case_id=scene.case.pk, pin=PIN)


def test_the_holder_signs_only_where_they_accepted():
    scene = accepted_case()
    write(scene)
    role = scene.specialist.roles.create(organisation=OrganisationFactory(), role=Role.SPECIALIST)
    scene.specialist.acting_as = role
    with pytest.raises(NotFound), acting(scene.specialist):
        services.sign_opinion(actor=scene.specialist, case_id=scene.case.pk, pin=PIN)


def test_without_a_conclusion_there_is_nothing_to_sign():
    scene = accepted_case()
    write(scene, conclusion="   ")
    with pytest.raises(Invalid) as refused:
        sign(scene)
    assert refused.value.path == "conclusion"


def test_an_opinion_with_a_blank_of_its_template_is_not_signed():
    scene = accepted_case()
    write(scene, recommendations="1. Blood pressure target ____")
    with pytest.raises(Invalid) as refused:
        sign(scene)
    assert refused.value.path == "recommendations"
    assert not Opinion.objects.exists()


def test_signing_twice_is_refused_in_words():
    scene = signed_case()
    with pytest.raises(Conflict, match=r"签发|signed"):
        sign(scene)
    assert Opinion.objects.count() == 1


def test_a_withdrawn_case_takes_no_opinion():
    scene = accepted_case()
    write(scene)
    with acting(scene.asker):
        requests.cancel_case(actor=scene.asker, case_id=scene.case.pk, reason="病人已转院")
    for act in (write, sign):
        with pytest.raises(Conflict):
            act(scene)
    assert Case.objects.get(pk=scene.case.pk).status == Status.CANCELLED


def test_a_case_that_nobody_accepted_takes_no_opinion():
    scene = sent_case()
    with pytest.raises(Forbidden):
        write(scene)


def test_a_wrong_pin_signs_nothing():
    scene = accepted_case()
    write(scene)
    with pytest.raises(signing.WrongPin), acting(scene.specialist):
        services.sign_opinion(actor=scene.specialist, case_id=scene.case.pk, pin="000000")
    assert not Opinion.objects.exists()
    assert Draft.objects.get().conclusion == TEXTS["conclusion"]


def test_an_expired_licence_signs_nothing():
    scene = accepted_case()
    write(scene)
    practitioner = scene.specialist.practitioner
    practitioner.licensed_until = date(2020, 1, 1)
    practitioner.save()
    with pytest.raises(Conflict) as refused:
        sign(scene)
    assert refused.value.path == "licence"
    assert not Opinion.objects.exists()


def test_what_was_read_before_signing_is_what_is_signed():
    scene = accepted_case()
    write(scene)
    write(scene, conclusion="别的窗口改过")
    with pytest.raises(Stale), acting(scene.specialist):
        services.sign_opinion(actor=scene.specialist, case_id=scene.case.pk, pin=PIN, version=1)


def test_an_opinion_is_public_to_the_world_as_a_composition():
    scene = amended_case()
    compositions = fhir.for_patient(scene.patient.rid, "Composition", 10)
    assert [c["status"] for c in compositions] == ["amended", "final"]
    assert compositions[0]["identifier"]["value"] == f"{scene.case.number}/2"
    signer = f"Practitioner/{scene.specialist.practitioner.pk}"
    assert compositions[0]["author"][0]["reference"] == signer


def with_receipt(scene):
    with acting(scene.asker):
        requests.give_receipt(
            actor=scene.asker, case_id=scene.case.pk, version=1, decision="adopted", close=False
        )
    assert scene.refresh().status == Status.RECEIPTED
