"""What one account did in an hour, for the signal of very many records."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("audit", "0002_place")]

    operations = [
        migrations.AddIndex(
            model_name="auditrow",
            index=models.Index(fields=["actor_id", "at", "id"], name="audit_account"),
        ),
    ]
