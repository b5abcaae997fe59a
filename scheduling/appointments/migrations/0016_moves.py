"""The last move of a booking, to be taken back for two minutes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('appointments', '0015_staying'),
        ('availability', '0008_sessions_to_stop'),
    ]

    operations = [
        migrations.CreateModel(
            name='Move',
            fields=[
                ('appointment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='last_move', serialize=False, to='appointments.appointment')),
                ('left_pool', models.CharField(choices=[('public', 'Public'), ('family_doctor', 'Family doctor'), ('referral', 'Referral'), ('walk_in', 'At the desk'), ('phone', 'Telephone, elderly')], max_length=13)),
                ('left_ticket', models.PositiveSmallIntegerField()),
                ('noted', models.BooleanField(db_default=False, default=False)),
                ('moved_at', models.DateTimeField()),
                ('left', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='availability.period')),
                ('took', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='availability.period')),
            ],
        ),
    ]
