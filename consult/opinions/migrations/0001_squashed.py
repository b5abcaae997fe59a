import django.db.models.deletion
import telemed.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('opinions', '0001_initial'), ('opinions', '0002_initial'), ('opinions', '0003_withdrawing'), ('opinions', '0004_phrases')]

    initial = True

    dependencies = [
        ('organisations', '0001_squashed'),
        ('requests', '0001_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('version', models.PositiveSmallIntegerField()),
                ('findings', models.TextField()),
                ('conclusion', models.TextField()),
                ('recommendations', models.TextField()),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('signed_at', models.DateTimeField()),
                ('sealed', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('previous_digest', models.CharField(blank=True, max_length=64)),
                ('signature', models.BinaryField()),
                ('public_key', models.BinaryField()),
                ('check_code', models.CharField(max_length=20, unique=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='requests.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'version'), name='one_opinion_a_version'), models.CheckConstraint(condition=models.Q(('version', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='amending_gives_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('findings', models.TextField(blank=True, max_length=4000)),
                ('conclusion', models.TextField(blank=True, max_length=2000)),
                ('recommendations', models.TextField(blank=True, max_length=4000)),
                ('amends', models.PositiveSmallIntegerField(default=0)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('version', models.PositiveIntegerField(default=0)),
                ('saved_at', models.DateTimeField(auto_now=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinion_drafts', to=settings.AUTH_USER_MODEL)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='draft', to='requests.case')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('kind', models.CharField(choices=[('withdrawal', 'Withdrawal'), ('amendment', 'Amendment')], max_length=12)),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('done', 'Done'), ('dropped', 'Dropped'), ('lapsed', 'Lapsed')], default='asked', max_length=8)),
                ('reason', models.CharField(max_length=200)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinion_corrections_asked', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opinion_corrections_decided', to=settings.AUTH_USER_MODEL)),
                ('opinion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='opinions.opinion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'done'])), fields=('opinion', 'kind'), name='one_correction_of_a_kind'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='correcting_gives_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'withdrawal'), ('state', 'done'), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='two_persons_withdraw')],
            },
        ),
        migrations.CreateModel(
            name='Phrase',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('specialty', models.CharField(blank=True, choices=[('general', 'General practice'), ('internal', 'Internal medicine'), ('cardiology', 'Cardiology'), ('neurology', 'Neurology'), ('respiratory', 'Respiratory medicine'), ('surgery', 'Surgery'), ('neurosurgery', 'Neurosurgery'), ('orthopaedics', 'Orthopaedics'), ('obstetrics', 'Obstetrics and gynaecology'), ('paediatrics', 'Paediatrics'), ('emergency', 'Emergency medicine'), ('radiology', 'Radiology')], max_length=20)),
                ('shared', models.BooleanField(default=False)),
                ('short', models.CharField(max_length=20)),
                ('text', models.TextField(max_length=1000)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinion_phrases', to='organisations.organisation')),
                ('writer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='phrases', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('shared', False)), fields=('writer', 'organisation', 'short'), name='one_own_phrase_a_short'), models.UniqueConstraint(condition=models.Q(('shared', True)), fields=('organisation', 'specialty', 'short'), name='one_department_phrase_a_short'), models.CheckConstraint(condition=models.Q(('shared', False), models.Q(('specialty', ''), _negated=True), _connector='OR'), name='shared_within_a_department'), models.CheckConstraint(condition=models.Q(models.Q(('short', ''), _negated=True), models.Q(('text', ''), _negated=True)), name='a_phrase_says_something')],
            },
        ),
    ]
