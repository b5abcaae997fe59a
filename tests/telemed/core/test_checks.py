import pytest

from telemed.core.checks import refuse_embedded_secrets

GOOD = "a" * 32


@pytest.fixture
def safe(settings):
    settings.SECRET_KEY, settings.FIELD_KEY, settings.DEMO = GOOD, GOOD, False
    return settings


def test_real_secrets_pass(safe):
    assert refuse_embedded_secrets() == []


@pytest.mark.parametrize(
    ("name", "value", "refused"),
    [
        ("SECRET_KEY", "embedded-only", "telemed.E001"),
        ("SECRET_KEY", "short", "telemed.E001"),
        ("FIELD_KEY", "embedded-only", "telemed.E002"),
        ("DEMO", True, "telemed.E003"),
    ],
)
def test_what_everybody_knows_is_refused(safe, name, value, refused):
    setattr(safe, name, value)
    assert [found.id for found in refuse_embedded_secrets()] == [refused]
