import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
import telemed.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('rota', '0001_initial'), ('rota', '0002_swaps'), ('rota', '0003_hand_overs')]

    initial = True

    dependencies = [
        ('organisations', '0001_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Rota',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('month', models.DateField()),
                ('version', models.PositiveSmallIntegerField(default=0)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('replaced', 'Replaced by a newer version')], default='draft', max_length=10)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('gap_reason', models.CharField(blank=True, max_length=300)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rotas', to='organisations.organisation')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rotas_published', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'month', 'version'), name='one_rota_a_version'), models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('organisation', 'month'), name='one_draft_a_month'), models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('organisation', 'month'), name='one_published_rota_a_month'), models.CheckConstraint(condition=models.Q(('month__day', 1)), name='a_rota_begins_on_the_first'), models.CheckConstraint(condition=models.Q(models.Q(('published_at', None), ('state', 'draft'), ('version', 0)), models.Q(models.Q(('state', 'draft'), _negated=True), ('published_at__isnull', False), ('version__gte', 1)), _connector='OR'), name='a_published_rota_has_a_version')],
            },
        ),
        migrations.CreateModel(
            name='Shift',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('kind', models.CharField(choices=[('first_call', 'First call'), ('second_call', 'Second call'), ('director', 'Duty director')], default='first_call', max_length=12)),
                ('specialty', models.CharField(blank=True, choices=[('general', 'General practice'), ('internal', 'Internal medicine'), ('cardiology', 'Cardiology'), ('neurology', 'Neurology'), ('respiratory', 'Respiratory medicine'), ('surgery', 'Surgery'), ('neurosurgery', 'Neurosurgery'), ('orthopaedics', 'Orthopaedics'), ('obstetrics', 'Obstetrics and gynaecology'), ('paediatrics', 'Paediatrics'), ('emergency', 'Emergency medicine'), ('radiology', 'Radiology')], max_length=20)),
                ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('in_force', models.BooleanField(default=False)),
                ('copied_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='copies', to='rota.shift')),
                ('rota', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shifts', to='rota.rota')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shifts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('in_force', True)), fields=['rota', 'specialty'], name='shift_in_force')],
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('in_force', True)), deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], expressions=[('user', '='), ('during', '&&')], name='nobody_is_on_duty_twice'), django.contrib.postgres.constraints.ExclusionConstraint(deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], expressions=[('rota', '='), ('user', '='), ('during', '&&')], name='nobody_is_twice_in_a_rota'), models.CheckConstraint(condition=models.Q(('during__isempty', False), ('during__endswith__lte', django.db.models.expressions.CombinedExpression(models.F('during__startswith'), '+', models.Value(datetime.timedelta(days=1))))), name='a_shift_lasts_a_day_at_most'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'director'), ('specialty', '')), models.Q(models.Q(('kind', 'director'), _negated=True), models.Q(('specialty', ''), _negated=True)), _connector='OR'), name='a_call_has_a_specialty')],
            },
        ),
        migrations.CreateModel(
            name='Swap',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('swapped', 'Swapped'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Lapsed')], default='asked', max_length=10)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='swaps_asked', to=settings.AUTH_USER_MODEL)),
                ('colleague', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='swaps_offered', to=settings.AUTH_USER_MODEL)),
                ('in_return', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='swaps_in_return', to='rota.shift')),
                ('shift', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='swaps', to='rota.shift')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'asked')), fields=['colleague'], name='swap_asked')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('shift',), name='one_colleague_asked_at_a_time'), models.CheckConstraint(condition=models.Q(('asked_by', models.F('colleague')), _negated=True), name='nobody_swaps_with_themselves'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='a_decided_swap_says_when')],
            },
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
                ('incoming', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='shifts_taken_over', to=settings.AUTH_USER_MODEL)),
                ('outgoing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shifts_handed_on', to=settings.AUTH_USER_MODEL)),
                ('shift', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='hand_over', to='rota.shift')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('acknowledged_at', None)), fields=['incoming'], name='hand_over_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('outgoing', models.F('incoming')), _negated=True), name='nobody_hands_over_to_themselves'), models.CheckConstraint(condition=models.Q(('acknowledged_at', None), ('incoming__isnull', False), _connector='OR'), name='who_acknowledges_is_known')],
            },
        ),
        migrations.CreateModel(
            name='HandOverItem',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('kind', models.CharField(max_length=40)),
                ('item', models.UUIDField()),
                ('label', models.CharField(max_length=200)),
                ('url', models.CharField(blank=True, max_length=200)),
                ('urgent', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('open', 'To decide'), ('taken', 'Taken over'), ('kept', 'Kept'), ('settled', 'Settled meanwhile')], default='open', max_length=8)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('hand_over', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='rota.handover')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hand_over', 'kind', 'item'), name='each_item_is_handed_over_once')],
            },
        ),
    ]
