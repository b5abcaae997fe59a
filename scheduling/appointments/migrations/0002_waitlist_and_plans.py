import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The counter of a pool says how many bookings hold a place of it, or are kept one of it while
# whoever was displaced has not answered, when the transaction ends.
COUNTED = """
CREATE OR REPLACE FUNCTION appointments_are_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one record; there int; counted int;
BEGIN
    FOR one IN
        SELECT NEW.period_id AS period_id, NEW.pool AS pool
        UNION SELECT NEW.plan_period_id, NEW.plan_pool WHERE NEW.plan_period_id IS NOT NULL
        UNION SELECT OLD.period_id, OLD.pool WHERE TG_OP = 'UPDATE'
        UNION SELECT OLD.plan_period_id, OLD.plan_pool
        WHERE TG_OP = 'UPDATE' AND OLD.plan_period_id IS NOT NULL
    LOOP
        SELECT count(*) INTO there FROM appointments_appointment a
        WHERE a.period_id = one.period_id AND a.pool = one.pool AND a.holds_place;
        SELECT there + count(*) INTO there FROM appointments_appointment a
        WHERE a.plan_period_id = one.period_id AND a.plan_pool = one.pool;
        SELECT q.taken INTO counted FROM availability_periodpool q
        WHERE q.period_id = one.period_id AND q.pool = one.pool;
        IF there <> coalesce(counted, 0) THEN
            RAISE EXCEPTION 'Pool % of period % has % taken, % bookings hold a place of it.',
                one.pool, one.period_id, counted, there
            USING ERRCODE = 'check_violation', CONSTRAINT = 'every_place_is_counted';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
DROP TRIGGER every_place_is_counted ON appointments_appointment;
CREATE CONSTRAINT TRIGGER every_place_is_counted
    AFTER INSERT OR UPDATE OF period_id, pool, holds_place, plan_period_id, plan_pool
    ON appointments_appointment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION appointments_are_counted();
"""
# What the first migration made.
COUNTED_BEFORE = """
CREATE OR REPLACE FUNCTION appointments_are_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one record; there int; counted int;
BEGIN
    FOR one IN
        SELECT NEW.period_id AS period_id, NEW.pool AS pool
        UNION SELECT OLD.period_id, OLD.pool WHERE TG_OP = 'UPDATE'
    LOOP
        SELECT count(*) INTO there FROM appointments_appointment a
        WHERE a.period_id = one.period_id AND a.pool = one.pool AND a.holds_place;
        SELECT q.taken INTO counted FROM availability_periodpool q
        WHERE q.period_id = one.period_id AND q.pool = one.pool;
        IF there <> coalesce(counted, 0) THEN
            RAISE EXCEPTION 'Pool % of period % has % taken, % bookings hold a place of it.',
                one.pool, one.period_id, counted, there
            USING ERRCODE = 'check_violation', CONSTRAINT = 'every_place_is_counted';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
DROP TRIGGER every_place_is_counted ON appointments_appointment;
CREATE CONSTRAINT TRIGGER every_place_is_counted
    AFTER INSERT OR UPDATE OF period_id, pool, holds_place ON appointments_appointment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION appointments_are_counted();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('appointments', '0001_bookings'),
        ('availability', '0001_sessions'),
        ('mpi', '0002_relations_households_cards'),
        ('organisations', '0001_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Wait',
            fields=[
                ('appointment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='wait', serialize=False, to='appointments.appointment')),
                ('person_key', models.UUIDField()),
                ('rank', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('pools', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('public', 'Public'), ('family_doctor', 'Family doctor'), ('referral', 'Referral'), ('walk_in', 'At the desk'), ('phone', 'Telephone, elderly')], max_length=13), size=None)),
                ('grade', models.PositiveSmallIntegerField(choices=[(0, 'In its turn'), (1, 'Should be seen soon'), (2, 'Must not wait')], default=0)),
                ('far', models.BooleanField(default=False)),
                ('since', models.DateTimeField()),
                ('offers', models.PositiveSmallIntegerField(default=0)),
                ('lapses', models.PositiveSmallIntegerField(default=0)),
                ('let_go', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('clinician', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('graded_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('person_key', 'rank'), name='three_waits_a_person'),
                    models.CheckConstraint(condition=models.Q(('rank', None), models.Q(('rank__gte', 1), ('rank__lte', 3)), _connector='OR'), name='wait_rank_known'),
                    models.CheckConstraint(condition=models.Q(('grade', 0), ('graded_by__isnull', False), _connector='OR'), name='a_doctor_grades'),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name='appointment',
            name='appointment_status_known',
        ),
        migrations.RemoveConstraint(
            model_name='appointment',
            name='one_live_booking_a_department_and_day',
        ),
        migrations.RemoveConstraint(
            model_name='appointment',
            name='two_live_bookings_a_day',
        ),
        migrations.RemoveConstraint(
            model_name='appointment',
            name='nobody_is_booked_twice_at_a_time',
        ),
        migrations.RemoveConstraint(
            model_name='appointment',
            name='who_is_booked_has_a_ticket',
        ),
        migrations.RemoveConstraint(
            model_name='appointment',
            name='a_hold_ends',
        ),
        migrations.AddField(
            model_name='appointment',
            name='answer_by',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='appointment',
            name='plan_period',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='availability.period'),
        ),
        migrations.AddField(
            model_name='appointment',
            name='plan_pool',
            field=models.CharField(blank=True, choices=[('public', 'Public'), ('family_doctor', 'Family doctor'), ('referral', 'Referral'), ('walk_in', 'At the desk'), ('phone', 'Telephone, elderly')], db_default='', default='', max_length=13),
        ),
        migrations.AlterField(
            model_name='appointment',
            name='status',
            field=models.CharField(choices=[('held', 'Held while you confirm'), ('waitlisted', 'On the waitlist'), ('offered', 'A place is offered'), ('booked', 'Booked'), ('displaced', 'Clinic stopped, to be moved'), ('arrived', 'Arrived'), ('called', 'Called'), ('in_visit', 'With the doctor'), ('fulfilled', 'Seen'), ('noshow', 'Did not come'), ('cancelled', 'Cancelled'), ('expired', 'Ran out')], max_length=10),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(condition=models.Q(('plan_period__isnull', False)), fields=['plan_period', 'plan_pool'], name='appointment_planned'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(condition=models.Q(('status__in', ['waitlisted', 'offered'])), fields=['department', 'day', 'status'], name='appointment_waiting'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['held', 'waitlisted', 'offered', 'booked', 'displaced', 'arrived', 'called', 'in_visit', 'fulfilled', 'noshow', 'cancelled', 'expired'])), name='appointment_status_known'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['held', 'offered', 'booked', 'displaced', 'arrived', 'called', 'in_visit'])), fields=('person_key', 'department', 'day'), name='one_live_booking_a_department_and_day'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['held', 'offered', 'booked', 'displaced', 'arrived', 'called', 'in_visit'])), fields=('person_key', 'day', 'day_rank'), name='two_live_bookings_a_day'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'waitlisted')), fields=('person_key', 'department', 'day'), name='one_wait_a_department_and_day'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status__in', ['held', 'offered', 'booked', 'displaced', 'arrived', 'called', 'in_visit'])), expressions=[('person_key', '='), ('during', '&&')], name='nobody_is_booked_twice_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['booked', 'displaced', 'arrived', 'called', 'in_visit', 'fulfilled', 'noshow']), _negated=True), ('ticket__isnull', False), _connector='OR'), name='who_is_booked_has_a_ticket'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('plan_period', None), models.Q(('status', 'displaced'), models.Q(('plan_pool', ''), _negated=True)), _connector='OR'), name='a_plan_is_for_the_displaced'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['held', 'offered']), _negated=True), ('held_until__isnull', False), _connector='OR'), name='a_hold_ends'),
        ),
        migrations.RunSQL(COUNTED, COUNTED_BEFORE),
    ]
