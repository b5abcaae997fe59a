"""What `migrate` adds to Django's."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
LAST = ("rooms", "0002_one_place_a_connection")  # of those that one has replaced


@pytest.fixture
def recorder():
    return MigrationRecorder(connections["owner"])


def test_a_database_that_stopped_between_replaced_migrations_is_refused(recorder):
    recorder.record_unapplied(*LAST)
    recorder.record_unapplied("rooms", "0001_squashed")

    with pytest.raises(CommandError, match=r"lacks rooms\.0002_one_place_a_connection, which"):
        call_command("migrate", verbosity=0, interactive=False)


def test_a_database_with_all_the_replaced_ones_has_the_one_that_replaces_them(recorder):
    replacing = set(MigrationLoader(None).replacements)
    for key in replacing:
        recorder.record_unapplied(*key)

    call_command("migrate", verbosity=0, interactive=False)

    assert replacing <= set(recorder.applied_migrations())
