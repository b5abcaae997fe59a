"""How the names of accounts are read: kept with the name by whoever writes it."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from telemed.people.models import User
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def read(user):
    return User.objects.values_list("pinyin", "initials").get(pk=user.pk)


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("张伟", "zhang wei", "zw"),
        ("单雄信", "shan xiong xin", "sxx"),
        ("仇英", "qiu ying", "qy"),
        ("曾国强", "zeng guo qiang", "zgq"),
        ("解缙", "xie jin", "xj"),
        ("", "", ""),
    ],
)
def test_an_account_is_written_with_the_reading_of_its_name(name, pinyin, initials):
    assert read(UserFactory(name=name)) == (pinyin, initials)


def test_a_name_that_changes_and_names_in_bulk_are_read_too():
    user = UserFactory(name="张伟")
    user.name = "解缙"
    user.save()
    assert read(user) == ("xie jin", "xj")
    [made] = User.objects.bulk_create([User(username="bulk", name="仇英")])
    assert read(made) == ("qiu ying", "qy")


def test_the_names_that_stood_before_are_read_once(monkeypatch):
    migration = import_module("telemed.people.migrations.0005_read_the_names")
    monkeypatch.setattr(migration, "BATCH", 2)
    old = [UserFactory(name=name) for name in ("张伟", "曾国强", "Ω", "解缙", "仇英")]
    User.objects.update(pinyin="", initials="")
    for _twice in range(2):
        migration.read(apps, SimpleNamespace(connection=connection))
    found = [read(one)[0] for one in old]
    assert found == ["zhang wei", "zeng guo qiang", "", "xie jin", "qiu ying"]
