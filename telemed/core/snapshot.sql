-- Written by `manage.py snapshot`. Never edit it: change the migrations, write it anew.
CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;
CREATE FUNCTION public.appointments_are_counted() RETURNS trigger
    LANGUAGE plpgsql
    SET enable_seqscan TO 'off'
    AS $$
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
        SELECT there + count(*) INTO there FROM referrals_round r
        WHERE r.period_id = one.period_id AND r.pool = one.pool;
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
CREATE FUNCTION public.availability_add_up() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE wanted uuid; capacity int; places int;
BEGIN
    IF TG_TABLE_NAME = 'availability_period' THEN wanted := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN wanted := OLD.period_id;
    ELSE wanted := NEW.period_id;
    END IF;
    SELECT p.capacity INTO capacity FROM availability_period p WHERE p.id = wanted;
    SELECT coalesce(sum(q.places), 0) INTO places
    FROM availability_periodpool q WHERE q.period_id = wanted;
    IF FOUND AND capacity IS NOT NULL AND places <> capacity THEN
        RAISE EXCEPTION 'The pools of period % have % places, its capacity is %.',
            wanted, places, capacity
        USING ERRCODE = 'check_violation', CONSTRAINT = 'pools_add_up';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.availability_take_place(wanted uuid, pools text[], at timestamp with time zone) RETURNS TABLE(outcome text, pool text)
    LANGUAGE plpgsql
    AS $$
DECLARE there availability_period; one text; is_open boolean := false;
BEGIN
    -- Who comes too late hears so without queueing for the period.
    IF EXISTS (SELECT FROM availability_periodpool q
               WHERE q.period_id = wanted AND q.pool = ANY (pools))
       AND NOT EXISTS (SELECT FROM availability_periodpool q
               WHERE q.period_id = wanted AND q.pool = ANY (pools) AND q.taken < q.places) THEN
        RETURN QUERY SELECT 'full', NULL::text;
        RETURN;
    END IF;
    SELECT * INTO there FROM availability_period p WHERE p.id = wanted FOR NO KEY UPDATE;
    IF NOT FOUND OR there.state = 'planned' THEN
        RETURN QUERY SELECT 'absent', NULL::text;
        RETURN;
    END IF;
    FOREACH one IN ARRAY pools LOOP
        -- From afar until the close; at the desk until the period is over.
        IF one = 'walk_in' THEN
            CONTINUE WHEN there.state NOT IN ('open', 'closed') OR at >= there.ends_at;
        ELSE
            CONTINUE WHEN there.state <> 'open' OR at >= there.closes_at;
        END IF;
        is_open := true;
        UPDATE availability_periodpool q SET taken = q.taken + 1
        WHERE q.period_id = wanted AND q.pool = one AND q.taken < q.places;
        IF FOUND THEN
            RETURN QUERY SELECT 'taken', one;
            RETURN;
        END IF;
    END LOOP;
    RETURN QUERY SELECT CASE WHEN is_open THEN 'full' ELSE 'closed' END, NULL::text;
END $$;
CREATE FUNCTION public.contracts_are_counted() RETURNS trigger
    LANGUAGE plpgsql
    SET enable_seqscan TO 'off'
    AS $$
DECLARE one record; there int; counted int;
BEGIN
    FOR one IN
        SELECT NEW.doctor_id AS doctor_id WHERE NEW.doctor_id IS NOT NULL
        UNION SELECT OLD.doctor_id WHERE TG_OP = 'UPDATE' AND OLD.doctor_id IS NOT NULL
    LOOP
        SELECT count(*) INTO there FROM registration_contract c
        WHERE c.doctor_id = one.doctor_id AND c.holds_place;
        SELECT p.signed INTO counted FROM registration_panel p WHERE p.doctor_id = one.doctor_id;
        IF there <> coalesce(counted, 0) THEN
            RAISE EXCEPTION 'The panel of % has % signed, % contracts hold a place of it.',
                one.doctor_id, counted, there
            USING ERRCODE = 'check_violation', CONSTRAINT = 'every_contract_is_counted';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE FUNCTION public.mpi_patient_no_chains() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    beyond uuid;
BEGIN
    SELECT merged_into_id INTO beyond FROM mpi_patient WHERE id = NEW.merged_into_id
    FOR NO KEY UPDATE;
    IF beyond IS NOT NULL OR EXISTS (SELECT FROM mpi_patient WHERE merged_into_id = NEW.id) THEN
        RAISE EXCEPTION 'a merged record is no target and has no others merged into it'
            USING ERRCODE = '23514', CONSTRAINT = 'no_chain_of_merges';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.organisations_entry_sealed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION public.quotas_are_counted() RETURNS trigger
    LANGUAGE plpgsql
    SET enable_seqscan TO 'off'
    AS $$
DECLARE said int; found int;
BEGIN
    SELECT used INTO said FROM duties_quota WHERE id = NEW.id;
    SELECT count(*) INTO found FROM duties_duty WHERE counted_id = NEW.id;
    IF said <> found THEN
        RAISE EXCEPTION 'Quota % says %, counted are %.', NEW.id, said, found
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_quota_counts_what_was_served';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.shut_teams_take_nobody() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE team record;
BEGIN
    SELECT t.shut_on, t.closed_on INTO team FROM registration_team t
    WHERE t.id = NEW.team_id FOR KEY SHARE;
    IF team.shut_on IS NOT NULL OR team.closed_on IS NOT NULL THEN
        RAISE EXCEPTION 'Team % takes nobody.', NEW.team_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_shut_team_takes_nobody';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.signed_contracts_stay() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.signed_at IS NOT NULL AND (
        NEW.text, NEW.text_hash, NEW.text_en, NEW.signature, NEW.signature_hash, NEW.signed_at,
        NEW.signed_by, NEW.relation_id, NEW.witness_id, NEW.patient_id, NEW.team_id,
        NEW.package_id, NEW.years
    ) IS DISTINCT FROM (
        OLD.text, OLD.text_hash, OLD.text_en, OLD.signature, OLD.signature_hash, OLD.signed_at,
        OLD.signed_by, OLD.relation_id, OLD.witness_id, OLD.patient_id, OLD.team_id,
        OLD.package_id, OLD.years
    ) THEN
        RAISE EXCEPTION 'Contract % is signed.', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_signed_contract_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.tell_a_death() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO core_outboxevent (topic, payload, trace_id, created_at, attempts, last_error,
        discard_reason)
    VALUES ('person.deceased', jsonb_build_object('patient_id', NEW.id), gen_random_uuid(), now(),
        0, '', '');
    RETURN NULL;
END $$;
CREATE TABLE public.account_emailaddress (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    verified boolean NOT NULL,
    "primary" boolean NOT NULL,
    user_id uuid NOT NULL
);
ALTER TABLE public.account_emailaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.account_emailconfirmation (
    id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    sent timestamp with time zone,
    key character varying(64) NOT NULL,
    email_address_id integer NOT NULL
);
ALTER TABLE public.account_emailconfirmation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailconfirmation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.appointments_appeal (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    reason character varying(300) NOT NULL,
    state character varying(8) NOT NULL,
    decided_at timestamp with time zone,
    decision character varying(300) NOT NULL,
    decided_by_id uuid,
    filed_by_id uuid NOT NULL,
    strike_id uuid NOT NULL,
    CONSTRAINT a_rejection_says_why CHECK (((NOT ((state)::text = 'rejected'::text)) OR (NOT ((decision)::text = ''::text)))),
    CONSTRAINT somebody_decides CHECK ((((state)::text = 'filed'::text) OR ((decided_by_id IS NOT NULL) AND (decided_at IS NOT NULL))))
);
CREATE TABLE public.appointments_appointment (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    person_key uuid NOT NULL,
    pool character varying(13) NOT NULL,
    day date NOT NULL,
    during tstzrange NOT NULL,
    day_rank smallint NOT NULL,
    ticket smallint,
    status character varying(10) NOT NULL,
    holds_place boolean NOT NULL,
    channel character varying(6) NOT NULL,
    reason character varying(200) NOT NULL,
    booked_at timestamp with time zone,
    held_until timestamp with time zone,
    ended_at timestamp with time zone,
    ended_because character varying(200) NOT NULL,
    late boolean NOT NULL,
    booked_by_id uuid NOT NULL,
    clinician_id uuid,
    department_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    period_id uuid NOT NULL,
    answer_by timestamp with time zone,
    plan_period_id uuid,
    plan_pool character varying(13) DEFAULT ''::character varying NOT NULL,
    mode character varying(9) DEFAULT 'in_person'::character varying NOT NULL,
    rung_at timestamp with time zone,
    examination character varying(40) DEFAULT ''::character varying NOT NULL,
    trip_id uuid,
    fee numeric(6,2),
    fee_basis character varying(10) DEFAULT ''::character varying NOT NULL,
    fee_reason character varying(11) DEFAULT ''::character varying NOT NULL,
    by_system boolean DEFAULT false NOT NULL,
    identifier character varying(200) DEFAULT ''::character varying NOT NULL,
    displaced_by_id uuid,
    returned_at timestamp with time zone,
    device character varying(43) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT a_fee_has_a_basis CHECK ((((fee IS NULL) AND ((fee_basis)::text = ''::text) AND ((fee_reason)::text = ''::text)) OR ((fee >= (0)::numeric) AND (fee IS NOT NULL) AND ((fee_basis)::text = 'standard'::text) AND ((fee_reason)::text = ''::text)) OR ((fee = (0)::numeric) AND (fee IS NOT NULL) AND ((fee_basis)::text = 'low_income'::text) AND (NOT ((fee_reason)::text = ''::text))))),
    CONSTRAINT a_hold_ends CHECK (((NOT ((status)::text = ANY ((ARRAY['held'::character varying, 'offered'::character varying])::text[]))) OR (held_until IS NOT NULL))),
    CONSTRAINT a_plan_is_for_the_displaced CHECK (((plan_period_id IS NULL) OR (((status)::text = 'displaced'::text) AND (NOT ((plan_pool)::text = ''::text))))),
    CONSTRAINT appointment_mode_known CHECK (((mode)::text = ANY ((ARRAY['in_person'::character varying, 'video'::character varying])::text[]))),
    CONSTRAINT appointment_status_known CHECK (((status)::text = ANY ((ARRAY['held'::character varying, 'waitlisted'::character varying, 'offered'::character varying, 'booked'::character varying, 'displaced'::character varying, 'arrived'::character varying, 'called'::character varying, 'in_visit'::character varying, 'fulfilled'::character varying, 'noshow'::character varying, 'cancelled'::character varying, 'expired'::character varying])::text[]))),
    CONSTRAINT appointments_appointment_day_rank_check CHECK ((day_rank >= 0)),
    CONSTRAINT appointments_appointment_ticket_check CHECK ((ticket >= 0)),
    CONSTRAINT day_rank_known CHECK ((((day_rank >= 1) AND (day_rank <= 2) AND ((examination)::text = ''::text)) OR ((NOT ((examination)::text = ''::text)) AND (day_rank = 0) AND (trip_id IS NOT NULL)))),
    CONSTRAINT who_is_booked_has_a_ticket CHECK (((NOT ((status)::text = ANY ((ARRAY['booked'::character varying, 'displaced'::character varying, 'arrived'::character varying, 'called'::character varying, 'in_visit'::character varying, 'fulfilled'::character varying, 'noshow'::character varying])::text[]))) OR (ticket IS NOT NULL)))
);
CREATE TABLE public.appointments_arrival (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    arrived_at timestamp with time zone NOT NULL,
    turn double precision NOT NULL,
    calls smallint NOT NULL,
    called_at timestamp with time zone,
    appointment_id uuid NOT NULL,
    called_by_id uuid,
    checked_in_by_id uuid,
    CONSTRAINT a_call_has_its_time_and_doctor CHECK ((((called_at IS NULL) AND (called_by_id IS NULL) AND (calls = 0)) OR ((called_at IS NOT NULL) AND (called_by_id IS NOT NULL) AND (calls >= 1)))),
    CONSTRAINT appointments_arrival_calls_check CHECK ((calls >= 0)),
    CONSTRAINT nobody_is_called_for_ever CHECK ((calls <= 3))
);
CREATE TABLE public.appointments_attendance (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    appointment_id uuid NOT NULL,
    doctor_id uuid,
    CONSTRAINT an_attendance_ends_after_it_begins CHECK (((ended_at IS NULL) OR (ended_at >= begun_at)))
);
CREATE TABLE public.appointments_batch (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    day date NOT NULL,
    key uuid NOT NULL,
    department_id uuid NOT NULL,
    made_by_id uuid NOT NULL,
    organisation_id uuid NOT NULL
);
CREATE TABLE public.appointments_batchrow (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "position" smallint NOT NULL,
    state character varying(7) NOT NULL,
    said character varying(300) NOT NULL,
    decided_at timestamp with time zone,
    appointment_id uuid,
    batch_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    period_id uuid NOT NULL,
    CONSTRAINT a_refusal_says_why CHECK (((NOT ((state)::text = 'refused'::text)) OR (NOT ((said)::text = ''::text)))),
    CONSTRAINT appointments_batchrow_position_check CHECK (("position" >= 0)),
    CONSTRAINT batch_row_state_known CHECK (((state)::text = ANY ((ARRAY['waiting'::character varying, 'booked'::character varying, 'refused'::character varying])::text[]))),
    CONSTRAINT twenty_in_a_batch CHECK ((("position" >= 1) AND ("position" <= 20))),
    CONSTRAINT what_was_decided_has_a_time CHECK ((((decided_at IS NULL) AND ((state)::text = 'waiting'::text)) OR ((NOT ((state)::text = 'waiting'::text)) AND (decided_at IS NOT NULL)))),
    CONSTRAINT who_was_booked_has_an_appointment CHECK ((((appointment_id IS NOT NULL) AND ((state)::text = 'booked'::text)) OR ((NOT ((state)::text = 'booked'::text)) AND (appointment_id IS NULL))))
);
CREATE TABLE public.appointments_block (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    person_key uuid NOT NULL,
    kind character varying(13) NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    state character varying(9) NOT NULL,
    organisation_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    CONSTRAINT block_state_known CHECK (((state)::text = ANY ((ARRAY['active'::character varying, 'suspended'::character varying, 'lifted'::character varying])::text[])))
);
CREATE TABLE public.appointments_board (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    digest character varying(43) NOT NULL,
    ended_at timestamp with time zone,
    department_id uuid,
    ended_by_id uuid,
    made_by_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    CONSTRAINT a_board_is_ended_by_somebody CHECK ((((ended_at IS NULL) AND (ended_by_id IS NULL)) OR ((ended_at IS NOT NULL) AND (ended_by_id IS NOT NULL))))
);
CREATE TABLE public.appointments_move (
    appointment_id uuid NOT NULL,
    left_pool character varying(13) NOT NULL,
    left_ticket smallint NOT NULL,
    noted boolean DEFAULT false NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    left_id uuid NOT NULL,
    took_id uuid NOT NULL,
    CONSTRAINT appointments_move_left_ticket_check CHECK ((left_ticket >= 0))
);
CREATE TABLE public.appointments_response (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    about character varying(5) NOT NULL,
    status character varying(12) NOT NULL,
    starts_at timestamp with time zone,
    ends_at timestamp with time zone,
    said_by character varying(6) NOT NULL,
    said_at timestamp with time zone,
    appointment_id uuid NOT NULL,
    CONSTRAINT an_answer_has_somebody_and_a_time CHECK ((((said_at IS NULL) AND ((said_by)::text = ''::text) AND ((status)::text = 'needs-action'::text)) OR ((said_at IS NOT NULL) AND ((status)::text = ANY ((ARRAY['accepted'::character varying, 'declined'::character varying])::text[])) AND (NOT ((said_by)::text = ''::text))))),
    CONSTRAINT response_about_known CHECK (((about)::text = ANY ((ARRAY['offer'::character varying, 'stop'::character varying])::text[]))),
    CONSTRAINT what_is_offered_has_both_ends CHECK ((((ends_at IS NULL) AND (starts_at IS NULL)) OR (starts_at < ends_at)))
);
CREATE TABLE public.appointments_strike (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    person_key uuid NOT NULL,
    day date NOT NULL,
    kind character varying(6) NOT NULL,
    points smallint NOT NULL,
    state character varying(7) NOT NULL,
    ended_because character varying(200) NOT NULL,
    appointment_id uuid NOT NULL,
    ended_by_id uuid,
    marked_by_id uuid,
    organisation_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    CONSTRAINT a_waiver_says_why CHECK (((NOT ((state)::text = 'waived'::text)) OR (NOT ((ended_because)::text = ''::text)))),
    CONSTRAINT appointments_strike_points_check CHECK ((points >= 0)),
    CONSTRAINT strike_state_known CHECK (((state)::text = ANY ((ARRAY['noted'::character varying, 'counted'::character varying, 'waived'::character varying, 'void'::character varying])::text[])))
);
CREATE TABLE public.appointments_trip (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "order" character varying(11) NOT NULL,
    CONSTRAINT trip_order_known CHECK ((("order")::text = ANY ((ARRAY['visit_last'::character varying, 'visit_first'::character varying])::text[])))
);
CREATE TABLE public.appointments_wait (
    appointment_id uuid NOT NULL,
    person_key uuid NOT NULL,
    rank smallint,
    pools character varying(13)[] NOT NULL,
    grade smallint NOT NULL,
    far boolean NOT NULL,
    since timestamp with time zone NOT NULL,
    offers smallint NOT NULL,
    lapses smallint NOT NULL,
    let_go uuid[] NOT NULL,
    clinician_id uuid,
    graded_by_id uuid,
    stays boolean DEFAULT false NOT NULL,
    CONSTRAINT a_doctor_grades CHECK (((grade = 0) OR (graded_by_id IS NOT NULL))),
    CONSTRAINT appointments_wait_grade_check CHECK ((grade >= 0)),
    CONSTRAINT appointments_wait_lapses_check CHECK ((lapses >= 0)),
    CONSTRAINT appointments_wait_offers_check CHECK ((offers >= 0)),
    CONSTRAINT appointments_wait_rank_check CHECK ((rank >= 0)),
    CONSTRAINT one_stays_with_a_doctor CHECK (((NOT stays) OR ((clinician_id IS NOT NULL) AND (rank IS NULL)))),
    CONSTRAINT wait_rank_known CHECK (((rank IS NULL) OR ((rank >= 1) AND (rank <= 3))))
);
CREATE TABLE public.archive_copy (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    version smallint NOT NULL,
    steps integer NOT NULL,
    bundle text NOT NULL,
    page text NOT NULL,
    digest character varying(64) NOT NULL,
    case_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    messages integer DEFAULT 0 NOT NULL,
    CONSTRAINT archive_copy_messages_check CHECK ((messages >= 0)),
    CONSTRAINT archive_copy_steps_check CHECK ((steps >= 0)),
    CONSTRAINT archive_copy_version_check CHECK ((version >= 0))
);
CREATE TABLE public.audit_auditrow (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id character varying(60) NOT NULL,
    organisation_id character varying(36) NOT NULL,
    role character varying(20) NOT NULL,
    trace_id uuid NOT NULL,
    door character varying(20) NOT NULL,
    action character varying(60) NOT NULL,
    target character varying(120) NOT NULL,
    patient_id character varying(40) NOT NULL,
    reason character varying(60) NOT NULL,
    refused character varying(20) NOT NULL,
    hash character varying(64) NOT NULL,
    xact bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL
)
PARTITION BY RANGE (at);
CREATE TABLE public.audit_auditrow_other (
    id bigint CONSTRAINT audit_auditrow_id_not_null NOT NULL,
    at timestamp with time zone CONSTRAINT audit_auditrow_at_not_null NOT NULL,
    actor_id character varying(60) CONSTRAINT audit_auditrow_actor_id_not_null NOT NULL,
    organisation_id character varying(36) CONSTRAINT audit_auditrow_organisation_id_not_null NOT NULL,
    role character varying(20) CONSTRAINT audit_auditrow_role_not_null NOT NULL,
    trace_id uuid CONSTRAINT audit_auditrow_trace_id_not_null NOT NULL,
    door character varying(20) CONSTRAINT audit_auditrow_door_not_null NOT NULL,
    action character varying(60) CONSTRAINT audit_auditrow_action_not_null NOT NULL,
    target character varying(120) CONSTRAINT audit_auditrow_target_not_null NOT NULL,
    patient_id character varying(40) CONSTRAINT audit_auditrow_patient_id_not_null NOT NULL,
    reason character varying(60) CONSTRAINT audit_auditrow_reason_not_null NOT NULL,
    refused character varying(20) CONSTRAINT audit_auditrow_refused_not_null NOT NULL,
    hash character varying(64) CONSTRAINT audit_auditrow_hash_not_null NOT NULL,
    xact bigint DEFAULT ((pg_current_xact_id())::text)::bigint CONSTRAINT audit_auditrow_xact_not_null NOT NULL
);
CREATE TABLE public.audit_seal (
    id bigint NOT NULL,
    since bigint NOT NULL,
    until bigint NOT NULL,
    rows integer NOT NULL,
    hash character varying(64) NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    CONSTRAINT audit_seal_rows_check CHECK ((rows >= 0))
);
ALTER TABLE public.audit_seal ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.audit_seal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);
ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);
ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.availability_dayrule (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    first date NOT NULL,
    last date NOT NULL,
    as_weekday smallint,
    reason character varying(100) NOT NULL,
    clinician_id uuid,
    department_id uuid,
    organisation_id uuid NOT NULL,
    CONSTRAINT a_day_is_worked_as_one_of_seven CHECK (((as_weekday IS NULL) OR ((as_weekday >= 1) AND (as_weekday <= 7)))),
    CONSTRAINT a_day_rule_lasts CHECK ((first <= last)),
    CONSTRAINT a_day_rule_says_why CHECK ((NOT ((reason)::text = ''::text))),
    CONSTRAINT availability_dayrule_as_weekday_check CHECK ((as_weekday >= 0))
);
CREATE TABLE public.availability_disagreement (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(7) NOT NULL,
    said jsonb NOT NULL,
    here jsonb NOT NULL,
    state character varying(6) NOT NULL,
    settled_at timestamp with time zone,
    reason character varying(200) NOT NULL,
    application_id uuid NOT NULL,
    period_id uuid,
    session_id uuid NOT NULL,
    settled_by_id uuid,
    CONSTRAINT disagreement_kind_known CHECK (((kind)::text = ANY ((ARRAY['moved'::character varying, 'below'::character varying, 'dropped'::character varying, 'count'::character varying])::text[]))),
    CONSTRAINT disagreement_state_known CHECK (((state)::text = ANY ((ARRAY['open'::character varying, 'theirs'::character varying, 'ours'::character varying, 'over'::character varying])::text[]))),
    CONSTRAINT what_is_settled_has_a_time CHECK ((((settled_at IS NULL) AND ((state)::text = 'open'::text)) OR ((NOT ((state)::text = 'open'::text)) AND (settled_at IS NOT NULL)))),
    CONSTRAINT who_settles_says_why CHECK ((((state)::text = ANY ((ARRAY['open'::character varying, 'over'::character varying])::text[])) OR ((settled_by_id IS NOT NULL) AND (NOT ((reason)::text = ''::text)))))
);
CREATE TABLE public.availability_period (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    closes_at timestamp with time zone NOT NULL,
    capacity smallint NOT NULL,
    state character varying(8) NOT NULL,
    clinician_id uuid,
    department_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    session_id uuid NOT NULL,
    application_id uuid,
    identifier character varying(200) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT a_period_ends_after_it_begins CHECK ((starts_at < ends_at)),
    CONSTRAINT availability_period_capacity_check CHECK ((capacity >= 0)),
    CONSTRAINT period_state_known CHECK (((state)::text = ANY ((ARRAY['planned'::character varying, 'open'::character varying, 'closed'::character varying, 'stopped'::character varying])::text[])))
);
CREATE TABLE public.availability_periodpool (
    id bigint NOT NULL,
    pool character varying(13) NOT NULL,
    places smallint NOT NULL,
    taken smallint NOT NULL,
    returned smallint NOT NULL,
    period_id uuid NOT NULL,
    CONSTRAINT availability_periodpool_places_check CHECK ((places >= 0)),
    CONSTRAINT availability_periodpool_returned_check CHECK ((returned >= 0)),
    CONSTRAINT availability_periodpool_taken_check CHECK ((taken >= 0)),
    CONSTRAINT never_oversold CHECK (((taken >= 0) AND (taken <= places))),
    CONSTRAINT pool_known CHECK (((pool)::text = ANY ((ARRAY['public'::character varying, 'family_doctor'::character varying, 'referral'::character varying, 'walk_in'::character varying, 'phone'::character varying])::text[])))
)
WITH (fillfactor='80');
ALTER TABLE public.availability_periodpool ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.availability_periodpool_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.availability_session (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(12) NOT NULL,
    service character varying(40) NOT NULL,
    room character varying(40) NOT NULL,
    period_minutes smallint NOT NULL,
    capacity smallint NOT NULL,
    day date NOT NULL,
    during tstzrange NOT NULL,
    title character varying(12) NOT NULL,
    shares jsonb NOT NULL,
    state character varying(10) NOT NULL,
    release_at timestamp with time zone NOT NULL,
    identifier character varying(200) NOT NULL,
    application_id uuid,
    clinician_id uuid,
    department_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    template_id uuid,
    of_day date,
    held_up_at timestamp with time zone,
    CONSTRAINT a_session_has_time_and_places CHECK (((NOT isempty(during)) AND (capacity >= 1))),
    CONSTRAINT availability_session_capacity_check CHECK ((capacity >= 0)),
    CONSTRAINT availability_session_period_minutes_check CHECK ((period_minutes >= 0)),
    CONSTRAINT session_state_known CHECK (((state)::text = ANY ((ARRAY['planned'::character varying, 'published'::character varying, 'stopped'::character varying, 'finished'::character varying, 'cancelled'::character varying])::text[])))
);
CREATE TABLE public.availability_stop (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    reason character varying(200) NOT NULL,
    plan character varying(12) NOT NULL,
    final_at timestamp with time zone NOT NULL,
    undone_at timestamp with time zone,
    instead_id uuid,
    session_id uuid NOT NULL,
    stopped_by_id uuid NOT NULL,
    together uuid,
    CONSTRAINT a_stop_says_why CHECK ((NOT ((reason)::text = ''::text))),
    CONSTRAINT no_session_stands_in_for_itself CHECK ((NOT ((session_id = instead_id) AND (instead_id IS NOT NULL))))
);
CREATE TABLE public.availability_template (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(12) NOT NULL,
    service character varying(40) NOT NULL,
    room character varying(40) NOT NULL,
    period_minutes smallint NOT NULL,
    capacity smallint NOT NULL,
    weekday smallint NOT NULL,
    starts time without time zone NOT NULL,
    ends time without time zone NOT NULL,
    on_holidays boolean NOT NULL,
    since date NOT NULL,
    until date,
    clinician_id uuid,
    department_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    CONSTRAINT a_template_ends_after_it_begins CHECK ((starts < ends)),
    CONSTRAINT a_template_has_places CHECK (((capacity >= 1) AND (period_minutes >= 5))),
    CONSTRAINT a_template_lasts CHECK (((until IS NULL) OR (until >= since))),
    CONSTRAINT a_week_has_seven_days CHECK (((weekday >= 1) AND (weekday <= 7))),
    CONSTRAINT availability_template_capacity_check CHECK ((capacity >= 0)),
    CONSTRAINT availability_template_period_minutes_check CHECK ((period_minutes >= 0)),
    CONSTRAINT availability_template_weekday_check CHECK ((weekday >= 0))
);
CREATE TABLE public.care_access (
    id bigint NOT NULL,
    org integer NOT NULL,
    patient bigint NOT NULL,
    basis character varying(12) NOT NULL,
    about uuid,
    person uuid,
    until timestamp with time zone NOT NULL,
    shared_from bigint,
    since timestamp with time zone
);
ALTER TABLE public.care_access ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.care_access_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.consent_breakglass (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    code character varying(8) NOT NULL,
    text character varying(300) NOT NULL,
    status character varying(9) NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    overdue_at timestamp with time zone,
    actor_id uuid NOT NULL,
    department_id uuid,
    organisation_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    reviewing_id uuid NOT NULL,
    CONSTRAINT an_ended_break_glass_says_when CHECK ((((ended_at IS NULL) AND ((status)::text = 'active'::text)) OR (((status)::text = ANY ((ARRAY['ended'::character varying, 'justified'::character varying, 'misuse'::character varying])::text[])) AND (ended_at IS NOT NULL)))),
    CONSTRAINT break_glass_lasts_an_hour CHECK ((until = (opened_at + '01:00:00'::interval))),
    CONSTRAINT break_glass_says_why CHECK ((NOT ((text)::text = ''::text)))
);
CREATE TABLE public.consent_breakglassreview (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    turn smallint NOT NULL,
    finding character varying(9) NOT NULL,
    text character varying(300) NOT NULL,
    actor_id uuid NOT NULL,
    break_glass_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    reviewer_id uuid NOT NULL,
    CONSTRAINT a_review_finds_something CHECK ((((finding)::text = ANY ((ARRAY['justified'::character varying, 'misuse'::character varying])::text[])) AND (turn = ANY (ARRAY[1, 2])))),
    CONSTRAINT consent_breakglassreview_turn_check CHECK ((turn >= 0)),
    CONSTRAINT nobody_reviews_themselves CHECK ((NOT (reviewer_id = actor_id)))
);
CREATE TABLE public.consent_consent (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    purpose character varying(40) NOT NULL,
    about uuid,
    method character varying(10) NOT NULL,
    relation character varying(12) NOT NULL,
    signer_name character varying(60) NOT NULL,
    reason character varying(200) NOT NULL,
    fee_shown integer NOT NULL,
    signature bytea,
    given_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    organisation_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    taken_by_id uuid NOT NULL,
    signed_under_id uuid,
    asked_id uuid,
    refused_at timestamp with time zone,
    CONSTRAINT a_refused_consent_says_when CHECK ((((given_at IS NULL) AND ((method)::text = 'refused'::text) AND (refused_at IS NOT NULL)) OR ((refused_at IS NULL) AND (NOT ((method)::text = 'refused'::text))))),
    CONSTRAINT consent_consent_fee_shown_check CHECK ((fee_shown >= 0)),
    CONSTRAINT consent_is_signed_or_deferred CHECK ((((method)::text = ANY ((ARRAY['deferred'::character varying, 'refused'::character varying])::text[])) OR ((given_at IS NOT NULL) AND (signature IS NOT NULL))))
);
CREATE TABLE public.core_clock (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(50) NOT NULL,
    about uuid NOT NULL,
    rung smallint NOT NULL,
    turn smallint NOT NULL,
    calendar character varying(8) NOT NULL,
    due_at timestamp with time zone NOT NULL,
    provisional boolean NOT NULL,
    state character varying(8) NOT NULL,
    remaining interval,
    ended_at timestamp with time zone,
    attempts smallint NOT NULL,
    CONSTRAINT a_paused_clock_knows_what_is_left CHECK (((remaining IS NOT NULL) OR (NOT ((state)::text = 'paused'::text)))),
    CONSTRAINT core_clock_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT core_clock_rung_check CHECK ((rung >= 0)),
    CONSTRAINT core_clock_turn_check CHECK ((turn >= 0))
);
CREATE TABLE public.core_idempotencykey (
    id bigint NOT NULL,
    actor_id character varying(60) NOT NULL,
    key character varying(80) NOT NULL,
    fingerprint character varying(64) NOT NULL,
    answer jsonb,
    created_at timestamp with time zone NOT NULL
);
ALTER TABLE public.core_idempotencykey ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.core_idempotencykey_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.core_outboxevent (
    id bigint NOT NULL,
    topic character varying(100) NOT NULL,
    payload jsonb NOT NULL,
    trace_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    delivered_at timestamp with time zone,
    attempts smallint NOT NULL,
    last_error character varying(500) NOT NULL,
    available_at timestamp with time zone,
    dead_at timestamp with time zone,
    discard_reason character varying(200) NOT NULL,
    discarded_at timestamp with time zone,
    CONSTRAINT core_outboxevent_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT who_discards_says_why CHECK (((discarded_at IS NULL) OR (NOT ((discard_reason)::text = ''::text))))
);
ALTER TABLE public.core_outboxevent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.core_outboxevent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.core_policychange (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    organisation_id uuid,
    value jsonb,
    effective_at timestamp with time zone NOT NULL,
    set_by character varying(60) NOT NULL,
    set_by_name character varying(60) NOT NULL,
    reason character varying(200) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT a_changed_policy_says_why CHECK ((NOT ((reason)::text = ''::text)))
);
ALTER TABLE public.core_policychange ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.core_policychange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.demo_fillprogress (
    key character varying(20) NOT NULL,
    done integer NOT NULL,
    total integer NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT demo_fillprogress_done_check CHECK ((done >= 0)),
    CONSTRAINT demo_fillprogress_total_check CHECK ((total >= 0))
);
CREATE TABLE public.demo_lastseen (
    key character varying(20) NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.demo_past (
    county character varying(12) NOT NULL,
    since date NOT NULL,
    until timestamp with time zone NOT NULL
);
CREATE TABLE public.desks_desk (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    digest character varying(64) NOT NULL,
    organisation_id uuid NOT NULL
);
CREATE TABLE public.desks_seat (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    day date NOT NULL,
    user_agent character varying(200) NOT NULL,
    session_key character varying(40) NOT NULL,
    ended_at timestamp with time zone,
    desk_id uuid NOT NULL,
    user_id uuid NOT NULL
);
CREATE TABLE public.devices_device (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(12) NOT NULL,
    name character varying(80) NOT NULL,
    serial character varying(64) NOT NULL,
    place character varying(60) NOT NULL,
    retired_at timestamp with time zone,
    used_at timestamp with time zone,
    by_hand boolean NOT NULL,
    reason character varying(12) NOT NULL,
    text character varying(200) NOT NULL,
    reason_at timestamp with time zone,
    organisation_id uuid NOT NULL,
    CONSTRAINT a_device_has_a_serial CHECK ((NOT ((serial)::text = ''::text))),
    CONSTRAINT a_reason_of_a_device_has_a_time CHECK (((((reason)::text = ''::text) AND (reason_at IS NULL)) OR ((NOT ((reason)::text = ''::text)) AND (reason_at IS NOT NULL))))
);
CREATE TABLE public.devices_linktest (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kbit_s integer NOT NULL,
    rtt_ms integer NOT NULL,
    lost smallint NOT NULL,
    tries smallint NOT NULL,
    organisation_id uuid NOT NULL,
    user_id uuid NOT NULL,
    CONSTRAINT devices_linktest_kbit_s_check CHECK ((kbit_s >= 0)),
    CONSTRAINT devices_linktest_lost_check CHECK ((lost >= 0)),
    CONSTRAINT devices_linktest_rtt_ms_check CHECK ((rtt_ms >= 0)),
    CONSTRAINT devices_linktest_tries_check CHECK ((tries >= 0)),
    CONSTRAINT lost_of_what_was_tried CHECK (((lost <= tries) AND (tries >= 1)))
);
CREATE TABLE public.devices_ticket (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    text character varying(200) NOT NULL,
    closed_at timestamp with time zone,
    done character varying(200) NOT NULL,
    closed_by_id uuid,
    device_id uuid,
    opened_by_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    CONSTRAINT a_closed_ticket_says_what_was_done CHECK ((((closed_at IS NULL) AND (closed_by_id IS NULL) AND ((done)::text = ''::text)) OR ((closed_at IS NOT NULL) AND (closed_by_id IS NOT NULL) AND (NOT ((done)::text = ''::text)))))
);
CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);
ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);
ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);
CREATE TABLE public.duties_duty (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    rule character varying(17) NOT NULL,
    due_on date NOT NULL,
    closes_on date NOT NULL,
    face boolean NOT NULL,
    status character varying(11) NOT NULL,
    mode character varying(12) NOT NULL,
    served_at timestamp with time zone,
    draft uuid,
    systolic smallint,
    diastolic smallint,
    glucose numeric(4,1),
    signs boolean NOT NULL,
    note character varying(500) NOT NULL,
    warned_at timestamp with time zone,
    refusal character varying(200) NOT NULL,
    confirmed_at timestamp with time zone,
    waived_because character varying(8) NOT NULL,
    settled character varying(500) NOT NULL,
    contract_id uuid NOT NULL,
    recheck_of_id uuid,
    served_by_id uuid,
    answered character varying(6) NOT NULL,
    signature bytea,
    what character varying(500) DEFAULT ''::character varying NOT NULL,
    counted_id uuid,
    asks character varying(16)[] DEFAULT '{}'::character varying(8)[] NOT NULL,
    to_county boolean DEFAULT false NOT NULL,
    by_package boolean DEFAULT false NOT NULL,
    service character varying(40) DEFAULT ''::character varying NOT NULL,
    entries jsonb DEFAULT '{}'::jsonb NOT NULL,
    filed boolean DEFAULT false NOT NULL,
    CONSTRAINT a_service_by_name_is_of_the_package CHECK (((by_package AND ((rule)::text = 'package'::text) AND (NOT ((service)::text = ''::text))) OR ((NOT ((rule)::text = 'package'::text)) AND ((service)::text = ''::text)))),
    CONSTRAINT a_visit_is_face_to_face CHECK ((NOT (face AND ((mode)::text = 'remote'::text)))),
    CONSTRAINT a_waived_duty_says_why CHECK (((NOT ((status)::text = 'waived'::text)) OR (NOT ((waived_because)::text = ''::text)))),
    CONSTRAINT duties_duty_diastolic_check CHECK ((diastolic >= 0)),
    CONSTRAINT duties_duty_systolic_check CHECK ((systolic >= 0)),
    CONSTRAINT duty_status_known CHECK (((status)::text = ANY ((ARRAY['planned'::character varying, 'due'::character varying, 'done'::character varying, 'confirmed'::character varying, 'unconfirmed'::character varying, 'disputed'::character varying, 'missed'::character varying, 'waived'::character varying])::text[]))),
    CONSTRAINT what_was_done_says_by_whom CHECK (((NOT ((status)::text = ANY ((ARRAY['done'::character varying, 'confirmed'::character varying, 'unconfirmed'::character varying, 'disputed'::character varying])::text[]))) OR ((served_at IS NOT NULL) AND (served_by_id IS NOT NULL) AND (NOT ((mode)::text = ''::text))))),
    CONSTRAINT what_was_signed_has_a_signature CHECK (((NOT ((answered)::text = 'signed'::text)) OR (signature IS NOT NULL)))
);
CREATE TABLE public.duties_plan (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    groups character varying(12)[] NOT NULL,
    read_on date NOT NULL,
    contract_id uuid NOT NULL,
    delivered_on date,
    discharged_on date,
    expected_on date,
    risk character varying(6) DEFAULT ''::character varying NOT NULL,
    ended_as character varying(5) DEFAULT ''::character varying NOT NULL,
    ended_at timestamp with time zone,
    ended_on date,
    risk_at timestamp with time zone,
    CONSTRAINT a_pregnancy_ends_in_one_way CHECK (((ended_on IS NULL) OR (delivered_on IS NULL))),
    CONSTRAINT a_risk_is_one_of_five_colours CHECK (((risk)::text = ANY ((ARRAY[''::character varying, 'green'::character varying, 'yellow'::character varying, 'orange'::character varying, 'red'::character varying, 'purple'::character varying])::text[]))),
    CONSTRAINT an_ended_pregnancy_says_how CHECK (((((ended_as)::text = ''::text) AND (ended_at IS NULL) AND (ended_on IS NULL)) OR (((ended_as)::text = ANY ((ARRAY['lost'::character varying, 'still'::character varying, 'ended'::character varying])::text[])) AND (ended_at IS NOT NULL) AND (ended_on IS NOT NULL)))),
    CONSTRAINT nobody_goes_home_before_the_birth CHECK (((delivered_on IS NULL) OR (discharged_on IS NULL) OR (discharged_on >= delivered_on)))
);
CREATE TABLE public.duties_proposal (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "group" character varying(12) NOT NULL,
    answer character varying(9) NOT NULL,
    because character varying(200) NOT NULL,
    answered_at timestamp with time zone,
    answered_by_id uuid,
    contract_id uuid NOT NULL,
    CONSTRAINT a_declined_proposal_says_why CHECK (((NOT ((answer)::text = 'declined'::text)) OR (NOT ((because)::text = ''::text)))),
    CONSTRAINT an_answered_proposal_says_by_whom CHECK (((((answer)::text = 'open'::text) AND (answered_at IS NULL) AND (answered_by_id IS NULL)) OR (((answer)::text = ANY ((ARRAY['confirmed'::character varying, 'declined'::character varying])::text[])) AND (answered_at IS NOT NULL) AND (answered_by_id IS NOT NULL))))
);
CREATE TABLE public.duties_quota (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    rule character varying(17) NOT NULL,
    begins_on date NOT NULL,
    quota smallint NOT NULL,
    used smallint NOT NULL,
    contract_id uuid NOT NULL,
    service character varying(40) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT a_quota_is_not_exceeded CHECK (((used >= 0) AND (used <= quota))),
    CONSTRAINT duties_quota_quota_check CHECK ((quota >= 0)),
    CONSTRAINT duties_quota_used_check CHECK ((used >= 0))
);
CREATE TABLE public.duties_rate (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    county character varying(6) NOT NULL,
    "group" character varying(12) NOT NULL,
    face boolean NOT NULL,
    owed integer NOT NULL,
    kept integer NOT NULL,
    counted_on date NOT NULL,
    CONSTRAINT duties_rate_kept_check CHECK ((kept >= 0)),
    CONSTRAINT duties_rate_owed_check CHECK ((owed >= 0)),
    CONSTRAINT no_more_is_kept_than_owed CHECK ((kept <= owed))
);
CREATE TABLE public.duties_reading (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(16) NOT NULL,
    systolic smallint,
    diastolic smallint,
    glucose numeric(4,1),
    taken_at timestamp with time zone NOT NULL,
    struck boolean NOT NULL,
    duty_id uuid NOT NULL,
    taken_by_id uuid NOT NULL,
    visit_id uuid,
    value numeric(8,2),
    word character varying(10) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT a_reading_has_its_value CHECK ((((diastolic IS NOT NULL) AND ((kind)::text = 'pressure'::text) AND (systolic IS NOT NULL)) OR ((glucose IS NOT NULL) AND ((kind)::text = 'glucose'::text)) OR ((NOT ((kind)::text = ANY ((ARRAY['pressure'::character varying, 'glucose'::character varying])::text[]))) AND ((value IS NOT NULL) OR (NOT ((word)::text = ''::text)))))),
    CONSTRAINT duties_reading_diastolic_check CHECK ((diastolic >= 0)),
    CONSTRAINT duties_reading_systolic_check CHECK ((systolic >= 0))
);
CREATE TABLE public.duties_visit (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    mode character varying(12) NOT NULL,
    served_at timestamp with time zone NOT NULL,
    draft uuid,
    systolic smallint,
    diastolic smallint,
    glucose numeric(4,1),
    signs boolean NOT NULL,
    note character varying(500) NOT NULL,
    because character varying(200) NOT NULL,
    duty_id uuid NOT NULL,
    served_by_id uuid NOT NULL,
    entries jsonb DEFAULT '{}'::jsonb NOT NULL,
    filed boolean DEFAULT false NOT NULL,
    CONSTRAINT a_further_visit_says_why CHECK ((NOT ((because)::text = ''::text))),
    CONSTRAINT duties_visit_diastolic_check CHECK ((diastolic >= 0)),
    CONSTRAINT duties_visit_systolic_check CHECK ((systolic >= 0))
);
CREATE TABLE public.fhir_date (
    key bigint NOT NULL,
    lo timestamp with time zone NOT NULL,
    hi timestamp with time zone NOT NULL,
    rid bigint NOT NULL
);
CREATE TABLE public.fhir_number (
    key bigint NOT NULL,
    lo double precision NOT NULL,
    hi double precision NOT NULL,
    unit bigint,
    rid bigint NOT NULL
);
CREATE TABLE public.fhir_resource (
    type smallint NOT NULL,
    rid bigint NOT NULL,
    fhir_id text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    updated timestamp with time zone NOT NULL,
    deleted boolean DEFAULT false NOT NULL,
    rev smallint NOT NULL,
    patient bigint,
    org integer,
    owner text,
    at timestamp with time zone NOT NULL,
    hi timestamp with time zone,
    has bigint DEFAULT 0 NOT NULL,
    tokens bigint[] NOT NULL
)
PARTITION BY LIST (type);
CREATE TABLE public.fhir_resource_appointment (
    type smallint CONSTRAINT fhir_resource_type_not_null NOT NULL,
    rid bigint CONSTRAINT fhir_resource_rid_not_null NOT NULL,
    fhir_id text CONSTRAINT fhir_resource_fhir_id_not_null NOT NULL COLLATE pg_catalog."C",
    version integer CONSTRAINT fhir_resource_version_not_null NOT NULL,
    updated timestamp with time zone CONSTRAINT fhir_resource_updated_not_null NOT NULL,
    deleted boolean DEFAULT false CONSTRAINT fhir_resource_deleted_not_null NOT NULL,
    rev smallint CONSTRAINT fhir_resource_rev_not_null NOT NULL,
    patient bigint,
    org integer,
    owner text,
    at timestamp with time zone CONSTRAINT fhir_resource_at_not_null NOT NULL,
    hi timestamp with time zone,
    has bigint DEFAULT 0 CONSTRAINT fhir_resource_has_not_null NOT NULL,
    tokens bigint[] CONSTRAINT fhir_resource_tokens_not_null NOT NULL
);
CREATE TABLE public.fhir_resource_claim (
    type smallint CONSTRAINT fhir_resource_type_not_null NOT NULL,
    rid bigint CONSTRAINT fhir_resource_rid_not_null NOT NULL,
    fhir_id text CONSTRAINT fhir_resource_fhir_id_not_null NOT NULL COLLATE pg_catalog."C",
    version integer CONSTRAINT fhir_resource_version_not_null NOT NULL,
    updated timestamp with time zone CONSTRAINT fhir_resource_updated_not_null NOT NULL,
    deleted boolean DEFAULT false CONSTRAINT fhir_resource_deleted_not_null NOT NULL,
    rev smallint CONSTRAINT fhir_resource_rev_not_null NOT NULL,
    patient bigint,
    org integer,
    owner text,
    at timestamp with time zone CONSTRAINT fhir_resource_at_not_null NOT NULL,
    hi timestamp with time zone,
    has bigint DEFAULT 0 CONSTRAINT fhir_resource_has_not_null NOT NULL,
    tokens bigint[] CONSTRAINT fhir_resource_tokens_not_null NOT NULL
);
CREATE TABLE public.fhir_resource_condition (
    type smallint CONSTRAINT fhir_resource_type_not_null NOT NULL,
    rid bigint CONSTRAINT fhir_resource_rid_not_null NOT NULL,
    fhir_id text CONSTRAINT fhir_resource_fhir_id_not_null NOT NULL COLLATE pg_catalog."C",
    version integer CONSTRAINT fhir_resource_version_not_null NOT NULL,
    updated timestamp with time zone CONSTRAINT fhir_resource_updated_not_null NOT NULL,
    deleted boolean DEFAULT false CONSTRAINT fhir_resource_deleted_not_null NOT NULL,
    rev smallint CONSTRAINT fhir_resource_rev_not_null NOT NULL,
    patient bigint,
    org integer,
    owner text,
    at timestamp with time zone CONSTRAINT fhir_resource_at_not_null NOT NULL,
    hi timestamp with time zone,
    has bigint DEFAULT 0 CONSTRAINT fhir_resource_has_not_null NOT NULL,
    tokens bigint[] CONSTRAINT fhir_resource_tokens_not_null NOT NULL
);
CREATE TABLE public.fhir_resource_diagnosticreport (
    type smallint CONSTRAINT fhir_resource_type_not_null NOT NULL,
    rid bigint CONSTRAINT fhir_resource_rid_not_null NOT NULL,
    fhir_id text CONSTRAINT fhir_resource_fhir_id_not_null NOT NULL COLLATE pg_catalog."C",
    version integer CONSTRAINT fhir_resource_version_not_null NOT NULL,
    updated timestamp with time zone CONSTRAINT fhir_resource_updated_not_null NOT NULL,
    deleted boolean DEFAULT false CONSTRAINT fhir_resource_deleted_not_null NOT NULL,
    rev smallint CONSTRAINT fhir_resource_rev_not_null NOT NULL,
    patient bigint,
    org integer,
    owner text,
    at timestamp with time zone CONSTRAINT fhir_resource_at_not_null NOT NULL,
    hi timestamp with time zone,
    has bigint DEFAULT 0 CONSTRAINT fhir_resource_has_not_null NOT NULL,
    tokens bigint[] CONSTRAINT fhir_resource_tokens_not_null NOT NULL
);
CREATE TABLE public.fhir_resource_encounter (
    type smallint CONSTRAINT fhir_resource_type_not_null NOT NULL,
    rid bigint CONSTRAINT fhir_resource_rid_not_null NOT NULL,
    fhir_id text CONSTRAINT fhir_resource_fhir_id_not_null NOT NULL COLLATE pg_catalog."C",
    version integer CONSTRAINT fhir_resource_version_not_null NOT NULL,
    updated timestamp with time zone CONSTRAINT fhir_resource_updated_not_null NOT NULL,
    deleted boolean DEFAULT false CONSTRAINT fhir_resource_deleted_not_null NOT NULL,
    rev smallint CONSTRAINT fhir_resource_rev_not_null NOT NULL,
    patient bigint,
    org integer,
    owner text,
    at timestamp with time zone CONSTRAINT fhir_resource_at_not_null NOT NULL,
    hi timestamp with time zone,
    has bigint DEFAULT 0 CONSTRAINT fhir_resource_has_not_null NOT NULL,
    tokens bigint[] CONSTRAINT fhir_resource_tokens_not_null NOT NULL
);
CREATE TABLE public.fhir_resource_explanationofbenefit (
    type smallint CONSTRAINT fhir_resource_type_not_null NOT NULL,
    rid bigint CONSTRAINT fhir_resource_rid_not_null NOT NULL,
    fhir_id text CONSTRAINT fhir_resource_fhir_id_not_null NOT NULL COLLATE pg_catalog."C",
    version integer CONSTRAINT fhir_resource_version_not_null NOT NULL,
    updated timestamp with time zone CONSTRAINT fhir_resource_updated_not_null NOT NULL,
    deleted boolean DEFAULT false CONSTRAINT fhir_resource_deleted_not_null NOT NULL,
    rev smallint CONSTRAINT fhir_resource_rev_not_null NOT NULL,
    patient bigint,
    org integer,
    owner text,
    at timestamp with time zone CONSTRAINT fhir_resource_at_not_null NOT NULL,
    hi timestamp with time zone,
    has bigint DEFAULT 0 CONSTRAINT fhir_resource_has_not_null NOT NULL,
    tokens bigint[] CONSTRAINT fhir_resource_tokens_not_null NOT NULL
);
CREATE TABLE public.fhir_resource_immunization (
    type smallint CONSTRAINT fhir_resource_type_not_null NOT NULL,
    rid bigint CONSTRAINT fhir_resource_rid_not_null NOT NULL,
    fhir_id text CONSTRAINT fhir_resource_fhir_id_not_null NOT NULL COLLATE pg_catalog."C",
    version integer CONSTRAINT fhir_resource_version_not_null NOT NULL,
    updated timestamp with time zone CONSTRAINT fhir_resource_updated_not_null NOT NULL,
    deleted boolean DEFAULT false CONSTRAINT fhir_resource_deleted_not_null NOT NULL,
    rev smallint CONSTRAINT fhir_resource_rev_not_null NOT NULL,
    patient bigint,
    org integer,
    owner text,
    at timestamp with time zone CONSTRAINT fhir_resource_at_not_null NOT NULL,
    hi timestamp with time zone,
    has bigint DEFAULT 0 CONSTRAINT fhir_resource_has_not_null NOT NULL,
    tokens bigint[] CONSTRAINT fhir_resource_tokens_not_null NOT NULL
);
CREATE TABLE public.fhir_resource_medicationrequest (
    type smallint CONSTRAINT fhir_resource_type_not_null NOT NULL,
    rid bigint CONSTRAINT fhir_resource_rid_not_null NOT NULL,
    fhir_id text CONSTRAINT fhir_resource_fhir_id_not_null NOT NULL COLLATE pg_catalog."C",
    version integer CONSTRAINT fhir_resource_version_not_null NOT NULL,
    updated timestamp with time zone CONSTRAINT fhir_resource_updated_not_null NOT NULL,
    deleted boolean DEFAULT false CONSTRAINT fhir_resource_deleted_not_null NOT NULL,
    rev smallint CONSTRAINT fhir_resource_rev_not_null NOT NULL,
    patient bigint,
    org integer,
    owner text,
    at timestamp with time zone CONSTRAINT fhir_resource_at_not_null NOT NULL,
    hi timestamp with time zone,
    has bigint DEFAULT 0 CONSTRAINT fhir_resource_has_not_null NOT NULL,
    tokens bigint[] CONSTRAINT fhir_resource_tokens_not_null NOT NULL
);
CREATE TABLE public.fhir_resource_observation (
    type smallint CONSTRAINT fhir_resource_type_not_null NOT NULL,
    rid bigint CONSTRAINT fhir_resource_rid_not_null NOT NULL,
    fhir_id text CONSTRAINT fhir_resource_fhir_id_not_null NOT NULL COLLATE pg_catalog."C",
    version integer CONSTRAINT fhir_resource_version_not_null NOT NULL,
    updated timestamp with time zone CONSTRAINT fhir_resource_updated_not_null NOT NULL,
    deleted boolean DEFAULT false CONSTRAINT fhir_resource_deleted_not_null NOT NULL,
    rev smallint CONSTRAINT fhir_resource_rev_not_null NOT NULL,
    patient bigint,
    org integer,
    owner text,
    at timestamp with time zone CONSTRAINT fhir_resource_at_not_null NOT NULL,
    hi timestamp with time zone,
    has bigint DEFAULT 0 CONSTRAINT fhir_resource_has_not_null NOT NULL,
    tokens bigint[] CONSTRAINT fhir_resource_tokens_not_null NOT NULL
);
CREATE TABLE public.fhir_resource_other (
    type smallint CONSTRAINT fhir_resource_type_not_null NOT NULL,
    rid bigint CONSTRAINT fhir_resource_rid_not_null NOT NULL,
    fhir_id text CONSTRAINT fhir_resource_fhir_id_not_null NOT NULL COLLATE pg_catalog."C",
    version integer CONSTRAINT fhir_resource_version_not_null NOT NULL,
    updated timestamp with time zone CONSTRAINT fhir_resource_updated_not_null NOT NULL,
    deleted boolean DEFAULT false CONSTRAINT fhir_resource_deleted_not_null NOT NULL,
    rev smallint CONSTRAINT fhir_resource_rev_not_null NOT NULL,
    patient bigint,
    org integer,
    owner text,
    at timestamp with time zone CONSTRAINT fhir_resource_at_not_null NOT NULL,
    hi timestamp with time zone,
    has bigint DEFAULT 0 CONSTRAINT fhir_resource_has_not_null NOT NULL,
    tokens bigint[] CONSTRAINT fhir_resource_tokens_not_null NOT NULL
);
CREATE TABLE public.fhir_resource_patient (
    type smallint CONSTRAINT fhir_resource_type_not_null NOT NULL,
    rid bigint CONSTRAINT fhir_resource_rid_not_null NOT NULL,
    fhir_id text CONSTRAINT fhir_resource_fhir_id_not_null NOT NULL COLLATE pg_catalog."C",
    version integer CONSTRAINT fhir_resource_version_not_null NOT NULL,
    updated timestamp with time zone CONSTRAINT fhir_resource_updated_not_null NOT NULL,
    deleted boolean DEFAULT false CONSTRAINT fhir_resource_deleted_not_null NOT NULL,
    rev smallint CONSTRAINT fhir_resource_rev_not_null NOT NULL,
    patient bigint,
    org integer,
    owner text,
    at timestamp with time zone CONSTRAINT fhir_resource_at_not_null NOT NULL,
    hi timestamp with time zone,
    has bigint DEFAULT 0 CONSTRAINT fhir_resource_has_not_null NOT NULL,
    tokens bigint[] CONSTRAINT fhir_resource_tokens_not_null NOT NULL
);
CREATE TABLE public.fhir_resource_procedure (
    type smallint CONSTRAINT fhir_resource_type_not_null NOT NULL,
    rid bigint CONSTRAINT fhir_resource_rid_not_null NOT NULL,
    fhir_id text CONSTRAINT fhir_resource_fhir_id_not_null NOT NULL COLLATE pg_catalog."C",
    version integer CONSTRAINT fhir_resource_version_not_null NOT NULL,
    updated timestamp with time zone CONSTRAINT fhir_resource_updated_not_null NOT NULL,
    deleted boolean DEFAULT false CONSTRAINT fhir_resource_deleted_not_null NOT NULL,
    rev smallint CONSTRAINT fhir_resource_rev_not_null NOT NULL,
    patient bigint,
    org integer,
    owner text,
    at timestamp with time zone CONSTRAINT fhir_resource_at_not_null NOT NULL,
    hi timestamp with time zone,
    has bigint DEFAULT 0 CONSTRAINT fhir_resource_has_not_null NOT NULL,
    tokens bigint[] CONSTRAINT fhir_resource_tokens_not_null NOT NULL
);
CREATE TABLE public.fhir_resource_servicerequest (
    type smallint CONSTRAINT fhir_resource_type_not_null NOT NULL,
    rid bigint CONSTRAINT fhir_resource_rid_not_null NOT NULL,
    fhir_id text CONSTRAINT fhir_resource_fhir_id_not_null NOT NULL COLLATE pg_catalog."C",
    version integer CONSTRAINT fhir_resource_version_not_null NOT NULL,
    updated timestamp with time zone CONSTRAINT fhir_resource_updated_not_null NOT NULL,
    deleted boolean DEFAULT false CONSTRAINT fhir_resource_deleted_not_null NOT NULL,
    rev smallint CONSTRAINT fhir_resource_rev_not_null NOT NULL,
    patient bigint,
    org integer,
    owner text,
    at timestamp with time zone CONSTRAINT fhir_resource_at_not_null NOT NULL,
    hi timestamp with time zone,
    has bigint DEFAULT 0 CONSTRAINT fhir_resource_has_not_null NOT NULL,
    tokens bigint[] CONSTRAINT fhir_resource_tokens_not_null NOT NULL
);
CREATE TABLE public.fhir_string (
    key bigint NOT NULL,
    norm text NOT NULL COLLATE pg_catalog."C",
    raw text,
    rid bigint NOT NULL
);
CREATE TABLE public.fhir_token (
    tok bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    rid bigint NOT NULL
);
CREATE TABLE public.fhir_version (
    rid bigint NOT NULL,
    version integer NOT NULL,
    type smallint NOT NULL,
    updated timestamp with time zone NOT NULL,
    deleted boolean NOT NULL,
    method smallint NOT NULL,
    body text NOT NULL
)
PARTITION BY RANGE (rid);
CREATE TABLE public.fhir_version_foreign (
    rid bigint CONSTRAINT fhir_version_rid_not_null NOT NULL,
    version integer CONSTRAINT fhir_version_version_not_null NOT NULL,
    type smallint CONSTRAINT fhir_version_type_not_null NOT NULL,
    updated timestamp with time zone CONSTRAINT fhir_version_updated_not_null NOT NULL,
    deleted boolean CONSTRAINT fhir_version_deleted_not_null NOT NULL,
    method smallint CONSTRAINT fhir_version_method_not_null NOT NULL,
    body text CONSTRAINT fhir_version_body_not_null NOT NULL
);
CREATE TABLE public.fhir_version_other (
    rid bigint CONSTRAINT fhir_version_rid_not_null NOT NULL,
    version integer CONSTRAINT fhir_version_version_not_null NOT NULL,
    type smallint CONSTRAINT fhir_version_type_not_null NOT NULL,
    updated timestamp with time zone CONSTRAINT fhir_version_updated_not_null NOT NULL,
    deleted boolean CONSTRAINT fhir_version_deleted_not_null NOT NULL,
    method smallint CONSTRAINT fhir_version_method_not_null NOT NULL,
    body text CONSTRAINT fhir_version_body_not_null NOT NULL
);
CREATE TABLE public.greens_green (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(10) NOT NULL,
    status character varying(12) NOT NULL,
    contact_at timestamp with time zone NOT NULL,
    vitals character varying(300) NOT NULL,
    acknowledged_at timestamp with time zone,
    outcome character varying(9) NOT NULL,
    outcome_note character varying(300) NOT NULL,
    ended_at timestamp with time zone,
    acknowledged_by_id uuid,
    ended_by_id uuid,
    referral_id uuid NOT NULL,
    CONSTRAINT an_ended_green_has_an_outcome CHECK (((NOT ((status)::text = 'ended'::text)) OR ((NOT ((outcome)::text = ''::text)) AND (ended_at IS NOT NULL)))),
    CONSTRAINT green_kind_known CHECK (((kind)::text = ANY ((ARRAY['chest_pain'::character varying, 'stroke'::character varying, 'trauma'::character varying, 'obstetric'::character varying])::text[]))),
    CONSTRAINT green_status_known CHECK (((status)::text = ANY ((ARRAY['called'::character varying, 'acknowledged'::character varying, 'ended'::character varying, 'withdrawn'::character varying])::text[]))),
    CONSTRAINT who_acknowledges_a_green_is_known CHECK (((NOT ((status)::text = 'acknowledged'::text)) OR ((acknowledged_at IS NOT NULL) AND (acknowledged_by_id IS NOT NULL))))
);
CREATE TABLE public.greens_stamp (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    station character varying(10) NOT NULL,
    at timestamp with time zone NOT NULL,
    reason character varying(200) NOT NULL,
    key uuid NOT NULL,
    by_id uuid NOT NULL,
    corrected_by_id uuid,
    green_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    CONSTRAINT no_stamp_corrects_itself CHECK (((corrected_by_id IS NULL) OR (NOT ((corrected_by_id = id) AND (corrected_by_id IS NOT NULL)))))
);
CREATE TABLE public.guests_link (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    digest character varying(43) NOT NULL,
    browser character varying(43) NOT NULL,
    opened_at timestamp with time zone,
    ended_at timestamp with time zone,
    phone character varying(20) NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    holder_id uuid NOT NULL,
    made_by_id uuid,
    room_id uuid NOT NULL,
    CONSTRAINT an_opened_guest_link_has_a_browser CHECK (((((browser)::text = ''::text) AND (opened_at IS NULL)) OR ((NOT ((browser)::text = ''::text)) AND (opened_at IS NOT NULL))))
);
CREATE TABLE public.imaging_instance (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sop_uid character varying(64) NOT NULL,
    sop_class character varying(64) NOT NULL,
    transfer_syntax character varying(64) NOT NULL,
    number integer,
    frame_count integer NOT NULL,
    sha256 character varying(64) NOT NULL,
    size bigint NOT NULL,
    facts jsonb NOT NULL,
    series_id uuid NOT NULL,
    CONSTRAINT an_instance_has_frames CHECK ((frame_count >= 1)),
    CONSTRAINT imaging_instance_frame_count_check CHECK ((frame_count >= 0))
);
CREATE TABLE public.imaging_opening (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    frames integer NOT NULL,
    user_id uuid NOT NULL,
    study_id uuid NOT NULL,
    CONSTRAINT imaging_opening_frames_check CHECK ((frames >= 0))
);
CREATE TABLE public.imaging_partialupload (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    name character varying(200) NOT NULL,
    fingerprint character varying(64) NOT NULL,
    size bigint NOT NULL,
    received bigint NOT NULL,
    touched_at timestamp with time zone NOT NULL,
    outcome jsonb,
    patient_id uuid NOT NULL,
    user_id uuid NOT NULL,
    attachment character varying(16) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT no_more_than_was_announced CHECK (((received >= 0) AND (received <= size))),
    CONSTRAINT upload_attachment_known CHECK (((attachment)::text = ANY ((ARRAY[''::character varying, 'photo'::character varying, 'paper_ecg'::character varying, 'document'::character varying])::text[])))
);
CREATE TABLE public.imaging_series (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    series_uid character varying(64) NOT NULL,
    modality character varying(16) NOT NULL,
    number integer,
    description character varying(200) NOT NULL,
    body_part character varying(64) NOT NULL,
    study_id uuid NOT NULL
);
CREATE TABLE public.imaging_shipment (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    about uuid NOT NULL,
    touched_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    patient_id uuid NOT NULL,
    user_id uuid NOT NULL
);
CREATE TABLE public.imaging_shipment_studies (
    id bigint NOT NULL,
    shipment_id uuid NOT NULL,
    study_id uuid NOT NULL
);
ALTER TABLE public.imaging_shipment_studies ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.imaging_shipment_studies_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.imaging_shippedfile (
    id bigint NOT NULL,
    key character varying(32) NOT NULL,
    images integer NOT NULL,
    size bigint NOT NULL,
    received bigint NOT NULL,
    came integer,
    shipment_id uuid NOT NULL,
    CONSTRAINT imaging_shippedfile_came_check CHECK ((came >= 0)),
    CONSTRAINT imaging_shippedfile_images_check CHECK ((images >= 0)),
    CONSTRAINT no_more_than_was_shipped CHECK (((received >= 0) AND (received <= size)))
);
ALTER TABLE public.imaging_shippedfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.imaging_shippedfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.imaging_study (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    study_uid character varying(64) NOT NULL,
    modality character varying(16) NOT NULL,
    described character varying(200) NOT NULL,
    studied_at timestamp with time zone,
    stated jsonb NOT NULL,
    frame_count integer NOT NULL,
    settled boolean NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    organisation_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    uploaded_by_id uuid,
    attachment character varying(16) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT imaging_study_frame_count_check CHECK ((frame_count >= 0)),
    CONSTRAINT study_attachment_known CHECK (((attachment)::text = ANY ((ARRAY[''::character varying, 'photo'::character varying, 'paper_ecg'::character varying, 'document'::character varying])::text[])))
);
CREATE TABLE public.keyimages_keyimage (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    series character varying(80) NOT NULL,
    slice integer NOT NULL,
    view jsonb NOT NULL,
    marks jsonb NOT NULL,
    caption character varying(300) NOT NULL,
    sha256 character varying(64) NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    client_id uuid NOT NULL,
    in_opinion boolean NOT NULL,
    removed_at timestamp with time zone,
    case_id uuid NOT NULL,
    made_by_id uuid NOT NULL,
    study_id uuid NOT NULL,
    CONSTRAINT a_key_image_says_what_it_is CHECK ((NOT ((caption)::text = ''::text))),
    CONSTRAINT keyimages_keyimage_height_check CHECK ((height >= 0)),
    CONSTRAINT keyimages_keyimage_slice_check CHECK ((slice >= 0)),
    CONSTRAINT keyimages_keyimage_width_check CHECK ((width >= 0))
);
CREATE TABLE public.keyimages_still (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    agreed boolean NOT NULL,
    client_id uuid NOT NULL,
    camera_of_id uuid NOT NULL,
    case_id uuid NOT NULL,
    study_id uuid NOT NULL,
    taken_by_id uuid NOT NULL,
    CONSTRAINT a_still_needs_agreement CHECK (agreed)
);
CREATE TABLE public.mfa_authenticator (
    id bigint NOT NULL,
    type character varying(20) NOT NULL,
    data jsonb NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);
