"""Whom a stop displaced may stay with the doctor: first in line, on any day."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('appointments', '0014_visits_that_took_place'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='wait',
            name='stays',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name='wait',
            constraint=models.CheckConstraint(condition=models.Q(('stays', False), models.Q(('clinician__isnull', False), ('rank', None)), _connector='OR'), name='one_stays_with_a_doctor'),
        ),
        migrations.AddIndex(
            model_name='wait',
            index=models.Index(condition=models.Q(('stays', True)), fields=['clinician'], name='wait_stays'),
        ),
    ]
