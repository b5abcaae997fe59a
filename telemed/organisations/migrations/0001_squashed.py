import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import telemed.core.ids
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


# Columns of the version before this one; they go in the next release. What writes a row now does
# not know them.
OLD_COLUMNS = """
ALTER TABLE organisations_agreement
    ADD COLUMN service varchar(20) NOT NULL DEFAULT 'consult',
    ADD COLUMN price integer NOT NULL DEFAULT 0,
    ADD COLUMN asking_share smallint NOT NULL DEFAULT 30,
    ADD COLUMN asked_share smallint NOT NULL DEFAULT 70,
    ADD CHECK (price >= 0),
    ADD CHECK (asking_share >= 0),
    ADD CHECK (asked_share >= 0),
    ADD CONSTRAINT shares_add_up CHECK (asking_share = 100 - asked_share);
"""
NO_OLD_COLUMNS = """
ALTER TABLE organisations_agreement
    DROP COLUMN service, DROP COLUMN price, DROP COLUMN asking_share, DROP COLUMN asked_share;
"""
# What was accrued is corrected by a counter-line. Only the owner of the table empties it (tests).
SEALED = """
CREATE FUNCTION organisations_entry_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF pg_has_role((SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'a ledger entry is never deleted' USING ERRCODE = '23001';
    END IF;
    IF (to_jsonb(NEW) - ARRAY['state', 'objection', 'objected_by'])
       <> (to_jsonb(OLD) - ARRAY['state', 'objection', 'objected_by']) THEN
        RAISE EXCEPTION 'a ledger entry is corrected by another' USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER organisations_entry_sealed BEFORE UPDATE OR DELETE ON organisations_entry
    FOR EACH ROW EXECUTE FUNCTION organisations_entry_sealed();
"""
UNSEALED = """
DROP TRIGGER organisations_entry_sealed ON organisations_entry;
DROP FUNCTION organisations_entry_sealed();
"""


