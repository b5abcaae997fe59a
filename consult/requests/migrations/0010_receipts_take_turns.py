from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("requests", "0009_ends_of_ladders")]

    operations = [
        migrations.AddField(
            model_name="receipt",
            name="turn",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.RemoveConstraint(model_name="receipt", name="one_receipt_a_version"),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(
                fields=("case", "opinion_version", "turn"), name="one_receipt_a_turn"
            ),
        ),
    ]
