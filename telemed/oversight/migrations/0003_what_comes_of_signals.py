"""
A signal is asked about, explained, decided and closed.

A note of before is its explanation. Of several that wait with one rule about one institution the
newest goes on waiting; the others are closed, because one at a time is open from now on.
"""

import django.db.models.deletion
import telemed.core.ids
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

STATES = [
    ("raised", "waits for an explanation"),
    ("explaining", "the institution was asked"),
    ("explained", "waits for a decision"),
    ("accepted", "explanation accepted"),
    ("escalated", "escalated"),
    ("closed", "Closed"),
]
CAUSES = [
    ("staff", "Staff missing or new"),
    ("supply", "Equipment or line"),
    ("patients", "Unusual patients or season"),
    ("records", "Entered wrongly or late"),
    ("conduct", "Somebody did not keep to the rules"),
    ("none", "Nothing is behind it"),
    ("other", "Another reason"),
]
KINDS = [
    ("again", "The rule spoke again"),
    ("asked", "The institution was asked"),
    ("explained", "Explained"),
    ("taken_back", "Explanation taken back"),
    ("accepted", "Explanation accepted"),
    ("escalated", "Escalated"),
    ("closed", "Closed"),
]
ROLES = [
    ("township_doctor", "Township doctor"),
    ("specialist", "Specialist"),
    ("coordinator", "Coordinator"),
    ("director", "Duty director"),
    ("medical_office", "Medical office"),
    ("head", "Head of the institution"),
    ("administrator", "Administrator"),
    ("auditor", "Audit administrator"),
    ("official", "Health-commission official"),
    ("desk", "Booking desk"),
    ("resident", "Resident"),
]
NOTED = """
    UPDATE oversight_signal SET state = 'explained', cause = 'other' WHERE explained_at IS NOT NULL
"""
OLDER = """
    UPDATE oversight_signal older SET state = 'closed' WHERE EXISTS (
        SELECT 1 FROM oversight_signal newer WHERE newer.rule = older.rule
        AND newer.subject_id = older.subject_id AND newer.month > older.month)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0001_squashed"),
        ("oversight", "0002_the_desk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="signal", name="a_note_has_a_time"),
        migrations.RenameField("signal", "note", "explanation"),
        migrations.RenameField("signal", "noted_at", "explained_at"),
        migrations.RenameField("signal", "noted_by", "explained_by"),
        migrations.RenameField("signal", "noted_for", "explained_for"),
        migrations.AlterField(
            model_name="signal",
            name="explained_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="explained_signals",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="signal",
            name="state",
            field=models.CharField(
                choices=STATES, db_default="raised", default="raised", max_length=10
            ),
        ),
        migrations.AddField(
            model_name="signal",
            name="cause",
            field=models.CharField(blank=True, choices=CAUSES, db_default="", max_length=10),
        ),
        migrations.RunSQL([NOTED, OLDER], migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.UniqueConstraint(
                condition=Q(state__in=["raised", "explaining", "explained"]),
                fields=("rule", "subject"),
                name="one_open_signal_of_a_rule",
            ),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.CheckConstraint(
                condition=Q(explained_at=None, explanation="")
                | Q(explained_at__isnull=False) & ~Q(explanation=""),
                name="an_explanation_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.CheckConstraint(
                condition=~Q(state__in=["explained", "accepted", "escalated"])
                | Q(explained_at__isnull=False),
                name="what_is_decided_was_explained",
            ),
        ),
        migrations.AddIndex(
            model_name="signal",
            index=models.Index(fields=["state", "-id"], name="signal_state"),
        ),
        migrations.CreateModel(
            name="SignalEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=telemed.core.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("kind", models.CharField(choices=KINDS, max_length=10)),
                ("cause", models.CharField(blank=True, choices=CAUSES, max_length=10)),
                ("text", models.CharField(blank=True, max_length=500)),
                ("month", models.DateField(blank=True, null=True)),
                ("facts", models.JSONField(blank=True, null=True)),
                ("role", models.CharField(blank=True, choices=ROLES, max_length=20)),
                ("actor_id", models.CharField(max_length=60)),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "signal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="oversight.signal",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["signal", "id"], name="signal_history")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(month__isnull=False),
                        fields=("signal", "month"),
                        name="a_signal_speaks_again_once_a_month",
                    )
                ],
            },
        ),
    ]
