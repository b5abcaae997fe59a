"""The readings of the names that stand already: in batches, each kept by itself, as often as run."""

from django.db import migrations

from telemed.core.names import read_name

BATCH = 2_000


def read(apps, schema_editor):
    users = apps.get_model("people", "User").objects.using(schema_editor.connection.alias)
    unread = users.filter(pinyin="").exclude(name="").only("pk", "name").order_by("pk")
    batch = list(unread[:BATCH])
    while batch:
        for user in batch:
            reading = read_name(user.name)
            user.pinyin, user.initials = reading.pinyin, reading.initials
        users.bulk_update(batch, ["pinyin", "initials"])
        batch = list(unread.filter(pk__gt=batch[-1].pk)[:BATCH])


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('people', '0004_names_have_readings'),
    ]

    operations = [
        migrations.RunPython(read, migrations.RunPython.noop),
    ]
