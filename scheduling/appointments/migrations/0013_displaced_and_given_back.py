"""Which stop displaced a booking, and when a cancelled place came back."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("appointments", "0012_systems_hold_and_name_bookings"),
        ("availability", "0008_sessions_to_stop"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="displaced_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="displaced",
                to="availability.stop",
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="returned_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="appointment",
            name="device",
            field=models.CharField(blank=True, db_default="", default="", max_length=43),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(
                condition=Q(("returned_at__isnull", False)),
                fields=["period"],
                name="appointment_given_back",
            ),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(
                condition=Q(("displaced_by__isnull", False)),
                fields=["displaced_by"],
                name="appointment_displaced",
            ),
        ),
    ]
