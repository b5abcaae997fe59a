"""
What the national norm asks for, made into duties: at the start of a contract and every night.

Each step takes a part at a time and can be cut off anywhere: what is there is never made twice
(UNIQUE contract, rule, service, day), and what is missing is found again.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from records.mpi.models import Patient
from scheduling.duties import calendar, clock_rows
from scheduling.duties.fhir import with_tasks
from scheduling.duties.models import AHEAD, OPEN, Answer, Duty, Plan, Proposal, Reason, Status
from scheduling.duties.queries import SHOWN
from scheduling.duties.services.dating import date_by_record
from scheduling.duties.services.stepping import leave, publish_plan
from scheduling.duties.services.telling import tell_due
from scheduling.registration import groups
from scheduling.registration.models import IN_CARE, LIVE, Contract, Group
from scheduling.registration.models import Status as ContractStatus
from telemed.audit import services as audit
from telemed.core import publication
from telemed.core.intentions import require_intention
from telemed.core.statements import ask

BY_AGE = (Group.ELDERLY, Group.CHILD)
READ_AGAIN = timedelta(days=30)  # how old what the record said may become
PAST = timedelta(days=180)  # a pregnancy, as in PLAN: the next one is asked from the record
RULES, NONE = calendar.RULES, "-"
ENTERED = [  # by hand
    *("risk", "risk_at", "expected_on", "delivered_on", "discharged_on"),
    *("ended_on", "ended_as", "ended_at"),
]

# One statement for a part: for each rule of each person's groups the next day on which it is due.
# A pregnancy without a due date is followed month by month; with one by its weeks. What is done
# once after a day is not planned where its time is over, and follows the dates of the plan.
# What a package names is planned for a whole year of the contract: the year has as many equal
# parts as times, each is due in the middle of its part and missed at its end.
# What comes as often as a window is long, or oftener, is missed when the next one is due.
# What is planned within its window is due at once: one version of its Task, not two in a night.
# What is done on the day on which it was planned is followed on the day after its own: two of a
# day are one row, and the next would never be there.
PLAN = """
    WITH part AS (
        SELECT c.id, c.person_key, c.term, c.package_id, lower(c.term) AS begins,
               p.birth_date AS born,
               plan.expected_on - 280 AS period, confined.at AS delivered,
               coalesce(plan.discharged_on, confined.at, p.birth_date) AS home,
               CASE WHEN greatest(plan.expected_on, plan.delivered_on, plan.ended_on)
                       > $2::date - 180
                   THEN array_remove(plan.groups::text[], 'pregnant')
                   ELSE plan.groups::text[] END
               || CASE
                   WHEN p.birth_date <= $2::date - interval '65 years' THEN ARRAY['elderly']
                   WHEN p.birth_date <= $2::date - interval '35 years'
                       AND NOT 'hypertension' = ANY (plan.groups) THEN ARRAY['adult']
                   WHEN p.birth_date > $2::date - interval '7 years' THEN ARRAY['child']
                   ELSE ARRAY[]::text[] END
               || CASE
                   WHEN confined.at > $2::date - 70 THEN ARRAY['delivered']
                   WHEN coalesce(plan.delivered_on, plan.ended_on) IS NULL
                       AND plan.expected_on > $2::date - 28
                       THEN ARRAY['expecting', 'risk_' || plan.risk]
                   ELSE ARRAY[]::text[] END AS groups
        FROM duties_plan plan
        JOIN registration_contract c ON c.id = plan.contract_id
        JOIN mpi_patient p ON p.id = c.patient_id
        CROSS JOIN LATERAL (SELECT CASE plan.ended_as WHEN 'still' THEN plan.ended_on
            ELSE plan.delivered_on END AS at) confined
        WHERE plan.id = ANY ($1::uuid[]) AND c.status IN ('active', 'renewal_asked', 'renewed')
          AND c.term @> $2::date AND p.deceased_on IS NULL
    ), rule AS (
        SELECT * FROM unnest($3::text[], $4::text[], $5::int[], $6::bool[], $7::int[], $8::int[],
            $11::text[], $12::int[], $13::int[], $14::text[])
            AS r (code, grp, every, face, months, days, anchor, first, sooner, unless)
    ), promised AS (
        SELECT part.id, part.term, year.began, year.ends - year.began AS days, origin.ids,
               named.code, named.name, named.times, named.face
        FROM part JOIN registration_package package
            ON package.id = part.package_id AND package.services <> '[]'
        CROSS JOIN LATERAL (
            WITH RECURSIVE before AS (
                SELECT id, replaces_id, channel, term, 0 AS n
                FROM registration_contract WHERE id = part.id
                UNION ALL
                SELECT c.id, c.replaces_id, c.channel, c.term, n + 1 FROM before
                JOIN registration_contract c ON c.id = before.replaces_id
                WHERE before.channel = 'handed')
            SELECT array_agg(id) AS ids, coalesce(
                (array_agg(lower(term) ORDER BY n DESC))[1], part.begins) AS first
            FROM before) origin
        CROSS JOIN LATERAL (
            SELECT max(day) FILTER (WHERE day <= $2::date) AS began,
                   min(day) FILTER (WHERE day > $2::date) AS ends
            FROM (SELECT day + (extract(day FROM day) <> extract(day FROM origin.first))::int
                FROM generate_series(0, extract(year FROM $2::date)::int
                    - extract(year FROM origin.first)::int + 1) AS n
                CROSS JOIN LATERAL (
                    SELECT (origin.first + make_interval(years => n))::date AS day) at
            ) AS anniversary (day)) year
        CROSS JOIN LATERAL jsonb_to_recordset(package.services)
            AS named (code text, name text, times int, face bool)
        WHERE NOT EXISTS (
            SELECT FROM rule WHERE rule.code = named.code AND rule.grp = ANY (part.groups)
                AND rule.anchor = '-' AND named.times * rule.sooner < $17::int)
    ), repeated AS (
        SELECT part.id, part.person_key, rule.code, rule.face, rule.unless, last.due_on AS before,
               CASE WHEN rule.every <= $9::int THEN rule.every + $9::int
                   WHEN last.is_sooner IS NOT FALSE AND rule.sooner <= $9::int
                   THEN rule.sooner + $9::int ELSE rule.every END AS every,
               greatest(last.since + CASE WHEN last.is_sooner THEN rule.sooner ELSE rule.every END,
                   part.begins + rule.first,
                   CASE WHEN last.since IS NULL THEN $2::date + rule.first END) AS due_on
        FROM part JOIN rule ON rule.grp = ANY (part.groups) AND rule.anchor = '-'
        LEFT JOIN LATERAL (
            SELECT d.status, d.due_on, CASE WHEN d.status IN ('missed', 'waived') THEN d.due_on
                ELSE coalesce((d.served_at AT TIME ZONE 'Asia/Shanghai')::date, d.due_on)
                END AS since, CASE WHEN rule.code = 'tuberculosis'
                    THEN d.entries->>'item-phase' IS DISTINCT FROM 'continued'
                        OR (d.entries->>'item-missed_doses')::numeric > 0
                    ELSE d.systolic >= $15::int OR d.diastolic >= $16::int END AS is_sooner
            FROM registration_contract mine JOIN duties_duty d ON d.contract_id = mine.id
            WHERE mine.person_key = part.person_key AND d.rule = rule.code
                AND NOT (d.by_package AND d.status IN ('planned', 'due'))
                AND d.waived_because <> 'dated'
            ORDER BY d.due_on DESC LIMIT 1) last ON true
        WHERE NOT EXISTS (
                SELECT FROM promised WHERE promised.id = part.id AND promised.code = rule.code)
            AND (last.status IS NULL OR last.status NOT IN ('planned', 'due') AND rule.unless = '-')
    ), once AS (
        SELECT part.id, part.person_key, part.begins, rule.code, rule.every, rule.face,
               rule.anchor, day.anchored,
               (day.anchored + make_interval(months => rule.months, days => rule.days))::date
               AS due_on
        FROM part JOIN rule ON rule.grp = ANY (part.groups) AND rule.anchor <> '-'
        CROSS JOIN LATERAL (SELECT CASE rule.anchor WHEN 'birth' THEN part.born
            WHEN 'period' THEN part.period WHEN 'delivery' THEN part.delivered
            ELSE part.home END AS anchored) day
    ), wanted AS (
        SELECT id, code, '' AS service, false AS by_package, face,
               due_on + (due_on IS NOT DISTINCT FROM before)::int AS due_on,
               due_on + every - $9::int AS closes_on FROM repeated
        WHERE unless = '-' OR NOT EXISTS (
            SELECT FROM registration_contract mine JOIN duties_duty d ON d.contract_id = mine.id
            WHERE mine.person_key = repeated.person_key AND d.rule = repeated.unless)
        UNION ALL
        SELECT once.id, code, '', false, face, due_on, due_on + every - $9::int FROM once
        WHERE once.due_on BETWEEN once.begins - $9::int AND $2::date + $10::int
          AND (once.anchor = 'birth' OR once.due_on + once.every - $9::int > $2::date)
          AND NOT EXISTS (
            SELECT FROM registration_contract mine JOIN duties_duty d ON d.contract_id = mine.id
            WHERE mine.person_key = once.person_key AND d.rule = once.code
              AND d.waived_because <> 'over' AND (d.due_on = once.due_on
                OR once.anchor <> 'birth' AND d.due_on >= once.anchored))
        UNION ALL
        SELECT promised.id, CASE code WHEN '' THEN 'package' ELSE code END, name, true, face,
               day.due_on, day.closes_on
        FROM promised CROSS JOIN generate_series(1, times) AS nth
        CROSS JOIN LATERAL (
            SELECT began + (2 * nth - 1) * days / (2 * times) AS due_on,
                   began + nth * days / times AS closes_on) day
        WHERE day.due_on <@ promised.term AND day.closes_on > $2::date AND NOT EXISTS (
            SELECT FROM duties_duty d WHERE d.contract_id = ANY (promised.ids) AND d.by_package
              AND d.rule = CASE code WHEN '' THEN 'package' ELSE code END
              AND d.service = name AND d.due_on = day.due_on)
    )
    INSERT INTO duties_duty (id, created_at, contract_id, rule, service, by_package, due_on,
        closes_on, face, status, mode, signs, note, refusal, waived_because, answered, settled)
    SELECT gen_random_uuid(), statement_timestamp(), id, code, service, by_package, due_on,
        closes_on, face, CASE WHEN due_on <= $18::date THEN 'due' ELSE 'planned' END,
        '', false, '', '', '', '', '' FROM wanted
    ON CONFLICT (contract_id, rule, service, due_on) DO NOTHING
    RETURNING id