ALTER TABLE public.mfa_authenticator ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mfa_authenticator_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mpi_death (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    died_on date NOT NULL,
    source character varying(12) NOT NULL,
    second_source character varying(12) NOT NULL,
    undone_at timestamp with time zone,
    undone_because character varying(200) NOT NULL,
    entered_by_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    undone_by_id uuid,
    CONSTRAINT two_sources_of_a_death_differ CHECK ((NOT ((second_source)::text = (source)::text))),
    CONSTRAINT who_takes_back_a_death_says_why CHECK ((((undone_at IS NULL) AND ((undone_because)::text = ''::text)) OR ((undone_at IS NOT NULL) AND (NOT ((undone_because)::text = ''::text)))))
);
CREATE TABLE public.mpi_healthcard (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number_sealed bytea NOT NULL,
    number_hash character varying(43) NOT NULL,
    tail character varying(4) NOT NULL,
    active boolean NOT NULL,
    entered_by_id uuid,
    patient_id uuid NOT NULL
);
CREATE TABLE public.mpi_household (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    address character varying(200) NOT NULL,
    division_id character varying(12) NOT NULL,
    entered_by_id uuid NOT NULL,
    organisation_id uuid NOT NULL
);
CREATE TABLE public.mpi_lowincome (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    id_card_hash character varying(43) NOT NULL,
    kind character varying(11) NOT NULL,
    valid_from date NOT NULL,
    ends_on date,
    brought_in_id uuid NOT NULL,
    CONSTRAINT low_income_ends_after_it_begins CHECK (((ends_on IS NULL) OR (ends_on >= valid_from))),
    CONSTRAINT low_income_kind_known CHECK (((kind)::text = ANY ((ARRAY['subsistence'::character varying, 'hardship'::character varying, 'monitored'::character varying, 'special'::character varying])::text[])))
);
CREATE TABLE public.mpi_lowincomelist (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    valid_from date NOT NULL,
    brought_by_id uuid NOT NULL,
    county_id character varying(12) NOT NULL,
    organisation_id uuid NOT NULL,
    register character varying(10) DEFAULT 'low_income'::character varying NOT NULL
);
CREATE TABLE public.mpi_member (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    is_head boolean NOT NULL,
    kin character varying(12) NOT NULL,
    joined_on date NOT NULL,
    left_on date,
    entered_by_id uuid NOT NULL,
    household_id uuid NOT NULL,
    person_id uuid NOT NULL,
    CONSTRAINT a_member_is_something_to_the_head CHECK (((is_head AND ((kin)::text = ''::text)) OR ((NOT is_head) AND (NOT ((kin)::text = ''::text))))),
    CONSTRAINT a_member_leaves_after_joining CHECK (((left_on IS NULL) OR (left_on >= joined_on)))
);
CREATE TABLE public.mpi_merge (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    reason character varying(200) NOT NULL,
    pointers jsonb NOT NULL,
    undone_at timestamp with time zone,
    undo_reason character varying(200) NOT NULL,
    confirmed_by_id uuid NOT NULL,
    loser_id uuid NOT NULL,
    proposed_by_id uuid NOT NULL,
    survivor_id uuid NOT NULL,
    undo_proposed_by_id uuid,
    undone_by_id uuid,
    pair_id uuid NOT NULL,
    CONSTRAINT two_people_merge CHECK ((NOT (confirmed_by_id = proposed_by_id))),
    CONSTRAINT two_people_separate CHECK (((undone_at IS NULL) OR ((undone_by_id IS NOT NULL) AND (NOT ((undone_by_id = undo_proposed_by_id) AND (undone_by_id IS NOT NULL) AND (undo_proposed_by_id IS NOT NULL))))))
);
CREATE TABLE public.mpi_pair (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    state character varying(10) NOT NULL,
    grade character varying(8) NOT NULL,
    score smallint NOT NULL,
    reasons jsonb NOT NULL,
    said character varying(200) NOT NULL,
    decided_at timestamp with time zone,
    reason character varying(200) NOT NULL,
    proposed_at timestamp with time zone,
    proposal character varying(200) NOT NULL,
    decided_by_id uuid,
    one_id uuid NOT NULL,
    other_id uuid NOT NULL,
    proposed_by_id uuid,
    suggested_by_id uuid,
    survivor_id uuid,
    CONSTRAINT a_pair_is_ordered CHECK ((one_id < other_id)),
    CONSTRAINT a_proposal_says_what_and_why CHECK (((proposed_by_id IS NULL) OR ((survivor_id IS NOT NULL) AND (NOT ((proposal)::text = ''::text))))),
    CONSTRAINT one_of_the_pair_survives CHECK (((survivor_id IS NULL) OR (survivor_id = one_id) OR (survivor_id = other_id)))
);
CREATE TABLE public.mpi_patient (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    fhir_id character varying(64) NOT NULL,
    rid bigint NOT NULL,
    received boolean NOT NULL,
    name character varying(100) NOT NULL,
    pinyin character varying(200) NOT NULL,
    initials character varying(20) NOT NULL,
    sex character varying(8) NOT NULL,
    birth_date date,
    id_card_sealed bytea,
    id_card_hash character varying(43),
    id_card_tail character varying(4) NOT NULL,
    phone character varying(20) NOT NULL,
    address character varying(200) NOT NULL,
    deceased_on date,
    managing_organisation_id uuid,
    user_id uuid,
    birth_order smallint,
    has_merged boolean DEFAULT false NOT NULL,
    identified_at timestamp with time zone,
    merged_into_id uuid,
    mother_id uuid,
    registered_by_id uuid,
    temporary_because character varying(12) DEFAULT ''::character varying NOT NULL,
    temporary_no character varying(14),
    birth_time time without time zone,
    CONSTRAINT a_newborn_has_a_mother CHECK (((NOT ((temporary_because)::text = 'newborn'::text)) OR ((birth_order IS NOT NULL) AND (mother_id IS NOT NULL)))),
    CONSTRAINT mpi_patient_birth_order_check CHECK ((birth_order >= 0)),
    CONSTRAINT nobody_is_merged_into_themselves CHECK (((merged_into_id IS NULL) OR (NOT ((merged_into_id = id) AND (merged_into_id IS NOT NULL)))))
);
CREATE TABLE public.mpi_relation (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    basis character varying(8) NOT NULL,
    kin character varying(12) NOT NULL,
    papers character varying(20) NOT NULL,
    papers_no character varying(40) NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    ended_at timestamp with time zone,
    ended_because character varying(10) NOT NULL,
    delegate_id uuid NOT NULL,
    ended_by_id uuid,
    entered_by_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    CONSTRAINT a_guardianship_has_an_end CHECK ((((basis)::text = 'proxy'::text) OR (ends_on IS NOT NULL))),
    CONSTRAINT a_relation_ends_after_it_starts CHECK (((ends_on IS NULL) OR (ends_on >= starts_on))),
    CONSTRAINT an_ended_relation_says_why CHECK ((((ended_at IS NULL) AND ((ended_because)::text = ''::text)) OR ((ended_at IS NOT NULL) AND (ends_on IS NOT NULL) AND (NOT ((ended_because)::text = ''::text))))),
    CONSTRAINT nobody_acts_for_themselves CHECK ((NOT (subject_id = delegate_id)))
);
CREATE TABLE public.mpi_roll (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    digest character varying(64) NOT NULL,
    rows bigint NOT NULL,
    registered bigint NOT NULL,
    known bigint NOT NULL,
    refused bigint NOT NULL,
    queued bigint NOT NULL,
    finished_at timestamp with time zone,
    organisation_id uuid NOT NULL,
    CONSTRAINT every_row_of_a_roll_is_counted CHECK ((rows = ((registered + known) + refused))),
    CONSTRAINT mpi_roll_known_check CHECK ((known >= 0)),
    CONSTRAINT mpi_roll_queued_check CHECK ((queued >= 0)),
    CONSTRAINT mpi_roll_refused_check CHECK ((refused >= 0)),
    CONSTRAINT mpi_roll_registered_check CHECK ((registered >= 0)),
    CONSTRAINT mpi_roll_rows_check CHECK ((rows >= 0))
);
CREATE TABLE public.notifications_call (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    result character varying(12) NOT NULL,
    spoke_with character varying(30) NOT NULL,
    by_id uuid NOT NULL,
    delivery_id uuid NOT NULL,
    CONSTRAINT who_passes_it_on_is_named CHECK (((NOT ((result)::text = 'relayed'::text)) OR (NOT ((spoke_with)::text = ''::text))))
);
CREATE TABLE public.notifications_code (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    channel character varying(8) NOT NULL,
    address character varying(254) NOT NULL,
    sealed bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    tries smallint NOT NULL,
    sent_at timestamp with time zone,
    used_at timestamp with time zone,
    user_id uuid NOT NULL,
    CONSTRAINT notifications_code_tries_check CHECK ((tries >= 0))
);
CREATE TABLE public.notifications_delivery (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    channel character varying(8) NOT NULL,
    state character varying(16) NOT NULL,
    due_at timestamp with time zone NOT NULL,
    claimed_at timestamp with time zone,
    attempts smallint NOT NULL,
    sent_at timestamp with time zone,
    delivered_at timestamp with time zone,
    read_at timestamp with time zone,
    ended_at timestamp with time zone,
    parts smallint NOT NULL,
    gateway_id character varying(64) NOT NULL,
    error character varying(60) NOT NULL,
    link character varying(12),
    link_used_at timestamp with time zone,
    notification_id uuid NOT NULL,
    CONSTRAINT delivery_state_known CHECK (((state)::text = ANY ((ARRAY['queued'::character varying, 'held'::character varying, 'sent'::character varying, 'delivered'::character varying, 'read'::character varying, 'failed'::character varying, 'on_phone_list'::character varying, 'called'::character varying, 'unreachable'::character varying, 'stopped'::character varying])::text[]))),
    CONSTRAINT notifications_delivery_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT notifications_delivery_parts_check CHECK ((parts >= 0)),
    CONSTRAINT only_the_phone_rings CHECK ((((channel)::text = 'phone'::text) OR (NOT ((state)::text = ANY ((ARRAY['on_phone_list'::character varying, 'called'::character varying, 'unreachable'::character varying])::text[])))))
);
CREATE TABLE public.notifications_notification (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    template character varying(60) NOT NULL,
    about uuid NOT NULL,
    turn smallint NOT NULL,
    urgent boolean NOT NULL,
    facts jsonb NOT NULL,
    url character varying(200) NOT NULL,
    read_at timestamp with time zone,
    recipient_id uuid,
    pressing boolean NOT NULL,
    sender_id uuid,
    person_id uuid,
    CONSTRAINT an_account_or_a_person_is_told CHECK ((((person_id IS NOT NULL) AND (recipient_id IS NULL)) OR ((person_id IS NULL) AND (recipient_id IS NOT NULL)))),
    CONSTRAINT notifications_notification_turn_check CHECK ((turn >= 0))
);
CREATE TABLE public.notifications_preference (
    user_id uuid NOT NULL,
    channel character varying(8) NOT NULL,
    quiet boolean NOT NULL,
    quiet_from time without time zone NOT NULL,
    quiet_until time without time zone NOT NULL,
    urgent_only boolean NOT NULL,
    verified_email character varying(254) NOT NULL
);
CREATE TABLE public.opening_opening (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    waits_at timestamp with time zone NOT NULL,
    opens_at timestamp with time zone NOT NULL,
    draw_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    days date[] NOT NULL,
    seed character varying(64) NOT NULL,
    organisation_id uuid NOT NULL,
    CONSTRAINT an_opening_in_its_order CHECK (((waits_at <= opens_at) AND (opens_at < draw_at) AND (draw_at < ends_at)))
);
CREATE TABLE public.opinions_correction (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(12) NOT NULL,
    state character varying(8) NOT NULL,
    reason character varying(200) NOT NULL,
    decided_at timestamp with time zone,
    asked_by_id uuid NOT NULL,
    decided_by_id uuid,
    opinion_id uuid NOT NULL,
    CONSTRAINT correcting_gives_a_reason CHECK ((NOT ((reason)::text = ''::text))),
    CONSTRAINT two_persons_withdraw CHECK (((NOT (((kind)::text = 'withdrawal'::text) AND ((state)::text = 'done'::text))) OR ((decided_by_id IS NOT NULL) AND (NOT ((decided_by_id = asked_by_id) AND (decided_by_id IS NOT NULL))))))
);
CREATE TABLE public.opinions_cowriter (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    asked_by_id uuid NOT NULL,
    case_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    writer_id uuid NOT NULL,
    CONSTRAINT nobody_writes_along_with_themselves CHECK ((NOT (writer_id = asked_by_id)))
);
CREATE TABLE public.opinions_draft (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    findings text NOT NULL,
    conclusion text NOT NULL,
    recommendations text NOT NULL,
    amends smallint NOT NULL,
    reason character varying(200) NOT NULL,
    version integer NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    author_id uuid NOT NULL,
    case_id uuid NOT NULL,
    conclusion_version integer NOT NULL,
    findings_version integer NOT NULL,
    recommendations_version integer NOT NULL,
    CONSTRAINT opinions_draft_amends_check CHECK ((amends >= 0)),
    CONSTRAINT opinions_draft_conclusion_version_check CHECK ((conclusion_version >= 0)),
    CONSTRAINT opinions_draft_findings_version_check CHECK ((findings_version >= 0)),
    CONSTRAINT opinions_draft_recommendations_version_check CHECK ((recommendations_version >= 0)),
    CONSTRAINT opinions_draft_version_check CHECK ((version >= 0))
);
CREATE TABLE public.opinions_expertview (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    specialty character varying(20) NOT NULL,
    view character varying(8) NOT NULL,
    text text NOT NULL,
    stated_at timestamp with time zone,
    sealed text NOT NULL,
    digest character varying(64) NOT NULL,
    signature bytea NOT NULL,
    public_key bytea NOT NULL,
    case_id uuid NOT NULL,
    expert_id uuid NOT NULL,
    CONSTRAINT a_dissent_is_reasoned_and_signed CHECK (((NOT ((view)::text = 'dissent'::text)) OR ((NOT ((digest)::text = ''::text)) AND (length(text) >= 20)))),
    CONSTRAINT a_statement_says_when CHECK (((NOT ((view)::text = ANY ((ARRAY['agree'::character varying, 'dissent'::character varying])::text[]))) OR (stated_at IS NOT NULL)))
);
CREATE TABLE public.opinions_opinion (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    version smallint NOT NULL,
    findings text NOT NULL,
    conclusion text NOT NULL,
    recommendations text NOT NULL,
    reason character varying(200) NOT NULL,
    signed_at timestamp with time zone NOT NULL,
    sealed text NOT NULL,
    digest character varying(64) NOT NULL,
    previous_digest character varying(64) NOT NULL,
    signature bytea NOT NULL,
    public_key bytea NOT NULL,
    check_code character varying(20) NOT NULL,
    author_id uuid NOT NULL,
    case_id uuid NOT NULL,
    CONSTRAINT amending_gives_a_reason CHECK (((version = 1) OR (NOT ((reason)::text = ''::text)))),
    CONSTRAINT opinions_opinion_version_check CHECK ((version >= 0))
);
CREATE TABLE public.opinions_phrase (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    specialty character varying(20) NOT NULL,
    shared boolean NOT NULL,
    short character varying(20) NOT NULL,
    text text NOT NULL,
    organisation_id uuid NOT NULL,
    writer_id uuid NOT NULL,
    CONSTRAINT a_phrase_says_something CHECK (((NOT ((short)::text = ''::text)) AND (NOT (text = ''::text)))),
    CONSTRAINT shared_within_a_department CHECK (((NOT shared) OR (NOT ((specialty)::text = ''::text))))
);
CREATE TABLE public.opinions_sectionlease (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    section character varying(16) NOT NULL,
    until timestamp with time zone NOT NULL,
    case_id uuid NOT NULL,
    writer_id uuid NOT NULL
);
CREATE TABLE public.organisations_agreement (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    version smallint NOT NULL,
    state character varying(12) NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    asked_id uuid NOT NULL,
    asking_id uuid NOT NULL,
    activated_at timestamp with time zone,
    asked_contact character varying(100) NOT NULL,
    asking_contact character varying(100) NOT NULL,
    author_id uuid,
    digest character varying(64) NOT NULL,
    ended_at timestamp with time zone,
    platform boolean NOT NULL,
    series uuid NOT NULL,
    suspended_by_id uuid,
    terminates_on date,
    text text NOT NULL,
    service character varying(20) DEFAULT 'consult'::character varying NOT NULL,
    price integer DEFAULT 0 NOT NULL,
    asking_share smallint DEFAULT 30 NOT NULL,
    asked_share smallint DEFAULT 70 NOT NULL,
    CONSTRAINT agreement_state_known CHECK (((state)::text = ANY ((ARRAY['draft'::character varying, 'proposed'::character varying, 'countered'::character varying, 'rejected'::character varying, 'signed'::character varying, 'active'::character varying, 'suspended'::character varying, 'terminated'::character varying, 'expired'::character varying, 'superseded'::character varying])::text[]))),
    CONSTRAINT an_agreement_ends_after_it_starts CHECK ((starts_on <= ends_on)),
    CONSTRAINT nobody_asks_itself CHECK ((NOT (asking_id = asked_id))),
    CONSTRAINT organisations_agreement_asked_share_check CHECK ((asked_share >= 0)),
    CONSTRAINT organisations_agreement_asking_share_check CHECK ((asking_share >= 0)),
    CONSTRAINT organisations_agreement_price_check CHECK ((price >= 0)),
    CONSTRAINT organisations_agreement_version_check CHECK ((version >= 0)),
    CONSTRAINT shares_add_up CHECK ((asking_share = (100 - asked_share)))
);
CREATE TABLE public.organisations_agreementservice (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    service character varying(20) NOT NULL,
    unit character varying(10) NOT NULL,
    price integer NOT NULL,
    asking_share smallint NOT NULL,
    asked_share smallint NOT NULL,
    platform_share smallint NOT NULL,
    during daterange NOT NULL,
    in_force boolean NOT NULL,
    agreement_id uuid NOT NULL,
    asked_id uuid NOT NULL,
    asking_id uuid NOT NULL,
    CONSTRAINT organisations_agreementservice_asked_share_check CHECK ((asked_share >= 0)),
    CONSTRAINT organisations_agreementservice_asking_share_check CHECK ((asking_share >= 0)),
    CONSTRAINT organisations_agreementservice_platform_share_check CHECK ((platform_share >= 0)),
    CONSTRAINT organisations_agreementservice_price_check CHECK ((price >= 0)),
    CONSTRAINT shares_are_the_whole CHECK ((asking_share = ((100 - asked_share) - platform_share)))
);
CREATE TABLE public.organisations_agreementsignature (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    signed_by character varying(60) NOT NULL,
    signer_name character varying(60) NOT NULL,
    digest character varying(64) NOT NULL,
    agreement_id uuid NOT NULL,
    organisation_id uuid NOT NULL
);
CREATE TABLE public.organisations_agreementstep (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    action character varying(20) NOT NULL,
    actor_id character varying(60) NOT NULL,
    actor_name character varying(60) NOT NULL,
    reason character varying(300) NOT NULL,
    agreement_id uuid NOT NULL,
    organisation_id uuid
);
CREATE TABLE public.organisations_department (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    name character varying(100) NOT NULL,
    specialty character varying(20) NOT NULL,
    organisation_id uuid NOT NULL
);
CREATE TABLE public.organisations_division (
    code character varying(12) NOT NULL,
    level character varying(12) NOT NULL,
    name character varying(60) NOT NULL,
    longitude double precision,
    latitude double precision,
    parent_id character varying(12)
);
CREATE TABLE public.organisations_entry (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    subject uuid NOT NULL,
    reference character varying(40) NOT NULL,
    kind character varying(20) NOT NULL,
    accepted_at timestamp with time zone NOT NULL,
    units smallint NOT NULL,
    price integer NOT NULL,
    amount integer NOT NULL,
    asking_amount integer NOT NULL,
    asked_amount integer NOT NULL,
    platform_amount integer NOT NULL,
    shares jsonb NOT NULL,
    exempt character varying(100) NOT NULL,
    reason character varying(300) NOT NULL,
    state character varying(10) NOT NULL,
    objection character varying(300) NOT NULL,
    objected_by character varying(60) NOT NULL,
    agreement_id uuid,
    corrects_id uuid,
    statement_id uuid NOT NULL,
    CONSTRAINT a_correction_says_of_what_and_why CHECK ((((corrects_id IS NOT NULL) AND ((kind)::text = 'correction'::text) AND (NOT ((reason)::text = ''::text))) OR ((NOT ((kind)::text = 'correction'::text)) AND (corrects_id IS NULL)))),
    CONSTRAINT a_dispute_says_why CHECK (((NOT ((state)::text = 'disputed'::text)) OR (NOT ((objection)::text = ''::text)))),
    CONSTRAINT an_amount_is_split_whole CHECK ((amount = ((asking_amount + asked_amount) + platform_amount))),
    CONSTRAINT organisations_entry_price_check CHECK ((price >= 0)),
    CONSTRAINT what_is_exempt_costs_nothing CHECK ((((exempt)::text = ''::text) OR (amount = 0)))
);
CREATE TABLE public.organisations_organisation (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number integer NOT NULL,
    name character varying(200) NOT NULL,
    pinyin_initials character varying(60) NOT NULL,
    kind character varying(20) NOT NULL,
    phone character varying(20) NOT NULL,
    active boolean NOT NULL,
    division_id character varying(12) NOT NULL
);
CREATE TABLE public.organisations_statement (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    month date NOT NULL,
    state character varying(10) NOT NULL,
    reviewed_by character varying(60) NOT NULL,
    reviewer_name character varying(60) NOT NULL,
    reviewed_at timestamp with time zone,
    confirmed_by character varying(60) NOT NULL,
    confirmer_name character varying(60) NOT NULL,
    confirmed_at timestamp with time zone,
    number character varying(20),
    exported_at timestamp with time zone,
    file text NOT NULL,
    digest character varying(64) NOT NULL,
    asked_id uuid NOT NULL,
    asking_id uuid NOT NULL,
    CONSTRAINT a_statement_is_of_a_month CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT an_export_has_number_and_hash CHECK (((NOT ((state)::text = 'exported'::text)) OR ((number IS NOT NULL) AND (NOT ((digest)::text = ''::text))))),
    CONSTRAINT two_persons_settle CHECK ((((confirmed_by)::text = ''::text) OR (NOT ((confirmed_by)::text = (reviewed_by)::text))))
);
CREATE TABLE public.oversight_signal (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number character varying(20) NOT NULL,
    rule character varying(40) NOT NULL,
    month date NOT NULL,
    facts jsonb NOT NULL,
    explanation character varying(500) CONSTRAINT oversight_signal_note_not_null NOT NULL,
    explained_at timestamp with time zone,
    explained_by_id uuid,
    explained_for_id uuid,
    subject_id uuid NOT NULL,
    state character varying(10) DEFAULT 'raised'::character varying NOT NULL,
    cause character varying(10) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT a_signal_is_about_a_month CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT an_explanation_has_a_time CHECK ((((explained_at IS NULL) AND ((explanation)::text = ''::text)) OR ((explained_at IS NOT NULL) AND (NOT ((explanation)::text = ''::text))))),
    CONSTRAINT what_is_decided_was_explained CHECK (((NOT ((state)::text = ANY ((ARRAY['explained'::character varying, 'accepted'::character varying, 'escalated'::character varying])::text[]))) OR (explained_at IS NOT NULL)))
);
CREATE TABLE public.oversight_signalentry (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(10) NOT NULL,
    cause character varying(10) NOT NULL,
    text character varying(500) NOT NULL,
    month date,
    facts jsonb,
    role character varying(20) NOT NULL,
    actor_id character varying(60) NOT NULL,
    organisation_id uuid,
    signal_id uuid NOT NULL
);
CREATE TABLE public.oversight_silence (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    quiet_since timestamp with time zone NOT NULL,
    ever_asked boolean NOT NULL,
    noticed_at timestamp with time zone NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    turn smallint NOT NULL,
    reason character varying(10) NOT NULL,
    text character varying(200) NOT NULL,
    reason_at timestamp with time zone,
    told_at timestamp with time zone,
    ended_at timestamp with time zone,
    organisation_id uuid NOT NULL,
    CONSTRAINT a_reason_has_a_time CHECK (((((reason)::text = ''::text) AND (reason_at IS NULL)) OR ((NOT ((reason)::text = ''::text)) AND (reason_at IS NOT NULL)))),
    CONSTRAINT another_reason_says_which CHECK (((NOT ((reason)::text = 'other'::text)) OR (NOT ((text)::text = ''::text)))),
    CONSTRAINT oversight_silence_turn_check CHECK ((turn >= 0))
);
CREATE TABLE public.oversight_silenceentry (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(8) NOT NULL,
    reason character varying(10) NOT NULL,
    text character varying(200) NOT NULL,
    role character varying(20) NOT NULL,
    actor_id character varying(60) NOT NULL,
    organisation_id uuid,
    silence_id uuid NOT NULL
);
CREATE TABLE public.people_accesstoken (
    digest character varying(64) NOT NULL,
    scopes character varying(500) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    user_id uuid,
    application_id uuid,
    CONSTRAINT a_token_has_one_holder CHECK ((((application_id IS NOT NULL) AND (user_id IS NULL)) OR ((application_id IS NULL) AND (user_id IS NOT NULL))))
);
CREATE TABLE public.people_application (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    name character varying(100) NOT NULL,
    scopes character varying(500) NOT NULL,
    active boolean NOT NULL,
    organisation_id uuid NOT NULL
);
CREATE TABLE public.people_practitioner (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    title character varying(12) NOT NULL,
    licence_no character varying(20) NOT NULL,
    specialty character varying(20) NOT NULL,
    practising_since date NOT NULL,
    licensed_until date NOT NULL,
    user_id uuid NOT NULL,
    state character varying(10) DEFAULT 'active'::character varying NOT NULL,
    state_reason character varying(300) DEFAULT ''::character varying NOT NULL,
    suspended boolean DEFAULT false NOT NULL,
    CONSTRAINT a_licence_ends_after_practice_begins CHECK ((practising_since < licensed_until)),
    CONSTRAINT a_stopped_licence_says_why CHECK (((NOT ((state)::text = ANY ((ARRAY['suspended'::character varying, 'revoked'::character varying])::text[]))) OR (NOT ((state_reason)::text = ''::text))))
);
CREATE TABLE public.people_practitionerrole (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    role character varying(20) NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    department_id uuid,
    organisation_id uuid NOT NULL,
    user_id uuid NOT NULL
);
CREATE TABLE public.people_presence (
    user_id uuid NOT NULL,
    seen_at timestamp with time zone NOT NULL
);
CREATE TABLE public.people_signingkey (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    public_key bytea NOT NULL,
    wrapped_key bytea NOT NULL,
    salt bytea NOT NULL,
    revoked_at timestamp with time zone,
    failures smallint NOT NULL,
    locked_until timestamp with time zone,
    user_id uuid NOT NULL,
    memory_cost integer DEFAULT 65536 NOT NULL,
    parallelism smallint DEFAULT 4 NOT NULL,
    time_cost smallint DEFAULT 3 NOT NULL,
    CONSTRAINT people_signingkey_failures_check CHECK ((failures >= 0)),
    CONSTRAINT people_signingkey_memory_cost_check CHECK ((memory_cost >= 0)),
    CONSTRAINT people_signingkey_parallelism_check CHECK ((parallelism >= 0)),
    CONSTRAINT people_signingkey_time_cost_check CHECK ((time_cost >= 0))
);
CREATE TABLE public.people_user (
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    is_superuser boolean NOT NULL,
    username character varying(150) NOT NULL,
    first_name character varying(150) NOT NULL,
    last_name character varying(150) NOT NULL,
    email character varying(254) NOT NULL,
    is_staff boolean NOT NULL,
    is_active boolean NOT NULL,
    date_joined timestamp with time zone NOT NULL,
    id uuid NOT NULL,
    name character varying(60) NOT NULL,
    phone character varying(20) NOT NULL,
    phone_verified boolean NOT NULL,
    language character varying(10) NOT NULL,
    large_type boolean NOT NULL,
    theme character varying(5) NOT NULL,
    letter_keys boolean NOT NULL,
    acting_as_id uuid,
    application_id uuid,
    initials character varying(20) DEFAULT ''::character varying NOT NULL,
    pinyin character varying(200) DEFAULT ''::character varying NOT NULL
);
CREATE TABLE public.people_user_groups (
    id bigint NOT NULL,
    user_id uuid NOT NULL,
    group_id integer NOT NULL
);
ALTER TABLE public.people_user_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.people_user_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.people_user_user_permissions (
    id bigint NOT NULL,
    user_id uuid NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE public.people_user_user_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.people_user_user_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.recordings_answer (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    relation character varying(12) NOT NULL,
    agreed boolean NOT NULL,
    given_by_id uuid NOT NULL,
    person_id uuid,
    recording_id uuid NOT NULL,
    CONSTRAINT who_agrees_for_the_patient_is_said CHECK (((person_id IS NOT NULL) OR (NOT ((relation)::text = ''::text)) OR (NOT agreed)))
);
CREATE TABLE public.recordings_recording (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    status character varying(8) NOT NULL,
    all_consented_at timestamp with time zone,
    started_at timestamp with time zone,
    resumed_at timestamp with time zone,
    recorded interval NOT NULL,
    stopped_at timestamp with time zone,
    why_stopped character varying(16) NOT NULL,
    touched_at timestamp with time zone NOT NULL,
    media_type character varying(40) NOT NULL,
    pieces integer NOT NULL,
    size bigint NOT NULL,
    sha256 character varying(64) NOT NULL,
    expires_on date,
    asked_by_id uuid NOT NULL,
    recorder_id uuid,
    room_id uuid NOT NULL,
    CONSTRAINT a_recording_has_everybodys_consent CHECK ((((status)::text = ANY ((ARRAY['asked'::character varying, 'refused'::character varying])::text[])) OR ((all_consented_at IS NOT NULL) AND (recorder_id IS NOT NULL)))),
    CONSTRAINT a_stored_recording_is_hashed_and_expires CHECK (((NOT ((status)::text = 'stored'::text)) OR ((NOT ((sha256)::text = ''::text)) AND (expires_on IS NOT NULL)))),
    CONSTRAINT recordings_recording_pieces_check CHECK ((pieces >= 0)),
    CONSTRAINT recordings_recording_size_check CHECK ((size >= 0))
);
CREATE TABLE public.referrals_aftercare (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    referral_id uuid NOT NULL
);
CREATE TABLE public.referrals_daynumber (
    day date NOT NULL,
    given integer NOT NULL,
    CONSTRAINT referrals_daynumber_given_check CHECK ((given >= 0))
);
CREATE TABLE public.referrals_planitem (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    what character varying(200) NOT NULL,
    due_on date NOT NULL,
    done_at timestamp with time zone,
    done_by_id uuid,
    referral_id uuid NOT NULL,
    CONSTRAINT a_done_item_was_done_by_somebody CHECK (((done_at IS NULL) OR (done_by_id IS NOT NULL))),
    CONSTRAINT a_plan_item_says_what CHECK ((NOT ((what)::text = ''::text)))
);
CREATE TABLE public.referrals_question (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    status character varying(10) NOT NULL,
    text character varying(500) NOT NULL,
    answer character varying(1000) NOT NULL,
    ended_at timestamp with time zone,
    answered_by_id uuid,
    asked_by_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    CONSTRAINT a_referral_answer_has_a_giver CHECK (((NOT ((status)::text = 'answered'::text)) OR ((answered_by_id IS NOT NULL) AND (NOT ((answer)::text = ''::text)))))
);
CREATE TABLE public.referrals_referral (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number character varying(20) NOT NULL,
    status character varying(12) NOT NULL,
    urgency character varying(8) NOT NULL,
    person_key uuid NOT NULL,
    reason character varying(500) NOT NULL,
    summary text NOT NULL,
    from_case uuid,
    agreed character varying(10) NOT NULL,
    agreed_by character varying(12) NOT NULL,
    agreed_note character varying(200) NOT NULL,
    rounds_asked smallint NOT NULL,
    expected_at timestamp with time zone,
    place character varying(100) NOT NULL,
    arrived_at timestamp with time zone,
    answer character varying(8) NOT NULL,
    ended_because character varying(200) NOT NULL,
    ended_at timestamp with time zone,
    diagnosis character varying(500) NOT NULL,
    done text NOT NULL,
    medicines text NOT NULL,
    planned smallint NOT NULL,
    none_reason character varying(200) NOT NULL,
    handed_back_at timestamp with time zone,
    agreement_id uuid,
    appointment_id uuid,
    consent_id uuid,
    department_id uuid NOT NULL,
    doctor_id uuid,
    organisation_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    sender_id uuid NOT NULL,
    sending_id uuid NOT NULL,
    taken_by_id uuid,
    direction character varying(4) DEFAULT 'up'::character varying NOT NULL,
    purpose character varying(14) DEFAULT ''::character varying NOT NULL,
    discharged_at timestamp with time zone,
    kept_by_id uuid,
    CONSTRAINT a_referral_says_why CHECK ((NOT ((reason)::text = ''::text))),
    CONSTRAINT a_withdrawn_referral_says_why CHECK (((NOT ((status)::text = 'cancelled'::text)) OR (NOT ((ended_because)::text = ''::text)))),
    CONSTRAINT an_urgent_referral_never_expires CHECK (((NOT ((urgency)::text = ANY ((ARRAY['urgent'::character varying, 'green'::character varying])::text[]))) OR (NOT ((status)::text = 'expired'::text)))),
    CONSTRAINT down_goes_with_its_plan CHECK (((((direction)::text = 'up'::text) AND ((purpose)::text = ''::text)) OR (((direction)::text = 'down'::text) AND ((purpose)::text = ANY ((ARRAY['discharge'::character varying, 'rehabilitation'::character varying, 'follow_up'::character varying])::text[])) AND (NOT ((status)::text = ANY ((ARRAY['in_care'::character varying, 'handed_back'::character varying])::text[]))) AND (NOT ((urgency)::text = 'green'::text)) AND (NOT ((diagnosis)::text = ''::text)) AND (NOT (done = ''::text)) AND ((planned > 0) OR (NOT ((none_reason)::text = ''::text)))))),
    CONSTRAINT handing_back_needs_a_plan CHECK (((NOT ((status)::text = ANY ((ARRAY['handed_back'::character varying, 'closed'::character varying])::text[]))) OR (planned > 0) OR (NOT ((none_reason)::text = ''::text)))),
    CONSTRAINT nobody_is_discharged_before_the_arrival CHECK (((discharged_at IS NULL) OR (discharged_at >= arrived_at))),
    CONSTRAINT nobody_refers_to_itself CHECK ((NOT (sending_id = organisation_id))),
    CONSTRAINT referral_status_known CHECK (((status)::text = ANY ((ARRAY['sent'::character varying, 'accepted'::character varying, 'arrived'::character varying, 'in_care'::character varying, 'handed_back'::character varying, 'closed'::character varying, 'declined'::character varying, 'not_arrived'::character varying, 'cancelled'::character varying, 'expired'::character varying])::text[]))),
    CONSTRAINT referrals_referral_planned_check CHECK ((planned >= 0)),
    CONSTRAINT referrals_referral_rounds_asked_check CHECK ((rounds_asked >= 0)),
    CONSTRAINT somebody_agreed_to_a_referral CHECK ((((agreed)::text = 'told'::text) OR (((agreed)::text = 'signed'::text) AND (consent_id IS NOT NULL)) OR (((agreed)::text = 'emergency'::text) AND ((urgency)::text = ANY ((ARRAY['urgent'::character varying, 'green'::character varying])::text[])) AND (NOT ((agreed_note)::text = ''::text))))),
    CONSTRAINT who_is_accepted_is_expected CHECK (((NOT ((status)::text = ANY ((ARRAY['accepted'::character varying, 'arrived'::character varying, 'in_care'::character varying])::text[]))) OR (expected_at IS NOT NULL)))
);
CREATE TABLE public.referrals_round (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number smallint NOT NULL,
    status character varying(10) NOT NULL,
    pool character varying(13) NOT NULL,
    reason character varying(200) NOT NULL,
    elsewhere character varying(100) NOT NULL,
    answered_at timestamp with time zone,
    answered_by_id uuid,
    department_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    period_id uuid,
    referral_id uuid NOT NULL,
    seen_at timestamp with time zone,
    CONSTRAINT a_kept_place_has_its_pool CHECK ((((period_id IS NULL) AND ((pool)::text = ''::text)) OR ((period_id IS NOT NULL) AND (NOT ((pool)::text = ''::text))))),
    CONSTRAINT a_place_is_kept_while_asked CHECK (((period_id IS NULL) OR ((status)::text = 'asked'::text))),
    CONSTRAINT declining_says_why_and_where_else CHECK (((NOT ((status)::text = 'declined'::text)) OR (NOT (((reason)::text = ''::text) OR ((elsewhere)::text = ''::text))))),
    CONSTRAINT referrals_round_number_check CHECK ((number >= 0)),
    CONSTRAINT round_status_known CHECK (((status)::text = ANY ((ARRAY['asked'::character varying, 'accepted'::character varying, 'declined'::character varying, 'withdrawn'::character varying, 'lapsed'::character varying])::text[])))
);
CREATE TABLE public.referrals_stay (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    referral_id uuid NOT NULL
);
CREATE TABLE public.referrals_step (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    action character varying(40) NOT NULL,
    from_status character varying(12) NOT NULL,
    to_status character varying(12) NOT NULL,
    at timestamp with time zone NOT NULL,
    facts jsonb NOT NULL,
    actor_id uuid,
    organisation_id uuid,
    referral_id uuid NOT NULL
);
CREATE TABLE public.registration_assignment (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    contract_id uuid NOT NULL
);
CREATE TABLE public.registration_closing (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(7) NOT NULL,
    reason character varying(200) NOT NULL,
    left_reason character varying(500) NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    people integer NOT NULL,
    moved integer NOT NULL,
    finished_at timestamp with time zone,
    begun_by_id uuid NOT NULL,
    team_id uuid NOT NULL,
    CONSTRAINT a_closing_says_why CHECK ((NOT ((reason)::text = ''::text))),
    CONSTRAINT closing_kind_known CHECK (((kind)::text = ANY ((ARRAY['close'::character varying, 'suspend'::character varying])::text[]))),
    CONSTRAINT registration_closing_moved_check CHECK ((moved >= 0)),
    CONSTRAINT registration_closing_people_check CHECK ((people >= 0))
);
CREATE TABLE public.registration_contract (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    person_key uuid NOT NULL,
    form uuid NOT NULL,
    years smallint NOT NULL,
    status character varying(13) NOT NULL,
    channel character varying(7) NOT NULL,
    photo bytea,
    applied_at timestamp with time zone NOT NULL,
    change_because character varying(11) NOT NULL,
    rejection character varying(7) NOT NULL,
    text text NOT NULL,
    text_hash character varying(64) NOT NULL,
    read_at timestamp with time zone,
    read_aloud boolean NOT NULL,
    signed_by character varying(8) NOT NULL,
    signature bytea,
    signature_hash character varying(64) NOT NULL,
    signed_at timestamp with time zone,
    term daterange,
    holds_place boolean NOT NULL,
    ended_at timestamp with time zone,
    ended_because character varying(11) NOT NULL,
    ended_note character varying(200) NOT NULL,
    handed_over_at timestamp with time zone,
    hand_over character varying(500) NOT NULL,
    applied_by_id uuid NOT NULL,
    doctor_id uuid,
    patient_id uuid NOT NULL,
    relation_id uuid,
    renews_id uuid,
    replaces_id uuid,
    witness_id uuid,
    package_id uuid NOT NULL,
    instead_id uuid,
    team_id uuid NOT NULL,
    text_en text DEFAULT ''::text NOT NULL,
    complaint_upheld_on date,
    CONSTRAINT a_guardian_is_one_of_the_register CHECK (((NOT ((signed_by)::text = 'guardian'::text)) OR (relation_id IS NOT NULL))),
    CONSTRAINT a_rejected_contract_says_why CHECK (((NOT ((status)::text = 'rejected'::text)) OR (NOT ((rejection)::text = ''::text)))),
    CONSTRAINT a_signed_contract_is_whole CHECK (((NOT ((status)::text = ANY ((ARRAY['signed'::character varying, 'active'::character varying, 'renewal_asked'::character varying, 'renewed'::character varying, 'lapsed'::character varying, 'ended'::character varying])::text[]))) OR ((doctor_id IS NOT NULL) AND (read_at IS NOT NULL) AND (signed_at IS NOT NULL) AND (term IS NOT NULL) AND ((signature IS NOT NULL) OR (((channel)::text = 'handed'::text) AND (replaces_id IS NOT NULL))) AND (NOT ((text_hash)::text = ''::text)) AND (NOT ((signature_hash)::text = ''::text))))),
    CONSTRAINT a_term_is_three_years_at_most CHECK ((((channel)::text = 'handed'::text) OR (upper(term) <= (lower(term) + '3 years 1 day'::interval)))),
    CONSTRAINT an_ended_contract_says_why CHECK (((NOT ((status)::text = 'ended'::text)) OR (NOT ((ended_because)::text = ''::text)))),
    CONSTRAINT contract_status_known CHECK (((status)::text = ANY ((ARRAY['applied'::character varying, 'reviewing'::character varying, 'agreed'::character varying, 'signed'::character varying, 'active'::character varying, 'renewal_asked'::character varying, 'renewed'::character varying, 'lapsed'::character varying, 'ended'::character varying, 'rejected'::character varying, 'withdrawn'::character varying])::text[]))),
    CONSTRAINT one_to_three_years CHECK (((years >= 1) AND (years <= 3))),
    CONSTRAINT registration_contract_years_check CHECK ((years >= 0))
);
CREATE TABLE public.registration_episode (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    contract_id uuid NOT NULL
);
CREATE TABLE public.registration_left (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    because character varying(6) NOT NULL,
    settled_at timestamp with time zone,
    note character varying(200) NOT NULL,
    closing_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    settled_by_id uuid,
    CONSTRAINT who_was_left_is_seen_to_with_a_note CHECK (((settled_at IS NULL) OR ((settled_by_id IS NOT NULL) AND (NOT ((note)::text = ''::text)))))
);
CREATE TABLE public.registration_member (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    name character varying(60) NOT NULL,
    function character varying(14) NOT NULL,
    since date NOT NULL,
    until date,
    user_id uuid,
    team_id uuid NOT NULL,
    successor_id uuid,
    CONSTRAINT a_doctor_of_a_team_has_an_account CHECK (((user_id IS NOT NULL) OR ((function)::text = ANY ((ARRAY['nurse'::character varying, 'public_health'::character varying])::text[])))),
    CONSTRAINT a_member_is_somebody CHECK (((user_id IS NOT NULL) OR (NOT ((name)::text = ''::text)))),
    CONSTRAINT a_member_stays_some_time CHECK (((until IS NULL) OR (until >= since)))
);
CREATE TABLE public.registration_ownsignature (
    id bigint NOT NULL,
    text_hash character varying(64) NOT NULL,
    signature bytea NOT NULL,
    signature_hash character varying(64) NOT NULL,
    read_aloud boolean NOT NULL,
    signed_at timestamp with time zone NOT NULL,
    contract_id uuid NOT NULL,
    witness_id uuid,
    CONSTRAINT an_own_signature_is_whole CHECK (((NOT ((text_hash)::text = ''::text)) AND (NOT ((signature_hash)::text = ''::text))))
);
ALTER TABLE public.registration_ownsignature ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.registration_ownsignature_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.registration_package (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(8) NOT NULL,
    name character varying(60) NOT NULL,
    contents text NOT NULL,
    price integer NOT NULL,
    insurance smallint NOT NULL,
    public_health smallint NOT NULL,
    resident smallint NOT NULL,
    groups character varying(12)[] NOT NULL,
    since date NOT NULL,
    until date,
    division_id character varying(12) NOT NULL,
    limits jsonb DEFAULT '{}'::jsonb NOT NULL,
    services jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT a_limit_is_a_number_of_times CHECK (((jsonb_typeof(limits) = 'object'::text) AND (NOT jsonb_path_exists(limits, '$.*?(((@.type() != "number" || @ < 1) || @ > 366) || @.floor() != @)'::jsonpath)))),
    CONSTRAINT a_package_contains_something CHECK (((NOT ((name)::text = ''::text)) AND (NOT (contents = ''::text)))),
    CONSTRAINT a_service_is_named_with_its_times CHECK (((jsonb_typeof(services) = 'array'::text) AND (NOT jsonb_path_exists(services, 'strict $[*]?(@.type() != "object")'::jsonpath)) AND (NOT jsonb_path_exists(services, '$[*]?((((((((((((!(exists (@."code")) || !(exists (@."name"))) || !(exists (@."times"))) || !(exists (@."face"))) || @."code".type() != "string") || @."name".type() != "string") || @."code" == "" && @."name" == "") || @."code" != "" && @."name" != "") || @."face".type() != "boolean") || @."times".type() != "number") || @."times" < 1) || @."times" > 24) || @."times".floor() != @."times")'::jsonpath)))),
    CONSTRAINT payers_pay_all_of_it CHECK ((insurance = ((100 - public_health) - resident))),
    CONSTRAINT registration_package_insurance_check CHECK ((insurance >= 0)),
    CONSTRAINT registration_package_price_check CHECK ((price >= 0)),
    CONSTRAINT registration_package_public_health_check CHECK ((public_health >= 0)),
    CONSTRAINT registration_package_resident_check CHECK ((resident >= 0))
);
CREATE TABLE public.registration_panel (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    cap integer NOT NULL,
    signed integer NOT NULL,
    doctor_id uuid NOT NULL,
    CONSTRAINT a_panel_has_a_cap CHECK ((signed <= cap)),
    CONSTRAINT registration_panel_cap_check CHECK ((cap >= 0)),
    CONSTRAINT registration_panel_signed_check CHECK ((signed >= 0))
)
WITH (fillfactor='80');
CREATE TABLE public.registration_share (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    village character varying(60) NOT NULL,
    people integer NOT NULL,
    closing_id uuid NOT NULL,
    successor_id uuid,
    CONSTRAINT registration_share_people_check CHECK ((people >= 0))
);
CREATE TABLE public.registration_step (
    id bigint NOT NULL,
    action character varying(30) NOT NULL,
    from_status character varying(13) NOT NULL,
    to_status character varying(13) NOT NULL,
    by character varying(60) NOT NULL,
    at timestamp with time zone NOT NULL,
    contract_id uuid NOT NULL
);
ALTER TABLE public.registration_step ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.registration_step_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.registration_team (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    name character varying(60) NOT NULL,
    villages character varying(200) NOT NULL,
    phone character varying(20) NOT NULL,
    closed_on date,
    organisation_id uuid NOT NULL,
    shut_on date,
    CONSTRAINT a_team_has_a_name CHECK ((NOT ((name)::text = ''::text)))
);
CREATE TABLE public.requests_case (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number character varying(20),
    kind character varying(12) NOT NULL,
    status character varying(12) NOT NULL,
    reason text NOT NULL,
    aim text NOT NULL,
    wanted_time character varying(12) NOT NULL,
    summary text NOT NULL,
    specialty character varying(20) NOT NULL,
    title character varying(12) NOT NULL,
    opinion_version smallint NOT NULL,
    cancel_reason character varying(200) NOT NULL,
    agreement_id uuid,
    asked_id uuid,
    asking_id uuid NOT NULL,
    consent_id uuid,
    holder_id uuid,
    patient_id uuid NOT NULL,
    requester_id uuid NOT NULL,
    cancelled_at timestamp with time zone,
    closing character varying(12) NOT NULL,
    closing_note character varying(200) NOT NULL,
    mode character varying(8) NOT NULL,
    wanted_doctor_id uuid,
    ready_at timestamp with time zone,
    withdrawn_version smallint NOT NULL,
    proposed_id uuid,
    route_reason character varying(100) NOT NULL,
    agenda text NOT NULL,
    further jsonb NOT NULL,
    fee_to_agree integer,
    passed_to_id uuid,
    replaces_id uuid,
    priority boolean DEFAULT false NOT NULL,
    CONSTRAINT a_cancelled_case_says_why CHECK (((NOT ((status)::text = 'cancelled'::text)) OR (NOT ((cancel_reason)::text = ''::text)))),
    CONSTRAINT a_joint_consult_has_two_specialties CHECK (((NOT ((kind)::text = 'mdt'::text)) OR ((status)::text = ANY ((ARRAY['draft'::character varying, 'cancelled'::character varying])::text[])) OR (NOT (further = '[]'::jsonb)))),
    CONSTRAINT a_named_consult_names_a_doctor CHECK (((NOT ((kind)::text = 'named'::text)) OR ((status)::text = ANY ((ARRAY['draft'::character varying, 'cancelled'::character varying])::text[])) OR (wanted_doctor_id IS NOT NULL))),
    CONSTRAINT a_sent_case_has_number_and_addressee CHECK ((((status)::text = 'draft'::text) OR ((status)::text = 'cancelled'::text) OR ((asked_id IS NOT NULL) AND (number IS NOT NULL)))),
    CONSTRAINT an_emergency_has_one_grade CHECK (((NOT ((kind)::text = 'emergency'::text)) OR (NOT priority))),
    CONSTRAINT an_emergency_never_expires CHECK (((NOT ((kind)::text = 'emergency'::text)) OR (NOT ((status)::text = 'expired'::text)))),
    CONSTRAINT case_status_known CHECK (((status)::text = ANY ((ARRAY['draft'::character varying, 'submitted'::character varying, 'routed'::character varying, 'accepted'::character varying, 'scheduled'::character varying, 'in_progress'::character varying, 'signed'::character varying, 'receipted'::character varying, 'closed'::character varying, 'archived'::character varying, 'cancelled'::character varying, 'expired'::character varying, 'transferred'::character varying])::text[]))),
    CONSTRAINT five_legal_fields CHECK ((((status)::text = ANY ((ARRAY['draft'::character varying, 'cancelled'::character varying])::text[])) OR ((kind)::text = 'emergency'::text) OR (NOT ((reason = ''::text) OR (aim = ''::text) OR ((wanted_time)::text = ''::text) OR (summary = ''::text) OR ((specialty)::text = ''::text))))),
    CONSTRAINT no_case_replaces_itself CHECK ((NOT ((replaces_id = id) AND (replaces_id IS NOT NULL)))),
    CONSTRAINT nobody_consults_itself CHECK ((NOT ((asking_id = asked_id) AND (asked_id IS NOT NULL)))),
    CONSTRAINT only_what_was_signed_is_withdrawn CHECK ((withdrawn_version <= opinion_version)),
    CONSTRAINT requests_case_fee_to_agree_check CHECK ((fee_to_agree >= 0)),
    CONSTRAINT requests_case_opinion_version_check CHECK ((opinion_version >= 0)),
    CONSTRAINT requests_case_withdrawn_version_check CHECK ((withdrawn_version >= 0))
);
CREATE TABLE public.requests_case_studies (
    id bigint NOT NULL,
    case_id uuid NOT NULL,
    study_id uuid NOT NULL
);
ALTER TABLE public.requests_case_studies ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.requests_case_studies_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.requests_halfhour (
    id bigint NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    person_id uuid NOT NULL,
    meeting_id uuid NOT NULL
);
ALTER TABLE public.requests_halfhour ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.requests_halfhour_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.requests_meeting (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    status character varying(8) NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    side character varying(10) NOT NULL,
    missed_by character varying(10) NOT NULL,
    agreed_by_id uuid,
    case_id uuid NOT NULL,
    proposed_by_id uuid NOT NULL,
    CONSTRAINT a_meeting_ends_after_it_starts CHECK ((ends_at > starts_at)),
    CONSTRAINT the_other_side_agrees CHECK (((NOT ((status)::text = 'booked'::text)) OR (agreed_by_id IS NOT NULL)))
);
CREATE TABLE public.requests_message (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    side character varying(10) NOT NULL,
    text character varying(1000) NOT NULL,
    for_coordinators boolean NOT NULL,
    turn integer NOT NULL,
    at timestamp with time zone NOT NULL,
    case_id uuid NOT NULL,
    written_by_id uuid NOT NULL,
    CONSTRAINT a_message_says_something CHECK ((NOT ((text)::text = ''::text))),
    CONSTRAINT requests_message_turn_check CHECK ((turn >= 0))
);
CREATE TABLE public.requests_numberlane (
    id bigint NOT NULL,
    day date NOT NULL,
    lane smallint NOT NULL,
    given integer NOT NULL,
    CONSTRAINT requests_numberlane_given_check CHECK ((given >= 0)),
    CONSTRAINT requests_numberlane_lane_check CHECK ((lane >= 0))
);
ALTER TABLE public.requests_numberlane ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.requests_numberlane_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.requests_offer (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    status character varying(12) NOT NULL,
    decline_code character varying(12) NOT NULL,
    decline_text character varying(200) NOT NULL,
    assigned_by_id uuid,
    case_id uuid NOT NULL,
    doctor_id uuid NOT NULL,
    former character varying(12) NOT NULL,
    note character varying(500) NOT NULL,
    organisation_id uuid,
    takes_over_id uuid,
    role character varying(8) NOT NULL,
    specialty character varying(20) NOT NULL,
    CONSTRAINT a_refusal_gives_a_reason CHECK (((NOT ((status)::text = 'declined'::text)) OR (NOT ((decline_code)::text = ''::text)))),
    CONSTRAINT an_expert_has_a_specialty CHECK ((((role)::text = 'lead'::text) OR (NOT ((specialty)::text = ''::text))))
);
CREATE TABLE public.requests_onlooker (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    case_id uuid NOT NULL,
    organisation_id uuid NOT NULL
);
CREATE TABLE public.requests_outcome (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    day smallint NOT NULL,
    result character varying(10) NOT NULL,
    note character varying(200) NOT NULL,
    case_id uuid NOT NULL,
    recorded_by_id uuid,
    CONSTRAINT an_outcome_has_a_teller CHECK ((((result)::text = 'unknown'::text) OR (recorded_by_id IS NOT NULL))),
    CONSTRAINT outcome_day_known CHECK ((day = ANY (ARRAY[3, 7, 30]))),
    CONSTRAINT requests_outcome_day_check CHECK ((day >= 0))
);
CREATE TABLE public.requests_question (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    status character varying(10) NOT NULL,
    slot smallint NOT NULL,
    fields jsonb NOT NULL,
    text character varying(500) NOT NULL,
    answer character varying(1000) NOT NULL,
    not_available boolean NOT NULL,
    before jsonb NOT NULL,
    ended_at timestamp with time zone,
    answered_by_id uuid,
    asked_by_id uuid NOT NULL,
    case_id uuid NOT NULL,
    CONSTRAINT a_question_has_a_place CHECK ((slot = ANY (ARRAY[1, 2, 3]))),
    CONSTRAINT an_answer_has_a_giver CHECK (((NOT ((status)::text = 'answered'::text)) OR (answered_by_id IS NOT NULL))),
    CONSTRAINT requests_question_slot_check CHECK ((slot >= 0)),
    CONSTRAINT what_is_not_available_says_why CHECK (((NOT not_available) OR (NOT ((answer)::text = ''::text))))
);
CREATE TABLE public.requests_receipt (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    opinion_version smallint NOT NULL,
    decision character varying(12) NOT NULL,
    reason character varying(500) NOT NULL,
    case_id uuid NOT NULL,
    given_by_id uuid NOT NULL,
    turn smallint DEFAULT 0 NOT NULL,
    CONSTRAINT not_adopting_gives_a_reason CHECK ((((decision)::text = 'adopted'::text) OR (NOT ((reason)::text = ''::text)))),
    CONSTRAINT requests_receipt_opinion_version_check CHECK ((opinion_version >= 0)),
    CONSTRAINT requests_receipt_turn_check CHECK ((turn >= 0))
);
CREATE TABLE public.requests_step (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    action character varying(40) NOT NULL,
    from_status character varying(12) NOT NULL,
    to_status character varying(12) NOT NULL,
    at timestamp with time zone NOT NULL,
    facts jsonb NOT NULL,
    actor_id uuid,
    case_id uuid NOT NULL,
    organisation_id uuid
);
CREATE TABLE public.rooms_mediaerrand (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(8) NOT NULL,
    engine_room character varying(43) NOT NULL,
    identity character varying(36) NOT NULL,
    track character varying(64) NOT NULL,
    due_at timestamp with time zone NOT NULL,
    claimed_at timestamp with time zone,
    attempts smallint NOT NULL,
    done_at timestamp with time zone,
    dead_at timestamp with time zone,
    error character varying(60) NOT NULL,
    room_id uuid NOT NULL,
    CONSTRAINT media_errand_ends_once CHECK (((done_at IS NULL) OR (dead_at IS NULL))),
    CONSTRAINT media_errand_kind_known CHECK (((kind)::text = ANY ((ARRAY['open'::character varying, 'remove'::character varying, 'mute'::character varying, 'close'::character varying])::text[]))),
    CONSTRAINT rooms_mediaerrand_attempts_check CHECK ((attempts >= 0))
);
CREATE TABLE public.rooms_participant (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    role character varying(12) NOT NULL,
    status character varying(8) NOT NULL,
    connection uuid,
    seen_at timestamp with time zone NOT NULL,
    user_id uuid NOT NULL,
    room_id uuid NOT NULL,
    invited_by_id uuid,
    joined boolean NOT NULL,
    knocked_at timestamp with time zone
);
CREATE TABLE public.rooms_room (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    status character varying(8) NOT NULL,
    last_seq integer NOT NULL,
    live_at timestamp with time zone,
    ended_at timestamp with time zone,
    case_id uuid,
    leader_id uuid,
    held_at timestamp with time zone,
    held_by_id uuid,
    held_for interval NOT NULL,
    engine_room character varying(43) NOT NULL,
    visit_id uuid,
    CONSTRAINT a_held_room_says_since_when CHECK ((((held_at IS NOT NULL) AND ((status)::text = 'held'::text)) OR ((NOT ((status)::text = 'held'::text)) AND (held_at IS NULL)))),
    CONSTRAINT a_room_is_of_a_case_or_a_visit CHECK ((((case_id IS NOT NULL) AND (visit_id IS NULL)) OR ((case_id IS NULL) AND (visit_id IS NOT NULL)))),
    CONSTRAINT an_ended_room_says_when CHECK ((((ended_at IS NOT NULL) AND ((status)::text = 'ended'::text)) OR ((ended_at IS NULL) AND ((status)::text = ANY ((ARRAY['open'::character varying, 'live'::character varying, 'held'::character varying])::text[]))))),
    CONSTRAINT rooms_room_last_seq_check CHECK ((last_seq >= 0))
);
CREATE TABLE public.rooms_roomevent (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seq integer NOT NULL,
    kind character varying(24) NOT NULL,
    client_id uuid,
    body jsonb NOT NULL,
    room_id uuid NOT NULL,
    sender_id uuid,
    CONSTRAINT rooms_roomevent_seq_check CHECK ((seq >= 0))
);
CREATE TABLE public.rota_handover (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    acknowledged_at timestamp with time zone,
    incoming_id uuid,
    outgoing_id uuid NOT NULL,
    shift_id uuid NOT NULL,
    CONSTRAINT nobody_hands_over_to_themselves CHECK ((NOT ((outgoing_id = incoming_id) AND (incoming_id IS NOT NULL)))),
    CONSTRAINT who_acknowledges_is_known CHECK (((acknowledged_at IS NULL) OR (incoming_id IS NOT NULL)))
);
CREATE TABLE public.rota_handoveritem (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(40) NOT NULL,
    item uuid NOT NULL,
    label character varying(200) NOT NULL,
    url character varying(200) NOT NULL,
    urgent boolean NOT NULL,
    state character varying(8) NOT NULL,
    decided_at timestamp with time zone,
    hand_over_id uuid NOT NULL
);
CREATE TABLE public.rota_rota (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    month date NOT NULL,
    version smallint NOT NULL,
    state character varying(10) NOT NULL,
    published_at timestamp with time zone,
    gap_reason character varying(300) NOT NULL,
    organisation_id uuid NOT NULL,
    published_by_id uuid,
    CONSTRAINT a_published_rota_has_a_version CHECK ((((published_at IS NULL) AND ((state)::text = 'draft'::text) AND (version = 0)) OR ((NOT ((state)::text = 'draft'::text)) AND (published_at IS NOT NULL) AND (version >= 1)))),
    CONSTRAINT a_rota_begins_on_the_first CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT rota_rota_version_check CHECK ((version >= 0))
);
CREATE TABLE public.rota_shift (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(12) NOT NULL,
    specialty character varying(20) NOT NULL,
    during tstzrange NOT NULL,
    phone character varying(20) NOT NULL,
    in_force boolean NOT NULL,
    copied_from_id uuid,
    rota_id uuid NOT NULL,
    user_id uuid NOT NULL,
    CONSTRAINT a_call_has_a_specialty CHECK (((((kind)::text = 'director'::text) AND ((specialty)::text = ''::text)) OR ((NOT ((kind)::text = 'director'::text)) AND (NOT ((specialty)::text = ''::text))))),
    CONSTRAINT a_shift_lasts_a_day_at_most CHECK (((NOT isempty(during)) AND (upper(during) <= (lower(during) + '1 day'::interval))))
);
CREATE TABLE public.rota_swap (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    state character varying(10) NOT NULL,
    decided_at timestamp with time zone,
    asked_by_id uuid NOT NULL,
    colleague_id uuid NOT NULL,
    in_return_id uuid,
    shift_id uuid NOT NULL,
    CONSTRAINT a_decided_swap_says_when CHECK ((((decided_at IS NULL) AND ((state)::text = 'asked'::text)) OR ((NOT ((state)::text = 'asked'::text)) AND (decided_at IS NOT NULL)))),
    CONSTRAINT nobody_swaps_with_themselves CHECK ((NOT (asked_by_id = colleague_id)))
);
CREATE TABLE public.staff_entry (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    title character varying(12) NOT NULL,
    licence_no character varying(20) NOT NULL,
    specialty character varying(20) NOT NULL,
    practising_since date NOT NULL,
    licensed_until date NOT NULL,
    state character varying(8) NOT NULL,
    decided_at timestamp with time zone,
    reason character varying(300) NOT NULL,
    entered_by_id uuid NOT NULL,
    user_id uuid NOT NULL,
    verified_by_id uuid,
    CONSTRAINT a_decided_entry_says_by_whom CHECK ((((decided_at IS NULL) AND ((state)::text = 'waiting'::text) AND (verified_by_id IS NULL)) OR ((NOT ((state)::text = 'waiting'::text)) AND (decided_at IS NOT NULL) AND (verified_by_id IS NOT NULL)))),
    CONSTRAINT an_entered_licence_ends_after_practice_begins CHECK ((practising_since < licensed_until)),
    CONSTRAINT who_entered_does_not_verify CHECK ((NOT ((verified_by_id = entered_by_id) AND (verified_by_id IS NOT NULL))))
);
CREATE TABLE public.staff_invitation (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    invited_by_id uuid NOT NULL,
    user_id uuid NOT NULL
);
CREATE TABLE public.staff_upload (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    text text NOT NULL,
    applied_at timestamp with time zone,
    invited jsonb NOT NULL,
    by_id uuid NOT NULL
);
CREATE TABLE public.usersessions_usersession (
    id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ip inet NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    session_key character varying(40) NOT NULL,
    user_agent character varying(200) NOT NULL,
    data jsonb NOT NULL,
    user_id uuid NOT NULL
);
ALTER TABLE public.usersessions_usersession ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.usersessions_usersession_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.visits_link (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    digest character varying(43) NOT NULL,
    browser character varying(43) NOT NULL,
    opened_at timestamp with time zone,
    ended_at timestamp with time zone,
    holder_id uuid NOT NULL,
    made_by_id uuid,
    visit_id uuid NOT NULL,
    CONSTRAINT an_opened_link_has_a_browser CHECK (((((browser)::text = ''::text) AND (opened_at IS NULL)) OR ((NOT ((browser)::text = ''::text)) AND (opened_at IS NOT NULL))))
);
ALTER TABLE ONLY public.audit_auditrow ATTACH PARTITION public.audit_auditrow_other DEFAULT;
ALTER TABLE ONLY public.fhir_resource ATTACH PARTITION public.fhir_resource_appointment FOR VALUES IN ('4');
ALTER TABLE ONLY public.fhir_resource ATTACH PARTITION public.fhir_resource_claim FOR VALUES IN ('18');
ALTER TABLE ONLY public.fhir_resource ATTACH PARTITION public.fhir_resource_condition FOR VALUES IN ('27');
ALTER TABLE ONLY public.fhir_resource ATTACH PARTITION public.fhir_resource_diagnosticreport FOR VALUES IN ('39');
ALTER TABLE ONLY public.fhir_resource ATTACH PARTITION public.fhir_resource_encounter FOR VALUES IN ('43');
ALTER TABLE ONLY public.fhir_resource ATTACH PARTITION public.fhir_resource_explanationofbenefit FOR VALUES IN ('52');
ALTER TABLE ONLY public.fhir_resource ATTACH PARTITION public.fhir_resource_immunization FOR VALUES IN ('61');
ALTER TABLE ONLY public.fhir_resource ATTACH PARTITION public.fhir_resource_medicationrequest FOR VALUES IN ('78');
ALTER TABLE ONLY public.fhir_resource ATTACH PARTITION public.fhir_resource_observation FOR VALUES IN ('95');
ALTER TABLE ONLY public.fhir_resource ATTACH PARTITION public.fhir_resource_other DEFAULT;
ALTER TABLE ONLY public.fhir_resource ATTACH PARTITION public.fhir_resource_patient FOR VALUES IN ('102');
ALTER TABLE ONLY public.fhir_resource ATTACH PARTITION public.fhir_resource_procedure FOR VALUES IN ('109');
ALTER TABLE ONLY public.fhir_resource ATTACH PARTITION public.fhir_resource_servicerequest FOR VALUES IN ('123');
ALTER TABLE ONLY public.fhir_version ATTACH PARTITION public.fhir_version_foreign FOR VALUES FROM (MINVALUE) TO ('0');
ALTER TABLE ONLY public.fhir_version ATTACH PARTITION public.fhir_version_other DEFAULT;
ALTER TABLE ONLY public.appointments_batch
    ADD CONSTRAINT a_page_sends_one_batch UNIQUE (made_by_id, key);
ALTER TABLE ONLY public.mpi_pair
    ADD CONSTRAINT a_pair_once UNIQUE (one_id, other_id);
ALTER TABLE ONLY public.oversight_signal
    ADD CONSTRAINT a_rule_speaks_once_a_month UNIQUE (rule, subject_id, month);
ALTER TABLE ONLY public.organisations_agreementservice
    ADD CONSTRAINT a_service_once UNIQUE (agreement_id, service);
ALTER TABLE ONLY public.imaging_study
    ADD CONSTRAINT a_study_has_one_patient UNIQUE (study_uid);
ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_email_987c8728_uniq UNIQUE (user_id, email);
ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_key_key UNIQUE (key);
ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.appointments_appeal
    ADD CONSTRAINT appointments_appeal_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.appointments_appeal
    ADD CONSTRAINT appointments_appeal_strike_id_key UNIQUE (strike_id);
ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT appointments_appointment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.appointments_arrival
    ADD CONSTRAINT appointments_arrival_appointment_id_key UNIQUE (appointment_id);
ALTER TABLE ONLY public.appointments_arrival
    ADD CONSTRAINT appointments_arrival_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.appointments_attendance
    ADD CONSTRAINT appointments_attendance_appointment_id_key UNIQUE (appointment_id);
ALTER TABLE ONLY public.appointments_attendance
    ADD CONSTRAINT appointments_attendance_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.appointments_batch
    ADD CONSTRAINT appointments_batch_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.appointments_batchrow
    ADD CONSTRAINT appointments_batchrow_appointment_id_key UNIQUE (appointment_id);
ALTER TABLE ONLY public.appointments_batchrow
    ADD CONSTRAINT appointments_batchrow_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.appointments_block
    ADD CONSTRAINT appointments_block_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.appointments_board
    ADD CONSTRAINT appointments_board_digest_key UNIQUE (digest);
ALTER TABLE ONLY public.appointments_board
    ADD CONSTRAINT appointments_board_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.appointments_move
    ADD CONSTRAINT appointments_move_pkey PRIMARY KEY (appointment_id);
ALTER TABLE ONLY public.appointments_response
    ADD CONSTRAINT appointments_response_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.appointments_strike
    ADD CONSTRAINT appointments_strike_appointment_id_key UNIQUE (appointment_id);
ALTER TABLE ONLY public.appointments_strike
    ADD CONSTRAINT appointments_strike_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.appointments_trip
    ADD CONSTRAINT appointments_trip_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.appointments_wait
    ADD CONSTRAINT appointments_wait_pkey PRIMARY KEY (appointment_id);
ALTER TABLE ONLY public.archive_copy
    ADD CONSTRAINT archive_copy_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.audit_auditrow
    ADD CONSTRAINT audit_auditrow_pkey PRIMARY KEY (id, at);
ALTER TABLE ONLY public.audit_auditrow_other
    ADD CONSTRAINT audit_auditrow_other_pkey PRIMARY KEY (id, at);
ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT audit_seal_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT audit_seal_since_key UNIQUE (since);
ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT audit_seal_until_key UNIQUE (until);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.availability_dayrule
    ADD CONSTRAINT availability_dayrule_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.availability_disagreement
    ADD CONSTRAINT availability_disagreement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.availability_period
    ADD CONSTRAINT availability_period_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.availability_periodpool
    ADD CONSTRAINT availability_periodpool_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.availability_session
    ADD CONSTRAINT availability_session_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.availability_stop
    ADD CONSTRAINT availability_stop_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.availability_template
    ADD CONSTRAINT availability_template_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.care_access
    ADD CONSTRAINT care_access_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.consent_breakglass
    ADD CONSTRAINT consent_breakglass_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.consent_breakglassreview
    ADD CONSTRAINT consent_breakglassreview_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.consent_consent
    ADD CONSTRAINT consent_consent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.core_clock
    ADD CONSTRAINT core_clock_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.core_idempotencykey
    ADD CONSTRAINT core_idempotencykey_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.core_outboxevent
    ADD CONSTRAINT core_outboxevent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.core_policychange
    ADD CONSTRAINT core_policychange_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.demo_fillprogress
    ADD CONSTRAINT demo_fillprogress_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.demo_lastseen
    ADD CONSTRAINT demo_lastseen_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.demo_past
    ADD CONSTRAINT demo_past_pkey PRIMARY KEY (county);
ALTER TABLE ONLY public.desks_desk
    ADD CONSTRAINT desks_desk_digest_key UNIQUE (digest);
ALTER TABLE ONLY public.desks_desk
    ADD CONSTRAINT desks_desk_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.desks_seat
    ADD CONSTRAINT desks_seat_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.devices_device
    ADD CONSTRAINT devices_device_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.devices_linktest
    ADD CONSTRAINT devices_linktest_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.devices_ticket
    ADD CONSTRAINT devices_ticket_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);
