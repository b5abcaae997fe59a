"""What one institution did lately, for who reviews it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="auditrow",
            index=models.Index(fields=["organisation_id", "-at"], name="audit_place"),
        ),
    ]
