import datetime
import django.db.models.deletion
import telemed.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('consent', '0001_initial'), ('consent', '0002_initial'), ('consent', '0003_initial'), ('consent', '0004_shared_care')]

    initial = True

    dependencies = [
        ('mpi', '0001_squashed'),
        ('organisations', '0001_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CareAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('org', models.IntegerField()),
                ('patient', models.BigIntegerField()),
                ('basis', models.CharField(choices=[('treating', 'treated at your institution'), ('case', 'an open case')], max_length=12)),
                ('about', models.UUIDField(blank=True, null=True)),
                ('person', models.UUIDField(blank=True, null=True)),
                ('until', models.DateTimeField(default=datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))),
                ('shared_from', models.BigIntegerField(blank=True, null=True)),
            ],
            options={
                'db_table': 'care_access',
                'indexes': [models.Index(fields=['patient', 'org'], name='care_access_patient')],
                'constraints': [models.UniqueConstraint(fields=('org', 'patient', 'basis', 'about', 'person'), name='one_row_a_relationship', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('purpose', models.CharField(default='consult', max_length=40)),
                ('about', models.UUIDField(blank=True, null=True)),
                ('method', models.CharField(choices=[('drawn', 'Drawn on screen'), ('paper', 'Photo of paper'), ('deferred', 'Deferred in an emergency')], max_length=10)),
                ('relation', models.CharField(choices=[('self', 'The patient'), ('guardian', 'Guardian'), ('next_of_kin', 'Next of kin')], default='self', max_length=12)),
                ('signer_name', models.CharField(blank=True, max_length=60)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('fee_shown', models.PositiveIntegerField(default=0)),
                ('signature', models.BinaryField(blank=True, null=True)),
                ('given_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='organisations.organisation')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='mpi.patient')),
                ('taken_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents_taken', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('method', 'deferred'), models.Q(('given_at__isnull', False), ('signature__isnull', False)), _connector='OR'), name='consent_is_signed_or_deferred')],
            },
        ),
    ]