ALTER TABLE ONLY public.duties_duty
    ADD CONSTRAINT duties_duty_draft_key UNIQUE (draft);
ALTER TABLE ONLY public.duties_duty
    ADD CONSTRAINT duties_duty_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.duties_duty
    ADD CONSTRAINT duties_duty_recheck_of_id_key UNIQUE (recheck_of_id);
ALTER TABLE ONLY public.duties_plan
    ADD CONSTRAINT duties_plan_contract_id_key UNIQUE (contract_id);
ALTER TABLE ONLY public.duties_plan
    ADD CONSTRAINT duties_plan_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.duties_proposal
    ADD CONSTRAINT duties_proposal_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.duties_quota
    ADD CONSTRAINT duties_quota_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.duties_rate
    ADD CONSTRAINT duties_rate_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.duties_reading
    ADD CONSTRAINT duties_reading_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.duties_visit
    ADD CONSTRAINT duties_visit_draft_key UNIQUE (draft);
ALTER TABLE ONLY public.duties_visit
    ADD CONSTRAINT duties_visit_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notifications_delivery
    ADD CONSTRAINT each_channel_once UNIQUE (notification_id, channel);
ALTER TABLE ONLY public.duties_duty
    ADD CONSTRAINT each_duty_is_owed_once UNIQUE (contract_id, rule, service, due_on);
