from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from telemed.core.intentions import System
from telemed.demo import duty, province, seeding
from telemed.organisations.models import Organisation, Specialty
from telemed.rota.models import Rota, Shift
from telemed.rota.queries import duty_director, on_duty

pytestmark = pytest.mark.django_db
SEEDER = System("demo")


@pytest.fixture
def hospital(monkeypatch):
    monkeypatch.setattr(seeding, "ring_task", lambda task: None)
    seeding.seed(lambda line: None)
    return Organisation.objects.get(number=province.county_hospital().number)


def test_every_specialty_of_the_storys_hospital_has_somebody_on_duty(hospital):
    for away in (timedelta(), timedelta(hours=11), timedelta(days=20)):
        moment = timezone.now() + away
        for specialty in {d.specialty for d in hospital.departments.all()}:
            assert on_duty(hospital, specialty, moment), (specialty, moment)
        assert duty_director(hospital, moment).username == "director"


def test_where_there_are_several_one_is_called_second(hospital):
    called = on_duty(hospital, Specialty.NEUROLOGY)
    assert len(called) == 2
    assert called[0] != called[1]


def test_a_demo_that_is_started_weeks_later_has_people_on_duty_again(hospital, by):
    with time_machine.travel(timezone.now() + timedelta(days=100)):
        assert on_duty(hospital, Specialty.NEUROLOGY) == []
        with by(SEEDER):
            assert duty.lay_rotas() == 2
        assert on_duty(hospital, Specialty.NEUROLOGY)
    with by(SEEDER):
        assert duty.lay_rotas() == 0
    assert Rota.objects.filter(organisation=hospital).count() == 4
    assert not Shift.objects.filter(in_force=False).exists()
