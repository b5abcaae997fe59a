import pytest

from telemed.demo import keys
from telemed.demo.refusals import Refusal


def test_secrets_are_made_once_for_their_owner_only(tmp_path):
    made = keys.kept(tmp_path, cluster=None)
    assert keys.kept(tmp_path, cluster=None) == made
    assert len(set(made.values())) == len(keys.NAMES)
    assert oct((tmp_path / keys.FILE).stat().st_mode)[-3:] == "600"


def test_secrets_of_an_existing_database_are_not_made_anew(tmp_path):
    cluster = tmp_path / "postgres"
    cluster.mkdir()
    with pytest.raises(Refusal, match="restore the file from the backup"):
        keys.kept(tmp_path, cluster=cluster)


def test_a_database_kept_elsewhere_is_set_aside_when_its_data_folder_was_deleted(tmp_path):
    data, cluster = tmp_path / "var", tmp_path / "state" / "postgres"
    data.mkdir()
    cluster.mkdir(parents=True)
    keys.kept(data, cluster=cluster)
    assert not cluster.exists()
    assert [left.name.startswith("postgres.left-") for left in cluster.parent.iterdir()] == [True]
