"""Phrases: a doctor's own, and those of the department."""

import pytest
from django.urls import reverse

from consult.opinions import queries, services
from consult.opinions.models import Phrase
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.organisations.models import Specialty
from telemed.people.models import Role
from tests.factories.consult import accepted_case
from tests.factories.people import OrganisationFactory, PractitionerFactory, StaffFactory
from tests.marks import committed
from tests.racing import race

pytestmark = pytest.mark.django_db


def doctor(organisation=None, specialty=Specialty.NEUROLOGY):
    user = StaffFactory(role=Role.SPECIALIST, organisation=organisation or OrganisationFactory())
    PractitionerFactory(user=user, specialty=specialty)
    return user


def keep(by, actor, short="ct", text="复查头颅 CT", **more):
    with by(actor):
        return services.keep_phrase(actor=actor, short=short, text=text, **more)


def shorts(actor):
    return [phrase.short for phrase in queries.phrases_of(actor)]


def test_own_phrases_are_nobody_elses_and_shared_ones_the_departments(by):
    me = doctor()
    colleague = doctor(me.acting_organisation)
    other_department = doctor(me.acting_organisation, Specialty.RESPIRATORY)
    elsewhere = doctor()
    keep(by, me, "mine")
    keep(by, me, "ours", shared=True)
    assert shorts(me) == ["mine", "ours"]
    assert shorts(colleague) == ["ours"]
    assert shorts(other_department) == shorts(elsewhere) == []


def test_a_phrase_is_changed_and_dropped_by_who_may_see_it(by):
    me = doctor()
    colleague, elsewhere = doctor(me.acting_organisation), doctor()
    own, ours = keep(by, me, "mine"), keep(by, me, "ours", shared=True)
    assert keep(by, colleague, "ours", "新的写法", shared=True, phrase_id=ours.pk).writer == me
    for actor, phrase in ((colleague, own), (elsewhere, own), (elsewhere, ours)):
        with pytest.raises(NotFound):
            keep(by, actor, "x", phrase_id=phrase.pk)
        with pytest.raises(NotFound), by(actor):
            services.drop_phrase(actor=actor, phrase_id=phrase.pk)
    with by(me):
        services.drop_phrase(actor=me, phrase_id=own.pk)
    assert shorts(me) == ["ours"]


@pytest.mark.parametrize(
    ("short", "text", "path"),
    [
        ("", "x", "short"),
        ("a b", "x", "short"),
        ("a" * 21, "x", "short"),
        ("ct", "  ", "text"),
        ("ct", "a" * 1001, "text"),
        ("ct", "a\x00", "text"),
    ],
)
def test_what_cannot_be_kept_is_refused(by, short, text, path):
    with pytest.raises(Invalid) as refused:
        keep(by, doctor(), short, text)
    assert refused.value.path == path
    assert not Phrase.objects.exists()


def test_a_short_form_is_taken_once(by):
    me = doctor()
    keep(by, me, "；CT")
    assert shorts(me) == ["ct"]
    with pytest.raises(Conflict):
        keep(by, me, "ct")


def test_only_specialists_keep_phrases(by, client):
    coordinator = StaffFactory(role=Role.COORDINATOR)
    with pytest.raises(Forbidden):
        keep(by, coordinator)
    client.force_login(coordinator)
    assert client.get(reverse("opinions:phrases")).status_code == 403


@committed
def test_two_of_a_department_share_the_same_short_form_at_once(by):
    me = doctor()
    people = [me, doctor(me.acting_organisation)]
    ended = race([lambda p=p: keep(by, p, shared=True) for p in people])
    assert ended == {"won": 1, "Conflict": 1}


def test_the_page_keeps_changes_and_drops(client, django_assert_max_num_queries):
    me = doctor()
    client.force_login(me)
    address = reverse("opinions:phrases")
    sent = {"short": "bp", "text": "血压控制在 140/90 以下", "shared": "on"}
    assert client.post(address, sent).status_code == 302
    phrase = Phrase.objects.get()
    assert phrase.shared
    client.post(address, {"phrase": phrase.pk, "short": "bp", "text": "血压 130/80 以下"})
    phrase.refresh_from_db()
    assert (phrase.text, phrase.shared) == ("血压 130/80 以下", False)
    refused = client.post(address, {"short": "a b", "text": "保留我写的"}, follow=True)
    assert "保留我写的" in refused.content.decode()
    for n in range(30):
        Phrase.objects.create(
            writer=me, organisation=me.acting_organisation, short=f"n{n}", text="x"
        )
    with django_assert_max_num_queries(12):
        client.get(address)
    client.post(reverse("opinions:drop_phrase", args=[phrase.pk]))
    assert not Phrase.objects.filter(pk=phrase.pk).exists()


def test_the_draft_offers_them(client, by):
    scene = accepted_case()
    keep(by, scene.specialist, "bp", "血压控制在 140/90 以下")
    client.force_login(scene.specialist)
    page = client.get(reverse("opinions:draft", args=[scene.case.pk])).content.decode()
    assert 'id="opinion-phrases"' in page
    assert '<option value="bp">' in page
