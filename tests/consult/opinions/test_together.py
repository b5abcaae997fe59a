"""Two write on one draft: who may, whose section it is, and who signs."""

from datetime import date, timedelta

import pytest
import time_machine

from consult.opinions import queries, services
from consult.opinions.models import CoWriter, SectionLease
from consult.requests import queries as cases
from telemed.audit.models import AuditRow
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from telemed.people.models import Practitioner
from tests.consult.requests.looking import actions, told
from tests.consult.requests.test_handing import accept, colleague_of, hand_over
from tests.factories.consult import PIN, TEXTS, accepted_case, joint_met, sign, signed_case, write
from tests.factories.people import OrganisationFactory, PractitionerFactory, StaffFactory

pytestmark = pytest.mark.django_db
NOW = "2026-11-24 09:00+08:00"


def ask(by, scene, writer, asker=None):
    asker = asker or scene.specialist
    with by(asker):
        return services.ask_co_writer(actor=asker, case_id=scene.case.pk, user_id=writer.pk)


def drop(by, scene, writer, actor=None):
    actor = actor or scene.specialist
    with by(actor):
        services.drop_co_writer(actor=actor, case_id=scene.case.pk, user_id=writer.pk)


def take(by, scene, actor, section="findings", **given):
    with by(actor):
        return services.take_section(actor=actor, case_id=scene.case.pk, section=section, **given)


def leave(by, scene, actor, section="findings"):
    with by(actor):
        services.leave_section(actor=actor, case_id=scene.case.pk, section=section)


def save(by, scene, actor, text, version=0, section="findings"):
    with by(actor):
        return services.save_section(
            actor=actor, case_id=scene.case.pk, section=section, version=version, text=text
        )


@pytest.fixture
def two(by):
    """A case with its holder and a colleague who writes along."""
    scene = accepted_case()
    other = colleague_of(scene)
    ask(by, scene, other)
    return scene, other


def test_the_holder_asks_a_colleague_who_finds_the_draft_on_their_list(by):
    scene = accepted_case()
    other = colleague_of(scene)
    before = actions(scene.case)
    assert not cases.visible_to(other).filter(pk=scene.case.pk).exists()

    ask(by, scene, other)
    ask(by, scene, other)  # twice is once

    assert CoWriter.objects.count() == 1
    assert scene.case.pk in {case.pk for case in cases.needs_me(other)}
    assert queries.may_write(other, scene.case)
    assert told(other).count("opinion.write_along") == 1
    assert AuditRow.objects.filter(action="opinion.ask_co_writer").count() == 1
    assert actions(scene.case) == before  # the asking side does not learn of it
    assert not set(told(scene.asker)) & {"opinion.write_along"}


def test_who_writes_along_is_a_licensed_colleague_of_the_same_hospital(by):
    scene = accepted_case()
    elsewhere = StaffFactory(role="specialist", organisation=OrganisationFactory())
    PractitionerFactory(user=elsewhere)
    suspended = colleague_of(scene)
    Practitioner.objects.filter(user=suspended).update(licensed_until=date(2020, 1, 1))

    for person in (elsewhere, suspended, scene.specialist, scene.asker):
        with pytest.raises(Invalid):
            ask(by, scene, person)

    assert not CoWriter.objects.exists()


def test_only_the_holder_asks_and_a_co_writer_may_only_give_up(by, two):
    scene, other = two
    third = colleague_of(scene)
    with pytest.raises(Forbidden):
        ask(by, scene, third, asker=other)
    with pytest.raises(NotFound):
        ask(by, scene, third, asker=third)
    ask(by, scene, third)
    with pytest.raises(Forbidden):
        drop(by, scene, third, actor=other)

    drop(by, scene, third)
    drop(by, scene, other, actor=other)

    assert not queries.co_writers_of(scene.case)
    with pytest.raises(NotFound):
        save(by, scene, other, "晚了")


def test_the_chair_of_a_joint_consult_asks_an_expert(by):
    scene = joint_met()
    ask(by, scene, scene.heart)
    save(by, scene, scene.heart, "心脏科所见")
    assert scene.case.draft.author == scene.specialist
    with pytest.raises(Forbidden):
        save(by, scene, scene.lungs, "不在其中")


def test_who_took_the_case_over_has_to_ask_again(by, two):
    scene, other = two
    successor = colleague_of(scene)
    hand_over(scene, by, successor)
    accept(scene, by, successor)
    scene.refresh()
    assert scene.case.holder == successor
    assert not queries.may_write(other, scene.case)

    ask(by, scene, other, asker=successor)

    assert queries.may_write(other, scene.case)


