"""A colour that was given before its day was kept has that of its plan."""

from django.db import migrations

SINCE = """
UPDATE duties_plan SET risk_at = created_at WHERE risk <> '' AND risk_at IS NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('duties', '0019_forms_from_before'),
    ]

    operations = [
        migrations.RunSQL(SINCE, migrations.RunSQL.noop),
    ]
