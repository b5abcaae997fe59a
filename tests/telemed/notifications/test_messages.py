"""The catalogue: short in both languages, and never about a patient."""

import pytest
from django.utils import translation

from telemed.notifications import messages
from telemed.notifications.messages import LONGEST, PLACEHOLDERS, Urgency, placeholders_of

ALL = sorted(messages.all_messages(), key=lambda message: message.key)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("message", ALL, ids=lambda message: message.key)
def test_every_text_is_short_as_written_and_keeps_its_placeholders(message, language):
    for text in {message.text, message.for_number}:
        with translation.override(language):
            said = translation.gettext(text)

        assert len(said) <= LONGEST
        assert placeholders_of(said) == placeholders_of(text)


@pytest.mark.parametrize("message", ALL, ids=lambda message: message.key)
def test_no_placeholder_could_carry_a_patient(message):
    assert message.placeholders | placeholders_of(message.for_number) <= PLACEHOLDERS
    assert not {"name", "patient", "id", "finding"} & PLACEHOLDERS


def test_the_keys_of_a_case_an_opinion_a_room_and_of_rights_are_there():
    kinds = {message.key.partition(".")[0] for message in ALL}
    assert kinds >= {"case", "opinion", "mdt", "room", "consent", "breakglass", "objection"}
    assert kinds >= {"seal", "person", "account", "licence", "agreement", "rota", "shift"}
    assert kinds >= {"clock", "outbox", "subscription", "settlement", "demand", "signal"}


def test_legal_notices_and_what_is_urgent_cannot_be_refused():
    assert messages.get_message("consent.given").legal
    assert messages.get_message("breakglass.opened").legal
    assert not messages.get_message("opinion.signed").legal


def test_a_message_may_be_less_urgent_for_a_resident():
    signed = messages.get_message("opinion.signed")
    assert signed.urgency_for(resident=False) == Urgency.URGENT
    assert signed.urgency_for(resident=True) == Urgency.NORMAL


def test_the_same_key_twice_is_a_mistake():
    with pytest.raises(ValueError, match="already"):
        messages.register("case.closed", "Again", "Q")


def test_a_text_that_lacks_a_fact_is_a_mistake_of_the_caller():
    with pytest.raises(KeyError, match="org"):
        messages.check("case.offered", {"no": "C1", "time": "09:00"})
    with pytest.raises(KeyError):
        messages.check("case.unheard_of", {})


def test_long_values_are_cut_until_it_fits_and_the_link_never():
    link = "https://telemed.example.cn/m/AbCdEf123456"
    said = messages.render_short(
        "consent.given",
        {"org": "黔南布依族苗族自治州人民医院远程会诊中心", "state": "查看全部健康档案" * 3},
        language="en",
        link=link,
    )
    assert link in said
    short = messages.render_short(
        "case.emergency",
        {"no": "C260929-0001", "org": "某" * 60, "phone": "0851-55550100"},
        language="en",
    )
    assert len(short) <= LONGEST
    assert "C260929-0001" in short
    assert "0851-55550100" in short


def test_a_page_shows_no_link_in_the_words():
    with translation.override("en"):
        assert messages.render("opinion.signed", {"no": "C1"}).endswith("signed")


def test_a_message_from_before_its_text_named_more_is_still_readable():
    with translation.override("en"):
        assert messages.render("case.accepted", {"no": "C1"}) == "… of … accepted consult C1"
        said = messages.render_short("case.accepted", {"no": "C1", "who": "周" * 80}, language="en")
    assert "C1" in said
    assert len(said) <= LONGEST