def test_a_section_is_one_writers_for_half_a_minute_after_the_last_key(by, two):
    scene, other = two
    with time_machine.travel(NOW, tick=False) as clock:
        take(by, scene, scene.specialist)
        clock.shift(timedelta(seconds=20))
        save(by, scene, scene.specialist, "右侧基底节")  # renews
        clock.shift(timedelta(seconds=29))
        with pytest.raises(Conflict, match=scene.specialist.name) as refused:
            take(by, scene, other, over=True)
        assert refused.value.path == "findings"
        take(by, scene, other, section="conclusion")  # another section is free

        clock.shift(timedelta(seconds=1))
        with pytest.raises(Conflict):
            save(by, scene, other, "不经意的一键", version=1)
        take(by, scene, other, over=True)
        save(by, scene, other, "右侧基底节，出血", version=1)
        with pytest.raises(Conflict):
            save(by, scene, scene.specialist, "晚到的一句", version=1)

    assert scene.case.draft.findings == "右侧基底节，出血"


def test_leaving_a_section_frees_it_at_once(by, two):
    scene, other = two
    take(by, scene, scene.specialist)
    leave(by, scene, other)  # it is not theirs to leave
    assert SectionLease.objects.get().writer == scene.specialist
    leave(by, scene, scene.specialist)
    assert take(by, scene, other).writer == other


def test_a_saved_section_changes_no_other_and_overwrites_nobody(by, two):
    scene, other = two
    save(by, scene, scene.specialist, "所见一")
    save(by, scene, other, "结论一", section="conclusion")  # neither has seen the other's
    draft = scene.case.draft
    assert (draft.findings, draft.conclusion, draft.version) == ("所见一", "结论一", 2)

    leave(by, scene, scene.specialist)
    with pytest.raises(Stale):
        save(by, scene, other, "另一个所见", version=0)
    draft.refresh_from_db()
    assert draft.findings == "所见一"


def test_a_section_sent_again_because_its_answer_was_lost_is_one_save(by, two):
    scene, _other = two
    for _ in range(2):
        assert save(by, scene, scene.specialist, "所见").version == 1
    assert AuditRow.objects.filter(action="opinion.draft").count() == 1


def test_a_whole_form_does_not_write_over_anothers_section(by, two):
    scene, other = two
    write(scene)
    take(by, scene, other)
    with pytest.raises(Conflict, match=other.name):
        write(scene, findings="覆盖")
    write(scene, conclusion="另一结论")  # findings as they stand
    scene.case.draft.refresh_from_db()
    assert scene.case.draft.findings == TEXTS["findings"]


def test_nobody_signs_while_another_writes_and_later_only_knowingly(by, two):
    scene, other = two
    write(scene)

    def signing(**given):
        with by(scene.specialist):
            return services.sign_opinion(
                actor=scene.specialist, case_id=scene.case.pk, pin=PIN, **given
            )

    with time_machine.travel(NOW, tick=False) as clock:
        take(by, scene, other)
        with pytest.raises(Conflict, match=other.name) as refused:
            signing(unfinished=True)
        assert refused.value.path == "held"
        clock.shift(timedelta(seconds=30))
        with pytest.raises(Conflict, match=other.name) as refused:
            signing()
        assert refused.value.path == "unfinished"
        assert signing(unfinished=True).version == 1

    assert not SectionLease.objects.exists()
    assert not queries.co_writers_of(scene.refresh())
    assert not cases.visible_to(other).filter(pk=scene.case.pk).exists()


def test_who_writes_along_does_not_sign(by, two):
    scene, other = two
    write(scene)
    for act in (services.sign_opinion, services.mark_ready):
        more = {"pin": PIN} if act is services.sign_opinion else {}
        with pytest.raises(Forbidden), by(other):
            act(actor=other, case_id=scene.case.pk, **more)


def test_a_text_that_a_co_writer_changed_is_no_longer_ready(by, two):
    scene, other = two
    write(scene)
    with by(scene.specialist):
        services.mark_ready(actor=scene.specialist, case_id=scene.case.pk)
    save(by, scene, other, "补充所见", version=1)
    assert scene.refresh().ready_at is None


def test_after_the_signature_nobody_writes_on(by, two):
    scene, other = two
    write(scene)
    sign(scene)
    with pytest.raises(NotFound):
        save(by, scene, other, "晚了", version=1)
    with pytest.raises(Conflict):
        ask(by, scene, other)


def test_an_amendment_that_is_given_up_ends_writing_along(by):
    scene = signed_case()
    other = colleague_of(scene)
    with by(scene.specialist):
        services.start_amendment(
            actor=scene.specialist, case_id=scene.case.pk, reason="补充复查时间"
        )
    ask(by, scene, other)
    assert queries.may_read(other, scene.case)  # what is amended
    with by(scene.specialist):
        services.drop_amendment(actor=scene.specialist, case_id=scene.case.pk)
    assert not queries.may_write(other, scene.case)
