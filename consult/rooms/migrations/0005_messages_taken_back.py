from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("rooms", "0004_rooms_of_visits"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="roomevent",
            index=models.Index(
                condition=models.Q(("kind", "chat.retracted")),
                fields=["room"],
                name="room_event_taken_back",
            ),
        ),
    ]
