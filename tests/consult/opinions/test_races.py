from functools import partial

from django.utils import timezone

from consult.opinions import sealing, services
from consult.opinions.models import CoWriter, Opinion, SectionLease
from consult.requests import services as requests
from telemed.core.intentions import intention
from telemed.core.models import Clock
from tests.consult.opinions.test_withdrawing import REASON, office_of
from tests.consult.requests.test_handing import colleague_of
from tests.factories.consult import PIN, accepted_case, joint_met, signed_case, write
from tests.marks import committed
from tests.racing import race


@committed
def test_eight_windows_sign_at_once_and_one_version_is_signed():
    scene = accepted_case()
    write(scene)

    def sign():
        with intention(scene.specialist, door="test", timeout_ms=20_000):
            services.sign_opinion(actor=scene.specialist, case_id=scene.case.pk, pin=PIN)

    assert race([sign] * 8) == {"won": 1, "Conflict": 7}
    assert Opinion.objects.count() == 1
    assert scene.refresh().opinion_version == 1


@committed
def test_eight_windows_save_the_same_draft_and_one_is_kept():
    scene = accepted_case()
    write(scene)

    def save(window):
        with intention(scene.specialist, door="test", timeout_ms=20_000):
            services.save_draft(
                actor=scene.specialist,
                case_id=scene.case.pk,
                version=1,
                conclusion=f"改动 {window}",
            )

    assert race([partial(save, window) for window in range(8)]) == {"won": 1, "Stale": 7}
    assert scene.case.draft.version == 2


def doing(actor, service, scene, **given):
    def act():
        with intention(actor, door="test", timeout_ms=20_000):
            service(actor=actor, case_id=scene.case.pk, **given)

    return act


def asked_to_withdraw():
    scene = signed_case()
    office = office_of(scene)
    doing(scene.specialist, services.ask_withdrawal, scene, reason=REASON)()
    return scene, office


@committed
def test_eight_confirm_a_withdrawal_and_one_withdraws():
    scene, office = asked_to_withdraw()
    ended = race([doing(office, services.confirm_withdrawal, scene)] * 8)
    assert ended == {"won": 1, "Conflict": 7}
    assert scene.case.steps.filter(action="opinion.withdraw").count() == 1
    assert scene.refresh().is_withdrawn


@committed
def test_doctor_and_office_ask_at_once_and_one_is_asked():
    scene = signed_case()
    office = office_of(scene)
    ended = race(
        [
            doing(person, services.ask_withdrawal, scene, reason=REASON)
            for person in (scene.specialist, office)
        ]
    )
    assert ended == {"won": 1, "Conflict": 1}


@committed
def test_a_withdrawal_meets_a_receipt():
    scene, office = asked_to_withdraw()
    receipt = doing(
        scene.asker, requests.give_receipt, scene, version=1, decision="adopted", close=False
    )
    ended = race([doing(office, services.confirm_withdrawal, scene), receipt])
    case = scene.refresh()
    assert (case.status, case.is_withdrawn) == ("in_progress", True)
    assert case.receipts.count() == 2 - ended["Conflict"] - 1  # before the withdrawal, or refused
    live = Clock.objects.filter(about=case.pk, state="running")
    kinds = set(live.values_list("kind", flat=True))
    assert kinds == {"case.done"}


@committed
def test_a_withdrawal_meets_an_amendment():
    scene, office = asked_to_withdraw()
    amend = doing(scene.specialist, services.start_amendment, scene, reason="补充复查时间")
    amend()
    version = scene.case.draft.version
    ended = race(
        [
            doing(office, services.confirm_withdrawal, scene),
            doing(scene.specialist, services.sign_opinion, scene, pin=PIN, version=version),
        ]
    )
    case = scene.refresh()
    assert ended["won"] == 1
    if case.is_withdrawn:  # the window of the amendment has to look again
        assert (ended["Stale"], case.status, case.opinion_version) == (1, "in_progress", 1)
    else:
        assert (ended["Conflict"], case.status, case.opinion_version) == (1, "signed", 2)


@committed
def test_an_expert_states_while_the_chair_signs():
    scene = joint_met()
    write(scene)
    for expert in (scene.heart, scene.lungs):
        doing(expert, services.state_view, scene, view="agree", text="同意")()
    ended = race(
        [
            doing(scene.lungs, services.state_view, scene, view="agree", text="补充：复查心电图"),
            doing(scene.specialist, services.sign_opinion, scene, pin=PIN),
        ]
    )
    sealed = sealing.facts_of(Opinion.objects.get())["statements"]
    said = next(one for one in sealed if one["name"] == scene.lungs.name)
    stated = scene.case.statements.get(expert=scene.lungs)
    assert said["text"] == stated.text  # what was signed is what stands
    assert ended in ({"won": 2}, {"won": 1, "Conflict": 1})


def written_by_two():
    scene = accepted_case()
    other = colleague_of(scene)
    doing(scene.specialist, services.ask_co_writer, scene, user_id=other.pk)()
    return scene, other


@committed
def test_two_begin_a_section_at_once_and_one_gets_it():
    scene, other = written_by_two()
    ended = race(
        [
            doing(person, services.take_section, scene, section="findings")
            for person in (scene.specialist, other)
        ]
    )
    assert ended == {"won": 1, "Conflict": 1}
    assert SectionLease.objects.count() == 1


@committed
def test_two_take_over_a_section_at_once_and_one_gets_it():
    scene, other = written_by_two()
    third = colleague_of(scene)
    doing(scene.specialist, services.ask_co_writer, scene, user_id=third.pk)()
    doing(third, services.take_section, scene, section="findings")()
    SectionLease.objects.update(until=timezone.now())
    ended = race(
        [
            doing(person, services.take_section, scene, section="findings", over=True)
            for person in (scene.specialist, other)
        ]
    )
    assert ended == {"won": 1, "Conflict": 1}
    assert SectionLease.objects.get().writer in (scene.specialist, other)


@committed
def test_two_save_different_sections_at_once_and_both_are_kept():
    scene, other = written_by_two()
    write(scene)
    ended = race(
        [
            doing(person, services.save_section, scene, section=name, version=1, text=name)
            for person, name in ((scene.specialist, "findings"), (other, "conclusion"))
        ]
    )
    draft = scene.case.draft
    assert ended == {"won": 2}
    assert (draft.findings, draft.conclusion, draft.version) == ("findings", "conclusion", 3)


@committed
def test_one_begins_to_write_while_the_other_signs():
    scene, other = written_by_two()
    write(scene)
    ended = race(
        [
            doing(other, services.take_section, scene, section="findings"),
            doing(scene.specialist, services.sign_opinion, scene, pin=PIN),
        ]
    )
    signed = Opinion.objects.exists()
    # Who came after the signature writes along no more: hidden, or forbidden if seen just before.
    refused = {"NotFound", "Forbidden"} if signed else {"Conflict"}
    assert ended.pop("won") == 1
    assert (ended.total(), set(ended) <= refused) == (1, True)
    assert SectionLease.objects.count() == (0 if signed else 1)


@committed
def test_eight_windows_ask_the_same_colleague_and_one_is_asked():
    scene = accepted_case()
    other = colleague_of(scene)
    ended = race([doing(scene.specialist, services.ask_co_writer, scene, user_id=other.pk)] * 8)
    assert ended == {"won": 8}
    assert CoWriter.objects.count() == 1
