"""Sessions whose doctor may see nobody, and sessions that were stopped as one."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("availability", "0007_moved_by_hand")]

    operations = [
        migrations.AddField(
            model_name="session",
            name="held_up_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="stop",
            name="together",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(
                condition=Q(("held_up_at__isnull", False), ("state", "published")),
                fields=["organisation", "day"],
                name="sessions_to_stop",
            ),
        ),
        migrations.AddIndex(
            model_name="stop",
            index=models.Index(
                condition=Q(("together__isnull", False)),
                fields=["together"],
                name="stopped_together",
            ),
        ),
    ]