class Migration(migrations.Migration):

    replaces = [('organisations', '0001_initial'), ('organisations', '0002_agreements_grow'), ('organisations', '0003_agreements_filled'), ('organisations', '0004_agreements_rules')]

    initial = True

    dependencies = [
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name='Division',
            fields=[
                ('code', models.CharField(max_length=12, primary_key=True, serialize=False)),
                ('level', models.CharField(choices=[('province', 'Province'), ('prefecture', 'Prefecture'), ('county', 'County'), ('township', 'Township')], max_length=12)),
                ('name', models.CharField(max_length=60)),
                ('longitude', models.FloatField(blank=True, null=True)),
                ('latitude', models.FloatField(blank=True, null=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='organisations.division')),
            ],
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('number', models.IntegerField(unique=True)),
                ('name', models.CharField(max_length=200)),
                ('pinyin_initials', models.CharField(blank=True, max_length=60)),
                ('kind', models.CharField(choices=[('hospital', 'Hospital'), ('township_clinic', 'Township clinic'), ('authority', 'Health authority')], max_length=20)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('active', models.BooleanField(default=True)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='organisations', to='organisations.division')),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'division'], name='organisation_place')],
            },
        ),
        migrations.CreateModel(
            name='Department',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('name', models.CharField(max_length=100)),
                ('specialty', models.CharField(choices=[('general', 'General practice'), ('internal', 'Internal medicine'), ('cardiology', 'Cardiology'), ('neurology', 'Neurology'), ('respiratory', 'Respiratory medicine'), ('surgery', 'Surgery'), ('neurosurgery', 'Neurosurgery'), ('orthopaedics', 'Orthopaedics'), ('obstetrics', 'Obstetrics and gynaecology'), ('paediatrics', 'Paediatrics'), ('emergency', 'Emergency medicine'), ('radiology', 'Radiology')], max_length=20)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departments', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'name'), name='one_department_of_a_name')],
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('proposed', 'Proposed'), ('countered', 'Answered by a newer version'), ('rejected', 'Rejected'), ('signed', 'Signed, not yet in force'), ('active', 'Valid now'), ('suspended', 'Suspended'), ('terminated', 'Terminated'), ('expired', 'Expired'), ('superseded', 'Replaced by a newer version')], default='active', max_length=12)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('asked', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements_asked', to='organisations.organisation')),
                ('asking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements_asking', to='organisations.organisation')),
                ('activated_at', models.DateTimeField(blank=True, null=True)),
                ('asked_contact', models.CharField(blank=True, max_length=100)),
                ('asking_contact', models.CharField(blank=True, max_length=100)),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreements_written', to='organisations.organisation')),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('platform', models.BooleanField(default=False)),
                ('series', models.UUIDField(default=telemed.core.ids.new_id)),
                ('suspended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreements_suspended', to='organisations.organisation')),
                ('terminates_on', models.DateField(blank=True, null=True)),
                ('text', models.TextField(blank=True, max_length=8000)),
            ],
            options={
                'indexes': [models.Index(fields=['asking', 'state', '-id'], name='agreement_asking'), models.Index(fields=['asked', 'state', '-id'], name='agreement_asked')],
                'constraints': [models.CheckConstraint(condition=models.Q(('asking', models.F('asked')), _negated=True), name='nobody_asks_itself'), models.CheckConstraint(condition=models.Q(('starts_on__lte', models.F('ends_on'))), name='an_agreement_ends_after_it_starts'), models.UniqueConstraint(fields=('series', 'version'), name='one_text_a_version'), models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('series',), name='one_version_in_force'), models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'proposed', 'signed'])), fields=('series',), name='one_version_on_the_table'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'proposed', 'countered', 'rejected', 'signed', 'active', 'suspended', 'terminated', 'expired', 'superseded'])), name='agreement_state_known')],
            },
        ),
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
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='services', to='organisations.agreement')),
                ('asked', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asked_for', to='organisations.organisation')),
                ('asking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asks_for', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agreement', 'service'), name='a_service_once'), models.CheckConstraint(condition=models.Q(('asking_share', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.Value(100), '-', models.F('asked_share')), '-', models.F('platform_share')))), name='shares_are_the_whole'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('in_force', True)), expressions=[('asking', '='), ('asked', '='), ('service', '='), ('during', '&&')], name='no_two_in_force_for_a_service')],
            },
        ),
        migrations.CreateModel(
            name='AgreementSignature',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('signed_by', models.CharField(max_length=60)),
                ('signer_name', models.CharField(max_length=60)),
                ('digest', models.CharField(max_length=64)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='organisations.agreement')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreement_signatures', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agreement', 'organisation'), name='one_signature_a_side')],
            },
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
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='organisations.agreement')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreement_steps', to='organisations.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['agreement', 'id'], name='agreement_history')],
            },
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
                ('asked', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements_asked', to='organisations.organisation')),
                ('asking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements_asking', to='organisations.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['asking', '-month'], name='statement_asking'), models.Index(fields=['asked', '-month'], name='statement_asked')],
                'constraints': [models.UniqueConstraint(fields=('asking', 'asked', 'month'), name='one_statement_a_month'), models.CheckConstraint(condition=models.Q(('month__day', 1)), name='a_statement_is_of_a_month'), models.CheckConstraint(condition=models.Q(('confirmed_by', ''), models.Q(('confirmed_by', models.F('reviewed_by')), _negated=True), _connector='OR'), name='two_persons_settle'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'exported'), _negated=True), models.Q(('number__isnull', False), models.Q(('digest', ''), _negated=True)), _connector='OR'), name='an_export_has_number_and_hash')],
            },
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
                ('agreement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='organisations.agreement')),
                ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='organisations.entry')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='organisations.statement')),
            ],
            options={
                'indexes': [models.Index(fields=['statement', 'id'], name='entry_statement')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('asking_amount'), '+', models.F('asked_amount')), '+', models.F('platform_amount')))), name='an_amount_is_split_whole'), models.UniqueConstraint(condition=models.Q(('kind', 'correction'), _negated=True), fields=('subject', 'kind'), name='a_thing_is_settled_once'), models.CheckConstraint(condition=models.Q(models.Q(('corrects__isnull', False), ('kind', 'correction'), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('kind', 'correction'), _negated=True), ('corrects', None)), _connector='OR'), name='a_correction_says_of_what_and_why'), models.CheckConstraint(condition=models.Q(('exempt', ''), ('amount', 0), _connector='OR'), name='what_is_exempt_costs_nothing'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'disputed'), _negated=True), models.Q(('objection', ''), _negated=True), _connector='OR'), name='a_dispute_says_why')],
            },
        ),
        migrations.RunSQL(OLD_COLUMNS, NO_OLD_COLUMNS),
        migrations.RunSQL(SEALED, UNSEALED),
    ]