"""
OPEN_PART = """
    UPDATE duties_duty SET status = 'due' WHERE id IN (
        SELECT id FROM duties_duty WHERE status = 'planned' AND due_on <= $1::date
        ORDER BY due_on LIMIT $2::int FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id
"""
MISS_PART = """
    UPDATE duties_duty SET status = 'missed' WHERE id IN (
        SELECT id FROM duties_duty WHERE status = 'due' AND closes_on <= $1::date
        ORDER BY closes_on LIMIT $2::int FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id
"""


def begin(contract: Contract) -> Plan:
    """The groups as the record names them, what the contract before it left open, and the rest."""
    require_intention()
    plan, new = Plan.objects.get_or_create(
        contract=contract, defaults={"groups": _by_record(contract.patient)}
    )
    if new:
        before = _before(contract)
        _keep_days(plan, before)
        date_by_record(plan)
        audit.record(action="duty.begin", target=plan, patient_id=contract.patient_id)
        publish_plan(plan)
        _take_over(contract, before)
    made = _make([plan.pk])
    if open_part(of=contract) or _opened(made):
        tell_due(contract)
    return plan


def adopt_part(limit: int) -> int:
    """Contracts in force that nobody has planned for yet."""
    require_intention()
    today = timezone.localdate()
    rows = Contract.objects.filter(status__in=IN_CARE, term__contains=today, plan=None)
    found = list(rows.select_related("patient", "team", "assignment").order_by("pk")[:limit])
    for contract in found:
        begin(contract)
    return len(found)


def read_part(limit: int) -> int:
    """The record is asked again, the longest ago first: an illness came or went."""
    require_intention()
    today = timezone.localdate()
    old = Plan.objects.filter(read_on__lt=today - READ_AGAIN, contract__status__in=IN_CARE)
    plans = old.select_for_update(of=["self"], skip_locked=True, no_key=True)
    longest = plans.select_related("contract__patient").order_by("read_on", "pk")
    found = list(longest[:limit])
    for plan in found:
        plan.groups, plan.read_on = _by_record(plan.contract.patient), today
        date_by_record(plan)
    Plan.objects.bulk_update(found, ["groups", "read_on", "expected_on"])
    return len(found)


def next_part(after: UUID | None, limit: int) -> list[UUID]:
    """The plans that come after this one; an empty list at the end."""
    rows = Plan.objects.filter(contract__status__in=IN_CARE).order_by("pk")
    if after:
        rows = rows.filter(pk__gt=after)
    return list(rows.values_list("pk", flat=True)[:limit])


def plan_part(plans: Sequence[UUID]) -> int:
    """What these plans lack."""
    require_intention()
    return len(_make(plans))


def _make(plans: Sequence[UUID]) -> list[Duty]:
    today = timezone.localdate()
    rows = ask(
        PLAN,
        tuple(plans),
        today,
        tuple(rule.code.value for rule in RULES),
        tuple(rule.who for rule in RULES),
        tuple(rule.every for rule in RULES),
        tuple(str(rule.face).lower() for rule in RULES),
        tuple(rule.months for rule in RULES),
        tuple(rule.days for rule in RULES),
        calendar.WINDOW.days,
        calendar.AHEAD.days,
        tuple(str(rule.anchor or NONE) for rule in RULES),
        tuple(rule.first for rule in RULES),
        tuple(rule.sooner or rule.every for rule in RULES),
        tuple(str(rule.unless or NONE) for rule in RULES),
        *calendar.HIGH_NORMAL,
        calendar.AS_OFTEN,
        today + calendar.WINDOW,
    )
    made = _load(rows)
    publication.publish_new(made)
    _note("duty.plan", len(made))
    opened = _opened(made)
    clock_rows.start_windows(opened)
    _note("duty.open", len(opened))
    return made


def _opened(duties: Sequence[Duty]) -> list[Duty]:
    return [duty for duty in duties if duty.status == Status.DUE]


def open_part(limit: int = 500, *, of: Contract | None = None) -> int:
    """The window of these has come."""
    require_intention()
    until = timezone.localdate() + calendar.WINDOW
    if of is None:
        opened = _load(ask(OPEN_PART, until, limit))
    else:
        mine = Duty.objects.filter(contract=of, status=Status.PLANNED, due_on__lte=until)
        ids = list(mine.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
        Duty.objects.filter(pk__in=ids).update(status=Status.DUE)
        opened = _load([(pk,) for pk in ids])
    clock_rows.start_windows(opened)
    publication.publish_next(opened)
    _note("duty.open", len(opened))
    return len(opened)


def miss_part(limit: int = 500) -> int:
    """The next window of these has opened, and nothing was done."""
    require_intention()
    missed = _load(ask(MISS_PART, timezone.localdate(), limit))
    clock_rows.stop_all(missed)
    publication.publish_next(missed)
    _note("duty.miss", len(missed))
    return len(missed)


def close(contract: Contract) -> None:
    """The contract is over: what is open is owed no longer, and the plan says so."""
    require_intention()
    plan = Plan.objects.filter(contract=contract).first()
    if plan is None:
        return
    after = Contract.objects.filter(replaces=contract, status__in=[*LIVE, ContractStatus.SIGNED])
    rows = Duty.objects.filter(contract=contract, status__in=AHEAD)
    if following := after.first():  # its team takes over what is open
        own = following.is_handed  # and what the package names, where it is the same agreement
        rows = rows.none() if own else rows.filter(by_package=True)
    rows = rows.select_related(*SHOWN)
    for duty in rows.select_for_update(of=["self"], no_key=True).order_by("pk"):
        leave(duty, Reason.ENDED)
    publish_plan(plan)


def _before(contract: Contract) -> set[UUID]:
    """The contracts with which this one goes on."""
    before = {contract.renews_id, contract.replaces_id}
    if contract.replaces:  # a renewal that had not begun
        before.add(contract.replaces.renews_id)
    return {one for one in before if one}


def _keep_days(plan: Plan, before: set[UUID]) -> None:
    """What the team entered of a pregnancy or a birth holds for the next contract, too."""
    last = Plan.objects.filter(contract__in=before).order_by("-created_at").first()
    if last is None or _is_past(last):
        return
    for field in ENTERED:
        setattr(plan, field, getattr(last, field))
    plan.save(update_fields=ENTERED)


def _is_past(plan: Plan) -> bool:
    days = (plan.expected_on, plan.delivered_on, plan.discharged_on, plan.ended_on)
    entered = [day for day in days if day]
    return bool(entered) and max(entered) <= timezone.localdate() - PAST


def _take_over(contract: Contract, before: set[UUID]) -> None:
    """A renewal or a change of team goes on with what is open."""
    Proposal.objects.filter(contract__in=before, answer=Answer.OPEN).update(contract=contract)
    rows = Duty.objects.filter(contract__in=before, status__in=OPEN)
    if not contract.is_handed:  # another agreement names its own services
        rows = rows.exclude(by_package=True, status__in=AHEAD)
    rows = rows.select_related(*SHOWN)
    for duty in rows.select_for_update(of=["self"], no_key=True).order_by("pk"):
        duty.contract = contract
        duty.save(update_fields=["contract"])
        publication.publish(duty)


def _by_record(patient: Patient) -> list[str]:
    return [one.value for one in groups.groups_of(patient) if one not in BY_AGE]


def _load(rows: Sequence[tuple[UUID]]) -> list[Duty]:
    return list(with_tasks(Duty.objects.filter(pk__in=[pk for (pk,) in rows])).order_by("pk"))


def _note(action: str, n: int) -> None:
    if n:
        audit.record(action=action, target=f"Duty/{n} of {_day(timezone.localdate())}")


def _day(day: date) -> str:
    return day.isoformat()
