"""A reason says something, and fits where it is kept."""

import pytest
from django.utils import translation

from telemed.core.errors import Invalid
from telemed.core.reasons import checked_reason

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def acting(by, stranger):
    with translation.override("en"), by(stranger):
        yield


def test_the_space_around_it_goes():
    assert checked_reason("  the road is closed ") == "the road is closed"


@pytest.mark.parametrize(
    ("reason", "said"),
    [("", "at least 5"), ("  ill  ", "at least 5"), ("x" * 301, "At most 300 characters.")],
)
def test_too_short_and_too_long_are_said_as_what_they_are(reason, said):
    with pytest.raises(Invalid, match=said) as refused:
        checked_reason(reason, path="note")
    assert refused.value.path == "note"


def test_a_place_may_have_limits_of_its_own():
    assert checked_reason("会议", shortest=2) == "会议"
    with pytest.raises(Invalid, match=r"At most 3 characters\."):
        checked_reason("会议很长", shortest=2, longest=3)
