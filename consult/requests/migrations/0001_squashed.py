import django.db.models.deletion
import telemed.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('requests', '0001_initial'), ('requests', '0002_every_way'), ('requests', '0003_ladders_and_hospitals'), ('requests', '0004_withdrawing')]

    initial = True

    dependencies = [
        ('consent', '0001_squashed'),
        ('imaging', '0001_initial'),
        ('mpi', '0001_squashed'),
        ('organisations', '0001_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DayCounter',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('last', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('number', models.CharField(blank=True, max_length=20, null=True, unique=True)),
                ('kind', models.CharField(choices=[('emergency', 'Emergency consult'), ('single', 'Consult'), ('named', 'Consult with a named doctor')], default='single', max_length=12)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Sent'), ('routed', 'Waiting for an answer'), ('accepted', 'Accepted'), ('scheduled', 'Time agreed'), ('in_progress', 'In progress'), ('signed', 'Opinion signed'), ('receipted', 'Receipt given'), ('closed', 'Closed'), ('archived', 'Archived'), ('cancelled', 'Cancelled'), ('expired', 'Not answered in time')], default='draft', max_length=12)),
                ('reason', models.TextField(blank=True, max_length=500)),
                ('aim', models.TextField(blank=True, max_length=500)),
                ('wanted_time', models.CharField(blank=True, choices=[('now', 'Now, the patient is here'), ('today', 'Today'), ('this_week', 'This week')], max_length=12)),
                ('summary', models.TextField(blank=True, max_length=4000)),
                ('specialty', models.CharField(blank=True, choices=[('general', 'General practice'), ('internal', 'Internal medicine'), ('cardiology', 'Cardiology'), ('neurology', 'Neurology'), ('respiratory', 'Respiratory medicine'), ('surgery', 'Surgery'), ('neurosurgery', 'Neurosurgery'), ('orthopaedics', 'Orthopaedics'), ('obstetrics', 'Obstetrics and gynaecology'), ('paediatrics', 'Paediatrics'), ('emergency', 'Emergency medicine'), ('radiology', 'Radiology')], max_length=20)),
                ('title', models.CharField(blank=True, choices=[('village', 'Village doctor'), ('assistant', 'Assistant physician'), ('resident', 'Resident physician'), ('attending', 'Attending physician'), ('associate', 'Associate chief physician'), ('chief', 'Chief physician')], max_length=12)),
                ('opinion_version', models.PositiveSmallIntegerField(default=0)),
                ('cancel_reason', models.CharField(blank=True, max_length=200)),
                ('agreement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='organisations.agreement')),
                ('asked', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases_asked', to='organisations.organisation')),
                ('asking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases_asking', to='organisations.organisation')),
                ('consent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='consent.consent')),
                ('holder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases_held', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='mpi.patient')),
                ('requester', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases_requested', to=settings.AUTH_USER_MODEL)),
                ('studies', models.ManyToManyField(blank=True, related_name='cases', to='imaging.study')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('closing', models.CharField(blank=True, choices=[('receipt', 'With a receipt'), ('no_receipt', 'Without a receipt')], max_length=12)),
                ('closing_note', models.CharField(blank=True, max_length=200)),
                ('mode', models.CharField(choices=[('live', 'Together in a room'), ('offline', 'In writing, without a room')], default='live', max_length=8)),
                ('wanted_doctor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases_wanted', to=settings.AUTH_USER_MODEL)),
                ('ready_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_version', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['asking', 'status', '-id'], name='case_asking'), models.Index(fields=['asked', 'status', '-id'], name='case_asked'), models.Index(fields=['patient', '-id'], name='case_patient')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'cancelled']), ('kind', 'emergency'), models.Q(('reason', ''), ('aim', ''), ('wanted_time', ''), ('summary', ''), ('specialty', ''), _connector='OR', _negated=True), _connector='OR'), name='five_legal_fields'), models.CheckConstraint(condition=models.Q(('status', 'draft'), ('status', 'cancelled'), models.Q(('asked__isnull', False), ('number__isnull', False)), _connector='OR'), name='a_sent_case_has_number_and_addressee'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'cancelled'), _negated=True), models.Q(('cancel_reason', ''), _negated=True), _connector='OR'), name='a_cancelled_case_says_why'), models.CheckConstraint(condition=models.Q(('asking', models.F('asked')), _negated=True), name='nobody_consults_itself'), models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'submitted', 'routed', 'accepted', 'scheduled', 'in_progress', 'signed', 'receipted', 'closed', 'archived', 'cancelled', 'expired'])), name='case_status_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'emergency'), _negated=True), models.Q(('status', 'expired'), _negated=True), _connector='OR'), name='an_emergency_never_expires'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'named'), _negated=True), ('status__in', ['draft', 'cancelled']), ('wanted_doctor__isnull', False), _connector='OR'), name='a_named_consult_names_a_doctor'), models.CheckConstraint(condition=models.Q(('withdrawn_version__lte', models.F('opinion_version'))), name='only_what_was_signed_is_withdrawn')],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('status', models.CharField(choices=[('offered', 'Asked'), ('seen', 'Read'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn'), ('returned', 'Returned'), ('handed_over', 'Handed over'), ('lapsed', 'Lapsed'), ('done', 'Done')], default='offered', max_length=12)),
                ('decline_code', models.CharField(blank=True, choices=[('scope', 'Outside my scope'), ('time', 'No time now'), ('conflict', 'Conflict of interest'), ('no_answer', 'My question was not answered'), ('other', 'Another reason')], max_length=12)),
                ('decline_text', models.CharField(blank=True, max_length=200)),
                ('assigned_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='offers_assigned', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='requests.case')),
                ('doctor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers', to=settings.AUTH_USER_MODEL)),
                ('former', models.CharField(blank=True, max_length=12)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='organisations.organisation')),
                ('takes_over', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successors', to='requests.offer')),
            ],
            options={
                'indexes': [models.Index(fields=['doctor', 'status'], name='offer_doctor')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'accepted')), fields=('case',), name='one_doctor_holds_a_case'), models.UniqueConstraint(condition=models.Q(('status__in', ['offered', 'seen', 'accepted'])), fields=('case', 'doctor'), name='one_live_offer_a_doctor'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'declined'), _negated=True), models.Q(('decline_code', ''), _negated=True), _connector='OR'), name='a_refusal_gives_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('opinion_version', models.PositiveSmallIntegerField()),
                ('decision', models.CharField(choices=[('adopted', 'Adopted'), ('partly', 'Partly adopted'), ('not_adopted', 'Not adopted')], max_length=12)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='requests.case')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'opinion_version'), name='one_receipt_a_version'), models.CheckConstraint(condition=models.Q(('decision', 'adopted'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='not_adopting_gives_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('action', models.CharField(max_length=40)),
                ('from_status', models.CharField(max_length=12)),
                ('to_status', models.CharField(max_length=12)),
                ('at', models.DateTimeField()),
                ('facts', models.JSONField(default=dict)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='case_steps', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='requests.case')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='case_steps', to='organisations.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['case', 'at'], name='step_case'), models.Index(fields=['action', 'at'], name='step_action')],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('status', models.CharField(choices=[('proposed', 'Proposed'), ('booked', 'Agreed'), ('missed', 'Missed'), ('met', 'Met'), ('dropped', 'Dropped')], default='proposed', max_length=8)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('side', models.CharField(choices=[('asking', 'Asking side'), ('answering', 'Answering side')], max_length=10)),
                ('missed_by', models.CharField(blank=True, choices=[('asking', 'Asking side'), ('answering', 'Answering side')], max_length=10)),
                ('agreed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='meetings_agreed', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='requests.case')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'booked')), fields=('case',), name='one_agreed_time_a_case'), models.UniqueConstraint(condition=models.Q(('status', 'proposed')), fields=('case',), name='one_proposed_time_a_case'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='a_meeting_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'booked'), _negated=True), ('agreed_by__isnull', False), _connector='OR'), name='the_other_side_agrees')],
            },
        ),
        migrations.CreateModel(
            name='HalfHour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='half_hours', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='half_hours', to='requests.meeting')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'starts_at'), name='nobody_is_in_two_places')],
            },
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('day', models.PositiveSmallIntegerField()),
                ('result', models.CharField(choices=[('better', 'Better'), ('same', 'The same'), ('worse', 'Worse'), ('referred', 'Referred'), ('died', 'Died'), ('lost', 'Out of reach'), ('unknown', 'Not reported')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='requests.case')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'day'), name='one_outcome_a_day'), models.CheckConstraint(condition=models.Q(('day__in', [3, 7, 30])), name='outcome_day_known'), models.CheckConstraint(condition=models.Q(('result', 'unknown'), ('recorded_by__isnull', False), _connector='OR'), name='an_outcome_has_a_teller')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('status', models.CharField(choices=[('open', 'Waiting for an answer'), ('answered', 'Answered'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Lapsed')], default='open', max_length=10)),
                ('slot', models.PositiveSmallIntegerField()),
                ('fields', models.JSONField(default=list)),
                ('text', models.CharField(blank=True, max_length=500)),
                ('answer', models.CharField(blank=True, max_length=1000)),
                ('not_available', models.BooleanField(default=False)),
                ('before', models.JSONField(default=dict)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='questions_answered', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions_asked', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='requests.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('case', 'slot'), name='three_open_questions'), models.CheckConstraint(condition=models.Q(('slot__in', [1, 2, 3])), name='a_question_has_a_place'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'answered'), _negated=True), ('answered_by__isnull', False), _connector='OR'), name='an_answer_has_a_giver'), models.CheckConstraint(condition=models.Q(('not_available', False), models.Q(('answer', ''), _negated=True), _connector='OR'), name='what_is_not_available_says_why')],
            },
        ),
    ]
