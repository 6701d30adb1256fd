"""What is named like a secret reaches the trainable, and nobody else (program in TOY)."""

import json

import pytest

from toys import call, events_of, study  # noqa: F401  # study is a fixture

SECRET = "hunter2-and-some-more"


def has_secret(folder):
    return [p for p in folder.rglob("*") if p.is_file() and SECRET.encode() in p.read_bytes()]


@pytest.mark.parametrize("way", ["file", "option"])
def test_a_secret_reaches_the_trainable_and_no_file_or_message(study, tmp_path, way):  # noqa: F811
    trainable, more = {"name": "toy"}, []
    if way == "file":
        trainable["api_token"] = SECRET
    else:
        more = ["--set", f"trainable/api_token={SECRET}"]
    path, out = study(trainable=trainable), tmp_path / "out"
    done = call("run", path, "--out", out, "--events", *more)
    assert done.returncode == 0, done.stderr
    assert f"a token of {len(SECRET)} letters" in done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert has_secret(out) == []
    stored = json.loads((out / "study.json").read_text())["trainable"]
    assert "--set trainable/api_token=VALUE" in stored["api_token"]["$secret"]


def test_what_a_study_has_left_asks_for_its_secret_only_to_train(study, tmp_path):  # noqa: F811
    path, out = study(trainable={"name": "toy", "api_token": SECRET}), tmp_path / "out"
    assert call("run", path, "--out", out).returncode == 0
    stored = out / "study.json"
    for words in (
        ["doctor", out],
        ["events", out],
        ["preview", stored],
        ["suggest", stored],
        ["simulate", stored, "--workers", "2", "--journal", out],
        ["ask", stored, "--dir", tmp_path / "asked", "--set", "trial_files=auto"],
        ["ask", stored, "--dir", tmp_path / "asked", "--set", "trial_files=auto"],
        ["tell", tmp_path / "asked", "00000", "0.5"],
        ["doctor", tmp_path / "asked"],
        ["fork", out, "--out", tmp_path / "fork"],
    ):
        done = call(*words)
        assert done.returncode == 0, done.stderr
    done = call("run", stored, "--out", tmp_path / "again")
    assert done.returncode == 2
    assert "study.json:5:5: " in done.stderr
    assert "trainable/api_token: is a secret, which is not stored with a study: give it again" in done.stderr
    assert not (tmp_path / "again").exists()
    given = ["--set", f"trainable/api_token={SECRET}"]
    assert call("run", stored, "--out", tmp_path / "again", *given).returncode == 0
    assert has_secret(tmp_path / "again") == []


@pytest.mark.parametrize(
    "words",
    [
        ["--set", f"trainable/api_token={SECRET}", "--set", "trainable/api_token/deeper=1"],
        ["--set", f"trainable/api_token:{SECRET}"],
        ["--set", f'trainable={{"name": "toy", "api_token": "{SECRET}"'],
        [f"trainable/api_token={SECRET}"],
        ["--sett", f"trainable/api_token={SECRET}"],
        [f"--sett=trainable/api_token={SECRET}"],
    ],
)
def test_no_message_about_the_command_line_shows_a_secret(study, tmp_path, words):  # noqa: F811
    done = call("run", study(), "--out", tmp_path / "out", *words)
    assert done.returncode == 2
    assert SECRET not in done.stdout + done.stderr


def test_asking_with_a_parameter_named_like_a_secret_is_warned_of(study, tmp_path):  # noqa: F811
    path = study(space={"x": {"uniform": [0, 1]}, "api_key": "abc"})
    done = call("ask", path, "--dir", tmp_path / "out")
    assert done.returncode == 0
    assert "warning: named like secrets, but parameters, which are written down and shown: api_key;" in done.stderr
    assert [e["config"]["api_key"] for e in events_of(tmp_path / "out") if e["kind"] == "trial_added"] == ["abc"]
