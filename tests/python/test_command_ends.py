"""How trials end that are programs, and that nothing is left of them."""

import json
import os
import pathlib
import random
import signal
import subprocess
import time
import uuid

import pytest

from commands import (  # noqa: F401  # study and marker are fixtures
    STUBBORN,
    command_of,
    marked,
    marker,
    only_error,
    python,
    run,
    shell,
    study,
    wait_until_gone,
)
from toys import call, events_of, read_until, running


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("echo first; echo last words >&2; exit 3", "exit code 3: last words\nthe last that it printed:\nfirst\nlast words"),
        ("exit 1", "exit code 1; it printed nothing"),
        ("echo alone; exit 1", "exit code 1: alone"),
        ("kill -SEGV $$", "killed by SIGSEGV; it printed nothing"),
        ("kill -KILL $$", "killed by SIGKILL; it printed nothing"),
        ("echo hello", 'returned without a report of "loss"'),
        ("echo 'TROUPE {\"loss\": 0.3'; sleep 60", "a line that begins with TROUPE must go on like"),
        ("echo 'TROUPE {\"loss\": true}'; sleep 60", 'the line: TROUPE {"loss": true}'),
        ("echo 'TROUPE [1]'; sleep 60", "it must be an object; the line: TROUPE [1]"),
    ],
)
def test_what_goes_wrong_is_said(study, tmp_path, marker, script, error):
    out = tmp_path / "out"
    code, results, _ = run(study(shell(script), {"env": {marker: "1"}}), out)
    assert code == 1
    assert {t["state"] for t in results["trials"]} == {"failed"}
    assert error in only_error(out)


def test_patterns_that_never_matched_are_named(study, tmp_path):
    patterns = {"loss": "loss=(.*)", "acc": "acc=(.*)"}
    path = study(shell("echo loss=1; echo accuracy=2"), {"metrics": patterns})
    code, _, _ = run(path, tmp_path / "out")
    assert code == 1
    assert only_error(tmp_path / "out") == (
        'exit code 0 without a report: no line has matched the pattern of "acc"'
    )


def test_a_retried_trial_starts_from_the_beginning(study, tmp_path):
    script = """
echo 'TROUPE {"loss": 1}'
if [ ! -e "$TROUPE_TRIAL" ]; then touch "$TROUPE_TRIAL"; exit 1; fi
echo 'TROUPE {"loss": 2}'
"""
    path = study(shell(script), {"cwd": str(tmp_path)}, max_failures=1, num_samples=2)
    code, results, _ = run(path, tmp_path / "out")
    assert code == 0
    assert [t["metrics"]["loss"] for t in results["trials"]] == [2, 2]


def test_what_ignores_sigterm_is_killed_after_its_grace(study, tmp_path, marker):
    path = study(python(STUBBORN), {"grace_s": 0.3, "env": {marker: "1"}}, num_samples=2, stop={"training_iteration": 1})
    code, results, _ = run(path, tmp_path / "out")
    assert code == 0
    assert {t["state"] for t in results["trials"]} == {"stopped"}


def test_what_a_command_leaves_in_the_background_ends_with_it(study, tmp_path, marker):
    script = "sleep 1000 & (sleep 1000 &) ; echo 'TROUPE {\"loss\": 1}'"
    begun = time.monotonic()
    code, _, _ = run(study(shell(script), {"env": {marker: "1"}}), tmp_path / "out")
    assert code == 0
    assert time.monotonic() - begun < 60
    assert wait_until_gone(marker) == []


@pytest.mark.parametrize("command", [python(STUBBORN), shell("sleep 1000 & echo ready; wait")])
def test_ctrl_c_leaves_no_process_behind(study, tmp_path, marker, command):
    out = tmp_path / "out"
    path = study(command, {"grace_s": 0.2, "env": {marker: "1"}}, num_samples=50)
    with running(path, out, stderr=subprocess.PIPE) as one:
        read_until("trial_started", one.stdout, times=2)
        deadline = time.monotonic() + 30
        while len(marked(marker)) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        one.send_signal(signal.SIGINT)
        one.communicate(timeout=60)
    assert one.returncode == 130
    assert marked(marker) == []
    ended = [e["state"] for e in events_of(out) if e["kind"] == "trial_ended"]
    assert ended == ["interrupted", "interrupted"]


def test_a_trial_that_takes_the_folder_of_all_away_is_named_by_those_after_it(study, tmp_path):
    place = tmp_path / "place"
    place.mkdir()
    script = "rmdir \"$PWD\"; echo 'TROUPE {\"loss\": 1}'"
    path = study(shell(script), {"cwd": str(place)}, max_concurrent=1)
    code, results, _ = run(path, tmp_path / "out")
    assert code == 3
    assert [t["state"] for t in results["trials"]] == ["completed", "failed", "failed"]
    assert str(place) in only_error(tmp_path / "out")


def test_what_leaves_its_group_ends_with_its_trial(study, tmp_path, marker):
    script = """
case $TROUPE_TRIAL in
  00000) (setsid sleep 1000 &); sleep 0.2;;
  *) until [ -e "$STATE/first-is-over" ]; do sleep 0.05; done;;
esac
echo 'TROUPE {"loss": 1}'
"""
    out = tmp_path / "out"
    path = study(shell(script), {"env": {marker: "1", "STATE": str(tmp_path)}}, num_samples=2)
    with running(path, out) as one:
        read_until("trial_ended", one.stdout)
        sleeping = [p for p in marked(marker) if command_of(p).startswith("sleep\0001000")]
        deadline = time.monotonic() + 10
        while sleeping and time.monotonic() < deadline:
            time.sleep(0.02)
            sleeping = [p for p in marked(marker) if command_of(p).startswith("sleep\0001000")]
        (tmp_path / "first-is-over").touch()
        one.communicate(timeout=60)
    assert (one.returncode, sleeping) == (0, [])