ALTER TABLE ONLY public.rota_handoveritem
    ADD CONSTRAINT each_item_is_handed_over_once UNIQUE (hand_over_id, kind, item);
ALTER TABLE ONLY public.core_clock
    ADD CONSTRAINT each_rung_fires_once UNIQUE (about, kind, rung, turn);
ALTER TABLE ONLY public.fhir_resource
    ADD CONSTRAINT fhir_resource_pkey PRIMARY KEY (type, rid);
ALTER TABLE ONLY public.fhir_resource_appointment
    ADD CONSTRAINT fhir_resource_appointment_pkey PRIMARY KEY (type, rid);
ALTER TABLE ONLY public.fhir_resource_claim
    ADD CONSTRAINT fhir_resource_claim_pkey PRIMARY KEY (type, rid);
ALTER TABLE ONLY public.fhir_resource_condition
    ADD CONSTRAINT fhir_resource_condition_pkey PRIMARY KEY (type, rid);
ALTER TABLE ONLY public.fhir_resource_diagnosticreport
    ADD CONSTRAINT fhir_resource_diagnosticreport_pkey PRIMARY KEY (type, rid);
ALTER TABLE ONLY public.fhir_resource_encounter
    ADD CONSTRAINT fhir_resource_encounter_pkey PRIMARY KEY (type, rid);
ALTER TABLE ONLY public.fhir_resource_explanationofbenefit
    ADD CONSTRAINT fhir_resource_explanationofbenefit_pkey PRIMARY KEY (type, rid);
ALTER TABLE ONLY public.fhir_resource_immunization
    ADD CONSTRAINT fhir_resource_immunization_pkey PRIMARY KEY (type, rid);
ALTER TABLE ONLY public.fhir_resource_medicationrequest
    ADD CONSTRAINT fhir_resource_medicationrequest_pkey PRIMARY KEY (type, rid);
ALTER TABLE ONLY public.fhir_resource_observation
    ADD CONSTRAINT fhir_resource_observation_pkey PRIMARY KEY (type, rid);
ALTER TABLE ONLY public.fhir_resource_other
    ADD CONSTRAINT fhir_resource_other_pkey PRIMARY KEY (type, rid);
ALTER TABLE ONLY public.fhir_resource_patient
    ADD CONSTRAINT fhir_resource_patient_pkey PRIMARY KEY (type, rid);
ALTER TABLE ONLY public.fhir_resource_procedure
    ADD CONSTRAINT fhir_resource_procedure_pkey PRIMARY KEY (type, rid);
ALTER TABLE ONLY public.fhir_resource_servicerequest
    ADD CONSTRAINT fhir_resource_servicerequest_pkey PRIMARY KEY (type, rid);
ALTER TABLE ONLY public.fhir_version
    ADD CONSTRAINT fhir_version_pkey PRIMARY KEY (rid, version);
ALTER TABLE ONLY public.fhir_version_foreign
    ADD CONSTRAINT fhir_version_foreign_pkey PRIMARY KEY (rid, version);
ALTER TABLE ONLY public.fhir_version_other
    ADD CONSTRAINT fhir_version_other_pkey PRIMARY KEY (rid, version);
ALTER TABLE ONLY public.greens_green
    ADD CONSTRAINT greens_green_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.greens_green
    ADD CONSTRAINT greens_green_referral_id_key UNIQUE (referral_id);
ALTER TABLE ONLY public.greens_stamp
    ADD CONSTRAINT greens_stamp_corrected_by_id_key UNIQUE (corrected_by_id);
ALTER TABLE ONLY public.greens_stamp
    ADD CONSTRAINT greens_stamp_key_key UNIQUE (key);
ALTER TABLE ONLY public.greens_stamp
    ADD CONSTRAINT greens_stamp_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.guests_link
    ADD CONSTRAINT guests_link_digest_key UNIQUE (digest);
ALTER TABLE ONLY public.guests_link
    ADD CONSTRAINT guests_link_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.imaging_instance
    ADD CONSTRAINT imaging_instance_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.imaging_opening
    ADD CONSTRAINT imaging_opening_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.imaging_partialupload
    ADD CONSTRAINT imaging_partialupload_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.imaging_series
    ADD CONSTRAINT imaging_series_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.imaging_shipment
    ADD CONSTRAINT imaging_shipment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.imaging_shipment_studies
    ADD CONSTRAINT imaging_shipment_studies_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.imaging_shipment_studies
    ADD CONSTRAINT imaging_shipment_studies_shipment_id_study_id_4e1fa9ce_uniq UNIQUE (shipment_id, study_id);
ALTER TABLE ONLY public.imaging_shippedfile
    ADD CONSTRAINT imaging_shippedfile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.imaging_study
    ADD CONSTRAINT imaging_study_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.keyimages_keyimage
    ADD CONSTRAINT keyimages_keyimage_client_id_key UNIQUE (client_id);
ALTER TABLE ONLY public.keyimages_keyimage
    ADD CONSTRAINT keyimages_keyimage_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.keyimages_still
    ADD CONSTRAINT keyimages_still_client_id_key UNIQUE (client_id);
ALTER TABLE ONLY public.keyimages_still
    ADD CONSTRAINT keyimages_still_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.keyimages_still
    ADD CONSTRAINT keyimages_still_study_id_key UNIQUE (study_id);
ALTER TABLE ONLY public.requests_onlooker
    ADD CONSTRAINT known_once_a_case UNIQUE (case_id, organisation_id);
ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mpi_death
    ADD CONSTRAINT mpi_death_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mpi_healthcard
    ADD CONSTRAINT mpi_healthcard_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mpi_household
    ADD CONSTRAINT mpi_household_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mpi_lowincome
    ADD CONSTRAINT mpi_lowincome_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mpi_lowincomelist
    ADD CONSTRAINT mpi_lowincomelist_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mpi_member
    ADD CONSTRAINT mpi_member_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mpi_merge
    ADD CONSTRAINT mpi_merge_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mpi_pair
    ADD CONSTRAINT mpi_pair_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mpi_patient
    ADD CONSTRAINT mpi_patient_fhir_id_key UNIQUE (fhir_id);
ALTER TABLE ONLY public.mpi_patient
    ADD CONSTRAINT mpi_patient_id_card_hash_key UNIQUE (id_card_hash);
ALTER TABLE ONLY public.mpi_patient
    ADD CONSTRAINT mpi_patient_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mpi_patient
    ADD CONSTRAINT mpi_patient_rid_key UNIQUE (rid);
ALTER TABLE ONLY public.mpi_patient
    ADD CONSTRAINT mpi_patient_temporary_no_key UNIQUE (temporary_no);
ALTER TABLE ONLY public.mpi_patient
    ADD CONSTRAINT mpi_patient_user_id_key UNIQUE (user_id);
ALTER TABLE ONLY public.mpi_relation
    ADD CONSTRAINT mpi_relation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mpi_roll
    ADD CONSTRAINT mpi_roll_digest_key UNIQUE (digest);
ALTER TABLE ONLY public.mpi_roll
    ADD CONSTRAINT mpi_roll_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.availability_session
    ADD CONSTRAINT no_room_has_two_sessions EXCLUDE USING gist (organisation_id WITH =, room WITH =, during WITH &&) WHERE ((((state)::text = ANY ((ARRAY['planned'::character varying, 'published'::character varying, 'finished'::character varying])::text[])) AND (NOT ((room)::text = ''::text))));
ALTER TABLE ONLY public.organisations_agreementservice
    ADD CONSTRAINT no_two_in_force_for_a_service EXCLUDE USING gist (asking_id WITH =, asked_id WITH =, service WITH =, during WITH &&) WHERE (in_force);
ALTER TABLE ONLY public.registration_contract
    ADD CONSTRAINT nobody_has_two_family_doctors EXCLUDE USING gist (person_key WITH =, term WITH &&) WHERE (((status)::text = ANY ((ARRAY['signed'::character varying, 'active'::character varying, 'renewal_asked'::character varying, 'renewed'::character varying, 'lapsed'::character varying, 'ended'::character varying])::text[])));
ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT nobody_is_booked_twice_at_a_time EXCLUDE USING gist (person_key WITH =, during WITH &&) WHERE (((status)::text = ANY ((ARRAY['held'::character varying, 'offered'::character varying, 'booked'::character varying, 'displaced'::character varying, 'arrived'::character varying, 'called'::character varying, 'in_visit'::character varying])::text[])));
ALTER TABLE ONLY public.requests_halfhour
    ADD CONSTRAINT nobody_is_in_two_places UNIQUE (person_id, starts_at);
ALTER TABLE ONLY public.availability_session
    ADD CONSTRAINT nobody_is_in_two_sessions EXCLUDE USING gist (clinician_id WITH =, during WITH &&) WHERE (((state)::text = ANY ((ARRAY['planned'::character varying, 'published'::character varying, 'finished'::character varying])::text[])));
ALTER TABLE ONLY public.rota_shift
    ADD CONSTRAINT nobody_is_on_duty_twice EXCLUDE USING gist (user_id WITH =, during WITH &&) WHERE (in_force) DEFERRABLE;
ALTER TABLE ONLY public.rota_shift
    ADD CONSTRAINT nobody_is_twice_in_a_rota EXCLUDE USING gist (rota_id WITH =, user_id WITH =, during WITH &&) DEFERRABLE;
ALTER TABLE ONLY public.consent_breakglassreview
    ADD CONSTRAINT nobody_reviews_twice UNIQUE (break_glass_id, reviewer_id);
ALTER TABLE ONLY public.notifications_call
    ADD CONSTRAINT notifications_call_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notifications_code
    ADD CONSTRAINT notifications_code_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notifications_delivery
    ADD CONSTRAINT notifications_delivery_link_key UNIQUE (link);
ALTER TABLE ONLY public.notifications_delivery
    ADD CONSTRAINT notifications_delivery_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notifications_notification
    ADD CONSTRAINT notifications_notification_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notifications_preference
    ADD CONSTRAINT notifications_preference_pkey PRIMARY KEY (user_id);
ALTER TABLE ONLY public.appointments_batchrow
    ADD CONSTRAINT once_in_a_batch UNIQUE (batch_id, patient_id);
ALTER TABLE ONLY public.mpi_lowincome
    ADD CONSTRAINT once_on_a_low_income_list UNIQUE (id_card_hash, brought_in_id);
ALTER TABLE ONLY public.appointments_batchrow
    ADD CONSTRAINT one_at_each_position UNIQUE (batch_id, "position");
ALTER TABLE ONLY public.archive_copy
    ADD CONSTRAINT one_copy_a_side_and_version UNIQUE (case_id, organisation_id, version);
ALTER TABLE ONLY public.organisations_department
    ADD CONSTRAINT one_department_of_a_name UNIQUE (organisation_id, name);
ALTER TABLE ONLY public.rooms_roomevent
    ADD CONSTRAINT one_event_a_client_id UNIQUE (room_id, client_id);
ALTER TABLE ONLY public.rooms_roomevent
    ADD CONSTRAINT one_event_a_number UNIQUE (room_id, seq);
ALTER TABLE ONLY public.imaging_shippedfile
    ADD CONSTRAINT one_file_a_key UNIQUE (shipment_id, key);
ALTER TABLE ONLY public.imaging_instance
    ADD CONSTRAINT one_instance_a_uid UNIQUE (series_id, sop_uid);
ALTER TABLE ONLY public.requests_numberlane
    ADD CONSTRAINT one_lane_of_a_kind UNIQUE (day, lane);
ALTER TABLE ONLY public.opening_opening
    ADD CONSTRAINT one_opening_at_a_time UNIQUE (organisation_id, opens_at);
ALTER TABLE ONLY public.opinions_opinion
    ADD CONSTRAINT one_opinion_a_version UNIQUE (case_id, version);
ALTER TABLE ONLY public.requests_outcome
    ADD CONSTRAINT one_outcome_a_day UNIQUE (case_id, day);
ALTER TABLE ONLY public.rooms_participant
    ADD CONSTRAINT one_place_a_connection UNIQUE (connection);
ALTER TABLE ONLY public.rooms_participant
    ADD CONSTRAINT one_place_a_person UNIQUE (room_id, user_id);
ALTER TABLE ONLY public.availability_periodpool
    ADD CONSTRAINT one_pool_of_a_kind UNIQUE (period_id, pool);
ALTER TABLE ONLY public.duties_quota
    ADD CONSTRAINT one_quota_a_year UNIQUE (contract_id, rule, service, begins_on);
ALTER TABLE ONLY public.duties_rate
    ADD CONSTRAINT one_rate_of_a_county_and_group UNIQUE (county, "group", face);
ALTER TABLE ONLY public.requests_receipt
    ADD CONSTRAINT one_receipt_a_turn UNIQUE (case_id, opinion_version, turn);
ALTER TABLE ONLY public.mpi_relation
    ADD CONSTRAINT one_relation_of_two_at_a_time EXCLUDE USING gist (subject_id WITH =, delegate_id WITH =, daterange(starts_on, ends_on, '[)'::text) WITH &&);
ALTER TABLE ONLY public.consent_breakglassreview
    ADD CONSTRAINT one_review_a_turn UNIQUE (break_glass_id, turn);
ALTER TABLE ONLY public.rota_rota
    ADD CONSTRAINT one_rota_a_version UNIQUE (organisation_id, month, version);
ALTER TABLE ONLY public.care_access
    ADD CONSTRAINT one_row_a_relationship UNIQUE NULLS NOT DISTINCT (org, patient, basis, about, person);
ALTER TABLE ONLY public.imaging_series
    ADD CONSTRAINT one_series_a_uid UNIQUE (study_id, series_uid);
ALTER TABLE ONLY public.registration_share
    ADD CONSTRAINT one_share_a_village UNIQUE (closing_id, village);
ALTER TABLE ONLY public.organisations_agreementsignature
    ADD CONSTRAINT one_signature_a_side UNIQUE (agreement_id, organisation_id);
ALTER TABLE ONLY public.organisations_statement
    ADD CONSTRAINT one_statement_a_month UNIQUE (asking_id, asked_id, month);
ALTER TABLE ONLY public.opinions_expertview
    ADD CONSTRAINT one_statement_an_expert UNIQUE (case_id, expert_id);
ALTER TABLE ONLY public.organisations_agreement
    ADD CONSTRAINT one_text_a_version UNIQUE (series, version);
ALTER TABLE ONLY public.duties_reading
    ADD CONSTRAINT one_value_of_a_visit UNIQUE (visit_id, kind);
ALTER TABLE ONLY public.opinions_sectionlease
    ADD CONSTRAINT one_writes_a_section UNIQUE (case_id, section);
ALTER TABLE ONLY public.opening_opening
    ADD CONSTRAINT opening_opening_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.opinions_correction
    ADD CONSTRAINT opinions_correction_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.opinions_cowriter
    ADD CONSTRAINT opinions_cowriter_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.opinions_draft
    ADD CONSTRAINT opinions_draft_case_id_key UNIQUE (case_id);
ALTER TABLE ONLY public.opinions_draft
    ADD CONSTRAINT opinions_draft_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.opinions_expertview
    ADD CONSTRAINT opinions_expertview_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.opinions_opinion
    ADD CONSTRAINT opinions_opinion_check_code_key UNIQUE (check_code);
ALTER TABLE ONLY public.opinions_opinion
    ADD CONSTRAINT opinions_opinion_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.opinions_phrase
    ADD CONSTRAINT opinions_phrase_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.opinions_sectionlease
    ADD CONSTRAINT opinions_sectionlease_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisations_agreement
    ADD CONSTRAINT organisations_agreement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisations_agreementservice
    ADD CONSTRAINT organisations_agreementservice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisations_agreementsignature
    ADD CONSTRAINT organisations_agreementsignature_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisations_agreementstep
    ADD CONSTRAINT organisations_agreementstep_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisations_department
    ADD CONSTRAINT organisations_department_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisations_division
    ADD CONSTRAINT organisations_division_pkey PRIMARY KEY (code);
ALTER TABLE ONLY public.organisations_entry
    ADD CONSTRAINT organisations_entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisations_organisation
    ADD CONSTRAINT organisations_organisation_number_key UNIQUE (number);
ALTER TABLE ONLY public.organisations_organisation
    ADD CONSTRAINT organisations_organisation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisations_statement
    ADD CONSTRAINT organisations_statement_number_key UNIQUE (number);
ALTER TABLE ONLY public.organisations_statement
    ADD CONSTRAINT organisations_statement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.oversight_signal
    ADD CONSTRAINT oversight_signal_number_key UNIQUE (number);
ALTER TABLE ONLY public.oversight_signal
    ADD CONSTRAINT oversight_signal_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.oversight_signalentry
    ADD CONSTRAINT oversight_signalentry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.oversight_silence
    ADD CONSTRAINT oversight_silence_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.oversight_silenceentry
    ADD CONSTRAINT oversight_silenceentry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_accesstoken
    ADD CONSTRAINT people_accesstoken_pkey PRIMARY KEY (digest);
ALTER TABLE ONLY public.people_application
    ADD CONSTRAINT people_application_name_key UNIQUE (name);
ALTER TABLE ONLY public.people_application
    ADD CONSTRAINT people_application_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_practitioner
    ADD CONSTRAINT people_practitioner_licence_no_key UNIQUE (licence_no);
ALTER TABLE ONLY public.people_practitioner
    ADD CONSTRAINT people_practitioner_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_practitioner
    ADD CONSTRAINT people_practitioner_user_id_key UNIQUE (user_id);
ALTER TABLE ONLY public.people_practitionerrole
    ADD CONSTRAINT people_practitionerrole_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_presence
    ADD CONSTRAINT people_presence_pkey PRIMARY KEY (user_id);
ALTER TABLE ONLY public.people_signingkey
    ADD CONSTRAINT people_signingkey_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_user
    ADD CONSTRAINT people_user_application_id_key UNIQUE (application_id);
ALTER TABLE ONLY public.people_user_groups
    ADD CONSTRAINT people_user_groups_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_user_groups
    ADD CONSTRAINT people_user_groups_user_id_group_id_60378d34_uniq UNIQUE (user_id, group_id);
ALTER TABLE ONLY public.people_user
    ADD CONSTRAINT people_user_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_user_user_permissions
    ADD CONSTRAINT people_user_user_permiss_user_id_permission_id_a7ac6748_uniq UNIQUE (user_id, permission_id);
ALTER TABLE ONLY public.people_user_user_permissions
    ADD CONSTRAINT people_user_user_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_user
    ADD CONSTRAINT people_user_username_key UNIQUE (username);
ALTER TABLE ONLY public.availability_period
    ADD CONSTRAINT periods_follow UNIQUE (session_id, starts_at);
ALTER TABLE ONLY public.recordings_answer
    ADD CONSTRAINT recordings_answer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.recordings_recording
    ADD CONSTRAINT recordings_recording_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.referrals_aftercare
    ADD CONSTRAINT referrals_aftercare_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.referrals_aftercare
    ADD CONSTRAINT referrals_aftercare_referral_id_key UNIQUE (referral_id);
