import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import telemed.core.ids
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0001_initial'),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name='AgreementService',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('service', models.CharField(choices=[('consult', 'Consult'), ('mdt', 'Joint consult of several specialties'), ('ecg', 'ECG reading'), ('imaging', 'Image reading'), ('ultrasound', 'Ultrasound reading'), ('pathology', 'Pathology reading')], max_length=20)),
                ('unit', models.CharField(choices=[('half_hour', 'for each half hour begun'), ('case', 'for each case')], default='case', max_length=10)),
                ('price', models.PositiveIntegerField(default=0)),
                ('asking_share', models.PositiveSmallIntegerField(default=30)),
                ('asked_share', models.PositiveSmallIntegerField(default=70)),
                ('platform_share', models.PositiveSmallIntegerField(default=0)),
                ('during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('in_force', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='AgreementSignature',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('signed_by', models.CharField(max_length=60)),
                ('signer_name', models.CharField(max_length=60)),
                ('digest', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='AgreementStep',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('action', models.CharField(max_length=20)),
                ('actor_id', models.CharField(max_length=60)),
                ('actor_name', models.CharField(blank=True, max_length=60)),
                ('reason', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('subject', models.UUIDField()),
                ('reference', models.CharField(blank=True, max_length=40)),
                ('kind', models.CharField(choices=[('consult', 'Consult'), ('mdt', 'Joint consult of several specialties'), ('ecg', 'ECG reading'), ('imaging', 'Image reading'), ('ultrasound', 'Ultrasound reading'), ('pathology', 'Pathology reading'), ('correction', 'Correction')], max_length=20)),
                ('accepted_at', models.DateTimeField()),
                ('units', models.SmallIntegerField(default=1)),
                ('price', models.PositiveIntegerField(default=0)),
                ('amount', models.IntegerField(default=0)),
                ('asking_amount', models.IntegerField(default=0)),
                ('asked_amount', models.IntegerField(default=0)),
                ('platform_amount', models.IntegerField(default=0)),
                ('shares', models.JSONField(default=list)),
                ('exempt', models.CharField(blank=True, max_length=100)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('state', models.CharField(choices=[('accrued', 'Accrued'), ('reviewed', 'Reviewed'), ('confirmed', 'Confirmed'), ('disputed', 'Disputed')], default='accrued', max_length=10)),
                ('objection', models.CharField(blank=True, max_length=300)),
                ('objected_by', models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('month', models.DateField()),
                ('state', models.CharField(choices=[('accruing', 'To be reviewed'), ('reviewed', 'To be confirmed'), ('confirmed', 'Confirmed'), ('exported', 'Exported')], default='accruing', max_length=10)),
                ('reviewed_by', models.CharField(blank=True, max_length=60)),
                ('reviewer_name', models.CharField(blank=True, max_length=60)),
                ('reviewed_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_by', models.CharField(blank=True, max_length=60)),
                ('confirmer_name', models.CharField(blank=True, max_length=60)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('number', models.CharField(blank=True, max_length=20, null=True, unique=True)),
                ('exported_at', models.DateTimeField(blank=True, null=True)),
                ('file', models.TextField(blank=True)),
                ('digest', models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.AddField(
            model_name='agreement',
            name='activated_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='agreement',
            name='asked_contact',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='agreement',
            name='asking_contact',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='agreement',
            name='author',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreements_written', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='agreement',
            name='digest',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='agreement',
            name='ended_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='agreement',
            name='platform',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='agreement',
            name='series',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='agreement',
            name='suspended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreements_suspended', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='agreement',
            name='terminates_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='agreement',
            name='text',
            field=models.TextField(blank=True, max_length=8000),
        ),
        migrations.AddIndex(
            model_name='agreement',
            index=models.Index(fields=['asking', 'state', '-id'], name='agreement_asking'),
        ),
        migrations.AddIndex(
            model_name='agreement',
            index=models.Index(fields=['asked', 'state', '-id'], name='agreement_asked'),
        ),
        migrations.AddField(
            model_name='agreementservice',
            name='agreement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='services', to='organisations.agreement'),
        ),
        migrations.AddField(
            model_name='agreementservice',
            name='asked',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asked_for', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='agreementservice',
            name='asking',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asks_for', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='agreementsignature',
            name='agreement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='organisations.agreement'),
        ),
        migrations.AddField(
            model_name='agreementsignature',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreement_signatures', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='agreementstep',
            name='agreement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='organisations.agreement'),
        ),
        migrations.AddField(
            model_name='agreementstep',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreement_steps', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='entry',
            name='agreement',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='organisations.agreement'),
        ),
        migrations.AddField(
            model_name='entry',
            name='corrects',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='organisations.entry'),
        ),
        migrations.AddField(
            model_name='statement',
            name='asked',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements_asked', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='statement',
            name='asking',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements_asking', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='entry',
            name='statement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='organisations.statement'),
        ),
        migrations.AddConstraint(
            model_name='agreementservice',
            constraint=models.UniqueConstraint(fields=('agreement', 'service'), name='a_service_once'),
        ),
        migrations.AddConstraint(
            model_name='agreementservice',
            constraint=models.CheckConstraint(condition=models.Q(('asking_share', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.Value(100), '-', models.F('asked_share')), '-', models.F('platform_share')))), name='shares_are_the_whole'),
        ),
        migrations.AddConstraint(
            model_name='agreementservice',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('in_force', True)), expressions=[('asking', '='), ('asked', '='), ('service', '='), ('during', '&&')], name='no_two_in_force_for_a_service'),
        ),
        migrations.AddConstraint(
            model_name='agreementsignature',
            constraint=models.UniqueConstraint(fields=('agreement', 'organisation'), name='one_signature_a_side'),
        ),
        migrations.AddIndex(
            model_name='agreementstep',
            index=models.Index(fields=['agreement', 'id'], name='agreement_history'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['asking', '-month'], name='statement_asking'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['asked', '-month'], name='statement_asked'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.UniqueConstraint(fields=('asking', 'asked', 'month'), name='one_statement_a_month'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='a_statement_is_of_a_month'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', ''), models.Q(('confirmed_by', models.F('reviewed_by')), _negated=True), _connector='OR'), name='two_persons_settle'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'exported'), _negated=True), models.Q(('number__isnull', False), models.Q(('digest', ''), _negated=True)), _connector='OR'), name='an_export_has_number_and_hash'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['statement', 'id'], name='entry_statement'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('amount', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('asking_amount'), '+', models.F('asked_amount')), '+', models.F('platform_amount')))), name='an_amount_is_split_whole'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'correction'), _negated=True), fields=('subject', 'kind'), name='a_thing_is_settled_once'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrects__isnull', False), ('kind', 'correction'), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('kind', 'correction'), _negated=True), ('corrects', None)), _connector='OR'), name='a_correction_says_of_what_and_why'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('exempt', ''), ('amount', 0), _connector='OR'), name='what_is_exempt_costs_nothing'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'disputed'), _negated=True), models.Q(('objection', ''), _negated=True), _connector='OR'), name='a_dispute_says_why'),
        ),
    ]
