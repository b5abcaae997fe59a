"""While the database does not answer, a page says so; it needs no database for that."""

import pytest
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.db import InterfaceError, OperationalError
from django.test import Client


@pytest.fixture(params=[OperationalError, InterfaceError])
def away(request, monkeypatch):
    def fail(*_args):
        raise request.param("the line to 10.0.0.1 is dead")

    monkeypatch.setattr(AuthenticationMiddleware, "process_request", fail)


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False, headers={"accept-language": "en"})


def test_a_page_says_so(away, visitor):
    answer = visitor.get("/")

    assert answer.status_code == 503
    assert "现在暂时不能用" in answer.text
    assert "10.0.0.1" not in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Retry-After"] == "10"


def test_a_script_is_told_in_json(away, visitor):
    answer = visitor.get("/", headers={"accept": "application/json"})

    assert answer.status_code == 503
    assert answer.json()["kind"] == "unavailable"


def test_a_bug_stays_a_failure(visitor, monkeypatch):
    def fail(*_args):
        raise ValueError

    monkeypatch.setattr(AuthenticationMiddleware, "process_request", fail)

    assert visitor.get("/").status_code == 500
