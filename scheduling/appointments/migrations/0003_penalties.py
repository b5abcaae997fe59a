import django.db.models.deletion
import telemed.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('appointments', '0002_waitlist_and_plans'),
        ('mpi', '0002_relations_households_cards'),
        ('organisations', '0001_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Strike',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('person_key', models.UUIDField()),
                ('day', models.DateField()),
                ('kind', models.CharField(choices=[('missed', 'Did not come'), ('late', 'Cancelled late')], max_length=6)),
                ('points', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('noted', 'Noted, does not count yet'), ('counted', 'Counts'), ('waived', 'Waived'), ('void', 'Taken back')], default='noted', max_length=7)),
                ('ended_because', models.CharField(blank=True, max_length=200)),
                ('appointment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='strike', to='appointments.appointment')),
                ('ended_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('marked_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mpi.patient')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['person_key', 'organisation'], name='strikes_of_person'),
                    models.Index(condition=models.Q(('state__in', ['noted', 'counted'])), fields=['organisation', 'day'], name='strikes_to_waive'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['noted', 'counted', 'waived', 'void'])), name='strike_state_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'waived'), _negated=True), models.Q(('ended_because', ''), _negated=True), _connector='OR'), name='a_waiver_says_why'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('reason', models.CharField(max_length=300)),
                ('state', models.CharField(choices=[('filed', 'Waits for a decision'), ('upheld', 'Upheld: it does not count'), ('rejected', 'Rejected')], default='filed', max_length=8)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decision', models.CharField(blank=True, max_length=300)),
                ('decided_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('filed_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('strike', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='appointments.strike')),
            ],
            options={
                'indexes': [
                    models.Index(condition=models.Q(('state', 'filed')), fields=['created_at'], name='appeals_open'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state', 'filed'), models.Q(('decided_by__isnull', False), ('decided_at__isnull', False)), _connector='OR'), name='somebody_decides'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'rejected'), _negated=True), models.Q(('decision', ''), _negated=True), _connector='OR'), name='a_rejection_says_why'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Block',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('person_key', models.UUIDField()),
                ('kind', models.CharField(choices=[('points', 'Too many missed visits'), ('cancellations', 'Too many cancellations')], max_length=13)),
                ('ends_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('active', 'In force'), ('suspended', 'Suspended while an appeal is open'), ('lifted', 'Lifted')], default='active', max_length=9)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mpi.patient')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'active')), fields=['person_key', 'organisation'], name='blocks_in_force')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['active', 'suspended', 'lifted'])), name='block_state_known')],
            },
        ),
    ]
