from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0010_receipts_take_turns'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='priority',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'emergency'), _negated=True), ('priority', False), _connector='OR'), name='an_emergency_has_one_grade'),
        ),
    ]
