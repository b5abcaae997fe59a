"""Images that are still coming when a request is sent join it by themselves."""

from uuid import UUID

from consult.requests.models import ENDED, OVER, Case, Offer
from consult.requests.queries import coordinators_of, find_case, lock_case
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from records.imaging.models import Shipment
from records.imaging.queries import arrived_of, find_shipment
from telemed.audit import services as audit
from telemed.core.intentions import require_intention
from telemed.notifications.services import ring_inbox


def attach_arrived(*, shipment_id: UUID) -> None:
    """
    What came goes along with its case, and who looks at it sees so; once all is here the time line
    says it, and who holds the case is told. Seen twice, there is nothing left to do. What comes
    after the end of the case stays in the patient's record.
    """
    require_intention()
    shipment = find_shipment(shipment_id)
    if shipment is None or find_case(shipment.about) is None:
        return
    case = lock_case(shipment.about)
    if case.status in (*OVER, *ENDED):
        return
    came = shipment.studies.filter(patient__rid__in=case.patient.rids)
    if new := list(came.exclude(pk__in=case.studies.values("pk"))):
        case.studies.add(*new)
        audit.record(action="case.attach_images", target=case, patient_id=case.patient_id)
    if shipment.ended_at and case.number:
        _say_so(case, shipment)
    _ring(case)


def _say_so(case: Case, shipment: Shipment) -> None:
    """Once for each shipment: all is here, or the rest was given up."""
    arrived = arrived_of(shipment)
    said = case.steps.filter(action="images.arrive", facts__shipment=str(shipment.pk))
    if arrived is None or said.exists():
        return
    take_step(
        case=case,
        action="images.arrive",
        by_system=True,
        shipment=str(shipment.pk),
        here=arrived.here,
        expected=arrived.expected,
    )
    whole = arrived.here == arrived.expected
    for doctor in filter(None, [case.holder, *case.experts]):
        template = "case.images" if whole else "case.images_part"
        tell(case=case, recipient=doctor, template=template, n=arrived.here, m=arrived.expected)


def _ring(case: Case) -> None:
    """Both sides look again: also who was asked and has not answered yet."""
    people = set(case.offers.filter(status__in=Offer.LIVE).values_list("doctor", flat=True))
    people |= {case.requester_id, *filter(None, [case.holder_id])}
    if case.number and case.asked:
        people |= set(coordinators_of(case.asked).values_list("pk", flat=True))
    for person in people:
        ring_inbox(person)
