"""A licence has a state; what was only suspended or not becomes it."""

from django.db import migrations, models
from django.db.models import Q

KEEP_THE_COLUMN = "ALTER TABLE people_practitioner ALTER COLUMN suspended SET DEFAULT false"
DROP_DEFAULT = "ALTER TABLE people_practitioner ALTER COLUMN suspended DROP DEFAULT"
CARRY_OVER = """
    UPDATE people_practitioner SET state = 'suspended', state_reason = '-'
    WHERE suspended AND state = 'active'
"""
STATES = [
    ("active", "Active"),
    ("suspended", "Suspended"),
    ("expired", "Expired"),
    ("revoked", "Revoked"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_argon2_costs_of_each_key"),
    ]

    operations = [
        migrations.AddField(
            model_name="practitioner",
            name="state",
            field=models.CharField(
                choices=STATES, db_default="active", default="active", max_length=10
            ),
        ),
        migrations.AddField(
            model_name="practitioner",
            name="state_reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
        # The old column stays for the version before this one; it goes in the next release.
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(KEEP_THE_COLUMN, DROP_DEFAULT)],
            state_operations=[migrations.RemoveField(model_name="practitioner", name="suspended")],
        ),
        migrations.AddConstraint(
            model_name="practitioner",
            constraint=models.CheckConstraint(
                condition=~Q(state__in=["suspended", "revoked"]) | ~Q(state_reason=""),
                name="a_stopped_licence_says_why",
            ),
        ),
    ]
