import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import telemed.core.ids
from django.conf import settings
from django.db import migrations, models


# A column of the version before this one; it goes in the next release.
OLD_COLUMN = "ALTER TABLE people_practitioner ADD COLUMN suspended boolean NOT NULL DEFAULT false"
NO_OLD_COLUMN = "ALTER TABLE people_practitioner DROP COLUMN suspended"


class Migration(migrations.Migration):

    replaces = [('people', '0001_initial'), ('people', '0002_more_roles'), ('people', '0003_argon2_costs_of_each_key'), ('people', '0004_licence_states')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('organisations', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('phone_verified', models.BooleanField(default=False)),
                ('language', models.CharField(default='zh-hans', max_length=10)),
                ('large_type', models.BooleanField(default=False)),
                ('theme', models.CharField(default='light', max_length=5)),
                ('letter_keys', models.BooleanField(default=True)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='presence', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('name', models.CharField(max_length=100, unique=True)),
                ('scopes', models.CharField(max_length=500)),
                ('active', models.BooleanField(default=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='organisations.organisation')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PractitionerRole',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('role', models.CharField(choices=[('township_doctor', 'Township doctor'), ('specialist', 'Specialist'), ('coordinator', 'Coordinator'), ('director', 'Duty director'), ('medical_office', 'Medical office'), ('head', 'Head of the institution'), ('administrator', 'Administrator'), ('auditor', 'Audit administrator'), ('official', 'Health-commission official'), ('resident', 'Resident')], max_length=20)),
                ('starts_on', models.DateField(default=django.utils.timezone.localdate)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='roles', to='organisations.department')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roles', to='organisations.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roles', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'role'], name='role_at_organisation')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on', None)), fields=('user', 'organisation', 'role'), name='one_role_of_a_kind_at_an_organisation')],
            },
        ),
        migrations.AddField(
            model_name='user',
            name='acting_as',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acting', to='people.practitionerrole'),
        ),
        migrations.CreateModel(
            name='SigningKey',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('public_key', models.BinaryField()),
                ('wrapped_key', models.BinaryField()),
                ('salt', models.BinaryField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('locked_until', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signing_keys', to=settings.AUTH_USER_MODEL)),
                ('memory_cost', models.PositiveIntegerField(db_default=65536, default=65536)),
                ('parallelism', models.PositiveSmallIntegerField(db_default=4, default=4)),
                ('time_cost', models.PositiveSmallIntegerField(db_default=3, default=3)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('user',), name='one_live_signing_key')],
            },
        ),
        migrations.CreateModel(
            name='AccessToken',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('scopes', models.CharField(max_length=500)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='access_tokens', to=settings.AUTH_USER_MODEL)),
                ('application', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='access_tokens', to='people.application')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('application__isnull', False), ('user', None)), models.Q(('application', None), ('user__isnull', False)), _connector='OR'), name='a_token_has_one_holder')],
            },
        ),
        migrations.CreateModel(
            name='Practitioner',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('title', models.CharField(choices=[('village', 'Village doctor'), ('assistant', 'Assistant physician'), ('resident', 'Resident physician'), ('attending', 'Attending physician'), ('associate', 'Associate chief physician'), ('chief', 'Chief physician')], max_length=12)),
                ('licence_no', models.CharField(max_length=20, unique=True)),
                ('specialty', models.CharField(choices=[('general', 'General practice'), ('internal', 'Internal medicine'), ('cardiology', 'Cardiology'), ('neurology', 'Neurology'), ('respiratory', 'Respiratory medicine'), ('surgery', 'Surgery'), ('neurosurgery', 'Neurosurgery'), ('orthopaedics', 'Orthopaedics'), ('obstetrics', 'Obstetrics and gynaecology'), ('paediatrics', 'Paediatrics'), ('emergency', 'Emergency medicine'), ('radiology', 'Radiology')], max_length=20)),
                ('practising_since', models.DateField()),
                ('licensed_until', models.DateField()),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='practitioner', to=settings.AUTH_USER_MODEL)),
                ('state', models.CharField(choices=[('active', 'Active'), ('suspended', 'Suspended'), ('expired', 'Expired'), ('revoked', 'Revoked')], db_default='active', default='active', max_length=10)),
                ('state_reason', models.CharField(blank=True, db_default='', default='', max_length=300)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('practising_since__lt', models.F('licensed_until'))), name='a_licence_ends_after_practice_begins'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['suspended', 'revoked']), _negated=True), models.Q(('state_reason', ''), _negated=True), _connector='OR'), name='a_stopped_licence_says_why')],
            },
        ),
        migrations.RunSQL(OLD_COLUMN, NO_OLD_COLUMN),
    ]