ALTER TABLE ONLY public.referrals_daynumber
    ADD CONSTRAINT referrals_daynumber_pkey PRIMARY KEY (day);
ALTER TABLE ONLY public.referrals_planitem
    ADD CONSTRAINT referrals_planitem_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.referrals_question
    ADD CONSTRAINT referrals_question_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.referrals_referral
    ADD CONSTRAINT referrals_referral_number_key UNIQUE (number);
ALTER TABLE ONLY public.referrals_referral
    ADD CONSTRAINT referrals_referral_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.referrals_round
    ADD CONSTRAINT referrals_round_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.referrals_stay
    ADD CONSTRAINT referrals_stay_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.referrals_stay
    ADD CONSTRAINT referrals_stay_referral_id_key UNIQUE (referral_id);
ALTER TABLE ONLY public.referrals_step
    ADD CONSTRAINT referrals_step_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.registration_assignment
    ADD CONSTRAINT registration_assignment_contract_id_key UNIQUE (contract_id);
ALTER TABLE ONLY public.registration_assignment
    ADD CONSTRAINT registration_assignment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.registration_closing
    ADD CONSTRAINT registration_closing_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.registration_contract
    ADD CONSTRAINT registration_contract_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.registration_episode
    ADD CONSTRAINT registration_episode_contract_id_key UNIQUE (contract_id);
ALTER TABLE ONLY public.registration_episode
    ADD CONSTRAINT registration_episode_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.registration_left
    ADD CONSTRAINT registration_left_contract_id_key UNIQUE (contract_id);
ALTER TABLE ONLY public.registration_left
    ADD CONSTRAINT registration_left_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.registration_member
    ADD CONSTRAINT registration_member_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.registration_ownsignature
    ADD CONSTRAINT registration_ownsignature_contract_id_key UNIQUE (contract_id);
ALTER TABLE ONLY public.registration_ownsignature
    ADD CONSTRAINT registration_ownsignature_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.registration_package
    ADD CONSTRAINT registration_package_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.registration_panel
    ADD CONSTRAINT registration_panel_doctor_id_key UNIQUE (doctor_id);
ALTER TABLE ONLY public.registration_panel
    ADD CONSTRAINT registration_panel_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.registration_share
    ADD CONSTRAINT registration_share_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.registration_step
    ADD CONSTRAINT registration_step_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.registration_team
    ADD CONSTRAINT registration_team_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.requests_case
    ADD CONSTRAINT requests_case_number_key UNIQUE (number);
ALTER TABLE ONLY public.requests_case
    ADD CONSTRAINT requests_case_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.requests_case_studies
    ADD CONSTRAINT requests_case_studies_case_id_study_id_3e5fcc51_uniq UNIQUE (case_id, study_id);
ALTER TABLE ONLY public.requests_case_studies
    ADD CONSTRAINT requests_case_studies_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.requests_halfhour
    ADD CONSTRAINT requests_halfhour_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.requests_meeting
    ADD CONSTRAINT requests_meeting_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.requests_message
    ADD CONSTRAINT requests_message_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.requests_numberlane
    ADD CONSTRAINT requests_numberlane_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.requests_offer
    ADD CONSTRAINT requests_offer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.requests_onlooker
    ADD CONSTRAINT requests_onlooker_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.requests_outcome
    ADD CONSTRAINT requests_outcome_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.requests_question
    ADD CONSTRAINT requests_question_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.requests_receipt
    ADD CONSTRAINT requests_receipt_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.requests_step
    ADD CONSTRAINT requests_step_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.rooms_mediaerrand
    ADD CONSTRAINT rooms_mediaerrand_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.rooms_participant
    ADD CONSTRAINT rooms_participant_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.rooms_room
    ADD CONSTRAINT rooms_room_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.rooms_roomevent
    ADD CONSTRAINT rooms_roomevent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.rota_handover
    ADD CONSTRAINT rota_handover_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.rota_handover
    ADD CONSTRAINT rota_handover_shift_id_key UNIQUE (shift_id);
ALTER TABLE ONLY public.rota_handoveritem
    ADD CONSTRAINT rota_handoveritem_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.rota_rota
    ADD CONSTRAINT rota_rota_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.rota_shift
    ADD CONSTRAINT rota_shift_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.rota_swap
    ADD CONSTRAINT rota_swap_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.referrals_round
    ADD CONSTRAINT rounds_are_numbered UNIQUE (referral_id, number);
ALTER TABLE ONLY public.staff_entry
    ADD CONSTRAINT staff_entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.staff_invitation
    ADD CONSTRAINT staff_invitation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.staff_upload
    ADD CONSTRAINT staff_upload_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.appointments_wait
    ADD CONSTRAINT three_waits_a_person UNIQUE (person_key, rank);
ALTER TABLE ONLY public.notifications_notification
    ADD CONSTRAINT told_once_about_each_thing UNIQUE (recipient_id, template, about, turn);
ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_session_key_key UNIQUE (session_key);
ALTER TABLE ONLY public.visits_link
    ADD CONSTRAINT visits_link_digest_key UNIQUE (digest);
ALTER TABLE ONLY public.visits_link
    ADD CONSTRAINT visits_link_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.availability_session
    ADD CONSTRAINT what_moved_is_not_planned_again UNIQUE (template_id, of_day);
