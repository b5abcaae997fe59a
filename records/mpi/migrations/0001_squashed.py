import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import telemed.core.ids
from django.conf import settings
from django.db import migrations, models


# One step from a merged record always ends at a record that stands for itself.
# Both rows of a merge are locked here, so that two merges that cross wait for each other and the
# second one sees what the first one did.
NO_CHAINS = """
CREATE FUNCTION mpi_patient_no_chains() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    beyond uuid;
BEGIN
    SELECT merged_into_id INTO beyond FROM mpi_patient WHERE id = NEW.merged_into_id FOR UPDATE;
    IF beyond IS NOT NULL OR EXISTS (SELECT FROM mpi_patient WHERE merged_into_id = NEW.id) THEN
        RAISE EXCEPTION 'a merged record is no target and has no others merged into it'
            USING ERRCODE = '23514', CONSTRAINT = 'no_chain_of_merges';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mpi_patient_no_chains BEFORE INSERT OR UPDATE OF merged_into_id ON mpi_patient
    FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION mpi_patient_no_chains();
"""
CHAINS = """
DROP TRIGGER mpi_patient_no_chains ON mpi_patient;
DROP FUNCTION mpi_patient_no_chains();
"""


class Migration(migrations.Migration):

    replaces = [('mpi', '0001_initial'), ('mpi', '0002_initial'), ('mpi', '0003_search_by_pinyin'), ('mpi', '0004_one_person'), ('mpi', '0005_no_chains')]

    initial = True

    dependencies = [
        ('organisations', '0001_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Patient',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('fhir_id', models.CharField(max_length=64, unique=True)),
                ('rid', models.BigIntegerField(unique=True)),
                ('received', models.BooleanField(default=False)),
                ('name', models.CharField(max_length=100)),
                ('pinyin', models.CharField(max_length=200)),
                ('initials', models.CharField(max_length=20)),
                ('sex', models.CharField(choices=[('male', 'Male'), ('female', 'Female'), ('other', 'Other'), ('unknown', 'Unknown')], max_length=8)),
                ('birth_date', models.DateField(blank=True, null=True)),
                ('id_card_sealed', models.BinaryField(blank=True, null=True)),
                ('id_card_hash', models.CharField(blank=True, max_length=43, null=True, unique=True)),
                ('id_card_tail', models.CharField(blank=True, max_length=4)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('address', models.CharField(blank=True, max_length=200)),
                ('deceased_on', models.DateField(blank=True, null=True)),
                ('managing_organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='patients', to='organisations.organisation')),
                ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='patient', to=settings.AUTH_USER_MODEL)),
                ('birth_order', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('has_merged', models.BooleanField(db_default=False, default=False)),
                ('identified_at', models.DateTimeField(blank=True, null=True)),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_from', to='mpi.patient')),
                ('mother', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='newborns', to='mpi.patient')),
                ('registered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='patients_registered', to=settings.AUTH_USER_MODEL)),
                ('temporary_because', models.CharField(blank=True, choices=[('unconscious', 'Unconscious or unknown'), ('undocumented', 'Without documents'), ('newborn', 'Newborn')], db_default='', default='', max_length=12)),
                ('temporary_no', models.CharField(blank=True, max_length=14, null=True, unique=True)),
            ],
            options={
                'indexes': [models.Index(fields=['initials'], name='patient_initials', opclasses=['text_pattern_ops']), models.Index(fields=['name'], name='patient_name', opclasses=['text_pattern_ops']), models.Index(fields=['pinyin', 'id'], name='patient_sorted'), models.Index(fields=['phone'], name='patient_phone'), models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Replace('pinyin', models.Value(' '), models.Value('')), name='text_pattern_ops'), name='patient_unspaced')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('temporary_because', 'newborn'), _negated=True), models.Q(('birth_order__isnull', False), ('mother__isnull', False)), _connector='OR'), name='a_newborn_has_a_mother'), models.UniqueConstraint(condition=models.Q(('mother__isnull', False)), fields=('mother', 'birth_date', 'birth_order'), name='one_child_a_place_in_a_birth'), models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='nobody_is_merged_into_themselves')],
            },
        ),
        migrations.CreateModel(
            name='Pair',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('state', models.CharField(choices=[('suggested', 'To be decided'), ('linked', 'Linked'), ('different', 'Different people'), ('merged', 'Merged'), ('unmerged', 'Separated again')], default='suggested', max_length=10)),
                ('grade', models.CharField(choices=[('certain', 'Certain'), ('probable', 'Probable'), ('possible', 'Possible'), ('unlikely', 'Unlikely')], max_length=8)),
                ('score', models.SmallIntegerField()),
                ('reasons', models.JSONField(default=list)),
                ('said', models.CharField(blank=True, max_length=200)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('proposed_at', models.DateTimeField(blank=True, null=True)),
                ('proposal', models.CharField(blank=True, max_length=200)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pairs_decided', to=settings.AUTH_USER_MODEL)),
                ('one', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pairs_as_one', to='mpi.patient')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pairs_as_other', to='mpi.patient')),
                ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pairs_proposed', to=settings.AUTH_USER_MODEL)),
                ('suggested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pairs_suggested', to=settings.AUTH_USER_MODEL)),
                ('survivor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pairs_surviving', to='mpi.patient')),
            ],
            options={
                'indexes': [models.Index(fields=['state', '-score', 'id'], name='pair_queue')],
                'constraints': [models.CheckConstraint(condition=models.Q(('one__lt', models.F('other'))), name='a_pair_is_ordered'), models.UniqueConstraint(fields=('one', 'other'), name='a_pair_once'), models.CheckConstraint(condition=models.Q(('survivor', None), ('survivor', models.F('one')), ('survivor', models.F('other')), _connector='OR'), name='one_of_the_pair_survives'), models.CheckConstraint(condition=models.Q(('proposed_by', None), models.Q(('survivor__isnull', False), models.Q(('proposal', ''), _negated=True)), _connector='OR'), name='a_proposal_says_what_and_why')],
            },
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('reason', models.CharField(max_length=200)),
                ('pointers', models.JSONField()),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('undo_reason', models.CharField(blank=True, max_length=200)),
                ('confirmed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges_confirmed', to=settings.AUTH_USER_MODEL)),
                ('loser', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges_lost', to='mpi.patient')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges_proposed', to=settings.AUTH_USER_MODEL)),
                ('survivor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges_won', to='mpi.patient')),
                ('undo_proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='unmerges_proposed', to=settings.AUTH_USER_MODEL)),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='unmerges_confirmed', to=settings.AUTH_USER_MODEL)),
                ('pair', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges', to='mpi.pair')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('loser',), name='merged_once_at_a_time'), models.CheckConstraint(condition=models.Q(('confirmed_by', models.F('proposed_by')), _negated=True), name='two_people_merge'), models.CheckConstraint(condition=models.Q(('undone_at', None), models.Q(('undone_by__isnull', False), models.Q(('undone_by', models.F('undo_proposed_by')), _negated=True)), _connector='OR'), name='two_people_separate')],
            },
        ),
        migrations.RunSQL(NO_CHAINS, CHAINS),
    ]
