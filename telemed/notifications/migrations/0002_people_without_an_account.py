"""Whoever has no account is told by their number in the index."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_squashed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="person_id",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="notification",
            name="recipient",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notifications",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                condition=Q(("person_id__isnull", False)),
                fields=("person_id", "template", "about", "turn"),
                name="a_person_is_told_once_about_each_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=Q(
                    Q(("person_id__isnull", False), ("recipient", None)),
                    Q(("person_id", None), ("recipient__isnull", False)),
                    _connector="OR",
                ),
                name="an_account_or_a_person_is_told",
            ),
        ),
    ]
