"""What was entered before there were forms is told from what has one."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('duties', '0018_colours'),
    ]

    operations = [
        migrations.AddField(
            model_name='duty',
            name='filed',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='visit',
            name='filed',
            field=models.BooleanField(db_default=False, default=True),
        ),
        migrations.AddIndex(
            model_name='duty',
            index=models.Index(condition=models.Q(('filed', False), models.Q(models.Q(('mode', ''), _negated=True), ('warned_at__isnull', False), _connector='OR')), fields=['id'], name='duties_to_file'),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(condition=models.Q(('filed', False)), fields=['id'], name='visits_to_file'),
        ),
    ]
