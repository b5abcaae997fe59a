from threading import Barrier, Thread

from django.db import connection

from telemed.core.intentions import System
from telemed.demo import province, services
from telemed.demo.accounts import ACCOUNTS
from telemed.demo.models import PROVINCE, FillProgress
from telemed.organisations.models import Organisation
from tests.factories.people import UserFactory
from tests.marks import committed

FILLER = System("demo")


@committed
def test_two_workers_that_fill_at_once_lay_nothing_twice(by, monkeypatch):
    hospital = province.county_hospital()
    few = (*province.plan()[:4], hospital, *province.clinics_of_the_story())
    monkeypatch.setattr(province, "plan", lambda: few)
    UserFactory(username=ACCOUNTS[0].username)
    FillProgress.objects.create(key=PROVINCE, total=len(few))
    with by(FILLER):
        services.lay_divisions()
    barrier, failed = Barrier(2), []

    def fill():
        try:
            barrier.wait()
            more = True
            while more:
                with by(FILLER):
                    more = services.fill_chunk(size=2)
        except Exception as error:  # noqa: BLE001 (whatever it is, the test says it)
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=fill) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert Organisation.objects.count() == len(few)
    assert FillProgress.objects.get().finished_at