def test_what_hides_ends_with_the_study(study, tmp_path):
    name = "MARK_" + uuid.uuid4().hex
    script = f"(setsid env -i {name}=1 sleep 1000 &) ; echo 'TROUPE {{\"loss\": 1}}'"
    code, _, _ = run(study(shell(script)), tmp_path / "out")
    assert code == 0
    assert marked(name) == []


@pytest.mark.parametrize("seed", range(20))
def test_nothing_outlives_a_tuner_that_is_killed(study, tmp_path, marker, seed):
    script = "(setsid sleep 1000 &) ; (sleep 1000 &) ; trap '' TERM; while :; do echo 'TROUPE {\"loss\": 1}'; sleep 0.02; done"
    path = study(shell(script), {"env": {marker: "1"}}, num_samples=40, stop={"training_iteration": 3})
    draw = random.Random(seed)
    with running(path, tmp_path / "out") as one:
        time.sleep(draw.uniform(0, 0.5))
        one.kill()
        one.communicate(timeout=60)
    assert wait_until_gone(marker) == []


def test_a_second_ctrl_c_leaves_no_process_behind(study, tmp_path, marker):
    path = study(python(STUBBORN), {"env": {marker: "1"}}, num_samples=2)
    with running(path, tmp_path / "out", stderr=subprocess.PIPE) as one:
        read_until("trial_reported", one.stdout, times=2)
        one.send_signal(signal.SIGINT)
        read_until("once more", one.stderr)
        one.send_signal(signal.SIGINT)
        one.communicate(timeout=60)
    assert one.returncode == 130
    assert wait_until_gone(marker) == []


def test_what_reports_last_and_ends_is_judged_after_its_end(study, tmp_path):
    """Its reports are read, and the trial stopped, when there is nobody left to get SIGTERM."""
    script = "for i in 1 2 3 4 5 6 7 8; do echo 'TROUPE {\"loss\": 1}'; done; exit 3"
    path = study(shell(script), num_samples=20, stop={"training_iteration": 8})
    code, results, _ = run(path, tmp_path / "out")
    assert code == 0
    assert {(t["state"], t["iterations"]) for t in results["trials"]} == {("stopped", 8)}


def guardian_of(tuner):
    children = pathlib.Path(f"/proc/{tuner}/task/{tuner}/children").read_text().split()
    (guardian,) = [int(child) for child in children if "guard-commands" in command_of(child)]
    return guardian


def test_a_killed_guardian_fails_its_trials_and_they_end(study, tmp_path, marker):
    out = tmp_path / "out"
    path = study(shell("echo 'TROUPE {\"loss\": 1}'; sleep 1000"), {"env": {marker: "1"}}, num_samples=2)
    with running(path, out) as one:
        read_until("trial_reported", one.stdout, times=2)
        os.kill(guardian_of(one.pid), signal.SIGKILL)
        one.communicate(timeout=60)
    assert one.returncode == 1
    assert "the guardian of its process is gone" in only_error(out)


def test_a_guardian_that_stands_still_ends_all_when_its_tuner_is_killed(study, tmp_path, marker):
    path = study(shell("echo 'TROUPE {\"loss\": 1}'; sleep 1000"), {"env": {marker: "1"}})
    with running(path, tmp_path / "out") as one:
        read_until("trial_reported", one.stdout)
        for process in (one.pid, guardian_of(one.pid)):  # the tuner would wake it
            os.kill(process, signal.SIGSTOP)
        one.kill()
    assert wait_until_gone(marker) == []


def test_a_guardian_does_not_mind_what_a_program_sends_its_parent(study, tmp_path, marker):
    script = "for s in HUP INT QUIT TERM USR1 TSTP STOP; do kill -$s $PPID; done; echo 'TROUPE {\"loss\": 1}'"
    code, results, _ = run(study(shell(script), {"env": {marker: "1"}}), tmp_path / "out")
    assert code == 0
    assert {t["state"] for t in results["trials"]} == {"completed"}


def test_after_a_guardian_was_killed_trials_get_another(study, tmp_path, marker):
    script = "[ $TROUPE_TRIAL = 00000 ] && kill -KILL $PPID; echo 'TROUPE {\"loss\": 1}'"
    path = study(shell(script), {"env": {marker: "1"}}, num_samples=5, max_concurrent=1)
    code, results, _ = run(path, tmp_path / "out")
    assert code == 3
    assert [t["state"] for t in results["trials"]] == ["failed"] + 4 * ["completed"]


def test_nobody_becomes_a_guardian_by_hand():
    done = call("guard-commands")
    assert done.returncode == 2
    assert "guard-commands" in done.stderr


def test_a_study_that_was_interrupted_goes_on(study, tmp_path):
    out = tmp_path / "out"
    go = tmp_path / "go"
    script = f"while [ ! -e {go} ]; do sleep 0.05; done; echo 'TROUPE {{\"loss\": 1}}'"
    with running(study(shell(script)), out) as one:
        read_until("trial_started", one.stdout, times=2)
        one.send_signal(signal.SIGTERM)
        one.communicate(timeout=60)
    go.touch()
    done = call("resume", out, "--json")
    assert done.returncode == 0, done.stderr
    assert {t["state"] for t in json.loads(done.stdout)["trials"]} == {"completed"}
    assert call("doctor", out).returncode == 0
