import telemed.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('core', '0001_initial'), ('core', '0002_policies'), ('core', '0003_dead_events')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Clock',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('kind', models.CharField(max_length=50)),
                ('about', models.UUIDField()),
                ('rung', models.PositiveSmallIntegerField(default=0)),
                ('turn', models.PositiveSmallIntegerField(default=0)),
                ('calendar', models.CharField(choices=[('wall', 'Wall'), ('working', 'Working')], max_length=8)),
                ('due_at', models.DateTimeField()),
                ('provisional', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('running', 'Running'), ('paused', 'Paused'), ('stopped', 'Stopped'), ('fired', 'Fired'), ('dead', 'Dead')], default='running', max_length=8)),
                ('remaining', models.DurationField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'running')), fields=['due_at'], name='clock_running'), models.Index(fields=['about', 'kind'], name='clock_about')],
                'constraints': [models.UniqueConstraint(fields=('about', 'kind', 'rung', 'turn'), name='each_rung_fires_once'), models.CheckConstraint(condition=models.Q(('remaining__isnull', False), models.Q(('state', 'paused'), _negated=True), _connector='OR'), name='a_paused_clock_knows_what_is_left')],
            },
        ),
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor_id', models.CharField(max_length=60)),
                ('key', models.CharField(max_length=80)),
                ('fingerprint', models.CharField(max_length=64)),
                ('answer', models.JSONField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'indexes': [models.Index(fields=['created_at'], name='idempotency_age')],
                'constraints': [models.UniqueConstraint(models.F('actor_id'), models.F('key'), name='one_answer_a_key')],
            },
        ),
        migrations.CreateModel(
            name='OutboxEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(max_length=100)),
                ('payload', models.JSONField()),
                ('trace_id', models.UUIDField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('delivered_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, max_length=500)),
                ('available_at', models.DateTimeField(blank=True, null=True)),
                ('dead_at', models.DateTimeField(blank=True, null=True)),
                ('discard_reason', models.CharField(blank=True, max_length=200)),
                ('discarded_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('delivered_at', None)), fields=['id'], name='outbox_waiting'), models.Index(condition=models.Q(('dead_at__isnull', False)), fields=['id'], name='outbox_dead')],
                'constraints': [models.CheckConstraint(condition=models.Q(('discarded_at', None), models.Q(('discard_reason', ''), _negated=True), _connector='OR'), name='who_discards_says_why')],
            },
        ),
        migrations.CreateModel(
            name='PolicyChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('organisation_id', models.UUIDField(blank=True, null=True)),
                ('value', models.JSONField(blank=True, null=True)),
                ('effective_at', models.DateTimeField()),
                ('set_by', models.CharField(max_length=60)),
                ('set_by_name', models.CharField(max_length=60)),
                ('reason', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'indexes': [models.Index(fields=['name', 'organisation_id'], name='policy_name')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_changed_policy_says_why')],
            },
        ),
    ]
