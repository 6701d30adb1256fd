"""What cannot be printed has not been said: every command notices (program in TOY)."""

import json
import os
import subprocess

import pytest

from toys import TOY, behaving, call, events_of, study  # noqa: F401  # study is a fixture


def shell(redirection, *arguments, cwd=None):
    """Runs the toy with the shell's redirections."""
    return subprocess.run(
        ["bash", "-c", f'exec "$0" "$@" {redirection}', TOY, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=cwd,
        check=False,
    )


@pytest.fixture
def folder(study, tmp_path):  # noqa: F811
    """A results folder with a whole study, beside study.json."""
    assert call("run", study(), "--out", tmp_path / "out").returncode == 0
    return tmp_path


COMMANDS = [
    ("--help",),
    ("--version",),
    ("events", "out"),
    ("suggest", "study.json", "--count", "3"),
    ("preview", "study.json"),
    ("preview", "study.json", "--json"),
    ("simulate", "study.json", "--workers", "2", "--curve", "power"),
    ("list", "searchers"),
    ("schema",),
    ("run", "study.json", "--out", "new"),
    ("run", "study.json", "--out", "new", "--json"),
    ("run", "study.json", "--out", "new", "--events"),
    ("ask", "study.json", "--dir", "asked"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_answer_that_cannot_be_printed_is_an_error(folder, command):
    full = shell(">/dev/full", *command, cwd=folder)
    assert full.returncode == 4, full.stderr
    assert "cannot write to standard output: No space left on device" in full.stderr
    if command[0] == "run":
        command = (*command, "--overwrite")
    closed = shell(">&-", *command, cwd=folder)
    assert closed.returncode == 4, closed.stderr
    assert "cannot write to standard output: Bad file descriptor" in closed.stderr


@pytest.mark.parametrize("behaviour", ["throw", "well"])
def test_results_that_cannot_be_printed_are_an_error_whatever_became_of_trials(
    study, tmp_path, behaviour  # noqa: F811
):
    space = behaving("throw", behaviour)
    path = study(space=space, num_samples=6, seed=1)
    code = call("run", path, "--out", tmp_path / "out").returncode
    assert code == (1 if behaviour == "throw" else 3)
    for more in ([], ["--json"], ["--events"]):
        done = shell(">/dev/full", "run", path, "--out", tmp_path / "out", "--overwrite", *more)
        assert done.returncode == 4, done.stderr
        assert "cannot write to standard output" in done.stderr
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([TOY, "run", path, "--out", tmp_path / "new"], stdout=writer, timeout=60)
    os.close(writer)
    assert done.returncode == 141


def test_a_replay_that_cannot_be_printed_is_an_error():
    cases = os.path.join(os.path.dirname(__file__), "../vectors/median.jsonl.gz")
    done = shell(">/dev/full", "replay", cases)
    assert done.returncode == 4
    assert "cannot write to standard output" in done.stderr


def test_who_has_read_enough_ends_a_command_quietly(folder):
    done = subprocess.run(
        ["bash", "-c", '"$0" schema | head -c 1 >/dev/null; echo ${PIPESTATUS[0]}', TOY],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.strip() in {"0", "141"}  # all of it may fit into the pipe
    reader, writer = os.pipe()
    os.close(reader)
    for command in (["schema"], ["events", folder / "out"], ["preview", folder / "study.json"]):
        with os.fdopen(os.dup(writer), "w") as out:
            done = subprocess.run(
                [TOY, *command], stdout=out, stderr=subprocess.PIPE, text=True, timeout=120, check=False
            )
        assert done.returncode == 141, done.stderr
        assert done.stderr == ""
    os.close(writer)


def test_a_trial_that_reached_nobody_goes_to_the_next_who_asks(study, tmp_path):  # noqa: F811
    path, out = study(max_failures=0), tmp_path / "asked"
    # Who cannot be answered takes nothing,
    assert shell(">&-", "ask", path, "--dir", out).returncode == 4
    assert not out.exists()
    # and what turns out to reach nobody waits again.
    for _ in range(3):
        assert shell(">/dev/full", "ask", path, "--dir", out).returncode == 4
    trial = json.loads(call("ask", path, "--dir", out).stdout)
    assert trial["id"] == "00000"
    assert call("tell", out, trial["id"], "0.5").returncode == 0
    put_back = [e for e in events_of(out) if e["kind"] == "trial_failed"]
    assert [(e["retry"], e["counts"]) for e in put_back] == [(True, False)] * 3


def test_a_decision_that_cannot_be_printed_is_said_with_the_error(study, tmp_path):  # noqa: F811
    path, out = study(), tmp_path / "asked"
    call("ask", path, "--dir", out)
    done = shell(">&-", "tell", out, "00000", "0.5", "--step", "1")
    assert done.returncode == 4
    assert all(e["kind"] != "trial_reported" for e in events_of(out))
    done = shell(">/dev/full", "tell", out, "00000", "0.5", "--step", "1")
    assert done.returncode == 4
    assert "the report of trial 00000 is taken, and the answer to it is CONTINUE" in done.stderr


def test_what_was_put_back_is_no_failure_of_the_trial(study, tmp_path):  # noqa: F811
    path, out = study(max_failures=1), tmp_path / "asked"
    assert shell(">/dev/full", "ask", path, "--dir", out).returncode == 4
    for retried in (True, False):
        trial = json.loads(call("ask", path, "--dir", out).stdout)
        assert trial["id"] == "00000"
        done = call("tell", out, trial["id"], "--fail", "broken")
        assert ("will be tried again" in done.stderr) == retried


def test_a_client_keeps_its_open_trial_when_the_answer_is_lost(study, tmp_path):  # noqa: F811
    path, out = study(), tmp_path / "asked"
    ask = ("ask", path, "--dir", out, "--client", "a")
    first = call(*ask)
    assert shell(">/dev/full", *ask).returncode == 4
    assert call(*ask).stdout == first.stdout
    assert all(e["kind"] != "trial_failed" for e in events_of(out))


def test_no_file_of_a_study_takes_the_place_of_closed_output(study, tmp_path):  # noqa: F811
    done = shell("<&- >&- 2>&-", "run", study(), "--out", tmp_path / "out", "--events")
    assert done.returncode == 4
    assert [e["kind"] for e in events_of(tmp_path / "out")][-1] == "study_ended"
