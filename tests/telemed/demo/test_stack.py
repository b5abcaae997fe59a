import pytest

from telemed import runtime
from telemed.demo import postgres, stack
from telemed.demo.refusals import Refusal

OURS = ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "BROKER_URL")


@pytest.fixture
def told(monkeypatch, tmp_path):
    """told(DATABASE_URL=…): what the environment says, and nothing else."""

    def tell(**urls):
        for name in OURS:
            monkeypatch.delenv(f"TELEMED_{name}", raising=False)
        for name, url in urls.items():
            monkeypatch.setenv(f"TELEMED_{name}", url)
        monkeypatch.setenv("TELEMED_DATA", str(tmp_path / "var"))

    return tell


def test_servers_in_the_environment_are_not_started(told, tmp_path):
    told(DATABASE_URL="x", OWNER_DATABASE_URL="x", REDIS_URL="x", BROKER_URL="x")
    held = stack.Stack(tmp_path)
    assert held.children() == []
    held.publish()
    assert set(runtime.read(tmp_path)) == {"pid", "secret_key", "field_key"}
    held.close()
    assert runtime.read(tmp_path) == {}


def test_only_the_missing_server_is_started(told, tmp_path):
    told(DATABASE_URL="x", OWNER_DATABASE_URL="x", REDIS_URL="x")
    held = stack.Stack(tmp_path)
    assert [child.name for child in held.children()] == ["valkey"]
    held.close()


def test_one_of_the_two_roles_is_not_enough(told, tmp_path):
    told(DATABASE_URL="x")
    with pytest.raises(Refusal, match="or neither"):
        stack.Stack(tmp_path)
    told()
    with stack.runtime.claim(tmp_path, patience=0) as free:
        assert free, "a refused start lets the folder go"


@pytest.mark.parametrize("arguments", [[], ["help"], ["--version"], ["check"], ["migrate", "-h"]])
def test_commands_that_ask_no_server_start_none(told, tmp_path, arguments):
    told()
    with stack.servers_for(arguments):
        assert not (tmp_path / "var").exists()


def test_sockets_of_a_killed_run_are_cleaned_up(told, tmp_path):
    told(DATABASE_URL="x", OWNER_DATABASE_URL="x")
    killed = stack.Stack(tmp_path)
    killed.lock.close()
    again = stack.Stack(tmp_path)
    assert not killed.sockets.exists()
    assert again.sockets.exists()
    again.close()
    assert not again.sockets.exists()


@pytest.mark.parametrize(("memory", "buffers"), [(512, 128), (4096, 512), (65536, 1024)])
def test_the_database_has_its_share_of_the_memory(monkeypatch, memory, buffers):
    sizes = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": memory * 256}
    monkeypatch.setattr(postgres.os, "sysconf", sizes.get)
    assert postgres.for_this_machine()["shared_buffers"] == f"{buffers}MB"
