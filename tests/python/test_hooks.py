"""Commands that a study tells what happens: its key "on" (program in TOY)."""

import json
import signal

import pytest

from test_control import living
from toys import behaving, call, read_until, running, study  # noqa: F401  # study is a fixture


def noting(path):
    """A hook that appends what it is told to a file."""
    return ["sh", "-c", 'cat >> "$0"', str(path)]


def told(path):
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_hooks_are_told_what_happens(study, tmp_path):
    out, notes = tmp_path / "out", tmp_path / "notes"
    path = study(
        space={"x": {"grid_search": [0.5, 0.25]}, "behaviour": {"grid_search": ["well", "throw"]}},
        num_samples=1,
        max_concurrent=1,
        on={name: noting(notes) for name in ("best", "failure", "end")},
    )
    done = call("run", path, "--out", out, "--json")
    assert done.returncode == 3
    assert "warning: the hook" not in done.stderr
    printed = json.loads(done.stdout)
    all_told = told(notes)
    assert {(e["study"], e["folder"]) for e in all_told} == {("toys", str(out))}
    bests = [e["trial"] for e in all_told if e["event"] == "best"]
    assert bests[-1]["id"] == printed["best"]["id"]
    assert bests[-1]["config"]["x"] == printed["best"]["config"]["x"]
    losses = [t["metrics"]["loss"] for t in bests]
    assert losses == sorted(losses, reverse=True)
    failed = [e["trial"]["id"] for e in all_told if e["event"] == "failure"]
    assert failed == [t["id"] for t in printed["trials"] if t["state"] == "failed"]
    assert all(e["trial"]["reason"] == "the toy is broken" for e in all_told if e["event"] == "failure")
    end = all_told[-1]
    assert (end["event"], end["reason"], end["trials"]) == ("end", None, 4)
    assert end["best"]["metrics"] == printed["best"]["metrics"]


def test_an_interrupted_study_tells_its_end(study, tmp_path):
    out, notes = tmp_path / "out", tmp_path / "notes"
    path = study(space=behaving("wait"), on={"end": noting(notes)})
    with living(running(path, out)) as run:
        read_until('"trial_started"', run.stdout)
        run.send_signal(signal.SIGTERM)
        run.stdout.read()
        assert run.wait(60) == 143
    (end,) = told(notes)
    assert end["reason"] == "interrupted by SIGTERM"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["sh", "-c", "echo first; echo 'no such user' >&2; exit 3"], "has failed: exit code 3: no such user"),
        (["no-such-program-here"], "no-such-program-here"),
        (["sh", "-c", "kill -9 $$"], "has failed: killed by SIGKILL"),
    ],
)
def test_a_hook_that_fails_is_said_and_harms_nothing(study, tmp_path, command, said):
    done = call("run", study(on={"end": command}), "--out", tmp_path / "out", "--json")
    assert done.returncode == 0
    assert 'warning: the hook "end" (' in done.stderr
    assert said in done.stderr
    assert len(json.loads(done.stdout)["trials"]) == 4


def test_a_slow_hook_hears_of_the_newest_best_alone(study, tmp_path):
    out, notes, go = tmp_path / "out", tmp_path / "notes", tmp_path / "go"
    slow = ["sh", "-c", 'cat >> "$0"; while [ ! -e "$1" ]; do sleep 0.01; done', str(notes), str(go)]
    path = study(space={"x": 0.5, "epochs": 500}, num_samples=1, on={"best": slow, "end": noting(notes)})
    with living(running(path, out)) as run:
        read_until('"study_ended"', run.stdout)
        go.touch()
        run.stdout.read()
        assert run.wait(60) == 0
    events = told(notes)
    assert [e["event"] for e in events][-2:] == ["best", "end"]
    assert events[-2]["trial"]["iterations"] == 500
    assert len(events) < 100


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ({"end": []}, "on/end: must be a command: a list of words"),
        ({"end": "notify"}, 'found the text "notify"'),
        ({"end": ["a", 1]}, "on/end: must be a command"),
        ({"ende": ["a"]}, 'did you mean "end"?'),
        ([], "on: "),
    ],
)
def test_what_is_no_hook_is_refused(study, tmp_path, on, said):
    done = call("run", study(on=on), "--out", tmp_path / "out")
    assert done.returncode == 2
    assert said in done.stderr