CREATE UNIQUE INDEX a_department_is_asked_once_at_a_time ON public.referrals_round USING btree (referral_id, department_id) WHERE ((status)::text = 'asked'::text);
CREATE UNIQUE INDEX a_group_is_proposed_once_at_a_time ON public.duties_proposal USING btree (contract_id, "group") WHERE ((answer)::text = 'open'::text);
CREATE UNIQUE INDEX a_health_card_has_one_holder ON public.mpi_healthcard USING btree (number_hash) WHERE active;
CREATE UNIQUE INDEX a_person_is_told_once_about_each_thing ON public.notifications_notification USING btree (person_id, template, about, turn) WHERE (person_id IS NOT NULL);
CREATE UNIQUE INDEX a_signal_speaks_again_once_a_month ON public.oversight_signalentry USING btree (signal_id, month) WHERE (month IS NOT NULL);
CREATE UNIQUE INDEX a_template_plans_a_day_once ON public.availability_session USING btree (template_id, day) WHERE (of_day IS NULL);
CREATE UNIQUE INDEX a_thing_is_settled_once ON public.organisations_entry USING btree (subject, kind) WHERE (NOT ((kind)::text = 'correction'::text));
CREATE INDEX account_emailaddress_email_03be32b2 ON public.account_emailaddress USING btree (email);
CREATE INDEX account_emailaddress_email_03be32b2_like ON public.account_emailaddress USING btree (email varchar_pattern_ops);
CREATE INDEX account_emailaddress_user_id_2c513194 ON public.account_emailaddress USING btree (user_id);
CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON public.account_emailconfirmation USING btree (email_address_id);
CREATE INDEX account_emailconfirmation_key_f43612bd_like ON public.account_emailconfirmation USING btree (key varchar_pattern_ops);
CREATE INDEX agreement_asked ON public.organisations_agreement USING btree (asked_id, state, id DESC);
CREATE INDEX agreement_asking ON public.organisations_agreement USING btree (asking_id, state, id DESC);
CREATE INDEX agreement_history ON public.organisations_agreementstep USING btree (agreement_id, id);
CREATE INDEX appeals_open ON public.appointments_appeal USING btree (created_at) WHERE ((state)::text = 'filed'::text);
CREATE INDEX appointment_counted ON public.appointments_appointment USING btree (period_id, pool) WHERE holds_place;
CREATE INDEX appointment_day_list ON public.appointments_appointment USING btree (department_id, day);
CREATE INDEX appointment_displaced ON public.appointments_appointment USING btree (displaced_by_id) WHERE (displaced_by_id IS NOT NULL);
CREATE INDEX appointment_doctors_day ON public.appointments_appointment USING btree (clinician_id, day) WHERE (clinician_id IS NOT NULL);
CREATE INDEX appointment_given_back ON public.appointments_appointment USING btree (period_id) WHERE (returned_at IS NOT NULL);
CREATE INDEX appointment_of_patient ON public.appointments_appointment USING btree (patient_id, day DESC);
CREATE INDEX appointment_of_trip ON public.appointments_appointment USING btree (trip_id) WHERE (trip_id IS NOT NULL);
CREATE INDEX appointment_planned ON public.appointments_appointment USING btree (plan_period_id, plan_pool) WHERE (plan_period_id IS NOT NULL);
CREATE INDEX appointment_waiting ON public.appointments_appointment USING btree (department_id, day, status) WHERE ((status)::text = ANY ((ARRAY['waitlisted'::character varying, 'offered'::character varying])::text[]));
CREATE INDEX appointments_appointment_booked_by_id_f7516f07 ON public.appointments_appointment USING btree (booked_by_id);
CREATE INDEX appointments_appointment_organisation_id_44b89706 ON public.appointments_appointment USING btree (organisation_id);
CREATE INDEX appointments_appointment_patient_id_631d13da ON public.appointments_appointment USING btree (patient_id);
CREATE INDEX appointments_arrival_called_by_id_d01b815b ON public.appointments_arrival USING btree (called_by_id);
CREATE INDEX appointments_arrival_checked_in_by_id_a199f5e2 ON public.appointments_arrival USING btree (checked_in_by_id);
CREATE INDEX appointments_batch_made_by_id_f86c4361 ON public.appointments_batch USING btree (made_by_id);
CREATE INDEX appointments_batchrow_patient_id_1a1586f8 ON public.appointments_batchrow USING btree (patient_id);
CREATE INDEX appointments_board_department_id_f1a9d125 ON public.appointments_board USING btree (department_id);
CREATE INDEX appointments_board_digest_c34488cb_like ON public.appointments_board USING btree (digest varchar_pattern_ops);
CREATE INDEX appointments_board_ended_by_id_463dadcf ON public.appointments_board USING btree (ended_by_id);
CREATE INDEX appointments_board_made_by_id_ef1f6cf4 ON public.appointments_board USING btree (made_by_id);
CREATE INDEX appointments_board_organisation_id_d57df612 ON public.appointments_board USING btree (organisation_id);
CREATE INDEX appointments_move_left_id_ac1b9882 ON public.appointments_move USING btree (left_id);
CREATE INDEX appointments_response_appointment_id_914695e5 ON public.appointments_response USING btree (appointment_id);
CREATE INDEX archive_copy_case_id_3563e908 ON public.archive_copy USING btree (case_id);
CREATE INDEX archive_copy_organisation_id_53d0e3aa ON public.archive_copy USING btree (organisation_id);
CREATE INDEX audit_place ON ONLY public.audit_auditrow USING btree (organisation_id, at DESC);
CREATE INDEX audit_auditrow_other_organisation_id_at_idx ON public.audit_auditrow_other USING btree (organisation_id, at DESC);
CREATE INDEX audit_patient ON ONLY public.audit_auditrow USING btree (patient_id, at DESC);
CREATE INDEX audit_auditrow_other_patient_id_at_idx ON public.audit_auditrow_other USING btree (patient_id, at DESC);
CREATE INDEX audit_xact ON ONLY public.audit_auditrow USING btree (xact, id);
CREATE INDEX audit_auditrow_other_xact_id_idx ON public.audit_auditrow_other USING btree (xact, id);
CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);
CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);
CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);
CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);
CREATE INDEX availability_dayrule_clinician_id_c20e5c61 ON public.availability_dayrule USING btree (clinician_id);
CREATE INDEX availability_dayrule_department_id_0c040ba2 ON public.availability_dayrule USING btree (department_id);
CREATE INDEX availability_dayrule_organisation_id_69e10d81 ON public.availability_dayrule USING btree (organisation_id);
CREATE INDEX availability_disagreement_application_id_a9571540 ON public.availability_disagreement USING btree (application_id);
CREATE INDEX availability_disagreement_period_id_141819ea ON public.availability_disagreement USING btree (period_id);
CREATE INDEX availability_disagreement_session_id_5b18b550 ON public.availability_disagreement USING btree (session_id);
CREATE INDEX availability_disagreement_settled_by_id_321c6ee4 ON public.availability_disagreement USING btree (settled_by_id);
CREATE INDEX availability_period_clinician_id_51e1087b ON public.availability_period USING btree (clinician_id);
CREATE INDEX availability_period_department_id_6d66652a ON public.availability_period USING btree (department_id);
CREATE INDEX availability_period_organisation_id_30ea638e ON public.availability_period USING btree (organisation_id);
CREATE INDEX availability_period_session_id_6e950e1a ON public.availability_period USING btree (session_id);
CREATE INDEX availability_session_application_id_d949fb2f ON public.availability_session USING btree (application_id);
CREATE INDEX availability_session_clinician_id_7751015c ON public.availability_session USING btree (clinician_id);
CREATE INDEX availability_session_department_id_c9ed9e25 ON public.availability_session USING btree (department_id);
CREATE INDEX availability_session_organisation_id_f8b7b96f ON public.availability_session USING btree (organisation_id);
CREATE INDEX availability_session_template_id_bc36bf2c ON public.availability_session USING btree (template_id);
CREATE INDEX availability_stop_instead_id_0df3abf3 ON public.availability_stop USING btree (instead_id);
CREATE INDEX availability_stop_session_id_47597020 ON public.availability_stop USING btree (session_id);
CREATE INDEX availability_stop_stopped_by_id_5146d07b ON public.availability_stop USING btree (stopped_by_id);
CREATE INDEX availability_template_clinician_id_7af2c730 ON public.availability_template USING btree (clinician_id);
CREATE INDEX availability_template_department_id_03212066 ON public.availability_template USING btree (department_id);
CREATE INDEX availability_template_organisation_id_bc055e5c ON public.availability_template USING btree (organisation_id);
CREATE INDEX blocks_in_force ON public.appointments_block USING btree (person_key, organisation_id) WHERE ((state)::text = 'active'::text);
CREATE INDEX break_glass_of_actor ON public.consent_breakglass USING btree (actor_id, opened_at DESC);
CREATE INDEX break_glass_of_patient ON public.consent_breakglass USING btree (patient_id, opened_at DESC);
CREATE INDEX break_glass_to_review ON public.consent_breakglass USING btree (reviewing_id, status, id DESC);
CREATE INDEX care_access_patient ON public.care_access USING btree (patient, org);
CREATE INDEX case_asked ON public.requests_case USING btree (asked_id, status, id DESC);
CREATE INDEX case_asked_specialty ON public.requests_case USING btree (asked_id, specialty, id DESC);
CREATE INDEX case_asking ON public.requests_case USING btree (asking_id, status, id DESC);
CREATE INDEX case_patient ON public.requests_case USING btree (patient_id, id DESC);
CREATE INDEX clock_about ON public.core_clock USING btree (about, kind);
CREATE INDEX clock_running ON public.core_clock USING btree (due_at) WHERE ((state)::text = 'running'::text);
CREATE INDEX code_newest ON public.notifications_code USING btree (user_id, channel, id DESC);
CREATE INDEX consent_breakglass_actor_id_a2098932 ON public.consent_breakglass USING btree (actor_id);
CREATE INDEX consent_breakglass_department_id_4ad5a3b7 ON public.consent_breakglass USING btree (department_id);
CREATE INDEX consent_breakglass_organisation_id_fedcca6e ON public.consent_breakglass USING btree (organisation_id);
CREATE INDEX consent_breakglass_patient_id_49f26a57 ON public.consent_breakglass USING btree (patient_id);
CREATE INDEX consent_breakglass_reviewing_id_3c811ec8 ON public.consent_breakglass USING btree (reviewing_id);
CREATE INDEX consent_breakglassreview_actor_id_b44d7288 ON public.consent_breakglassreview USING btree (actor_id);
CREATE INDEX consent_breakglassreview_break_glass_id_01dfebd8 ON public.consent_breakglassreview USING btree (break_glass_id);
CREATE INDEX consent_breakglassreview_organisation_id_e5b4e9b8 ON public.consent_breakglassreview USING btree (organisation_id);
CREATE INDEX consent_breakglassreview_reviewer_id_cd7908e9 ON public.consent_breakglassreview USING btree (reviewer_id);
CREATE INDEX consent_consent_asked_id_65d8bdcd ON public.consent_consent USING btree (asked_id);
CREATE INDEX consent_consent_organisation_id_40805469 ON public.consent_consent USING btree (organisation_id);
CREATE INDEX consent_consent_patient_id_eb6b42a8 ON public.consent_consent USING btree (patient_id);
CREATE INDEX consent_consent_signed_under_id_6a97c7d3 ON public.consent_consent USING btree (signed_under_id);
CREATE INDEX consent_consent_taken_by_id_b700b448 ON public.consent_consent USING btree (taken_by_id);
CREATE INDEX contracts_counted ON public.registration_contract USING btree (doctor_id) WHERE holds_place;
CREATE INDEX contracts_of_a_person ON public.registration_contract USING btree (person_key, applied_at DESC);
CREATE INDEX contracts_of_a_team ON public.registration_contract USING btree (team_id, status, applied_at);
CREATE INDEX day_rules_ahead ON public.availability_dayrule USING btree (organisation_id, last);
CREATE INDEX delivery_phone ON public.notifications_delivery USING btree (created_at) WHERE ((state)::text = 'on_phone_list'::text);
CREATE INDEX delivery_queued ON public.notifications_delivery USING btree (due_at) WHERE ((state)::text = 'queued'::text);
CREATE INDEX delivery_sent ON public.notifications_delivery USING btree (sent_at DESC) WHERE (((channel)::text = ANY ((ARRAY['sms'::character varying, 'email'::character varying])::text[])) AND (sent_at IS NOT NULL));
CREATE INDEX demo_fillprogress_key_bcbd2d02_like ON public.demo_fillprogress USING btree (key varchar_pattern_ops);
CREATE INDEX demo_lastseen_key_e425e213_like ON public.demo_lastseen USING btree (key varchar_pattern_ops);
CREATE INDEX demo_past_county_9d19b89f_like ON public.demo_past USING btree (county varchar_pattern_ops);
CREATE INDEX desks_desk_digest_a76fc007_like ON public.desks_desk USING btree (digest varchar_pattern_ops);
CREATE INDEX desks_desk_organisation_id_36c2dff2 ON public.desks_desk USING btree (organisation_id);
CREATE INDEX desks_seat_desk_id_d943c666 ON public.desks_seat USING btree (desk_id);
CREATE INDEX desks_seat_user_id_1befb475 ON public.desks_seat USING btree (user_id);
CREATE INDEX device_last_used ON public.devices_device USING btree (used_at) WHERE (retired_at IS NULL);
CREATE INDEX devices_device_organisation_id_3c8ca159 ON public.devices_device USING btree (organisation_id);
CREATE INDEX devices_linktest_organisation_id_f9ee5fb7 ON public.devices_linktest USING btree (organisation_id);
CREATE INDEX devices_linktest_user_id_a365b8c0 ON public.devices_linktest USING btree (user_id);
CREATE INDEX devices_ticket_closed_by_id_a5672965 ON public.devices_ticket USING btree (closed_by_id);
CREATE INDEX devices_ticket_device_id_8e9f718e ON public.devices_ticket USING btree (device_id);
CREATE INDEX devices_ticket_opened_by_id_dfda99d5 ON public.devices_ticket USING btree (opened_by_id);
CREATE INDEX devices_ticket_organisation_id_0cdea9f1 ON public.devices_ticket USING btree (organisation_id);
CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);
CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);
CREATE INDEX duties_by_day ON public.duties_duty USING btree (due_on, contract_id);
CREATE INDEX duties_counted ON public.duties_duty USING btree (counted_id) WHERE (counted_id IS NOT NULL);
CREATE INDEX duties_duty_contract_id_9f216faa ON public.duties_duty USING btree (contract_id);
CREATE INDEX duties_duty_served_by_id_edad6529 ON public.duties_duty USING btree (served_by_id);
CREATE INDEX duties_proposal_answered_by_id_c1b8b815 ON public.duties_proposal USING btree (answered_by_id);
CREATE INDEX duties_proposal_contract_id_498ab670 ON public.duties_proposal USING btree (contract_id);
CREATE INDEX duties_quota_contract_id_8e912c0b ON public.duties_quota USING btree (contract_id);
CREATE INDEX duties_reading_duty_id_5560fdfa ON public.duties_reading USING btree (duty_id);
CREATE INDEX duties_reading_taken_by_id_a2dfbdbc ON public.duties_reading USING btree (taken_by_id);
CREATE INDEX duties_reading_visit_id_182852ff ON public.duties_reading USING btree (visit_id);
CREATE INDEX duties_to_file ON public.duties_duty USING btree (id) WHERE ((NOT filed) AND ((NOT ((mode)::text = ''::text)) OR (warned_at IS NOT NULL)));
CREATE INDEX duties_to_miss ON public.duties_duty USING btree (closes_on) WHERE ((status)::text = 'due'::text);
CREATE INDEX duties_to_open ON public.duties_duty USING btree (due_on) WHERE ((status)::text = 'planned'::text);
CREATE INDEX duties_visit_duty_id_1f01e414 ON public.duties_visit USING btree (duty_id);
CREATE INDEX duties_visit_served_by_id_5dcd4711 ON public.duties_visit USING btree (served_by_id);
CREATE INDEX entry_statement ON public.organisations_entry USING btree (statement_id, id);
CREATE INDEX fhir_date_lo ON public.fhir_date USING btree (key, lo, rid);
CREATE INDEX fhir_date_rid ON public.fhir_date USING btree (rid);
CREATE INDEX fhir_number_lo ON public.fhir_number USING btree (key, lo, rid);
CREATE INDEX fhir_number_rid ON public.fhir_number USING btree (rid);
CREATE INDEX fhir_resource_patient_at ON ONLY public.fhir_resource USING btree (patient, type, at, rid);
CREATE INDEX fhir_resource_appointment_patient_type_at_rid_idx ON public.fhir_resource_appointment USING btree (patient, type, at, rid);
CREATE INDEX fhir_resource_tokens ON ONLY public.fhir_resource USING gin (tokens) WITH (gin_pending_list_limit='256');
CREATE INDEX fhir_resource_appointment_tokens_idx ON public.fhir_resource_appointment USING gin (tokens) WITH (gin_pending_list_limit='256');
CREATE INDEX fhir_resource_type_at ON ONLY public.fhir_resource USING btree (type, at, rid);
CREATE INDEX fhir_resource_appointment_type_at_rid_idx ON public.fhir_resource_appointment USING btree (type, at, rid);
CREATE INDEX fhir_resource_type_updated ON ONLY public.fhir_resource USING btree (type, updated, rid);
CREATE INDEX fhir_resource_appointment_type_updated_rid_idx ON public.fhir_resource_appointment USING btree (type, updated, rid);
CREATE INDEX fhir_resource_claim_patient_type_at_rid_idx ON public.fhir_resource_claim USING btree (patient, type, at, rid);
CREATE INDEX fhir_resource_claim_tokens_idx ON public.fhir_resource_claim USING gin (tokens) WITH (gin_pending_list_limit='256');
CREATE INDEX fhir_resource_claim_type_at_rid_idx ON public.fhir_resource_claim USING btree (type, at, rid);
CREATE INDEX fhir_resource_claim_type_updated_rid_idx ON public.fhir_resource_claim USING btree (type, updated, rid);
CREATE INDEX fhir_resource_condition_patient_type_at_rid_idx ON public.fhir_resource_condition USING btree (patient, type, at, rid);
CREATE INDEX fhir_resource_condition_tokens_idx ON public.fhir_resource_condition USING gin (tokens) WITH (gin_pending_list_limit='256');
CREATE INDEX fhir_resource_condition_type_at_rid_idx ON public.fhir_resource_condition USING btree (type, at, rid);
CREATE INDEX fhir_resource_condition_type_updated_rid_idx ON public.fhir_resource_condition USING btree (type, updated, rid);
CREATE INDEX fhir_resource_diagnosticreport_patient_type_at_rid_idx ON public.fhir_resource_diagnosticreport USING btree (patient, type, at, rid);
CREATE INDEX fhir_resource_diagnosticreport_tokens_idx ON public.fhir_resource_diagnosticreport USING gin (tokens) WITH (gin_pending_list_limit='256');
CREATE INDEX fhir_resource_diagnosticreport_type_at_rid_idx ON public.fhir_resource_diagnosticreport USING btree (type, at, rid);
CREATE INDEX fhir_resource_diagnosticreport_type_updated_rid_idx ON public.fhir_resource_diagnosticreport USING btree (type, updated, rid);
CREATE INDEX fhir_resource_encounter_patient_type_at_rid_idx ON public.fhir_resource_encounter USING btree (patient, type, at, rid);
CREATE INDEX fhir_resource_encounter_tokens_idx ON public.fhir_resource_encounter USING gin (tokens) WITH (gin_pending_list_limit='256');
CREATE INDEX fhir_resource_encounter_type_at_rid_idx ON public.fhir_resource_encounter USING btree (type, at, rid);
CREATE INDEX fhir_resource_encounter_type_updated_rid_idx ON public.fhir_resource_encounter USING btree (type, updated, rid);
CREATE INDEX fhir_resource_explanationofbenefit_patient_type_at_rid_idx ON public.fhir_resource_explanationofbenefit USING btree (patient, type, at, rid);
CREATE INDEX fhir_resource_explanationofbenefit_tokens_idx ON public.fhir_resource_explanationofbenefit USING gin (tokens) WITH (gin_pending_list_limit='256');
CREATE INDEX fhir_resource_explanationofbenefit_type_at_rid_idx ON public.fhir_resource_explanationofbenefit USING btree (type, at, rid);
CREATE INDEX fhir_resource_explanationofbenefit_type_updated_rid_idx ON public.fhir_resource_explanationofbenefit USING btree (type, updated, rid);
CREATE INDEX fhir_resource_immunization_patient_type_at_rid_idx ON public.fhir_resource_immunization USING btree (patient, type, at, rid);
CREATE INDEX fhir_resource_immunization_tokens_idx ON public.fhir_resource_immunization USING gin (tokens) WITH (gin_pending_list_limit='256');
CREATE INDEX fhir_resource_immunization_type_at_rid_idx ON public.fhir_resource_immunization USING btree (type, at, rid);
CREATE INDEX fhir_resource_immunization_type_updated_rid_idx ON public.fhir_resource_immunization USING btree (type, updated, rid);
CREATE INDEX fhir_resource_medicationrequest_patient_type_at_rid_idx ON public.fhir_resource_medicationrequest USING btree (patient, type, at, rid);
CREATE INDEX fhir_resource_medicationrequest_tokens_idx ON public.fhir_resource_medicationrequest USING gin (tokens) WITH (gin_pending_list_limit='256');
CREATE INDEX fhir_resource_medicationrequest_type_at_rid_idx ON public.fhir_resource_medicationrequest USING btree (type, at, rid);
CREATE INDEX fhir_resource_medicationrequest_type_updated_rid_idx ON public.fhir_resource_medicationrequest USING btree (type, updated, rid);
CREATE INDEX fhir_resource_observation_patient_type_at_rid_idx ON public.fhir_resource_observation USING btree (patient, type, at, rid);
CREATE INDEX fhir_resource_observation_tokens_idx ON public.fhir_resource_observation USING gin (tokens) WITH (gin_pending_list_limit='256');
CREATE INDEX fhir_resource_observation_type_at_rid_idx ON public.fhir_resource_observation USING btree (type, at, rid);
CREATE INDEX fhir_resource_observation_type_updated_rid_idx ON public.fhir_resource_observation USING btree (type, updated, rid);
CREATE INDEX fhir_resource_other_patient_type_at_rid_idx ON public.fhir_resource_other USING btree (patient, type, at, rid);
CREATE INDEX fhir_resource_other_tokens_idx ON public.fhir_resource_other USING gin (tokens) WITH (gin_pending_list_limit='256');
CREATE INDEX fhir_resource_other_type_at_rid_idx ON public.fhir_resource_other USING btree (type, at, rid);
CREATE INDEX fhir_resource_other_type_updated_rid_idx ON public.fhir_resource_other USING btree (type, updated, rid);
CREATE INDEX fhir_resource_patient_patient_type_at_rid_idx ON public.fhir_resource_patient USING btree (patient, type, at, rid);
CREATE INDEX fhir_resource_patient_tokens_idx ON public.fhir_resource_patient USING gin (tokens) WITH (gin_pending_list_limit='256');
CREATE INDEX fhir_resource_patient_type_at_rid_idx ON public.fhir_resource_patient USING btree (type, at, rid);
CREATE INDEX fhir_resource_patient_type_updated_rid_idx ON public.fhir_resource_patient USING btree (type, updated, rid);
CREATE INDEX fhir_resource_procedure_patient_type_at_rid_idx ON public.fhir_resource_procedure USING btree (patient, type, at, rid);
CREATE INDEX fhir_resource_procedure_tokens_idx ON public.fhir_resource_procedure USING gin (tokens) WITH (gin_pending_list_limit='256');
CREATE INDEX fhir_resource_procedure_type_at_rid_idx ON public.fhir_resource_procedure USING btree (type, at, rid);
CREATE INDEX fhir_resource_procedure_type_updated_rid_idx ON public.fhir_resource_procedure USING btree (type, updated, rid);
CREATE INDEX fhir_resource_servicerequest_patient_type_at_rid_idx ON public.fhir_resource_servicerequest USING btree (patient, type, at, rid);
CREATE INDEX fhir_resource_servicerequest_tokens_idx ON public.fhir_resource_servicerequest USING gin (tokens) WITH (gin_pending_list_limit='256');
CREATE INDEX fhir_resource_servicerequest_type_at_rid_idx ON public.fhir_resource_servicerequest USING btree (type, at, rid);
CREATE INDEX fhir_resource_servicerequest_type_updated_rid_idx ON public.fhir_resource_servicerequest USING btree (type, updated, rid);
CREATE INDEX fhir_string_norm ON public.fhir_string USING btree (key, norm, rid);
CREATE INDEX fhir_string_rid ON public.fhir_string USING btree (rid);
CREATE INDEX fhir_token_at ON public.fhir_token USING btree (tok, at, rid);
CREATE INDEX fhir_token_rid ON public.fhir_token USING btree (rid);
CREATE INDEX greens_by_contact ON public.greens_green USING btree (kind, contact_at);
CREATE INDEX greens_green_acknowledged_by_id_29e97c3f ON public.greens_green USING btree (acknowledged_by_id);
CREATE INDEX greens_green_ended_by_id_5e721b85 ON public.greens_green USING btree (ended_by_id);
CREATE INDEX greens_open ON public.greens_green USING btree (contact_at) WHERE ((status)::text = ANY ((ARRAY['called'::character varying, 'acknowledged'::character varying])::text[]));
CREATE INDEX greens_stamp_by_id_0a889553 ON public.greens_stamp USING btree (by_id);
CREATE INDEX greens_stamp_green_id_0f7f4343 ON public.greens_stamp USING btree (green_id);
CREATE INDEX greens_stamp_organisation_id_fc535c98 ON public.greens_stamp USING btree (organisation_id);
CREATE INDEX guest_link_of_a_browser ON public.guests_link USING btree (browser) WHERE ((ended_at IS NULL) AND (NOT ((browser)::text = ''::text)));
CREATE INDEX guests_link_digest_08049ca7_like ON public.guests_link USING btree (digest varchar_pattern_ops);
CREATE INDEX guests_link_holder_id_08164142 ON public.guests_link USING btree (holder_id);
CREATE INDEX guests_link_made_by_id_90e8d3d8 ON public.guests_link USING btree (made_by_id);
CREATE INDEX guests_link_room_id_434586e3 ON public.guests_link USING btree (room_id);
CREATE INDEX hand_over_open ON public.rota_handover USING btree (incoming_id) WHERE (acknowledged_at IS NULL);
CREATE INDEX idempotency_age ON public.core_idempotencykey USING btree (created_at);
CREATE INDEX imaging_instance_series_id_bdb9e0b5 ON public.imaging_instance USING btree (series_id);
CREATE INDEX imaging_opening_study_id_60a0279d ON public.imaging_opening USING btree (study_id);
CREATE INDEX imaging_opening_user_id_e4b6efb2 ON public.imaging_opening USING btree (user_id);
CREATE INDEX imaging_partialupload_patient_id_910a735a ON public.imaging_partialupload USING btree (patient_id);
CREATE INDEX imaging_partialupload_user_id_c3b98c65 ON public.imaging_partialupload USING btree (user_id);
CREATE INDEX imaging_series_study_id_9838afc0 ON public.imaging_series USING btree (study_id);
CREATE INDEX imaging_shipment_patient_id_c9baba14 ON public.imaging_shipment USING btree (patient_id);
CREATE INDEX imaging_shipment_studies_shipment_id_40c4ee2a ON public.imaging_shipment_studies USING btree (shipment_id);
CREATE INDEX imaging_shipment_studies_study_id_103dabec ON public.imaging_shipment_studies USING btree (study_id);
CREATE INDEX imaging_shipment_user_id_9aedcf53 ON public.imaging_shipment USING btree (user_id);
CREATE INDEX imaging_shippedfile_shipment_id_bab62244 ON public.imaging_shippedfile USING btree (shipment_id);
CREATE INDEX imaging_study_organisation_id_87958b95 ON public.imaging_study USING btree (organisation_id);
CREATE INDEX imaging_study_patient_id_861b74ab ON public.imaging_study USING btree (patient_id);
CREATE INDEX imaging_study_uploaded_by_id_c8545f99 ON public.imaging_study USING btree (uploaded_by_id);
CREATE INDEX inbox ON public.notifications_notification USING btree (recipient_id, id DESC);
CREATE INDEX inbox_waiting ON public.notifications_notification USING btree (recipient_id) WHERE (read_at IS NULL);
CREATE INDEX key_image_case ON public.keyimages_keyimage USING btree (case_id, created_at);
CREATE INDEX keyimages_keyimage_case_id_1a90dc3c ON public.keyimages_keyimage USING btree (case_id);
CREATE INDEX keyimages_keyimage_made_by_id_b84e728b ON public.keyimages_keyimage USING btree (made_by_id);
CREATE INDEX keyimages_keyimage_study_id_5b87b92b ON public.keyimages_keyimage USING btree (study_id);
CREATE INDEX keyimages_still_camera_of_id_511aed59 ON public.keyimages_still USING btree (camera_of_id);
CREATE INDEX keyimages_still_case_id_ec83a85b ON public.keyimages_still USING btree (case_id);
CREATE INDEX keyimages_still_taken_by_id_8da215dc ON public.keyimages_still USING btree (taken_by_id);
CREATE INDEX left_to_see_to ON public.registration_left USING btree (closing_id) WHERE (settled_at IS NULL);
CREATE INDEX licence_to_verify ON public.staff_entry USING btree (id) WHERE ((state)::text = 'waiting'::text);
CREATE INDEX link_test_newest ON public.devices_linktest USING btree (organisation_id, id DESC);
CREATE INDEX live_co_writer ON public.opinions_cowriter USING btree (writer_id) WHERE (ended_at IS NULL);
CREATE INDEX low_income_lists ON public.mpi_lowincomelist USING btree (county_id, valid_from DESC, created_at DESC);
CREATE INDEX media_errand_waiting ON public.rooms_mediaerrand USING btree (due_at) WHERE ((dead_at IS NULL) AND (done_at IS NULL));
CREATE UNIQUE INDEX merged_once_at_a_time ON public.mpi_merge USING btree (loser_id) WHERE (undone_at IS NULL);
CREATE INDEX message_case ON public.requests_message USING btree (case_id, at);
CREATE INDEX mfa_authenticator_user_id_0c3a50c0 ON public.mfa_authenticator USING btree (user_id);
CREATE INDEX mpi_death_entered_by_id_c62896fa ON public.mpi_death USING btree (entered_by_id);
CREATE INDEX mpi_death_organisation_id_5c9fc41c ON public.mpi_death USING btree (organisation_id);
CREATE INDEX mpi_death_patient_id_2968e30c ON public.mpi_death USING btree (patient_id);
CREATE INDEX mpi_death_undone_by_id_61eafb50 ON public.mpi_death USING btree (undone_by_id);
CREATE INDEX mpi_healthcard_entered_by_id_c2c5ad72 ON public.mpi_healthcard USING btree (entered_by_id);
CREATE INDEX mpi_healthcard_patient_id_8b8929dc ON public.mpi_healthcard USING btree (patient_id);
CREATE INDEX mpi_household_division_id_9a86011b ON public.mpi_household USING btree (division_id);
CREATE INDEX mpi_household_division_id_9a86011b_like ON public.mpi_household USING btree (division_id varchar_pattern_ops);
CREATE INDEX mpi_household_entered_by_id_7c62e831 ON public.mpi_household USING btree (entered_by_id);
CREATE INDEX mpi_household_organisation_id_d1f4c41d ON public.mpi_household USING btree (organisation_id);
CREATE INDEX mpi_lowincome_brought_in_id_165aecf6 ON public.mpi_lowincome USING btree (brought_in_id);
CREATE INDEX mpi_lowincomelist_brought_by_id_0db0d3d3 ON public.mpi_lowincomelist USING btree (brought_by_id);
CREATE INDEX mpi_lowincomelist_county_id_4469f878 ON public.mpi_lowincomelist USING btree (county_id);
CREATE INDEX mpi_lowincomelist_county_id_4469f878_like ON public.mpi_lowincomelist USING btree (county_id varchar_pattern_ops);
CREATE INDEX mpi_lowincomelist_organisation_id_1aca441c ON public.mpi_lowincomelist USING btree (organisation_id);
CREATE INDEX mpi_member_entered_by_id_e7f54d43 ON public.mpi_member USING btree (entered_by_id);
CREATE INDEX mpi_member_household_id_65a88d36 ON public.mpi_member USING btree (household_id);
CREATE INDEX mpi_member_person_id_382566bc ON public.mpi_member USING btree (person_id);
CREATE INDEX mpi_merge_confirmed_by_id_249131f6 ON public.mpi_merge USING btree (confirmed_by_id);
CREATE INDEX mpi_merge_loser_id_eec949eb ON public.mpi_merge USING btree (loser_id);
CREATE INDEX mpi_merge_pair_id_e17c5812 ON public.mpi_merge USING btree (pair_id);
CREATE INDEX mpi_merge_proposed_by_id_49d54e5b ON public.mpi_merge USING btree (proposed_by_id);
CREATE INDEX mpi_merge_survivor_id_a39fce8c ON public.mpi_merge USING btree (survivor_id);
CREATE INDEX mpi_merge_undo_proposed_by_id_d2c3a227 ON public.mpi_merge USING btree (undo_proposed_by_id);
CREATE INDEX mpi_merge_undone_by_id_49aa0a02 ON public.mpi_merge USING btree (undone_by_id);
CREATE INDEX mpi_pair_decided_by_id_132a5895 ON public.mpi_pair USING btree (decided_by_id);
CREATE INDEX mpi_pair_one_id_9410fffc ON public.mpi_pair USING btree (one_id);
CREATE INDEX mpi_pair_other_id_acecf11c ON public.mpi_pair USING btree (other_id);
CREATE INDEX mpi_pair_proposed_by_id_5feaf346 ON public.mpi_pair USING btree (proposed_by_id);
CREATE INDEX mpi_pair_suggested_by_id_246bd895 ON public.mpi_pair USING btree (suggested_by_id);
CREATE INDEX mpi_pair_survivor_id_b6bd5878 ON public.mpi_pair USING btree (survivor_id);
CREATE INDEX mpi_patient_fhir_id_0b4a228d_like ON public.mpi_patient USING btree (fhir_id varchar_pattern_ops);
CREATE INDEX mpi_patient_id_card_hash_eb6e8c80_like ON public.mpi_patient USING btree (id_card_hash varchar_pattern_ops);
CREATE INDEX mpi_patient_managing_organisation_id_a7225bb2 ON public.mpi_patient USING btree (managing_organisation_id);
CREATE INDEX mpi_patient_merged_into_id_a8afb218 ON public.mpi_patient USING btree (merged_into_id);
CREATE INDEX mpi_patient_mother_id_daf07109 ON public.mpi_patient USING btree (mother_id);
CREATE INDEX mpi_patient_registered_by_id_57c8f62c ON public.mpi_patient USING btree (registered_by_id);
CREATE INDEX mpi_patient_temporary_no_c3830816_like ON public.mpi_patient USING btree (temporary_no varchar_pattern_ops);
CREATE INDEX mpi_relation_delegate_id_a1235af8 ON public.mpi_relation USING btree (delegate_id);
CREATE INDEX mpi_relation_ended_by_id_d82ae4c2 ON public.mpi_relation USING btree (ended_by_id);
CREATE INDEX mpi_relation_entered_by_id_f2c8fe94 ON public.mpi_relation USING btree (entered_by_id);
CREATE INDEX mpi_relation_organisation_id_c6368e5f ON public.mpi_relation USING btree (organisation_id);
CREATE INDEX mpi_relation_subject_id_701f96ac ON public.mpi_relation USING btree (subject_id);
CREATE INDEX mpi_roll_digest_a0793f8d_like ON public.mpi_roll USING btree (digest varchar_pattern_ops);
CREATE INDEX mpi_roll_organisation_id_c953bc6e ON public.mpi_roll USING btree (organisation_id);
CREATE UNIQUE INDEX nobody_dies_twice ON public.mpi_death USING btree (patient_id) WHERE (undone_at IS NULL);
CREATE INDEX notification_about ON public.notifications_notification USING btree (about);
CREATE INDEX notifications_call_by_id_5b007df9 ON public.notifications_call USING btree (by_id);
CREATE INDEX notifications_call_delivery_id_f1ac5cff ON public.notifications_call USING btree (delivery_id);
CREATE INDEX notifications_code_user_id_1cb184d7 ON public.notifications_code USING btree (user_id);
CREATE INDEX notifications_delivery_link_828f9b6c_like ON public.notifications_delivery USING btree (link varchar_pattern_ops);
CREATE INDEX notifications_delivery_notification_id_ea8dc048 ON public.notifications_delivery USING btree (notification_id);
CREATE INDEX notifications_notification_recipient_id_d055f3f0 ON public.notifications_notification USING btree (recipient_id);
CREATE INDEX notifications_notification_sender_id_feea9ca3 ON public.notifications_notification USING btree (sender_id);
CREATE INDEX offer_doctor ON public.requests_offer USING btree (doctor_id, status);
CREATE UNIQUE INDEX once_in_a_team ON public.registration_member USING btree (team_id, user_id) WHERE (until IS NULL);
CREATE UNIQUE INDEX one_active_contract_a_person ON public.registration_contract USING btree (person_key) WHERE ((status)::text = ANY ((ARRAY['active'::character varying, 'renewal_asked'::character varying])::text[]));
CREATE UNIQUE INDEX one_agreed_time_a_case ON public.requests_meeting USING btree (case_id) WHERE ((status)::text = 'booked'::text);
CREATE UNIQUE INDEX one_answer_a_key ON public.core_idempotencykey USING btree (actor_id, key);
CREATE UNIQUE INDEX one_booking_of_an_identifier ON public.appointments_appointment USING btree (booked_by_id, identifier) WHERE (NOT ((identifier)::text = ''::text));
CREATE UNIQUE INDEX one_break_glass_a_person ON public.consent_breakglass USING btree (actor_id, patient_id) WHERE ((status)::text = 'active'::text);
CREATE UNIQUE INDEX one_child_a_place_in_a_birth ON public.mpi_patient USING btree (mother_id, birth_date, birth_order) WHERE (mother_id IS NOT NULL);
CREATE UNIQUE INDEX one_closing_of_a_team_at_a_time ON public.registration_closing USING btree (team_id) WHERE (finished_at IS NULL);
CREATE UNIQUE INDEX one_colleague_asked_at_a_time ON public.rota_swap USING btree (shift_id) WHERE ((state)::text = 'asked'::text);
CREATE UNIQUE INDEX one_correction_of_a_kind ON public.opinions_correction USING btree (opinion_id, kind) WHERE ((state)::text = ANY ((ARRAY['asked'::character varying, 'done'::character varying])::text[]));
CREATE UNIQUE INDEX one_department_phrase_a_short ON public.opinions_phrase USING btree (organisation_id, specialty, short) WHERE shared;
CREATE UNIQUE INDEX one_device_a_serial ON public.devices_device USING btree (organisation_id, serial) WHERE (retired_at IS NULL);
CREATE UNIQUE INDEX one_doctor_a_seat ON public.requests_offer USING btree (case_id, specialty) WHERE ((NOT ((specialty)::text = ''::text)) AND ((status)::text = 'accepted'::text));
CREATE UNIQUE INDEX one_doctor_holds_a_case ON public.requests_offer USING btree (case_id) WHERE (((role)::text = 'lead'::text) AND ((status)::text = 'accepted'::text));
CREATE UNIQUE INDEX one_draft_a_month ON public.rota_rota USING btree (organisation_id, month) WHERE ((state)::text = 'draft'::text);
CREATE UNIQUE INDEX one_examination_of_a_kind_a_day ON public.appointments_appointment USING btree (person_key, day, examination) WHERE (((status)::text = ANY ((ARRAY['held'::character varying, 'offered'::character varying, 'booked'::character varying, 'displaced'::character varying, 'arrived'::character varying, 'called'::character varying, 'in_visit'::character varying])::text[])) AND (NOT ((examination)::text = ''::text)));
CREATE UNIQUE INDEX one_head_of_a_household ON public.mpi_member USING btree (household_id) WHERE (is_head AND (left_on IS NULL));
CREATE UNIQUE INDEX one_health_card_at_a_time ON public.mpi_healthcard USING btree (patient_id) WHERE active;
CREATE UNIQUE INDEX one_hold_a_person_of_a_system ON public.appointments_appointment USING btree (booked_by_id, patient_id) WHERE (by_system AND ((status)::text = 'held'::text));
CREATE UNIQUE INDEX one_hold_an_account ON public.appointments_appointment USING btree (booked_by_id) WHERE ((NOT by_system) AND ((status)::text = 'held'::text));
CREATE UNIQUE INDEX one_holder_of_a_ticket ON public.appointments_appointment USING btree (period_id, ticket) WHERE ((status)::text = ANY (ARRAY[('booked'::character varying)::text, ('displaced'::character varying)::text, ('arrived'::character varying)::text, ('called'::character varying)::text, ('in_visit'::character varying)::text]));
CREATE UNIQUE INDEX one_hospital_accepts ON public.referrals_round USING btree (referral_id) WHERE ((status)::text = 'accepted'::text);
CREATE UNIQUE INDEX one_household_at_a_time ON public.mpi_member USING btree (person_id) WHERE (left_on IS NULL);
CREATE UNIQUE INDEX one_leader_of_a_team ON public.registration_member USING btree (team_id) WHERE (((function)::text = 'leader'::text) AND (until IS NULL));
CREATE UNIQUE INDEX one_licence_entry_waits ON public.staff_entry USING btree (user_id) WHERE ((state)::text = 'waiting'::text);
CREATE UNIQUE INDEX one_live_booking_a_department_and_day ON public.appointments_appointment USING btree (person_key, department_id, day) WHERE ((day_rank >= 1) AND ((status)::text = ANY ((ARRAY['held'::character varying, 'offered'::character varying, 'booked'::character varying, 'displaced'::character varying, 'arrived'::character varying, 'called'::character varying, 'in_visit'::character varying])::text[])));
CREATE UNIQUE INDEX one_live_code ON public.notifications_code USING btree (user_id, channel) WHERE (used_at IS NULL);
CREATE UNIQUE INDEX one_live_offer_a_doctor ON public.requests_offer USING btree (case_id, doctor_id) WHERE ((status)::text = ANY ((ARRAY['offered'::character varying, 'seen'::character varying, 'accepted'::character varying])::text[]));
CREATE UNIQUE INDEX one_live_signing_key ON public.people_signingkey USING btree (user_id) WHERE (revoked_at IS NULL);
CREATE UNIQUE INDEX one_open_application_at_a_team ON public.registration_contract USING btree (person_key, team_id) WHERE ((status)::text = ANY ((ARRAY['applied'::character varying, 'reviewing'::character varying, 'agreed'::character varying])::text[]));
CREATE UNIQUE INDEX one_open_disagreement ON public.availability_disagreement USING btree (session_id, period_id) NULLS NOT DISTINCT WHERE ((state)::text = 'open'::text);
CREATE UNIQUE INDEX one_open_invitation ON public.staff_invitation USING btree (user_id) WHERE ((used_at IS NULL) AND (withdrawn_at IS NULL));
CREATE UNIQUE INDEX one_open_link_a_guest ON public.guests_link USING btree (holder_id) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX one_open_link_a_phone_in_a_room ON public.guests_link USING btree (room_id, phone) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX one_open_link_a_visit ON public.visits_link USING btree (visit_id) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX one_open_question_a_booking ON public.appointments_response USING btree (appointment_id) WHERE ((status)::text = 'needs-action'::text);
CREATE UNIQUE INDEX one_open_referral_of_a_kind ON public.referrals_referral USING btree (person_key, organisation_id, department_id) WHERE ((status)::text = ANY ((ARRAY['sent'::character varying, 'accepted'::character varying, 'arrived'::character varying, 'in_care'::character varying])::text[]));
CREATE UNIQUE INDEX one_open_referral_question ON public.referrals_question USING btree (referral_id) WHERE ((status)::text = 'open'::text);
CREATE UNIQUE INDEX one_open_room_a_case ON public.rooms_room USING btree (case_id) WHERE (NOT ((status)::text = 'ended'::text));
CREATE UNIQUE INDEX one_open_room_a_visit ON public.rooms_room USING btree (visit_id) WHERE (NOT ((status)::text = 'ended'::text));
CREATE UNIQUE INDEX one_open_signal_of_a_rule ON public.oversight_signal USING btree (rule, subject_id) WHERE ((state)::text = ANY ((ARRAY['raised'::character varying, 'explaining'::character varying, 'explained'::character varying])::text[]));
CREATE UNIQUE INDEX one_open_team_of_a_name ON public.registration_team USING btree (organisation_id, name) WHERE (closed_on IS NULL);
CREATE UNIQUE INDEX one_open_ticket_a_thing ON public.devices_ticket USING btree (organisation_id, device_id) NULLS NOT DISTINCT WHERE (closed_at IS NULL);
CREATE UNIQUE INDEX one_own_phrase_a_short ON public.opinions_phrase USING btree (writer_id, organisation_id, short) WHERE (NOT shared);
CREATE UNIQUE INDEX one_package_of_a_name ON public.registration_package USING btree (division_id, name) WHERE (until IS NULL);
CREATE UNIQUE INDEX one_period_of_an_identifier ON public.availability_period USING btree (application_id, identifier) WHERE (NOT ((identifier)::text = ''::text));
CREATE UNIQUE INDEX one_place_a_co_writer ON public.opinions_cowriter USING btree (case_id, writer_id) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX one_proposed_time_a_case ON public.requests_meeting USING btree (case_id) WHERE ((status)::text = 'proposed'::text);
CREATE UNIQUE INDEX one_published_rota_a_month ON public.rota_rota USING btree (organisation_id, month) WHERE ((state)::text = 'published'::text);
CREATE UNIQUE INDEX one_recording_a_room ON public.recordings_recording USING btree (room_id) WHERE ((status)::text = ANY ((ARRAY['asked'::character varying, 'on'::character varying, 'paused'::character varying])::text[]));
CREATE UNIQUE INDEX one_role_of_a_kind_at_an_organisation ON public.people_practitionerrole USING btree (user_id, organisation_id, role) WHERE (ends_on IS NULL);
CREATE UNIQUE INDEX one_room_a_name ON public.rooms_room USING btree (engine_room) WHERE (NOT ((engine_room)::text = ''::text));
CREATE UNIQUE INDEX one_running_board_of_a_place ON public.appointments_board USING btree (organisation_id, department_id) NULLS NOT DISTINCT WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX one_seat_at_a_desk ON public.desks_seat USING btree (desk_id, user_id) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX one_session_of_an_identifier ON public.availability_session USING btree (application_id, identifier) WHERE (NOT ((identifier)::text = ''::text));
CREATE UNIQUE INDEX one_shipment_under_way ON public.imaging_shipment USING btree (user_id, patient_id, about) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX one_silence_at_a_time ON public.oversight_silence USING btree (organisation_id) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX one_stamp_of_a_station ON public.greens_stamp USING btree (green_id, station) WHERE (corrected_by_id IS NULL);
CREATE UNIQUE INDEX one_stop_of_a_session ON public.availability_stop USING btree (session_id) WHERE (undone_at IS NULL);
CREATE UNIQUE INDEX one_unfinished_upload_a_file ON public.imaging_partialupload USING btree (user_id, patient_id, fingerprint, size, attachment) WHERE (outcome IS NULL);
CREATE UNIQUE INDEX one_value_of_a_duty ON public.duties_reading USING btree (duty_id, kind) WHERE (visit_id IS NULL);
CREATE UNIQUE INDEX one_version_in_force ON public.organisations_agreement USING btree (series) WHERE ((state)::text = 'active'::text);
CREATE UNIQUE INDEX one_version_on_the_table ON public.organisations_agreement USING btree (series) WHERE ((state)::text = ANY ((ARRAY['draft'::character varying, 'proposed'::character varying, 'signed'::character varying])::text[]));
CREATE UNIQUE INDEX one_wait_a_department_and_day ON public.appointments_appointment USING btree (person_key, department_id, day) WHERE ((status)::text = 'waitlisted'::text);
CREATE UNIQUE INDEX one_way_into_the_engine ON public.rooms_mediaerrand USING btree (room_id) WHERE ((dead_at IS NULL) AND (done_at IS NULL) AND ((kind)::text = 'open'::text));
CREATE INDEX opening_by_end ON public.opening_opening USING btree (ends_at);
CREATE INDEX opening_latest ON public.imaging_opening USING btree (user_id, study_id, created_at DESC);
CREATE INDEX opinions_correction_asked_by_id_539c94cb ON public.opinions_correction USING btree (asked_by_id);
CREATE INDEX opinions_correction_decided_by_id_ada45c49 ON public.opinions_correction USING btree (decided_by_id);
CREATE INDEX opinions_correction_opinion_id_dd78ca77 ON public.opinions_correction USING btree (opinion_id);
CREATE INDEX opinions_cowriter_asked_by_id_c5b42d41 ON public.opinions_cowriter USING btree (asked_by_id);
CREATE INDEX opinions_cowriter_case_id_4fa169be ON public.opinions_cowriter USING btree (case_id);
CREATE INDEX opinions_cowriter_organisation_id_7b28362d ON public.opinions_cowriter USING btree (organisation_id);
CREATE INDEX opinions_cowriter_writer_id_c852fb58 ON public.opinions_cowriter USING btree (writer_id);
CREATE INDEX opinions_draft_author_id_76474387 ON public.opinions_draft USING btree (author_id);
CREATE INDEX opinions_expertview_case_id_1b24b48c ON public.opinions_expertview USING btree (case_id);
CREATE INDEX opinions_expertview_expert_id_9c3451be ON public.opinions_expertview USING btree (expert_id);
CREATE INDEX opinions_opinion_author_id_ef1036a9 ON public.opinions_opinion USING btree (author_id);
CREATE INDEX opinions_opinion_case_id_44bf778e ON public.opinions_opinion USING btree (case_id);
CREATE INDEX opinions_opinion_check_code_30b148db_like ON public.opinions_opinion USING btree (check_code varchar_pattern_ops);
CREATE INDEX opinions_phrase_organisation_id_7d6c050e ON public.opinions_phrase USING btree (organisation_id);
CREATE INDEX opinions_phrase_writer_id_797f97f4 ON public.opinions_phrase USING btree (writer_id);
CREATE INDEX opinions_sectionlease_case_id_246a9bbf ON public.opinions_sectionlease USING btree (case_id);
CREATE INDEX opinions_sectionlease_writer_id_b443d460 ON public.opinions_sectionlease USING btree (writer_id);
CREATE INDEX organisation_place ON public.organisations_organisation USING btree (kind, division_id);
CREATE INDEX organisations_agreement_asked_id_81d59b0a ON public.organisations_agreement USING btree (asked_id);
CREATE INDEX organisations_agreement_asking_id_d04976a7 ON public.organisations_agreement USING btree (asking_id);
CREATE INDEX organisations_agreement_author_id_7e2e8def ON public.organisations_agreement USING btree (author_id);
CREATE INDEX organisations_agreement_suspended_by_id_2194c022 ON public.organisations_agreement USING btree (suspended_by_id);
CREATE INDEX organisations_agreementservice_agreement_id_5f40c688 ON public.organisations_agreementservice USING btree (agreement_id);
CREATE INDEX organisations_agreementservice_asked_id_7a08d21e ON public.organisations_agreementservice USING btree (asked_id);
CREATE INDEX organisations_agreementservice_asking_id_d4ccb924 ON public.organisations_agreementservice USING btree (asking_id);
CREATE INDEX organisations_agreementsignature_agreement_id_1b470e23 ON public.organisations_agreementsignature USING btree (agreement_id);
CREATE INDEX organisations_agreementsignature_organisation_id_a832b80c ON public.organisations_agreementsignature USING btree (organisation_id);
CREATE INDEX organisations_agreementstep_agreement_id_4e06a9b9 ON public.organisations_agreementstep USING btree (agreement_id);
CREATE INDEX organisations_agreementstep_organisation_id_f53dadc6 ON public.organisations_agreementstep USING btree (organisation_id);
CREATE INDEX organisations_department_organisation_id_f0302d5d ON public.organisations_department USING btree (organisation_id);
CREATE INDEX organisations_division_code_5e4a1f65_like ON public.organisations_division USING btree (code varchar_pattern_ops);
CREATE INDEX organisations_division_parent_id_9fbf83e7 ON public.organisations_division USING btree (parent_id);
CREATE INDEX organisations_division_parent_id_9fbf83e7_like ON public.organisations_division USING btree (parent_id varchar_pattern_ops);
CREATE INDEX organisations_entry_agreement_id_5b725909 ON public.organisations_entry USING btree (agreement_id);
CREATE INDEX organisations_entry_corrects_id_aeed47c3 ON public.organisations_entry USING btree (corrects_id);
CREATE INDEX organisations_entry_statement_id_68167306 ON public.organisations_entry USING btree (statement_id);
CREATE INDEX organisations_organisation_division_id_a8b986a3 ON public.organisations_organisation USING btree (division_id);
CREATE INDEX organisations_organisation_division_id_a8b986a3_like ON public.organisations_organisation USING btree (division_id varchar_pattern_ops);
CREATE INDEX organisations_statement_asked_id_cc2d4589 ON public.organisations_statement USING btree (asked_id);
CREATE INDEX organisations_statement_asking_id_8be189a8 ON public.organisations_statement USING btree (asking_id);
CREATE INDEX organisations_statement_number_93607712_like ON public.organisations_statement USING btree (number varchar_pattern_ops);
CREATE INDEX outbox_dead ON public.core_outboxevent USING btree (id) WHERE (dead_at IS NOT NULL);
CREATE INDEX outbox_waiting ON public.core_outboxevent USING btree (id) WHERE (delivered_at IS NULL);
CREATE INDEX oversight_signal_noted_by_id_48acacc2 ON public.oversight_signal USING btree (explained_by_id);
CREATE INDEX oversight_signal_noted_for_id_1c33ea32 ON public.oversight_signal USING btree (explained_for_id);
CREATE INDEX oversight_signal_number_8e5d3bbc_like ON public.oversight_signal USING btree (number varchar_pattern_ops);
CREATE INDEX oversight_signal_subject_id_441c2998 ON public.oversight_signal USING btree (subject_id);
CREATE INDEX oversight_signalentry_organisation_id_9b9e1923 ON public.oversight_signalentry USING btree (organisation_id);
CREATE INDEX oversight_signalentry_signal_id_069bca05 ON public.oversight_signalentry USING btree (signal_id);
CREATE INDEX oversight_silence_organisation_id_51cfd718 ON public.oversight_silence USING btree (organisation_id);
CREATE INDEX oversight_silenceentry_organisation_id_2761c7f2 ON public.oversight_silenceentry USING btree (organisation_id);
CREATE INDEX oversight_silenceentry_silence_id_cb0d34ff ON public.oversight_silenceentry USING btree (silence_id);
CREATE INDEX pair_queue ON public.mpi_pair USING btree (state, score DESC, id);
CREATE INDEX partial_upload_age ON public.imaging_partialupload USING btree (touched_at);
CREATE INDEX participant_present ON public.rooms_participant USING btree (seen_at) WHERE ((status)::text = 'admitted'::text);
CREATE INDEX patient_initials ON public.mpi_patient USING btree (initials text_pattern_ops);
CREATE INDEX patient_name ON public.mpi_patient USING btree (name text_pattern_ops);
CREATE INDEX patient_phone ON public.mpi_patient USING btree (phone);
CREATE INDEX patient_sorted ON public.mpi_patient USING btree (pinyin, id);
CREATE INDEX patient_unspaced ON public.mpi_patient USING btree (replace((pinyin)::text, ' '::text, ''::text) text_pattern_ops);
CREATE INDEX people_accesstoken_application_id_08865399 ON public.people_accesstoken USING btree (application_id);
CREATE INDEX people_accesstoken_digest_c3c3fd03_like ON public.people_accesstoken USING btree (digest varchar_pattern_ops);
CREATE INDEX people_accesstoken_user_id_69d3c73f ON public.people_accesstoken USING btree (user_id);
CREATE INDEX people_application_name_19ccc868_like ON public.people_application USING btree (name varchar_pattern_ops);
CREATE INDEX people_application_organisation_id_1fb173f4 ON public.people_application USING btree (organisation_id);
CREATE INDEX people_practitioner_licence_no_d21668b3_like ON public.people_practitioner USING btree (licence_no varchar_pattern_ops);
CREATE INDEX people_practitionerrole_department_id_274e54a9 ON public.people_practitionerrole USING btree (department_id);
CREATE INDEX people_practitionerrole_organisation_id_57e4f863 ON public.people_practitionerrole USING btree (organisation_id);
CREATE INDEX people_practitionerrole_user_id_27adae38 ON public.people_practitionerrole USING btree (user_id);
CREATE INDEX people_signingkey_user_id_a17bbc84 ON public.people_signingkey USING btree (user_id);
CREATE INDEX people_user_acting_as_id_7e7a9d21 ON public.people_user USING btree (acting_as_id);
CREATE INDEX people_user_groups_group_id_1f0237d0 ON public.people_user_groups USING btree (group_id);
CREATE INDEX people_user_groups_user_id_290df956 ON public.people_user_groups USING btree (user_id);
CREATE INDEX people_user_user_permissions_permission_id_55f01ef0 ON public.people_user_user_permissions USING btree (permission_id);
CREATE INDEX people_user_user_permissions_user_id_7d19557b ON public.people_user_user_permissions USING btree (user_id);
CREATE INDEX people_user_username_7e18cbac_like ON public.people_user USING btree (username varchar_pattern_ops);
CREATE INDEX period_in_order ON public.availability_period USING btree (starts_at, id) WHERE (NOT ((state)::text = 'planned'::text));
CREATE INDEX period_open_clinician ON public.availability_period USING btree (clinician_id, starts_at) WHERE ((state)::text = 'open'::text);
CREATE INDEX period_open_department ON public.availability_period USING btree (department_id, starts_at) WHERE ((state)::text = 'open'::text);
CREATE INDEX period_to_close ON public.availability_period USING btree (organisation_id, closes_at) WHERE ((state)::text = 'open'::text);
CREATE INDEX plan_item_open ON public.referrals_planitem USING btree (referral_id, due_on) WHERE (done_at IS NULL);
CREATE INDEX plans_to_read_again ON public.duties_plan USING btree (read_on, id);
CREATE INDEX policy_name ON public.core_policychange USING btree (name, organisation_id);
CREATE INDEX recording_expiring ON public.recordings_recording USING btree (expires_on) WHERE ((status)::text = 'stored'::text);
CREATE INDEX recording_unfinished ON public.recordings_recording USING btree (touched_at) WHERE ((status)::text = ANY ((ARRAY['on'::character varying, 'stopped'::character varying])::text[]));
CREATE INDEX recordings_answer_given_by_id_1cc88371 ON public.recordings_answer USING btree (given_by_id);
CREATE INDEX recordings_answer_person_id_9daabc2d ON public.recordings_answer USING btree (person_id);
CREATE INDEX recordings_answer_recording_id_1d064887 ON public.recordings_answer USING btree (recording_id);
CREATE INDEX recordings_recording_asked_by_id_4ec53920 ON public.recordings_recording USING btree (asked_by_id);
CREATE INDEX recordings_recording_recorder_id_b7cf4499 ON public.recordings_recording USING btree (recorder_id);
CREATE INDEX recordings_recording_room_id_799f40af ON public.recordings_recording USING btree (room_id);
CREATE INDEX referral_from_case ON public.referrals_referral USING btree (from_case) WHERE (from_case IS NOT NULL);
CREATE INDEX referral_patient ON public.referrals_referral USING btree (patient_id, id DESC);
CREATE INDEX referral_receiving ON public.referrals_referral USING btree (organisation_id, status, id DESC);
CREATE INDEX referral_sending ON public.referrals_referral USING btree (sending_id, status, id DESC);
CREATE INDEX referral_step ON public.referrals_step USING btree (referral_id, at);
CREATE INDEX referrals_planitem_done_by_id_9733a8b5 ON public.referrals_planitem USING btree (done_by_id);
CREATE INDEX referrals_planitem_referral_id_92bc2ca0 ON public.referrals_planitem USING btree (referral_id);
CREATE INDEX referrals_question_answered_by_id_b5821550 ON public.referrals_question USING btree (answered_by_id);
CREATE INDEX referrals_question_asked_by_id_daac7630 ON public.referrals_question USING btree (asked_by_id);
CREATE INDEX referrals_question_referral_id_1c82044e ON public.referrals_question USING btree (referral_id);
CREATE INDEX referrals_referral_agreement_id_1ddd8eae ON public.referrals_referral USING btree (agreement_id);
CREATE INDEX referrals_referral_appointment_id_f0f5bef7 ON public.referrals_referral USING btree (appointment_id);
CREATE INDEX referrals_referral_consent_id_a69deb22 ON public.referrals_referral USING btree (consent_id);
CREATE INDEX referrals_referral_department_id_d822fb48 ON public.referrals_referral USING btree (department_id);
CREATE INDEX referrals_referral_doctor_id_44e383f4 ON public.referrals_referral USING btree (doctor_id);
CREATE INDEX referrals_referral_kept_by_id_4bd31807 ON public.referrals_referral USING btree (kept_by_id);
CREATE INDEX referrals_referral_number_c736e727_like ON public.referrals_referral USING btree (number varchar_pattern_ops);
CREATE INDEX referrals_referral_organisation_id_579d04cf ON public.referrals_referral USING btree (organisation_id);
CREATE INDEX referrals_referral_patient_id_e1ef9d2b ON public.referrals_referral USING btree (patient_id);
CREATE INDEX referrals_referral_sender_id_b9046f59 ON public.referrals_referral USING btree (sender_id);
CREATE INDEX referrals_referral_sending_id_89e97524 ON public.referrals_referral USING btree (sending_id);
CREATE INDEX referrals_referral_taken_by_id_8091dcff ON public.referrals_referral USING btree (taken_by_id);
CREATE INDEX referrals_round_answered_by_id_8a89622e ON public.referrals_round USING btree (answered_by_id);
CREATE INDEX referrals_round_department_id_3470cd96 ON public.referrals_round USING btree (department_id);
CREATE INDEX referrals_round_organisation_id_db8cb87c ON public.referrals_round USING btree (organisation_id);
CREATE INDEX referrals_round_period_id_688df705 ON public.referrals_round USING btree (period_id);
CREATE INDEX referrals_round_referral_id_b74f53a7 ON public.referrals_round USING btree (referral_id);
CREATE INDEX referrals_step_actor_id_39f8a5c3 ON public.referrals_step USING btree (actor_id);
CREATE INDEX referrals_step_organisation_id_06426608 ON public.referrals_step USING btree (organisation_id);
CREATE INDEX referrals_step_referral_id_f6e97a21 ON public.referrals_step USING btree (referral_id);
CREATE INDEX registration_closing_begun_by_id_14fc045b ON public.registration_closing USING btree (begun_by_id);
CREATE INDEX registration_closing_team_id_78509717 ON public.registration_closing USING btree (team_id);
CREATE INDEX registration_contract_applied_by_id_103ef225 ON public.registration_contract USING btree (applied_by_id);
CREATE INDEX registration_contract_doctor_id_c1c9439e ON public.registration_contract USING btree (doctor_id);
CREATE INDEX registration_contract_instead_id_948977d0 ON public.registration_contract USING btree (instead_id);
CREATE INDEX registration_contract_package_id_3de0d65d ON public.registration_contract USING btree (package_id);
CREATE INDEX registration_contract_patient_id_991b7f58 ON public.registration_contract USING btree (patient_id);
CREATE INDEX registration_contract_relation_id_514fbe7e ON public.registration_contract USING btree (relation_id);
CREATE INDEX registration_contract_renews_id_3ba7ad1f ON public.registration_contract USING btree (renews_id);
CREATE INDEX registration_contract_replaces_id_3c120708 ON public.registration_contract USING btree (replaces_id);
CREATE INDEX registration_contract_team_id_ecaf69e9 ON public.registration_contract USING btree (team_id);
CREATE INDEX registration_contract_witness_id_f49a20ea ON public.registration_contract USING btree (witness_id);
CREATE INDEX registration_left_closing_id_1f536db7 ON public.registration_left USING btree (closing_id);
CREATE INDEX registration_left_settled_by_id_f48acfb2 ON public.registration_left USING btree (settled_by_id);
CREATE INDEX registration_member_successor_id_3e9019f6 ON public.registration_member USING btree (successor_id);
CREATE INDEX registration_member_team_id_b5ef17e7 ON public.registration_member USING btree (team_id);
CREATE INDEX registration_member_user_id_4037cf39 ON public.registration_member USING btree (user_id);
CREATE INDEX registration_ownsignature_witness_id_783503c1 ON public.registration_ownsignature USING btree (witness_id);
CREATE INDEX registration_package_division_id_aaa33d1d ON public.registration_package USING btree (division_id);
CREATE INDEX registration_package_division_id_aaa33d1d_like ON public.registration_package USING btree (division_id varchar_pattern_ops);
CREATE INDEX registration_share_closing_id_48d189b3 ON public.registration_share USING btree (closing_id);
CREATE INDEX registration_share_successor_id_4918080c ON public.registration_share USING btree (successor_id);
CREATE INDEX registration_step_contract_id_6860fe26 ON public.registration_step USING btree (contract_id);
CREATE INDEX registration_team_organisation_id_1c5286ad ON public.registration_team USING btree (organisation_id);
CREATE UNIQUE INDEX renewed_once ON public.registration_contract USING btree (renews_id) WHERE ((renews_id IS NOT NULL) AND (NOT ((status)::text = 'withdrawn'::text)));
CREATE INDEX requests_case_agreement_id_c544b08c ON public.requests_case USING btree (agreement_id);
CREATE INDEX requests_case_asked_id_4b56752f ON public.requests_case USING btree (asked_id);
CREATE INDEX requests_case_asking_id_ad84ddfd ON public.requests_case USING btree (asking_id);
CREATE INDEX requests_case_consent_id_d3876c6b ON public.requests_case USING btree (consent_id);
CREATE INDEX requests_case_holder_id_38b997c8 ON public.requests_case USING btree (holder_id);
CREATE INDEX requests_case_number_c57c4707_like ON public.requests_case USING btree (number varchar_pattern_ops);
CREATE INDEX requests_case_passed_to_id_f5231c1a ON public.requests_case USING btree (passed_to_id);
CREATE INDEX requests_case_patient_id_4515811d ON public.requests_case USING btree (patient_id);
CREATE INDEX requests_case_proposed_id_29f8c1ce ON public.requests_case USING btree (proposed_id);
CREATE INDEX requests_case_replaces_id_9d9b1780 ON public.requests_case USING btree (replaces_id);
CREATE INDEX requests_case_requester_id_3a8b6701 ON public.requests_case USING btree (requester_id);
CREATE INDEX requests_case_studies_case_id_d037e41e ON public.requests_case_studies USING btree (case_id);
CREATE INDEX requests_case_studies_study_id_04d1b178 ON public.requests_case_studies USING btree (study_id);
CREATE INDEX requests_case_wanted_doctor_id_fcb33ee8 ON public.requests_case USING btree (wanted_doctor_id);
CREATE INDEX requests_halfhour_meeting_id_41b573fc ON public.requests_halfhour USING btree (meeting_id);
CREATE INDEX requests_halfhour_person_id_8dfc0f8c ON public.requests_halfhour USING btree (person_id);
CREATE INDEX requests_meeting_agreed_by_id_48476585 ON public.requests_meeting USING btree (agreed_by_id);
CREATE INDEX requests_meeting_case_id_a456c21b ON public.requests_meeting USING btree (case_id);
CREATE INDEX requests_meeting_proposed_by_id_107ecb45 ON public.requests_meeting USING btree (proposed_by_id);
CREATE INDEX requests_message_case_id_895fe445 ON public.requests_message USING btree (case_id);
CREATE INDEX requests_message_written_by_id_665cdf9b ON public.requests_message USING btree (written_by_id);
CREATE INDEX requests_offer_assigned_by_id_a9926335 ON public.requests_offer USING btree (assigned_by_id);
CREATE INDEX requests_offer_case_id_f9ad94b2 ON public.requests_offer USING btree (case_id);
CREATE INDEX requests_offer_doctor_id_c38cc520 ON public.requests_offer USING btree (doctor_id);
CREATE INDEX requests_offer_organisation_id_f8c0d33b ON public.requests_offer USING btree (organisation_id);
CREATE INDEX requests_offer_takes_over_id_4abfd3de ON public.requests_offer USING btree (takes_over_id);
CREATE INDEX requests_onlooker_case_id_ba0e8d4d ON public.requests_onlooker USING btree (case_id);
CREATE INDEX requests_onlooker_organisation_id_e4462462 ON public.requests_onlooker USING btree (organisation_id);
CREATE INDEX requests_outcome_case_id_558d07a6 ON public.requests_outcome USING btree (case_id);
CREATE INDEX requests_outcome_recorded_by_id_ba576894 ON public.requests_outcome USING btree (recorded_by_id);
CREATE INDEX requests_question_answered_by_id_efe0d6fd ON public.requests_question USING btree (answered_by_id);
CREATE INDEX requests_question_asked_by_id_964fd7e7 ON public.requests_question USING btree (asked_by_id);
CREATE INDEX requests_question_case_id_6642bafb ON public.requests_question USING btree (case_id);
CREATE INDEX requests_receipt_case_id_60b01330 ON public.requests_receipt USING btree (case_id);
CREATE INDEX requests_receipt_given_by_id_6805d001 ON public.requests_receipt USING btree (given_by_id);
CREATE INDEX requests_step_actor_id_8692115e ON public.requests_step USING btree (actor_id);
CREATE INDEX requests_step_case_id_058b38d6 ON public.requests_step USING btree (case_id);
CREATE INDEX requests_step_organisation_id_bfcb674d ON public.requests_step USING btree (organisation_id);
CREATE INDEX role_at_organisation ON public.people_practitionerrole USING btree (organisation_id, role);
CREATE INDEX room_event_taken_back ON public.rooms_roomevent USING btree (room_id) WHERE ((kind)::text = 'chat.retracted'::text);
CREATE INDEX rooms_mediaerrand_room_id_c6a008ef ON public.rooms_mediaerrand USING btree (room_id);
CREATE INDEX rooms_participant_invited_by_id_3090b737 ON public.rooms_participant USING btree (invited_by_id);
CREATE INDEX rooms_participant_room_id_64ee0452 ON public.rooms_participant USING btree (room_id);
CREATE INDEX rooms_participant_user_id_e8ebe12d ON public.rooms_participant USING btree (user_id);
CREATE INDEX rooms_room_case_id_a8742678 ON public.rooms_room USING btree (case_id);
CREATE INDEX rooms_room_held_by_id_6f5a1847 ON public.rooms_room USING btree (held_by_id);
CREATE INDEX rooms_room_leader_id_5ce82ad2 ON public.rooms_room USING btree (leader_id);
CREATE INDEX rooms_room_visit_id_f9e30e6d ON public.rooms_room USING btree (visit_id);
CREATE INDEX rooms_roomevent_room_id_5f543141 ON public.rooms_roomevent USING btree (room_id);
CREATE INDEX rooms_roomevent_sender_id_2ff11e08 ON public.rooms_roomevent USING btree (sender_id);
CREATE INDEX rota_handover_incoming_id_269c79fc ON public.rota_handover USING btree (incoming_id);
CREATE INDEX rota_handover_outgoing_id_2e140522 ON public.rota_handover USING btree (outgoing_id);
CREATE INDEX rota_handoveritem_hand_over_id_17b18af7 ON public.rota_handoveritem USING btree (hand_over_id);
CREATE INDEX rota_rota_organisation_id_98ee2a37 ON public.rota_rota USING btree (organisation_id);
CREATE INDEX rota_rota_published_by_id_d9d0e294 ON public.rota_rota USING btree (published_by_id);
CREATE INDEX rota_shift_copied_from_id_f7fc8b02 ON public.rota_shift USING btree (copied_from_id);
CREATE INDEX rota_shift_rota_id_044adfc8 ON public.rota_shift USING btree (rota_id);
CREATE INDEX rota_shift_user_id_c2dbbb35 ON public.rota_shift USING btree (user_id);
CREATE INDEX rota_swap_asked_by_id_6c1f7ba8 ON public.rota_swap USING btree (asked_by_id);
CREATE INDEX rota_swap_colleague_id_8ad0e66d ON public.rota_swap USING btree (colleague_id);
CREATE INDEX rota_swap_in_return_id_f635a738 ON public.rota_swap USING btree (in_return_id);
CREATE INDEX rota_swap_shift_id_12392aff ON public.rota_swap USING btree (shift_id);
CREATE INDEX round_kept_place ON public.referrals_round USING btree (period_id, pool) WHERE (period_id IS NOT NULL);
CREATE INDEX round_of_hospital ON public.referrals_round USING btree (organisation_id, status);
CREATE INDEX session_published ON public.availability_session USING btree (organisation_id, day) WHERE ((state)::text = 'published'::text);
CREATE INDEX session_to_publish ON public.availability_session USING btree (organisation_id, release_at) WHERE ((state)::text = 'planned'::text);
CREATE INDEX sessions_moved_by_hand ON public.availability_session USING btree (organisation_id, of_day) WHERE (of_day IS NOT NULL);
CREATE INDEX sessions_of_a_day ON public.availability_session USING btree (organisation_id, day);
CREATE INDEX sessions_of_a_department ON public.availability_session USING btree (department_id, day);
CREATE INDEX sessions_to_stop ON public.availability_session USING btree (organisation_id, day) WHERE ((held_up_at IS NOT NULL) AND ((state)::text = 'published'::text));
CREATE INDEX shift_in_force ON public.rota_shift USING btree (rota_id, specialty) WHERE in_force;
CREATE INDEX shipment_about ON public.imaging_shipment USING btree (about);
CREATE INDEX shipment_age ON public.imaging_shipment USING btree (touched_at) WHERE (ended_at IS NULL);
CREATE INDEX signal_history ON public.oversight_signalentry USING btree (signal_id, id);
CREATE INDEX signal_newest ON public.oversight_signal USING btree (month DESC, id DESC);
CREATE INDEX signal_state ON public.oversight_signal USING btree (state, id DESC);
CREATE INDEX silence_history ON public.oversight_silenceentry USING btree (silence_id, id);
CREATE INDEX silence_open ON public.oversight_silence USING btree (quiet_since, id) WHERE (ended_at IS NULL);
CREATE INDEX staff_entry_entered_by_id_388f0c88 ON public.staff_entry USING btree (entered_by_id);
CREATE INDEX staff_entry_user_id_e9b65cf0 ON public.staff_entry USING btree (user_id);
CREATE INDEX staff_entry_verified_by_id_ae5b6fc1 ON public.staff_entry USING btree (verified_by_id);
CREATE INDEX staff_invitation_invited_by_id_d115cf2a ON public.staff_invitation USING btree (invited_by_id);
CREATE INDEX staff_invitation_user_id_9a973bb3 ON public.staff_invitation USING btree (user_id);
CREATE INDEX staff_upload_by_id_d29e38b1 ON public.staff_upload USING btree (by_id);
CREATE INDEX statement_asked ON public.organisations_statement USING btree (asked_id, month DESC);
CREATE INDEX statement_asking ON public.organisations_statement USING btree (asking_id, month DESC);
CREATE INDEX step_action ON public.requests_step USING btree (action, at);
CREATE INDEX step_case ON public.requests_step USING btree (case_id, at);
CREATE INDEX stopped_together ON public.availability_stop USING btree (together) WHERE (together IS NOT NULL);
CREATE INDEX strikes_of_person ON public.appointments_strike USING btree (person_key, organisation_id);
CREATE INDEX strikes_to_waive ON public.appointments_strike USING btree (organisation_id, day) WHERE ((state)::text = ANY ((ARRAY['noted'::character varying, 'counted'::character varying])::text[]));
CREATE INDEX study_patient ON public.imaging_study USING btree (patient_id, studied_at DESC);
CREATE INDEX study_unsettled ON public.imaging_study USING btree (changed_at) WHERE (NOT settled);
CREATE INDEX swap_asked ON public.rota_swap USING btree (colleague_id) WHERE ((state)::text = 'asked'::text);
CREATE INDEX template_of_a_day ON public.availability_template USING btree (organisation_id, weekday);
CREATE UNIQUE INDEX three_open_questions ON public.requests_question USING btree (case_id, slot) WHERE ((status)::text = 'open'::text);
CREATE INDEX ticket_organisation ON public.devices_ticket USING btree (organisation_id, id DESC);
CREATE UNIQUE INDEX two_live_bookings_a_day ON public.appointments_appointment USING btree (person_key, day, day_rank) WHERE ((day_rank >= 1) AND ((status)::text = ANY ((ARRAY['held'::character varying, 'offered'::character varying, 'booked'::character varying, 'displaced'::character varying, 'arrived'::character varying, 'called'::character varying, 'in_visit'::character varying])::text[])));
CREATE UNIQUE INDEX unique_authenticator_type ON public.mfa_authenticator USING btree (user_id, type) WHERE ((type)::text = ANY ((ARRAY['totp'::character varying, 'recovery_codes'::character varying])::text[]));
CREATE UNIQUE INDEX unique_primary_email ON public.account_emailaddress USING btree (user_id, "primary") WHERE "primary";
CREATE UNIQUE INDEX unique_verified_email ON public.account_emailaddress USING btree (email) WHERE verified;
CREATE INDEX user_initials ON public.people_user USING btree (initials text_pattern_ops);
CREATE INDEX user_unspaced ON public.people_user USING btree (replace((pinyin)::text, ' '::text, ''::text) text_pattern_ops);
CREATE INDEX usersessions_usersession_session_key_fd35de43_like ON public.usersessions_usersession USING btree (session_key varchar_pattern_ops);
CREATE INDEX usersessions_usersession_user_id_af5e0a6d ON public.usersessions_usersession USING btree (user_id);
CREATE INDEX visit_link_of_a_browser ON public.visits_link USING btree (browser) WHERE ((ended_at IS NULL) AND (NOT ((browser)::text = ''::text)));
CREATE INDEX visits_link_digest_b8943473_like ON public.visits_link USING btree (digest varchar_pattern_ops);
CREATE INDEX visits_link_holder_id_d79e3f87 ON public.visits_link USING btree (holder_id);
CREATE INDEX visits_link_made_by_id_5d59d815 ON public.visits_link USING btree (made_by_id);
CREATE INDEX visits_link_visit_id_8ffcb50e ON public.visits_link USING btree (visit_id);
CREATE INDEX visits_to_file ON public.duties_visit USING btree (id) WHERE (NOT filed);
CREATE INDEX wait_stays ON public.appointments_wait USING btree (clinician_id) WHERE stays;
ALTER INDEX public.audit_place ATTACH PARTITION public.audit_auditrow_other_organisation_id_at_idx;
ALTER INDEX public.audit_patient ATTACH PARTITION public.audit_auditrow_other_patient_id_at_idx;
ALTER INDEX public.audit_auditrow_pkey ATTACH PARTITION public.audit_auditrow_other_pkey;
ALTER INDEX public.audit_xact ATTACH PARTITION public.audit_auditrow_other_xact_id_idx;
ALTER INDEX public.fhir_resource_patient_at ATTACH PARTITION public.fhir_resource_appointment_patient_type_at_rid_idx;
ALTER INDEX public.fhir_resource_pkey ATTACH PARTITION public.fhir_resource_appointment_pkey;
ALTER INDEX public.fhir_resource_tokens ATTACH PARTITION public.fhir_resource_appointment_tokens_idx;
ALTER INDEX public.fhir_resource_type_at ATTACH PARTITION public.fhir_resource_appointment_type_at_rid_idx;
ALTER INDEX public.fhir_resource_type_updated ATTACH PARTITION public.fhir_resource_appointment_type_updated_rid_idx;
ALTER INDEX public.fhir_resource_patient_at ATTACH PARTITION public.fhir_resource_claim_patient_type_at_rid_idx;
ALTER INDEX public.fhir_resource_pkey ATTACH PARTITION public.fhir_resource_claim_pkey;
ALTER INDEX public.fhir_resource_tokens ATTACH PARTITION public.fhir_resource_claim_tokens_idx;
ALTER INDEX public.fhir_resource_type_at ATTACH PARTITION public.fhir_resource_claim_type_at_rid_idx;
ALTER INDEX public.fhir_resource_type_updated ATTACH PARTITION public.fhir_resource_claim_type_updated_rid_idx;
ALTER INDEX public.fhir_resource_patient_at ATTACH PARTITION public.fhir_resource_condition_patient_type_at_rid_idx;
ALTER INDEX public.fhir_resource_pkey ATTACH PARTITION public.fhir_resource_condition_pkey;
ALTER INDEX public.fhir_resource_tokens ATTACH PARTITION public.fhir_resource_condition_tokens_idx;
ALTER INDEX public.fhir_resource_type_at ATTACH PARTITION public.fhir_resource_condition_type_at_rid_idx;
ALTER INDEX public.fhir_resource_type_updated ATTACH PARTITION public.fhir_resource_condition_type_updated_rid_idx;
ALTER INDEX public.fhir_resource_patient_at ATTACH PARTITION public.fhir_resource_diagnosticreport_patient_type_at_rid_idx;
ALTER INDEX public.fhir_resource_pkey ATTACH PARTITION public.fhir_resource_diagnosticreport_pkey;
ALTER INDEX public.fhir_resource_tokens ATTACH PARTITION public.fhir_resource_diagnosticreport_tokens_idx;
ALTER INDEX public.fhir_resource_type_at ATTACH PARTITION public.fhir_resource_diagnosticreport_type_at_rid_idx;
ALTER INDEX public.fhir_resource_type_updated ATTACH PARTITION public.fhir_resource_diagnosticreport_type_updated_rid_idx;
ALTER INDEX public.fhir_resource_patient_at ATTACH PARTITION public.fhir_resource_encounter_patient_type_at_rid_idx;
ALTER INDEX public.fhir_resource_pkey ATTACH PARTITION public.fhir_resource_encounter_pkey;
ALTER INDEX public.fhir_resource_tokens ATTACH PARTITION public.fhir_resource_encounter_tokens_idx;
ALTER INDEX public.fhir_resource_type_at ATTACH PARTITION public.fhir_resource_encounter_type_at_rid_idx;
ALTER INDEX public.fhir_resource_type_updated ATTACH PARTITION public.fhir_resource_encounter_type_updated_rid_idx;
ALTER INDEX public.fhir_resource_patient_at ATTACH PARTITION public.fhir_resource_explanationofbenefit_patient_type_at_rid_idx;
ALTER INDEX public.fhir_resource_pkey ATTACH PARTITION public.fhir_resource_explanationofbenefit_pkey;
ALTER INDEX public.fhir_resource_tokens ATTACH PARTITION public.fhir_resource_explanationofbenefit_tokens_idx;
ALTER INDEX public.fhir_resource_type_at ATTACH PARTITION public.fhir_resource_explanationofbenefit_type_at_rid_idx;
ALTER INDEX public.fhir_resource_type_updated ATTACH PARTITION public.fhir_resource_explanationofbenefit_type_updated_rid_idx;
ALTER INDEX public.fhir_resource_patient_at ATTACH PARTITION public.fhir_resource_immunization_patient_type_at_rid_idx;
ALTER INDEX public.fhir_resource_pkey ATTACH PARTITION public.fhir_resource_immunization_pkey;
ALTER INDEX public.fhir_resource_tokens ATTACH PARTITION public.fhir_resource_immunization_tokens_idx;
ALTER INDEX public.fhir_resource_type_at ATTACH PARTITION public.fhir_resource_immunization_type_at_rid_idx;
ALTER INDEX public.fhir_resource_type_updated ATTACH PARTITION public.fhir_resource_immunization_type_updated_rid_idx;
ALTER INDEX public.fhir_resource_patient_at ATTACH PARTITION public.fhir_resource_medicationrequest_patient_type_at_rid_idx;
ALTER INDEX public.fhir_resource_pkey ATTACH PARTITION public.fhir_resource_medicationrequest_pkey;
ALTER INDEX public.fhir_resource_tokens ATTACH PARTITION public.fhir_resource_medicationrequest_tokens_idx;
ALTER INDEX public.fhir_resource_type_at ATTACH PARTITION public.fhir_resource_medicationrequest_type_at_rid_idx;
ALTER INDEX public.fhir_resource_type_updated ATTACH PARTITION public.fhir_resource_medicationrequest_type_updated_rid_idx;
ALTER INDEX public.fhir_resource_patient_at ATTACH PARTITION public.fhir_resource_observation_patient_type_at_rid_idx;
ALTER INDEX public.fhir_resource_pkey ATTACH PARTITION public.fhir_resource_observation_pkey;
ALTER INDEX public.fhir_resource_tokens ATTACH PARTITION public.fhir_resource_observation_tokens_idx;
ALTER INDEX public.fhir_resource_type_at ATTACH PARTITION public.fhir_resource_observation_type_at_rid_idx;
ALTER INDEX public.fhir_resource_type_updated ATTACH PARTITION public.fhir_resource_observation_type_updated_rid_idx;
ALTER INDEX public.fhir_resource_patient_at ATTACH PARTITION public.fhir_resource_other_patient_type_at_rid_idx;
ALTER INDEX public.fhir_resource_pkey ATTACH PARTITION public.fhir_resource_other_pkey;
ALTER INDEX public.fhir_resource_tokens ATTACH PARTITION public.fhir_resource_other_tokens_idx;
ALTER INDEX public.fhir_resource_type_at ATTACH PARTITION public.fhir_resource_other_type_at_rid_idx;
ALTER INDEX public.fhir_resource_type_updated ATTACH PARTITION public.fhir_resource_other_type_updated_rid_idx;
ALTER INDEX public.fhir_resource_patient_at ATTACH PARTITION public.fhir_resource_patient_patient_type_at_rid_idx;
ALTER INDEX public.fhir_resource_pkey ATTACH PARTITION public.fhir_resource_patient_pkey;
ALTER INDEX public.fhir_resource_tokens ATTACH PARTITION public.fhir_resource_patient_tokens_idx;
ALTER INDEX public.fhir_resource_type_at ATTACH PARTITION public.fhir_resource_patient_type_at_rid_idx;
ALTER INDEX public.fhir_resource_type_updated ATTACH PARTITION public.fhir_resource_patient_type_updated_rid_idx;
ALTER INDEX public.fhir_resource_patient_at ATTACH PARTITION public.fhir_resource_procedure_patient_type_at_rid_idx;
ALTER INDEX public.fhir_resource_pkey ATTACH PARTITION public.fhir_resource_procedure_pkey;
ALTER INDEX public.fhir_resource_tokens ATTACH PARTITION public.fhir_resource_procedure_tokens_idx;
ALTER INDEX public.fhir_resource_type_at ATTACH PARTITION public.fhir_resource_procedure_type_at_rid_idx;
ALTER INDEX public.fhir_resource_type_updated ATTACH PARTITION public.fhir_resource_procedure_type_updated_rid_idx;
ALTER INDEX public.fhir_resource_patient_at ATTACH PARTITION public.fhir_resource_servicerequest_patient_type_at_rid_idx;
ALTER INDEX public.fhir_resource_pkey ATTACH PARTITION public.fhir_resource_servicerequest_pkey;
ALTER INDEX public.fhir_resource_tokens ATTACH PARTITION public.fhir_resource_servicerequest_tokens_idx;
ALTER INDEX public.fhir_resource_type_at ATTACH PARTITION public.fhir_resource_servicerequest_type_at_rid_idx;
ALTER INDEX public.fhir_resource_type_updated ATTACH PARTITION public.fhir_resource_servicerequest_type_updated_rid_idx;
ALTER INDEX public.fhir_version_pkey ATTACH PARTITION public.fhir_version_foreign_pkey;
ALTER INDEX public.fhir_version_pkey ATTACH PARTITION public.fhir_version_other_pkey;
CREATE TRIGGER a_death_is_told AFTER UPDATE OF deceased_on ON public.mpi_patient FOR EACH ROW WHEN (((old.deceased_on IS NULL) AND (new.deceased_on IS NOT NULL))) EXECUTE FUNCTION public.tell_a_death();
CREATE CONSTRAINT TRIGGER a_quota_counts_what_was_served AFTER INSERT OR UPDATE ON public.duties_quota DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.quotas_are_counted();
CREATE TRIGGER a_shut_team_takes_nobody BEFORE INSERT ON public.registration_contract FOR EACH ROW EXECUTE FUNCTION public.shut_teams_take_nobody();
CREATE TRIGGER a_signed_contract_stays BEFORE UPDATE ON public.registration_contract FOR EACH ROW EXECUTE FUNCTION public.signed_contracts_stay();
CREATE CONSTRAINT TRIGGER capacity_is_given_out AFTER INSERT OR UPDATE OF capacity ON public.availability_period DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.availability_add_up();
CREATE CONSTRAINT TRIGGER every_contract_is_counted AFTER INSERT OR UPDATE OF doctor_id, holds_place ON public.registration_contract DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.contracts_are_counted();
CREATE CONSTRAINT TRIGGER every_place_is_counted AFTER INSERT OR UPDATE OF period_id, pool, holds_place, plan_period_id, plan_pool ON public.appointments_appointment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.appointments_are_counted();
CREATE TRIGGER mpi_patient_no_chains BEFORE INSERT OR UPDATE OF merged_into_id ON public.mpi_patient FOR EACH ROW WHEN ((new.merged_into_id IS NOT NULL)) EXECUTE FUNCTION public.mpi_patient_no_chains();
CREATE TRIGGER organisations_entry_sealed BEFORE DELETE OR UPDATE ON public.organisations_entry FOR EACH ROW EXECUTE FUNCTION public.organisations_entry_sealed();
CREATE CONSTRAINT TRIGGER pools_add_up AFTER INSERT OR DELETE OR UPDATE OF places, period_id ON public.availability_periodpool DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.availability_add_up();
ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_2c513194_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirm_email_address_id_5b7f8c58_fk_account_e FOREIGN KEY (email_address_id) REFERENCES public.account_emailaddress(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_appeal
    ADD CONSTRAINT appointments_appeal_decided_by_id_82c330ed_fk_people_user_id FOREIGN KEY (decided_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_appeal
    ADD CONSTRAINT appointments_appeal_filed_by_id_8b8abfe0_fk_people_user_id FOREIGN KEY (filed_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_appeal
    ADD CONSTRAINT appointments_appeal_strike_id_22412ca1_fk_appointme FOREIGN KEY (strike_id) REFERENCES public.appointments_strike(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT appointments_appoint_booked_by_id_f7516f07_fk_people_us FOREIGN KEY (booked_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT appointments_appoint_clinician_id_0e7560a5_fk_people_us FOREIGN KEY (clinician_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT appointments_appoint_department_id_cb32d12f_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisations_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT appointments_appoint_displaced_by_id_c09c8787_fk_availabil FOREIGN KEY (displaced_by_id) REFERENCES public.availability_stop(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT appointments_appoint_organisation_id_44b89706_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT appointments_appoint_period_id_379f29a5_fk_availabil FOREIGN KEY (period_id) REFERENCES public.availability_period(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT appointments_appoint_plan_period_id_e81a0132_fk_availabil FOREIGN KEY (plan_period_id) REFERENCES public.availability_period(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT appointments_appoint_trip_id_e85f2b99_fk_appointme FOREIGN KEY (trip_id) REFERENCES public.appointments_trip(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT appointments_appointment_patient_id_631d13da_fk_mpi_patient_id FOREIGN KEY (patient_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_arrival
    ADD CONSTRAINT appointments_arrival_appointment_id_10413081_fk_appointme FOREIGN KEY (appointment_id) REFERENCES public.appointments_appointment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_arrival
    ADD CONSTRAINT appointments_arrival_called_by_id_d01b815b_fk_people_user_id FOREIGN KEY (called_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_arrival
    ADD CONSTRAINT appointments_arrival_checked_in_by_id_a199f5e2_fk_people_us FOREIGN KEY (checked_in_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_attendance
    ADD CONSTRAINT appointments_attenda_appointment_id_c2d26c41_fk_appointme FOREIGN KEY (appointment_id) REFERENCES public.appointments_appointment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_attendance
    ADD CONSTRAINT appointments_attendance_doctor_id_42d77521_fk_people_user_id FOREIGN KEY (doctor_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_batch
    ADD CONSTRAINT appointments_batch_department_id_6acc163e_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisations_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_batch
    ADD CONSTRAINT appointments_batch_made_by_id_f86c4361_fk_people_user_id FOREIGN KEY (made_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_batch
    ADD CONSTRAINT appointments_batch_organisation_id_ae7360df_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_batchrow
    ADD CONSTRAINT appointments_batchro_appointment_id_fa99ea0d_fk_appointme FOREIGN KEY (appointment_id) REFERENCES public.appointments_appointment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_batchrow
    ADD CONSTRAINT appointments_batchro_batch_id_527a8cca_fk_appointme FOREIGN KEY (batch_id) REFERENCES public.appointments_batch(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_batchrow
    ADD CONSTRAINT appointments_batchro_period_id_86f7af5d_fk_availabil FOREIGN KEY (period_id) REFERENCES public.availability_period(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_batchrow
    ADD CONSTRAINT appointments_batchrow_patient_id_1a1586f8_fk_mpi_patient_id FOREIGN KEY (patient_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_block
    ADD CONSTRAINT appointments_block_organisation_id_aed21f3e_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_block
    ADD CONSTRAINT appointments_block_patient_id_4cfd625c_fk_mpi_patient_id FOREIGN KEY (patient_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_board
    ADD CONSTRAINT appointments_board_department_id_f1a9d125_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisations_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_board
    ADD CONSTRAINT appointments_board_ended_by_id_463dadcf_fk_people_user_id FOREIGN KEY (ended_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_board
    ADD CONSTRAINT appointments_board_made_by_id_ef1f6cf4_fk_people_user_id FOREIGN KEY (made_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_board
    ADD CONSTRAINT appointments_board_organisation_id_d57df612_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_move
    ADD CONSTRAINT appointments_move_appointment_id_40ada304_fk_appointme FOREIGN KEY (appointment_id) REFERENCES public.appointments_appointment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_move
    ADD CONSTRAINT appointments_move_left_id_ac1b9882_fk_availability_period_id FOREIGN KEY (left_id) REFERENCES public.availability_period(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_move
    ADD CONSTRAINT appointments_move_took_id_4f48dac8_fk_availability_period_id FOREIGN KEY (took_id) REFERENCES public.availability_period(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_response
    ADD CONSTRAINT appointments_respons_appointment_id_914695e5_fk_appointme FOREIGN KEY (appointment_id) REFERENCES public.appointments_appointment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_strike
    ADD CONSTRAINT appointments_strike_appointment_id_91e8fdc8_fk_appointme FOREIGN KEY (appointment_id) REFERENCES public.appointments_appointment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_strike
    ADD CONSTRAINT appointments_strike_ended_by_id_e727a527_fk_people_user_id FOREIGN KEY (ended_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_strike
    ADD CONSTRAINT appointments_strike_marked_by_id_daed7e84_fk_people_user_id FOREIGN KEY (marked_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_strike
    ADD CONSTRAINT appointments_strike_organisation_id_17bf7e88_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_strike
    ADD CONSTRAINT appointments_strike_patient_id_5e3bc01a_fk_mpi_patient_id FOREIGN KEY (patient_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_wait
    ADD CONSTRAINT appointments_wait_appointment_id_01a3fdf3_fk_appointme FOREIGN KEY (appointment_id) REFERENCES public.appointments_appointment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_wait
    ADD CONSTRAINT appointments_wait_clinician_id_9b274eb7_fk_people_user_id FOREIGN KEY (clinician_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.appointments_wait
    ADD CONSTRAINT appointments_wait_graded_by_id_6d1e5e96_fk_people_user_id FOREIGN KEY (graded_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.archive_copy
    ADD CONSTRAINT archive_copy_case_id_3563e908_fk_requests_case_id FOREIGN KEY (case_id) REFERENCES public.requests_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.archive_copy
    ADD CONSTRAINT archive_copy_organisation_id_53d0e3aa_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_dayrule
    ADD CONSTRAINT availability_dayrule_clinician_id_c20e5c61_fk_people_user_id FOREIGN KEY (clinician_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_dayrule
    ADD CONSTRAINT availability_dayrule_department_id_0c040ba2_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisations_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_dayrule
    ADD CONSTRAINT availability_dayrule_organisation_id_69e10d81_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_disagreement
    ADD CONSTRAINT availability_disagre_application_id_a9571540_fk_people_ap FOREIGN KEY (application_id) REFERENCES public.people_application(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_disagreement
    ADD CONSTRAINT availability_disagre_period_id_141819ea_fk_availabil FOREIGN KEY (period_id) REFERENCES public.availability_period(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_disagreement
    ADD CONSTRAINT availability_disagre_session_id_5b18b550_fk_availabil FOREIGN KEY (session_id) REFERENCES public.availability_session(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_disagreement
    ADD CONSTRAINT availability_disagre_settled_by_id_321c6ee4_fk_people_us FOREIGN KEY (settled_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_period
    ADD CONSTRAINT availability_period_application_id_28930989_fk_people_ap FOREIGN KEY (application_id) REFERENCES public.people_application(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_period
    ADD CONSTRAINT availability_period_clinician_id_51e1087b_fk_people_user_id FOREIGN KEY (clinician_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_period
    ADD CONSTRAINT availability_period_department_id_6d66652a_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisations_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_period
    ADD CONSTRAINT availability_period_organisation_id_30ea638e_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_period
    ADD CONSTRAINT availability_period_session_id_6e950e1a_fk_availabil FOREIGN KEY (session_id) REFERENCES public.availability_session(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_periodpool
    ADD CONSTRAINT availability_periodp_period_id_2f44d49f_fk_availabil FOREIGN KEY (period_id) REFERENCES public.availability_period(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_session
    ADD CONSTRAINT availability_session_application_id_d949fb2f_fk_people_ap FOREIGN KEY (application_id) REFERENCES public.people_application(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_session
    ADD CONSTRAINT availability_session_clinician_id_7751015c_fk_people_user_id FOREIGN KEY (clinician_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_session
    ADD CONSTRAINT availability_session_department_id_c9ed9e25_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisations_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_session
    ADD CONSTRAINT availability_session_organisation_id_f8b7b96f_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_session
    ADD CONSTRAINT availability_session_template_id_bc36bf2c_fk_availabil FOREIGN KEY (template_id) REFERENCES public.availability_template(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_stop
    ADD CONSTRAINT availability_stop_instead_id_0df3abf3_fk_availabil FOREIGN KEY (instead_id) REFERENCES public.availability_session(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_stop
    ADD CONSTRAINT availability_stop_session_id_47597020_fk_availabil FOREIGN KEY (session_id) REFERENCES public.availability_session(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_stop
    ADD CONSTRAINT availability_stop_stopped_by_id_5146d07b_fk_people_user_id FOREIGN KEY (stopped_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_template
    ADD CONSTRAINT availability_templat_department_id_03212066_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisations_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_template
    ADD CONSTRAINT availability_templat_organisation_id_bc055e5c_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.availability_template
    ADD CONSTRAINT availability_template_clinician_id_7af2c730_fk_people_user_id FOREIGN KEY (clinician_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.consent_breakglass
    ADD CONSTRAINT consent_breakglass_actor_id_a2098932_fk_people_user_id FOREIGN KEY (actor_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.consent_breakglass
    ADD CONSTRAINT consent_breakglass_department_id_4ad5a3b7_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisations_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.consent_breakglass
    ADD CONSTRAINT consent_breakglass_organisation_id_fedcca6e_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.consent_breakglass
    ADD CONSTRAINT consent_breakglass_patient_id_49f26a57_fk_mpi_patient_id FOREIGN KEY (patient_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.consent_breakglass
    ADD CONSTRAINT consent_breakglass_reviewing_id_3c811ec8_fk_organisat FOREIGN KEY (reviewing_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.consent_breakglassreview
    ADD CONSTRAINT consent_breakglassre_break_glass_id_01dfebd8_fk_consent_b FOREIGN KEY (break_glass_id) REFERENCES public.consent_breakglass(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.consent_breakglassreview
    ADD CONSTRAINT consent_breakglassre_organisation_id_e5b4e9b8_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.consent_breakglassreview
    ADD CONSTRAINT consent_breakglassreview_actor_id_b44d7288_fk_people_user_id FOREIGN KEY (actor_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.consent_breakglassreview
    ADD CONSTRAINT consent_breakglassreview_reviewer_id_cd7908e9_fk_people_user_id FOREIGN KEY (reviewer_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.consent_consent
    ADD CONSTRAINT consent_consent_asked_id_65d8bdcd_fk_organisat FOREIGN KEY (asked_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.consent_consent
    ADD CONSTRAINT consent_consent_organisation_id_40805469_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.consent_consent
    ADD CONSTRAINT consent_consent_patient_id_eb6b42a8_fk_mpi_patient_id FOREIGN KEY (patient_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.consent_consent
    ADD CONSTRAINT consent_consent_signed_under_id_6a97c7d3_fk_mpi_relation_id FOREIGN KEY (signed_under_id) REFERENCES public.mpi_relation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.consent_consent
    ADD CONSTRAINT consent_consent_taken_by_id_b700b448_fk_people_user_id FOREIGN KEY (taken_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desks_desk
    ADD CONSTRAINT desks_desk_organisation_id_36c2dff2_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desks_seat
    ADD CONSTRAINT desks_seat_desk_id_d943c666_fk_desks_desk_id FOREIGN KEY (desk_id) REFERENCES public.desks_desk(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desks_seat
    ADD CONSTRAINT desks_seat_user_id_1befb475_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.devices_device
    ADD CONSTRAINT devices_device_organisation_id_3c8ca159_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.devices_linktest
    ADD CONSTRAINT devices_linktest_organisation_id_f9ee5fb7_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.devices_linktest
    ADD CONSTRAINT devices_linktest_user_id_a365b8c0_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.devices_ticket
    ADD CONSTRAINT devices_ticket_closed_by_id_a5672965_fk_people_user_id FOREIGN KEY (closed_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.devices_ticket
    ADD CONSTRAINT devices_ticket_device_id_8e9f718e_fk_devices_device_id FOREIGN KEY (device_id) REFERENCES public.devices_device(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.devices_ticket
    ADD CONSTRAINT devices_ticket_opened_by_id_dfda99d5_fk_people_user_id FOREIGN KEY (opened_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.devices_ticket
    ADD CONSTRAINT devices_ticket_organisation_id_0cdea9f1_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duties_duty
    ADD CONSTRAINT duties_duty_contract_id_9f216faa_fk_registration_contract_id FOREIGN KEY (contract_id) REFERENCES public.registration_contract(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duties_duty
    ADD CONSTRAINT duties_duty_counted_id_bcff223d_fk_duties_quota_id FOREIGN KEY (counted_id) REFERENCES public.duties_quota(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duties_duty
    ADD CONSTRAINT duties_duty_recheck_of_id_6911af2b_fk_duties_duty_id FOREIGN KEY (recheck_of_id) REFERENCES public.duties_duty(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duties_duty
    ADD CONSTRAINT duties_duty_served_by_id_edad6529_fk_people_user_id FOREIGN KEY (served_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duties_plan
    ADD CONSTRAINT duties_plan_contract_id_dbaa7685_fk_registration_contract_id FOREIGN KEY (contract_id) REFERENCES public.registration_contract(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duties_proposal
    ADD CONSTRAINT duties_proposal_answered_by_id_c1b8b815_fk_people_user_id FOREIGN KEY (answered_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duties_proposal
    ADD CONSTRAINT duties_proposal_contract_id_498ab670_fk_registrat FOREIGN KEY (contract_id) REFERENCES public.registration_contract(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duties_quota
    ADD CONSTRAINT duties_quota_contract_id_8e912c0b_fk_registration_contract_id FOREIGN KEY (contract_id) REFERENCES public.registration_contract(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duties_reading
    ADD CONSTRAINT duties_reading_duty_id_5560fdfa_fk_duties_duty_id FOREIGN KEY (duty_id) REFERENCES public.duties_duty(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duties_reading
    ADD CONSTRAINT duties_reading_taken_by_id_a2dfbdbc_fk_people_user_id FOREIGN KEY (taken_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duties_reading
    ADD CONSTRAINT duties_reading_visit_id_182852ff_fk_duties_visit_id FOREIGN KEY (visit_id) REFERENCES public.duties_visit(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duties_visit
    ADD CONSTRAINT duties_visit_duty_id_1f01e414_fk_duties_duty_id FOREIGN KEY (duty_id) REFERENCES public.duties_duty(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duties_visit
    ADD CONSTRAINT duties_visit_served_by_id_5dcd4711_fk_people_user_id FOREIGN KEY (served_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.greens_green
    ADD CONSTRAINT greens_green_acknowledged_by_id_29e97c3f_fk_people_user_id FOREIGN KEY (acknowledged_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.greens_green
    ADD CONSTRAINT greens_green_ended_by_id_5e721b85_fk_people_user_id FOREIGN KEY (ended_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.greens_green
    ADD CONSTRAINT greens_green_referral_id_b0ef1056_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.greens_stamp
    ADD CONSTRAINT greens_stamp_by_id_0a889553_fk_people_user_id FOREIGN KEY (by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.greens_stamp
    ADD CONSTRAINT greens_stamp_corrected_by_id_a9f61010_fk_greens_stamp_id FOREIGN KEY (corrected_by_id) REFERENCES public.greens_stamp(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.greens_stamp
    ADD CONSTRAINT greens_stamp_green_id_0f7f4343_fk_greens_green_id FOREIGN KEY (green_id) REFERENCES public.greens_green(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.greens_stamp
    ADD CONSTRAINT greens_stamp_organisation_id_fc535c98_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.guests_link
    ADD CONSTRAINT guests_link_holder_id_08164142_fk_people_user_id FOREIGN KEY (holder_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.guests_link
    ADD CONSTRAINT guests_link_made_by_id_90e8d3d8_fk_people_user_id FOREIGN KEY (made_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.guests_link
    ADD CONSTRAINT guests_link_room_id_434586e3_fk_rooms_room_id FOREIGN KEY (room_id) REFERENCES public.rooms_room(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.imaging_instance
    ADD CONSTRAINT imaging_instance_series_id_bdb9e0b5_fk_imaging_series_id FOREIGN KEY (series_id) REFERENCES public.imaging_series(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.imaging_opening
    ADD CONSTRAINT imaging_opening_study_id_60a0279d_fk_imaging_study_id FOREIGN KEY (study_id) REFERENCES public.imaging_study(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.imaging_opening
    ADD CONSTRAINT imaging_opening_user_id_e4b6efb2_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.imaging_partialupload
    ADD CONSTRAINT imaging_partialupload_patient_id_910a735a_fk_mpi_patient_id FOREIGN KEY (patient_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.imaging_partialupload
    ADD CONSTRAINT imaging_partialupload_user_id_c3b98c65_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.imaging_series
    ADD CONSTRAINT imaging_series_study_id_9838afc0_fk_imaging_study_id FOREIGN KEY (study_id) REFERENCES public.imaging_study(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.imaging_shipment
    ADD CONSTRAINT imaging_shipment_patient_id_c9baba14_fk_mpi_patient_id FOREIGN KEY (patient_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.imaging_shipment_studies
    ADD CONSTRAINT imaging_shipment_stu_shipment_id_40c4ee2a_fk_imaging_s FOREIGN KEY (shipment_id) REFERENCES public.imaging_shipment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.imaging_shipment_studies
    ADD CONSTRAINT imaging_shipment_studies_study_id_103dabec_fk_imaging_study_id FOREIGN KEY (study_id) REFERENCES public.imaging_study(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.imaging_shipment
    ADD CONSTRAINT imaging_shipment_user_id_9aedcf53_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.imaging_shippedfile
    ADD CONSTRAINT imaging_shippedfile_shipment_id_bab62244_fk_imaging_shipment_id FOREIGN KEY (shipment_id) REFERENCES public.imaging_shipment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.imaging_study
    ADD CONSTRAINT imaging_study_organisation_id_87958b95_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.imaging_study
    ADD CONSTRAINT imaging_study_patient_id_861b74ab_fk_mpi_patient_id FOREIGN KEY (patient_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.imaging_study
    ADD CONSTRAINT imaging_study_uploaded_by_id_c8545f99_fk_people_user_id FOREIGN KEY (uploaded_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.keyimages_keyimage
    ADD CONSTRAINT keyimages_keyimage_case_id_1a90dc3c_fk_requests_case_id FOREIGN KEY (case_id) REFERENCES public.requests_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.keyimages_keyimage
    ADD CONSTRAINT keyimages_keyimage_made_by_id_b84e728b_fk_people_user_id FOREIGN KEY (made_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.keyimages_keyimage
    ADD CONSTRAINT keyimages_keyimage_study_id_5b87b92b_fk_imaging_study_id FOREIGN KEY (study_id) REFERENCES public.imaging_study(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.keyimages_still
    ADD CONSTRAINT keyimages_still_camera_of_id_511aed59_fk_people_user_id FOREIGN KEY (camera_of_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.keyimages_still
    ADD CONSTRAINT keyimages_still_case_id_ec83a85b_fk_requests_case_id FOREIGN KEY (case_id) REFERENCES public.requests_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.keyimages_still
    ADD CONSTRAINT keyimages_still_study_id_517a589b_fk_imaging_study_id FOREIGN KEY (study_id) REFERENCES public.imaging_study(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.keyimages_still
    ADD CONSTRAINT keyimages_still_taken_by_id_8da215dc_fk_people_user_id FOREIGN KEY (taken_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_user_id_0c3a50c0_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_death
    ADD CONSTRAINT mpi_death_entered_by_id_c62896fa_fk_people_user_id FOREIGN KEY (entered_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_death
    ADD CONSTRAINT mpi_death_organisation_id_5c9fc41c_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_death
    ADD CONSTRAINT mpi_death_patient_id_2968e30c_fk_mpi_patient_id FOREIGN KEY (patient_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_death
    ADD CONSTRAINT mpi_death_undone_by_id_61eafb50_fk_people_user_id FOREIGN KEY (undone_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_healthcard
    ADD CONSTRAINT mpi_healthcard_entered_by_id_c2c5ad72_fk_people_user_id FOREIGN KEY (entered_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_healthcard
    ADD CONSTRAINT mpi_healthcard_patient_id_8b8929dc_fk_mpi_patient_id FOREIGN KEY (patient_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_household
    ADD CONSTRAINT mpi_household_division_id_9a86011b_fk_organisat FOREIGN KEY (division_id) REFERENCES public.organisations_division(code) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_household
    ADD CONSTRAINT mpi_household_entered_by_id_7c62e831_fk_people_user_id FOREIGN KEY (entered_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_household
    ADD CONSTRAINT mpi_household_organisation_id_d1f4c41d_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_lowincome
    ADD CONSTRAINT mpi_lowincome_brought_in_id_165aecf6_fk_mpi_lowincomelist_id FOREIGN KEY (brought_in_id) REFERENCES public.mpi_lowincomelist(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_lowincomelist
    ADD CONSTRAINT mpi_lowincomelist_brought_by_id_0db0d3d3_fk_people_user_id FOREIGN KEY (brought_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_lowincomelist
    ADD CONSTRAINT mpi_lowincomelist_county_id_4469f878_fk_organisat FOREIGN KEY (county_id) REFERENCES public.organisations_division(code) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_lowincomelist
    ADD CONSTRAINT mpi_lowincomelist_organisation_id_1aca441c_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_member
    ADD CONSTRAINT mpi_member_entered_by_id_e7f54d43_fk_people_user_id FOREIGN KEY (entered_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_member
    ADD CONSTRAINT mpi_member_household_id_65a88d36_fk_mpi_household_id FOREIGN KEY (household_id) REFERENCES public.mpi_household(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_member
    ADD CONSTRAINT mpi_member_person_id_382566bc_fk_mpi_patient_id FOREIGN KEY (person_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_merge
    ADD CONSTRAINT mpi_merge_confirmed_by_id_249131f6_fk_people_user_id FOREIGN KEY (confirmed_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_merge
    ADD CONSTRAINT mpi_merge_loser_id_eec949eb_fk_mpi_patient_id FOREIGN KEY (loser_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_merge
    ADD CONSTRAINT mpi_merge_pair_id_e17c5812_fk_mpi_pair_id FOREIGN KEY (pair_id) REFERENCES public.mpi_pair(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_merge
    ADD CONSTRAINT mpi_merge_proposed_by_id_49d54e5b_fk_people_user_id FOREIGN KEY (proposed_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_merge
    ADD CONSTRAINT mpi_merge_survivor_id_a39fce8c_fk_mpi_patient_id FOREIGN KEY (survivor_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_merge
    ADD CONSTRAINT mpi_merge_undo_proposed_by_id_d2c3a227_fk_people_user_id FOREIGN KEY (undo_proposed_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_merge
    ADD CONSTRAINT mpi_merge_undone_by_id_49aa0a02_fk_people_user_id FOREIGN KEY (undone_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_pair
    ADD CONSTRAINT mpi_pair_decided_by_id_132a5895_fk_people_user_id FOREIGN KEY (decided_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_pair
    ADD CONSTRAINT mpi_pair_one_id_9410fffc_fk_mpi_patient_id FOREIGN KEY (one_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_pair
    ADD CONSTRAINT mpi_pair_other_id_acecf11c_fk_mpi_patient_id FOREIGN KEY (other_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_pair
    ADD CONSTRAINT mpi_pair_proposed_by_id_5feaf346_fk_people_user_id FOREIGN KEY (proposed_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_pair
    ADD CONSTRAINT mpi_pair_suggested_by_id_246bd895_fk_people_user_id FOREIGN KEY (suggested_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_pair
    ADD CONSTRAINT mpi_pair_survivor_id_b6bd5878_fk_mpi_patient_id FOREIGN KEY (survivor_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_patient
    ADD CONSTRAINT mpi_patient_managing_organisatio_a7225bb2_fk_organisat FOREIGN KEY (managing_organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_patient
    ADD CONSTRAINT mpi_patient_merged_into_id_a8afb218_fk_mpi_patient_id FOREIGN KEY (merged_into_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_patient
    ADD CONSTRAINT mpi_patient_mother_id_daf07109_fk_mpi_patient_id FOREIGN KEY (mother_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_patient
    ADD CONSTRAINT mpi_patient_registered_by_id_57c8f62c_fk_people_user_id FOREIGN KEY (registered_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_patient
    ADD CONSTRAINT mpi_patient_user_id_b42a85b9_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_relation
    ADD CONSTRAINT mpi_relation_delegate_id_a1235af8_fk_mpi_patient_id FOREIGN KEY (delegate_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_relation
    ADD CONSTRAINT mpi_relation_ended_by_id_d82ae4c2_fk_people_user_id FOREIGN KEY (ended_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_relation
    ADD CONSTRAINT mpi_relation_entered_by_id_f2c8fe94_fk_people_user_id FOREIGN KEY (entered_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_relation
    ADD CONSTRAINT mpi_relation_organisation_id_c6368e5f_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_relation
    ADD CONSTRAINT mpi_relation_subject_id_701f96ac_fk_mpi_patient_id FOREIGN KEY (subject_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mpi_roll
    ADD CONSTRAINT mpi_roll_organisation_id_c953bc6e_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_call
    ADD CONSTRAINT notifications_call_by_id_5b007df9_fk_people_user_id FOREIGN KEY (by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_call
    ADD CONSTRAINT notifications_call_delivery_id_f1ac5cff_fk_notificat FOREIGN KEY (delivery_id) REFERENCES public.notifications_delivery(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_code
    ADD CONSTRAINT notifications_code_user_id_1cb184d7_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_delivery
    ADD CONSTRAINT notifications_delive_notification_id_ea8dc048_fk_notificat FOREIGN KEY (notification_id) REFERENCES public.notifications_notification(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_notification
    ADD CONSTRAINT notifications_notifi_recipient_id_d055f3f0_fk_people_us FOREIGN KEY (recipient_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_notification
    ADD CONSTRAINT notifications_notifi_sender_id_feea9ca3_fk_organisat FOREIGN KEY (sender_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_preference
    ADD CONSTRAINT notifications_preference_user_id_c839c2d6_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.opening_opening
    ADD CONSTRAINT opening_opening_organisation_id_414b39bb_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.opinions_correction
    ADD CONSTRAINT opinions_correction_asked_by_id_539c94cb_fk_people_user_id FOREIGN KEY (asked_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.opinions_correction
    ADD CONSTRAINT opinions_correction_decided_by_id_ada45c49_fk_people_user_id FOREIGN KEY (decided_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.opinions_correction
    ADD CONSTRAINT opinions_correction_opinion_id_dd78ca77_fk_opinions_opinion_id FOREIGN KEY (opinion_id) REFERENCES public.opinions_opinion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.opinions_cowriter
    ADD CONSTRAINT opinions_cowriter_asked_by_id_c5b42d41_fk_people_user_id FOREIGN KEY (asked_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.opinions_cowriter
    ADD CONSTRAINT opinions_cowriter_case_id_4fa169be_fk_requests_case_id FOREIGN KEY (case_id) REFERENCES public.requests_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.opinions_cowriter
    ADD CONSTRAINT opinions_cowriter_organisation_id_7b28362d_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.opinions_cowriter
    ADD CONSTRAINT opinions_cowriter_writer_id_c852fb58_fk_people_user_id FOREIGN KEY (writer_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.opinions_draft
    ADD CONSTRAINT opinions_draft_author_id_76474387_fk_people_user_id FOREIGN KEY (author_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.opinions_draft
    ADD CONSTRAINT opinions_draft_case_id_22cee535_fk_requests_case_id FOREIGN KEY (case_id) REFERENCES public.requests_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.opinions_expertview
    ADD CONSTRAINT opinions_expertview_case_id_1b24b48c_fk_requests_case_id FOREIGN KEY (case_id) REFERENCES public.requests_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.opinions_expertview
    ADD CONSTRAINT opinions_expertview_expert_id_9c3451be_fk_people_user_id FOREIGN KEY (expert_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.opinions_opinion
    ADD CONSTRAINT opinions_opinion_author_id_ef1036a9_fk_people_user_id FOREIGN KEY (author_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.opinions_opinion
    ADD CONSTRAINT opinions_opinion_case_id_44bf778e_fk_requests_case_id FOREIGN KEY (case_id) REFERENCES public.requests_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.opinions_phrase
    ADD CONSTRAINT opinions_phrase_organisation_id_7d6c050e_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.opinions_phrase
    ADD CONSTRAINT opinions_phrase_writer_id_797f97f4_fk_people_user_id FOREIGN KEY (writer_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.opinions_sectionlease
    ADD CONSTRAINT opinions_sectionlease_case_id_246a9bbf_fk_requests_case_id FOREIGN KEY (case_id) REFERENCES public.requests_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.opinions_sectionlease
    ADD CONSTRAINT opinions_sectionlease_writer_id_b443d460_fk_people_user_id FOREIGN KEY (writer_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_agreementsignature
    ADD CONSTRAINT organisations_agreem_agreement_id_1b470e23_fk_organisat FOREIGN KEY (agreement_id) REFERENCES public.organisations_agreement(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_agreementstep
    ADD CONSTRAINT organisations_agreem_agreement_id_4e06a9b9_fk_organisat FOREIGN KEY (agreement_id) REFERENCES public.organisations_agreement(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_agreementservice
    ADD CONSTRAINT organisations_agreem_agreement_id_5f40c688_fk_organisat FOREIGN KEY (agreement_id) REFERENCES public.organisations_agreement(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_agreementservice
    ADD CONSTRAINT organisations_agreem_asked_id_7a08d21e_fk_organisat FOREIGN KEY (asked_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_agreement
    ADD CONSTRAINT organisations_agreem_asked_id_81d59b0a_fk_organisat FOREIGN KEY (asked_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_agreement
    ADD CONSTRAINT organisations_agreem_asking_id_d04976a7_fk_organisat FOREIGN KEY (asking_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_agreementservice
    ADD CONSTRAINT organisations_agreem_asking_id_d4ccb924_fk_organisat FOREIGN KEY (asking_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_agreement
    ADD CONSTRAINT organisations_agreem_author_id_7e2e8def_fk_organisat FOREIGN KEY (author_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_agreementsignature
    ADD CONSTRAINT organisations_agreem_organisation_id_a832b80c_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_agreementstep
    ADD CONSTRAINT organisations_agreem_organisation_id_f53dadc6_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_agreement
    ADD CONSTRAINT organisations_agreem_suspended_by_id_2194c022_fk_organisat FOREIGN KEY (suspended_by_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_department
    ADD CONSTRAINT organisations_depart_organisation_id_f0302d5d_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_division
    ADD CONSTRAINT organisations_divisi_parent_id_9fbf83e7_fk_organisat FOREIGN KEY (parent_id) REFERENCES public.organisations_division(code) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_entry
    ADD CONSTRAINT organisations_entry_agreement_id_5b725909_fk_organisat FOREIGN KEY (agreement_id) REFERENCES public.organisations_agreement(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_entry
    ADD CONSTRAINT organisations_entry_corrects_id_aeed47c3_fk_organisat FOREIGN KEY (corrects_id) REFERENCES public.organisations_entry(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_entry
    ADD CONSTRAINT organisations_entry_statement_id_68167306_fk_organisat FOREIGN KEY (statement_id) REFERENCES public.organisations_statement(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_organisation
    ADD CONSTRAINT organisations_organi_division_id_a8b986a3_fk_organisat FOREIGN KEY (division_id) REFERENCES public.organisations_division(code) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_statement
    ADD CONSTRAINT organisations_statem_asked_id_cc2d4589_fk_organisat FOREIGN KEY (asked_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_statement
    ADD CONSTRAINT organisations_statem_asking_id_8be189a8_fk_organisat FOREIGN KEY (asking_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.oversight_signal
    ADD CONSTRAINT oversight_signal_explained_by_id_909e80c7_fk_people_user_id FOREIGN KEY (explained_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.oversight_signal
    ADD CONSTRAINT oversight_signal_explained_for_id_fd9de1a3_fk_organisat FOREIGN KEY (explained_for_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.oversight_signal
    ADD CONSTRAINT oversight_signal_subject_id_441c2998_fk_organisat FOREIGN KEY (subject_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.oversight_signalentry
    ADD CONSTRAINT oversight_signalentr_organisation_id_9b9e1923_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.oversight_signalentry
    ADD CONSTRAINT oversight_signalentry_signal_id_069bca05_fk_oversight_signal_id FOREIGN KEY (signal_id) REFERENCES public.oversight_signal(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.oversight_silence
    ADD CONSTRAINT oversight_silence_organisation_id_51cfd718_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.oversight_silenceentry
    ADD CONSTRAINT oversight_silenceent_organisation_id_2761c7f2_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.oversight_silenceentry
    ADD CONSTRAINT oversight_silenceent_silence_id_cb0d34ff_fk_oversight FOREIGN KEY (silence_id) REFERENCES public.oversight_silence(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_accesstoken
    ADD CONSTRAINT people_accesstoken_application_id_08865399_fk_people_ap FOREIGN KEY (application_id) REFERENCES public.people_application(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_accesstoken
    ADD CONSTRAINT people_accesstoken_user_id_69d3c73f_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_application
    ADD CONSTRAINT people_application_organisation_id_1fb173f4_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_practitioner
    ADD CONSTRAINT people_practitioner_user_id_6f9ad82a_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_practitionerrole
    ADD CONSTRAINT people_practitionerr_department_id_274e54a9_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisations_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_practitionerrole
    ADD CONSTRAINT people_practitionerr_organisation_id_57e4f863_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_practitionerrole
    ADD CONSTRAINT people_practitionerrole_user_id_27adae38_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_presence
    ADD CONSTRAINT people_presence_user_id_4cdd55b6_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_signingkey
    ADD CONSTRAINT people_signingkey_user_id_a17bbc84_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_user
    ADD CONSTRAINT people_user_acting_as_id_7e7a9d21_fk_people_practitionerrole_id FOREIGN KEY (acting_as_id) REFERENCES public.people_practitionerrole(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_user
    ADD CONSTRAINT people_user_application_id_02b88271_fk_people_application_id FOREIGN KEY (application_id) REFERENCES public.people_application(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_user_groups
    ADD CONSTRAINT people_user_groups_group_id_1f0237d0_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_user_groups
    ADD CONSTRAINT people_user_groups_user_id_290df956_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_user_user_permissions
    ADD CONSTRAINT people_user_user_per_permission_id_55f01ef0_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_user_user_permissions
    ADD CONSTRAINT people_user_user_permissions_user_id_7d19557b_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recordings_answer
    ADD CONSTRAINT recordings_answer_given_by_id_1cc88371_fk_people_user_id FOREIGN KEY (given_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recordings_answer
    ADD CONSTRAINT recordings_answer_person_id_9daabc2d_fk_people_user_id FOREIGN KEY (person_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recordings_answer
    ADD CONSTRAINT recordings_answer_recording_id_1d064887_fk_recording FOREIGN KEY (recording_id) REFERENCES public.recordings_recording(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recordings_recording
    ADD CONSTRAINT recordings_recording_asked_by_id_4ec53920_fk_people_user_id FOREIGN KEY (asked_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recordings_recording
    ADD CONSTRAINT recordings_recording_recorder_id_b7cf4499_fk_people_user_id FOREIGN KEY (recorder_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recordings_recording
    ADD CONSTRAINT recordings_recording_room_id_799f40af_fk_rooms_room_id FOREIGN KEY (room_id) REFERENCES public.rooms_room(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_aftercare
    ADD CONSTRAINT referrals_aftercare_referral_id_1b925de3_fk_referrals FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_planitem
    ADD CONSTRAINT referrals_planitem_done_by_id_9733a8b5_fk_people_user_id FOREIGN KEY (done_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_planitem
    ADD CONSTRAINT referrals_planitem_referral_id_92bc2ca0_fk_referrals FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_question
    ADD CONSTRAINT referrals_question_answered_by_id_b5821550_fk_people_user_id FOREIGN KEY (answered_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_question
    ADD CONSTRAINT referrals_question_asked_by_id_daac7630_fk_people_user_id FOREIGN KEY (asked_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_question
    ADD CONSTRAINT referrals_question_referral_id_1c82044e_fk_referrals FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_referral
    ADD CONSTRAINT referrals_referral_agreement_id_1ddd8eae_fk_organisat FOREIGN KEY (agreement_id) REFERENCES public.organisations_agreement(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_referral
    ADD CONSTRAINT referrals_referral_appointment_id_f0f5bef7_fk_appointme FOREIGN KEY (appointment_id) REFERENCES public.appointments_appointment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_referral
    ADD CONSTRAINT referrals_referral_consent_id_a69deb22_fk_consent_consent_id FOREIGN KEY (consent_id) REFERENCES public.consent_consent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_referral
    ADD CONSTRAINT referrals_referral_department_id_d822fb48_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisations_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_referral
    ADD CONSTRAINT referrals_referral_doctor_id_44e383f4_fk_people_user_id FOREIGN KEY (doctor_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_referral
    ADD CONSTRAINT referrals_referral_kept_by_id_4bd31807_fk_people_user_id FOREIGN KEY (kept_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_referral
    ADD CONSTRAINT referrals_referral_organisation_id_579d04cf_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_referral
    ADD CONSTRAINT referrals_referral_patient_id_e1ef9d2b_fk_mpi_patient_id FOREIGN KEY (patient_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_referral
    ADD CONSTRAINT referrals_referral_sender_id_b9046f59_fk_people_user_id FOREIGN KEY (sender_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_referral
    ADD CONSTRAINT referrals_referral_sending_id_89e97524_fk_organisat FOREIGN KEY (sending_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_referral
    ADD CONSTRAINT referrals_referral_taken_by_id_8091dcff_fk_people_user_id FOREIGN KEY (taken_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_round
    ADD CONSTRAINT referrals_round_answered_by_id_8a89622e_fk_people_user_id FOREIGN KEY (answered_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_round
    ADD CONSTRAINT referrals_round_department_id_3470cd96_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisations_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_round
    ADD CONSTRAINT referrals_round_organisation_id_db8cb87c_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_round
    ADD CONSTRAINT referrals_round_period_id_688df705_fk_availability_period_id FOREIGN KEY (period_id) REFERENCES public.availability_period(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_round
    ADD CONSTRAINT referrals_round_referral_id_b74f53a7_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_stay
    ADD CONSTRAINT referrals_stay_referral_id_c555e3e1_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_step
    ADD CONSTRAINT referrals_step_actor_id_39f8a5c3_fk_people_user_id FOREIGN KEY (actor_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_step
    ADD CONSTRAINT referrals_step_organisation_id_06426608_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.referrals_step
    ADD CONSTRAINT referrals_step_referral_id_f6e97a21_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_assignment
    ADD CONSTRAINT registration_assignm_contract_id_1752e2bc_fk_registrat FOREIGN KEY (contract_id) REFERENCES public.registration_contract(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_closing
    ADD CONSTRAINT registration_closing_begun_by_id_14fc045b_fk_people_user_id FOREIGN KEY (begun_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_closing
    ADD CONSTRAINT registration_closing_team_id_78509717_fk_registration_team_id FOREIGN KEY (team_id) REFERENCES public.registration_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_contract
    ADD CONSTRAINT registration_contrac_instead_id_948977d0_fk_registrat FOREIGN KEY (instead_id) REFERENCES public.registration_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_contract
    ADD CONSTRAINT registration_contrac_package_id_3de0d65d_fk_registrat FOREIGN KEY (package_id) REFERENCES public.registration_package(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_contract
    ADD CONSTRAINT registration_contrac_renews_id_3ba7ad1f_fk_registrat FOREIGN KEY (renews_id) REFERENCES public.registration_contract(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_contract
    ADD CONSTRAINT registration_contrac_replaces_id_3c120708_fk_registrat FOREIGN KEY (replaces_id) REFERENCES public.registration_contract(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_contract
    ADD CONSTRAINT registration_contract_applied_by_id_103ef225_fk_people_user_id FOREIGN KEY (applied_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_contract
    ADD CONSTRAINT registration_contract_doctor_id_c1c9439e_fk_people_user_id FOREIGN KEY (doctor_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_contract
    ADD CONSTRAINT registration_contract_patient_id_991b7f58_fk_mpi_patient_id FOREIGN KEY (patient_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_contract
    ADD CONSTRAINT registration_contract_relation_id_514fbe7e_fk_mpi_relation_id FOREIGN KEY (relation_id) REFERENCES public.mpi_relation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_contract
    ADD CONSTRAINT registration_contract_team_id_ecaf69e9_fk_registration_team_id FOREIGN KEY (team_id) REFERENCES public.registration_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_contract
    ADD CONSTRAINT registration_contract_witness_id_f49a20ea_fk_people_user_id FOREIGN KEY (witness_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_episode
    ADD CONSTRAINT registration_episode_contract_id_840ddc46_fk_registrat FOREIGN KEY (contract_id) REFERENCES public.registration_contract(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_left
    ADD CONSTRAINT registration_left_closing_id_1f536db7_fk_registrat FOREIGN KEY (closing_id) REFERENCES public.registration_closing(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_left
    ADD CONSTRAINT registration_left_contract_id_71383548_fk_registrat FOREIGN KEY (contract_id) REFERENCES public.registration_contract(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_left
    ADD CONSTRAINT registration_left_settled_by_id_f48acfb2_fk_people_user_id FOREIGN KEY (settled_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_member
    ADD CONSTRAINT registration_member_successor_id_3e9019f6_fk_people_user_id FOREIGN KEY (successor_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_member
    ADD CONSTRAINT registration_member_team_id_b5ef17e7_fk_registration_team_id FOREIGN KEY (team_id) REFERENCES public.registration_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_member
    ADD CONSTRAINT registration_member_user_id_4037cf39_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_ownsignature
    ADD CONSTRAINT registration_ownsign_contract_id_c304a7b2_fk_registrat FOREIGN KEY (contract_id) REFERENCES public.registration_contract(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_ownsignature
    ADD CONSTRAINT registration_ownsignature_witness_id_783503c1_fk_people_user_id FOREIGN KEY (witness_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_package
    ADD CONSTRAINT registration_package_division_id_aaa33d1d_fk_organisat FOREIGN KEY (division_id) REFERENCES public.organisations_division(code) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_panel
    ADD CONSTRAINT registration_panel_doctor_id_c4b785aa_fk_people_user_id FOREIGN KEY (doctor_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_share
    ADD CONSTRAINT registration_share_closing_id_48d189b3_fk_registrat FOREIGN KEY (closing_id) REFERENCES public.registration_closing(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_share
    ADD CONSTRAINT registration_share_successor_id_4918080c_fk_registrat FOREIGN KEY (successor_id) REFERENCES public.registration_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_step
    ADD CONSTRAINT registration_step_contract_id_6860fe26_fk_registrat FOREIGN KEY (contract_id) REFERENCES public.registration_contract(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.registration_team
    ADD CONSTRAINT registration_team_organisation_id_1c5286ad_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_case
    ADD CONSTRAINT requests_case_agreement_id_c544b08c_fk_organisat FOREIGN KEY (agreement_id) REFERENCES public.organisations_agreement(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_case
    ADD CONSTRAINT requests_case_asked_id_4b56752f_fk_organisat FOREIGN KEY (asked_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_case
    ADD CONSTRAINT requests_case_asking_id_ad84ddfd_fk_organisat FOREIGN KEY (asking_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_case
    ADD CONSTRAINT requests_case_consent_id_d3876c6b_fk_consent_consent_id FOREIGN KEY (consent_id) REFERENCES public.consent_consent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_case
    ADD CONSTRAINT requests_case_holder_id_38b997c8_fk_people_user_id FOREIGN KEY (holder_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_case
    ADD CONSTRAINT requests_case_passed_to_id_f5231c1a_fk_organisat FOREIGN KEY (passed_to_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_case
    ADD CONSTRAINT requests_case_patient_id_4515811d_fk_mpi_patient_id FOREIGN KEY (patient_id) REFERENCES public.mpi_patient(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_case
    ADD CONSTRAINT requests_case_proposed_id_29f8c1ce_fk_organisat FOREIGN KEY (proposed_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_case
    ADD CONSTRAINT requests_case_replaces_id_9d9b1780_fk_requests_case_id FOREIGN KEY (replaces_id) REFERENCES public.requests_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_case
    ADD CONSTRAINT requests_case_requester_id_3a8b6701_fk_people_user_id FOREIGN KEY (requester_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_case_studies
    ADD CONSTRAINT requests_case_studies_case_id_d037e41e_fk_requests_case_id FOREIGN KEY (case_id) REFERENCES public.requests_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_case_studies
    ADD CONSTRAINT requests_case_studies_study_id_04d1b178_fk_imaging_study_id FOREIGN KEY (study_id) REFERENCES public.imaging_study(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_case
    ADD CONSTRAINT requests_case_wanted_doctor_id_fcb33ee8_fk_people_user_id FOREIGN KEY (wanted_doctor_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_halfhour
    ADD CONSTRAINT requests_halfhour_meeting_id_41b573fc_fk_requests_meeting_id FOREIGN KEY (meeting_id) REFERENCES public.requests_meeting(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_halfhour
    ADD CONSTRAINT requests_halfhour_person_id_8dfc0f8c_fk_people_user_id FOREIGN KEY (person_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_meeting
    ADD CONSTRAINT requests_meeting_agreed_by_id_48476585_fk_people_user_id FOREIGN KEY (agreed_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_meeting
    ADD CONSTRAINT requests_meeting_case_id_a456c21b_fk_requests_case_id FOREIGN KEY (case_id) REFERENCES public.requests_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_meeting
    ADD CONSTRAINT requests_meeting_proposed_by_id_107ecb45_fk_people_user_id FOREIGN KEY (proposed_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_message
    ADD CONSTRAINT requests_message_case_id_895fe445_fk_requests_case_id FOREIGN KEY (case_id) REFERENCES public.requests_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_message
    ADD CONSTRAINT requests_message_written_by_id_665cdf9b_fk_people_user_id FOREIGN KEY (written_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_offer
    ADD CONSTRAINT requests_offer_assigned_by_id_a9926335_fk_people_user_id FOREIGN KEY (assigned_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_offer
    ADD CONSTRAINT requests_offer_case_id_f9ad94b2_fk_requests_case_id FOREIGN KEY (case_id) REFERENCES public.requests_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_offer
    ADD CONSTRAINT requests_offer_doctor_id_c38cc520_fk_people_user_id FOREIGN KEY (doctor_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_offer
    ADD CONSTRAINT requests_offer_organisation_id_f8c0d33b_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_offer
    ADD CONSTRAINT requests_offer_takes_over_id_4abfd3de_fk_requests_offer_id FOREIGN KEY (takes_over_id) REFERENCES public.requests_offer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_onlooker
    ADD CONSTRAINT requests_onlooker_case_id_ba0e8d4d_fk_requests_case_id FOREIGN KEY (case_id) REFERENCES public.requests_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_onlooker
    ADD CONSTRAINT requests_onlooker_organisation_id_e4462462_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_outcome
    ADD CONSTRAINT requests_outcome_case_id_558d07a6_fk_requests_case_id FOREIGN KEY (case_id) REFERENCES public.requests_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_outcome
    ADD CONSTRAINT requests_outcome_recorded_by_id_ba576894_fk_people_user_id FOREIGN KEY (recorded_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_question
    ADD CONSTRAINT requests_question_answered_by_id_efe0d6fd_fk_people_user_id FOREIGN KEY (answered_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_question
    ADD CONSTRAINT requests_question_asked_by_id_964fd7e7_fk_people_user_id FOREIGN KEY (asked_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_question
    ADD CONSTRAINT requests_question_case_id_6642bafb_fk_requests_case_id FOREIGN KEY (case_id) REFERENCES public.requests_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_receipt
    ADD CONSTRAINT requests_receipt_case_id_60b01330_fk_requests_case_id FOREIGN KEY (case_id) REFERENCES public.requests_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_receipt
    ADD CONSTRAINT requests_receipt_given_by_id_6805d001_fk_people_user_id FOREIGN KEY (given_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_step
    ADD CONSTRAINT requests_step_actor_id_8692115e_fk_people_user_id FOREIGN KEY (actor_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_step
    ADD CONSTRAINT requests_step_case_id_058b38d6_fk_requests_case_id FOREIGN KEY (case_id) REFERENCES public.requests_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.requests_step
    ADD CONSTRAINT requests_step_organisation_id_bfcb674d_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rooms_mediaerrand
    ADD CONSTRAINT rooms_mediaerrand_room_id_c6a008ef_fk_rooms_room_id FOREIGN KEY (room_id) REFERENCES public.rooms_room(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rooms_participant
    ADD CONSTRAINT rooms_participant_invited_by_id_3090b737_fk_people_user_id FOREIGN KEY (invited_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rooms_participant
    ADD CONSTRAINT rooms_participant_room_id_64ee0452_fk_rooms_room_id FOREIGN KEY (room_id) REFERENCES public.rooms_room(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rooms_participant
    ADD CONSTRAINT rooms_participant_user_id_e8ebe12d_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rooms_room
    ADD CONSTRAINT rooms_room_case_id_a8742678_fk_requests_case_id FOREIGN KEY (case_id) REFERENCES public.requests_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rooms_room
    ADD CONSTRAINT rooms_room_held_by_id_6f5a1847_fk_people_user_id FOREIGN KEY (held_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rooms_room
    ADD CONSTRAINT rooms_room_leader_id_5ce82ad2_fk_people_user_id FOREIGN KEY (leader_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rooms_room
    ADD CONSTRAINT rooms_room_visit_id_f9e30e6d_fk_appointments_appointment_id FOREIGN KEY (visit_id) REFERENCES public.appointments_appointment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rooms_roomevent
    ADD CONSTRAINT rooms_roomevent_room_id_5f543141_fk_rooms_room_id FOREIGN KEY (room_id) REFERENCES public.rooms_room(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rooms_roomevent
    ADD CONSTRAINT rooms_roomevent_sender_id_2ff11e08_fk_people_user_id FOREIGN KEY (sender_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rota_handover
    ADD CONSTRAINT rota_handover_incoming_id_269c79fc_fk_people_user_id FOREIGN KEY (incoming_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rota_handover
    ADD CONSTRAINT rota_handover_outgoing_id_2e140522_fk_people_user_id FOREIGN KEY (outgoing_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rota_handover
    ADD CONSTRAINT rota_handover_shift_id_79293364_fk_rota_shift_id FOREIGN KEY (shift_id) REFERENCES public.rota_shift(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rota_handoveritem
    ADD CONSTRAINT rota_handoveritem_hand_over_id_17b18af7_fk_rota_handover_id FOREIGN KEY (hand_over_id) REFERENCES public.rota_handover(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rota_rota
    ADD CONSTRAINT rota_rota_organisation_id_98ee2a37_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rota_rota
    ADD CONSTRAINT rota_rota_published_by_id_d9d0e294_fk_people_user_id FOREIGN KEY (published_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rota_shift
    ADD CONSTRAINT rota_shift_copied_from_id_f7fc8b02_fk_rota_shift_id FOREIGN KEY (copied_from_id) REFERENCES public.rota_shift(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rota_shift
    ADD CONSTRAINT rota_shift_rota_id_044adfc8_fk_rota_rota_id FOREIGN KEY (rota_id) REFERENCES public.rota_rota(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rota_shift
    ADD CONSTRAINT rota_shift_user_id_c2dbbb35_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rota_swap
    ADD CONSTRAINT rota_swap_asked_by_id_6c1f7ba8_fk_people_user_id FOREIGN KEY (asked_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rota_swap
    ADD CONSTRAINT rota_swap_colleague_id_8ad0e66d_fk_people_user_id FOREIGN KEY (colleague_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rota_swap
    ADD CONSTRAINT rota_swap_in_return_id_f635a738_fk_rota_shift_id FOREIGN KEY (in_return_id) REFERENCES public.rota_shift(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rota_swap
    ADD CONSTRAINT rota_swap_shift_id_12392aff_fk_rota_shift_id FOREIGN KEY (shift_id) REFERENCES public.rota_shift(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.staff_entry
    ADD CONSTRAINT staff_entry_entered_by_id_388f0c88_fk_people_user_id FOREIGN KEY (entered_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.staff_entry
    ADD CONSTRAINT staff_entry_user_id_e9b65cf0_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.staff_entry
    ADD CONSTRAINT staff_entry_verified_by_id_ae5b6fc1_fk_people_user_id FOREIGN KEY (verified_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.staff_invitation
    ADD CONSTRAINT staff_invitation_invited_by_id_d115cf2a_fk_people_user_id FOREIGN KEY (invited_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.staff_invitation
    ADD CONSTRAINT staff_invitation_user_id_9a973bb3_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.staff_upload
    ADD CONSTRAINT staff_upload_by_id_d29e38b1_fk_people_user_id FOREIGN KEY (by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_user_id_af5e0a6d_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.visits_link
    ADD CONSTRAINT visits_link_holder_id_d79e3f87_fk_people_user_id FOREIGN KEY (holder_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.visits_link
    ADD CONSTRAINT visits_link_made_by_id_5d59d815_fk_people_user_id FOREIGN KEY (made_by_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.visits_link
    ADD CONSTRAINT visits_link_visit_id_8ffcb50e_fk_appointments_appointment_id FOREIGN KEY (visit_id) REFERENCES public.appointments_appointment(id) DEFERRABLE INITIALLY DEFERRED;
INSERT INTO public.django_migrations (app, name, applied) VALUES
    ('account', '0001_initial', now()),
    ('account', '0002_email_max_length', now()),
    ('account', '0003_alter_emailaddress_create_unique_verified_email', now()),
    ('account', '0004_alter_emailaddress_drop_unique_email', now()),
    ('account', '0005_emailaddress_idx_upper_email', now()),
    ('account', '0006_emailaddress_lower', now()),
    ('account', '0007_emailaddress_idx_email', now()),
    ('account', '0008_emailaddress_unique_primary_email_fixup', now()),
    ('account', '0009_emailaddress_unique_primary_email', now()),
    ('appointments', '0001_bookings', now()),
    ('appointments', '0002_waitlist_and_plans', now()),
    ('appointments', '0003_penalties', now()),
    ('appointments', '0004_visits_by_video', now()),
    ('appointments', '0005_calls_before_a_no_show', now()),
    ('appointments', '0006_the_waiting_room', now()),
    ('appointments', '0007_batches', now()),
    ('appointments', '0008_answers_of_patients', now()),
    ('appointments', '0009_trips', now()),
    ('appointments', '0010_fees', now()),
    ('appointments', '0011_counted_by_index', now()),
    ('appointments', '0012_systems_hold_and_name_bookings', now()),
    ('appointments', '0013_displaced_and_given_back', now()),
    ('appointments', '0014_visits_that_took_place', now()),
    ('appointments', '0015_staying', now()),
    ('appointments', '0016_moves', now()),
    ('archive', '0001_initial', now()),
    ('archive', '0002_what_was_said', now()),
    ('audit', '0001_initial', now()),
    ('audit', '0002_place', now()),
    ('auth', '0001_initial', now()),
    ('auth', '0002_alter_permission_name_max_length', now()),
    ('auth', '0003_alter_user_email_max_length', now()),
    ('auth', '0004_alter_user_username_opts', now()),
    ('auth', '0005_alter_user_last_login_null', now()),
    ('auth', '0006_require_contenttypes_0002', now()),
    ('auth', '0007_alter_validators_add_error_messages', now()),
    ('auth', '0008_alter_user_username_max_length', now()),
    ('auth', '0009_alter_user_last_name_max_length', now()),
    ('auth', '0010_alter_group_name_max_length', now()),
    ('auth', '0011_update_proxy_permissions', now()),
    ('auth', '0012_alter_user_first_name_max_length', now()),
    ('availability', '0001_sessions', now()),
    ('availability', '0002_elsewhere', now()),
    ('availability', '0003_one_place', now()),
    ('availability', '0004_periods_in_order', now()),
    ('availability', '0005_sessions_of_a_department', now()),
    ('availability', '0006_systems_keep_sessions', now()),
    ('availability', '0007_moved_by_hand', now()),
    ('availability', '0008_sessions_to_stop', now()),
    ('consent', '0001_initial', now()),
    ('consent', '0001_squashed', now()),
    ('consent', '0002_initial', now()),
    ('consent', '0002_signed_under', now()),
    ('consent', '0003_initial', now()),
    ('consent', '0003_visits', now()),
    ('consent', '0004_shared_care', now()),
    ('consent', '0004_signed_with_a_team', now()),
    ('consent', '0005_referrals', now()),
    ('consent', '0006_break_glass', now()),
    ('consent', '0007_for_one_hospital', now()),
    ('consent', '0008_refused', now()),
    ('consent', '0009_care_since', now()),
    ('contenttypes', '0001_initial', now()),
    ('contenttypes', '0002_remove_content_type_name', now()),
    ('core', '0001_initial', now()),
    ('core', '0001_squashed', now()),
    ('core', '0002_policies', now()),
    ('core', '0003_dead_events', now()),
    ('demo', '0001_initial', now()),
    ('demo', '0002_past', now()),
    ('demo', '0003_last_seen', now()),
    ('desks', '0001_shared_desks', now()),
    ('devices', '0001_register_of_devices', now()),
    ('duties', '0001_duties_and_plans', now()),
    ('duties', '0002_further_visits', now()),
    ('duties', '0003_ways_to_confirm', now()),
    ('duties', '0004_duties_by_day', now()),
    ('duties', '0005_readings', now()),
    ('duties', '0006_after_care', now()),
    ('duties', '0007_quotas', now()),
    ('duties', '0008_rechecks_measure_what_warned', now()),
    ('duties', '0009_disputes_of_the_county', now()),
    ('duties', '0010_days_of_a_pregnancy', now()),
    ('duties', '0011_more_groups', now()),
    ('duties', '0012_package_services', now()),
    ('duties', '0013_forms_of_duties', now()),
    ('duties', '0014_an_ended_pregnancy', now()),
    ('duties', '0015_parts_of_a_form', now()),
    ('duties', '0016_proposals', now()),
    ('duties', '0017_rates', now()),
    ('duties', '0018_colours', now()),
    ('duties', '0019_forms_from_before', now()),
    ('duties', '0020_colours_from_before', now()),
    ('fhir', '0001_initial', now()),
    ('greens', '0001_green_channels', now()),
    ('guests', '0001_links', now()),
    ('imaging', '0001_initial', now()),
    ('imaging', '0002_partial_upload', now()),
    ('imaging', '0003_shipments', now()),
    ('imaging', '0004_attachments', now()),
    ('keyimages', '0001_initial', now()),
    ('mfa', '0001_initial', now()),
    ('mfa', '0002_authenticator_timestamps', now()),
    ('mfa', '0003_authenticator_type_uniq', now()),
    ('mpi', '0001_initial', now()),
    ('mpi', '0001_squashed', now()),
    ('mpi', '0002_initial', now()),
    ('mpi', '0002_relations_households_cards', now()),
    ('mpi', '0003_deaths', now()),
    ('mpi', '0003_search_by_pinyin', now()),
    ('mpi', '0004_one_person', now()),
    ('mpi', '0004_the_low_income_register', now()),
    ('mpi', '0005_no_chains', now()),
    ('mpi', '0005_registers_of_a_county', now()),
    ('mpi', '0006_merging_leaves_the_key', now()),
    ('notifications', '0001_initial', now()),
    ('notifications', '0001_squashed', now()),
    ('notifications', '0002_initial', now()),
    ('notifications', '0002_people_without_an_account', now()),
    ('notifications', '0003_delivery', now()),
    ('opening', '0001_openings', now()),
    ('opinions', '0001_initial', now()),
    ('opinions', '0001_squashed', now()),
    ('opinions', '0002_initial', now()),
    ('opinions', '0002_statements', now()),
    ('opinions', '0003_withdrawing', now()),
    ('opinions', '0003_writing_together', now()),
    ('opinions', '0004_phrases', now()),
    ('organisations', '0001_initial', now()),
    ('organisations', '0001_squashed', now()),
    ('organisations', '0002_agreements_grow', now()),
    ('organisations', '0003_agreements_filled', now()),
    ('organisations', '0004_agreements_rules', now()),
    ('oversight', '0001_silences_and_signals', now()),
    ('oversight', '0002_the_desk', now()),
    ('oversight', '0003_what_comes_of_signals', now()),
    ('people', '0001_initial', now()),
    ('people', '0001_squashed', now()),
    ('people', '0002_more_roles', now()),
    ('people', '0002_the_desk', now()),
    ('people', '0003_argon2_costs_of_each_key', now()),
    ('people', '0003_systems_have_accounts', now()),
    ('people', '0004_licence_states', now()),
    ('people', '0004_names_have_readings', now()),
    ('people', '0005_read_the_names', now()),
    ('recordings', '0001_recordings', now()),
    ('referrals', '0001_referrals', now()),
    ('referrals', '0002_green_channel', now()),
    ('referrals', '0003_stays_and_plans', now()),
    ('referrals', '0004_down_referrals', now()),
    ('referrals', '0005_rounds_are_seen', now()),
    ('referrals', '0006_discharged', now()),
    ('referrals', '0007_kept_by', now()),
    ('registration', '0001_teams_and_contracts', now()),
    ('registration', '0002_closings', now()),
    ('registration', '0003_own_signatures', now()),
    ('registration', '0004_text_in_english', now()),
    ('registration', '0005_counted_by_index', now()),
    ('registration', '0006_package_limits', now()),
    ('registration', '0007_more_groups', now()),
    ('registration', '0008_upheld_complaints', now()),
    ('registration', '0009_package_services', now()),
    ('registration', '0010_successors', now()),
    ('requests', '0001_initial', now()),
    ('requests', '0001_squashed', now()),
    ('requests', '0002_every_way', now()),
    ('requests', '0002_routing', now()),
    ('requests', '0003_joint_consults', now()),
    ('requests', '0003_ladders_and_hospitals', now()),
    ('requests', '0004_number_lanes', now()),
    ('requests', '0004_withdrawing', now()),
    ('requests', '0005_fee_to_agree', now()),
    ('requests', '0006_transferred', now()),
    ('requests', '0007_passed_on', now()),
    ('requests', '0008_thread_and_replaces', now()),
    ('requests', '0009_ends_of_ladders', now()),
    ('requests', '0010_receipts_take_turns', now()),
    ('requests', '0011_grade', now()),
    ('rooms', '0001_initial', now()),
    ('rooms', '0001_squashed', now()),
    ('rooms', '0002_guests', now()),
    ('rooms', '0002_one_place_a_connection', now()),
    ('rooms', '0003_media_engine', now()),
    ('rooms', '0004_rooms_of_visits', now()),
    ('rooms', '0005_messages_taken_back', now()),
    ('rota', '0001_initial', now()),
    ('rota', '0001_squashed', now()),
    ('rota', '0002_swaps', now()),
    ('rota', '0003_hand_overs', now()),
    ('sessions', '0001_initial', now()),
    ('staff', '0001_initial', now()),
    ('usersessions', '0001_initial', now()),
    ('visits', '0001_links', now()),
    ('visits', '0002_holders_without_a_way_back', now());
