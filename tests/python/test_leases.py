"""Trials under a lease: ask, tell, renew and drop when trainers are silent or die (program in TOY)."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from toys import TOY, call, events_of

HOUR = ("--lease", 3600)


@pytest.fixture
def study(tmp_path):
    """Writes a study without a trainable; keyword arguments replace its keys."""

    def write(**changes):
        content = {"space": {"x": {"uniform": [0, 1]}}, "metric": "loss", "num_samples": 3} | changes
        path = tmp_path / "study.json"
        path.write_text(json.dumps(content))
        return path

    return write


def asked(study, folder, *more):
    done = call("ask", study, "--dir", folder, *more)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def start_asking(study, folder, *more):
    command = [str(word) for word in (TOY, "ask", study, "--dir", folder, *more)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def until(holds):
    """Waits for what must come."""
    while not holds():
        time.sleep(0.01)


def takes_signals(process):
    """Whether a process has come so far that it treats Ctrl-C in its own way."""
    with open(f"/proc/{process.pid}/status") as file:
        blocked = next(line for line in file if line.startswith("SigBlk"))
    return bool(int(blocked.split()[1], 16) & (1 << (signal.SIGINT - 1)))


def test_only_an_ask_with_a_lease_prints_a_token(study, tmp_path):
    path, folder = study(), tmp_path / "out"
    assert list(asked(path, folder)) == ["id", "params"]
    assert list(asked(path, folder, *HOUR)) == ["id", "params", "token"]
    leased = [e for e in events_of(folder) if e["kind"] == "trial_leased"]
    assert [(e["trial"], e["lease_s"]) for e in leased] == [("00001", 3600)]


def test_who_holds_a_trial_shows_its_token(study, tmp_path):
    path, folder = study(), tmp_path / "out"
    trial = asked(path, folder, *HOUR)
    token = ("--token", trial["token"])
    before = events_of(folder)
    for command in (
        ("tell", folder, trial["id"], 1),
        ("tell", folder, trial["id"], 1, "--step", 1),
        ("renew", folder, trial["id"]),
    ):
        done = call(*command)
        assert done.returncode == 2
        assert "--token must say" in done.stderr
        done = call(*command, "--token", "1-deadbeef")
        assert done.returncode == 12
        assert "too late: trial 00000 is not held by --token 1-deadbeef" in done.stderr
    assert events_of(folder) == before
    assert call("tell", folder, trial["id"], 1, "--step", 1, *token).stdout == "CONTINUE\n"
    done = call("renew", folder, trial["id"], "--lease", 7200, *token)
    assert done.returncode == 0
    assert "the lease of trial 00000 runs out at 2" in done.stderr
    assert events_of(folder)[-1]["lease_s"] == 7200
    assert call("tell", folder, trial["id"], -1, *token).returncode == 0
    assert call("tell", folder, trial["id"], -1, *token).returncode == 12


def test_a_trial_dropped_by_hand_is_for_the_next_and_lost_to_its_trainer(study, tmp_path):
    path, folder = study(), tmp_path / "out"
    trial = asked(path, folder, "--client", "a", *HOUR)
    assert call("tell", folder, 0, 1, "--step", 4, "--token", trial["token"]).returncode == 0
    done = call("drop", folder, trial["id"])
    assert (done.returncode, done.stdout) == (0, "")
    assert "00000 may be asked for again" in done.stderr
    late = call("tell", folder, 0, 1, "--token", trial["token"])
    assert late.returncode == 12
    assert "it is pending: given back by hand" in late.stderr
    again = asked(path, folder, "--client", "b")
    assert again == {"id": "00000", "params": trial["params"], "from_iteration": 4}
    late = call("tell", folder, 0, 1, "--token", trial["token"])
    assert late.returncode == 12
    assert 'client "b" has it' in late.stderr
    assert call("drop", folder, "00001").returncode == 2


def test_who_gets_nothing_learns_who_has_what(study, tmp_path):
    path, folder = study(max_concurrent=2), tmp_path / "out"
    asked(path, folder, "--client", "w\x1b[1m")
    asked(path, folder, *HOUR)
    done = call("ask", path, "--dir", folder)
    assert done.returncode == 10
    lines = done.stderr.splitlines()
    assert lines[0].startswith("nothing to suggest now")
    assert lines[1].startswith("  trial 00000: client ")
    assert "\x1b" not in done.stderr
    assert lines[1].endswith(f"UTC, without a lease; should it have died: troupe drop {folder} 00000")
    assert lines[2].startswith("  trial 00001: a client without a name has it since 2")
    assert " UTC, its lease runs out at 2" in lines[2]


def test_who_learns_that_there_is_nothing_more_learns_what_is_open(study, tmp_path):
    path, folder = study(num_samples=1), tmp_path / "out"
    asked(path, folder, "--client", "anna")
    done = call("ask", path, "--dir", folder)
    assert done.returncode == 11
    assert 'trial 00000: client "anna" has it since 2' in done.stderr


def test_a_number_of_samples_is_raised_by_who_says_so_alone(study, tmp_path):
    folder = tmp_path / "out"
    for _ in range(3):
        call("tell", folder, asked(study(), folder)["id"], 1)
    done = call("ask", study(num_samples=5), "--dir", folder)
    assert done.returncode == 11
    assert f"num_samples is 3 in {folder}" in done.stderr
    assert "--num-samples 5 raises it" in done.stderr
    assert asked(study(num_samples=5), folder, "--num-samples", 4)["id"] == "00003"
    assert call("ask", study(num_samples=5), "--dir", folder, "--num-samples", 4).returncode == 11
    assert asked(study(), folder, "--set", "num_samples=5")["id"] == "00004"


@pytest.mark.parametrize("value", ["-1", "nan", "inf", "1e10", "soon", ""])
@pytest.mark.parametrize("option", ["--lease", "--wait"])
def test_a_time_that_is_none_is_refused(study, tmp_path, option, value):
    done = call("ask", study(), "--dir", tmp_path / "out", f"{option}={value}")
    assert done.returncode == 2
    assert option in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_lease_takes_time_and_a_wait_need_not(study, tmp_path):
    path, folder = study(max_concurrent=1), tmp_path / "out"
    assert call("ask", path, "--dir", folder, "--lease", 0).returncode == 2
    asked(path, folder, "--wait", 0)
    assert call("ask", path, "--dir", folder, "--wait", 0).returncode == 10


def test_who_waits_gets_what_comes_and_is_in_nobodys_way(study, tmp_path):
    path, folder = study(max_concurrent=1, num_samples=9), tmp_path / "out"
    trial = asked(path, folder)
    waiting = [start_asking(path, folder, "--wait", 600) for _ in range(3)]
    for step in range(1, 11):
        assert call("tell", folder, trial["id"], 1, "--step", step).returncode == 0
    for n in range(1, 4):
        assert all(process.poll() is None for process in waiting)
        assert call("tell", folder, trial["id"], 1).returncode == 0
        until(lambda: any(process.poll() is not None for process in waiting))
        winner = next(process for process in waiting if process.poll() is not None)
        waiting.remove(winner)
        assert winner.returncode == 0
        trial = json.loads(winner.communicate()[0])
        assert trial["id"] == f"{n:05}"


def test_who_waits_takes_over_what_a_lease_lets_go(study, tmp_path):
    path, folder = study(num_samples=1, max_failures=1), tmp_path / "out"
    trial = asked(path, folder, "--lease", 0.2)
    done = start_asking(path, folder, "--wait", 600)
    assert json.loads(done.communicate(timeout=60)[0])["id"] == trial["id"]


def test_a_wait_ends_when_its_time_is_up(study, tmp_path):
    path, folder = study(max_concurrent=1), tmp_path / "out"
    asked(path, folder)
    began = time.monotonic()
    done = call("ask", path, "--dir", folder, "--wait", 0.5)
    assert time.monotonic() - began >= 0.5
    assert done.returncode == 10
    assert done.stderr.startswith("nothing to suggest now: waiting for up to 0.5 s\n")
    assert "trial 00000" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_wait_at_once(study, tmp_path, number):
    path, folder = study(num_samples=1, max_failures=1), tmp_path / "out"
    trial = asked(path, folder)
    before = events_of(folder)
    process = start_asking(path, folder, "--wait", 600)
    until(lambda: takes_signals(process))
    process.send_signal(number)
    assert process.communicate(timeout=60)[0] == ""
    assert process.returncode == 128 + number
    assert events_of(folder) == before
    assert call("tell", folder, trial["id"], 1).returncode == 0


WORKER = """
import json, subprocess, sys
toy, study, folder, doomed = sys.argv[1:5]
def call(*words):
    return subprocess.run([toy, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
while True:
    asked = call("ask", study, "--dir", folder, "--lease", "1.5", "--wait", "600")
    if asked.returncode != 0:
        if doomed == "anywhere":
            sys.stdin.read()
        sys.exit(asked.returncode)
    trial = json.loads(asked.stdout)
    token = ("--token", trial["token"])
    first = trial.get("from_iteration", 0) + 1
    for step in range(first, 4):
        if step == 3 and doomed == "holding":
            print("holds", flush=True)
            sys.stdin.read()
        told = call("tell", folder, trial["id"], "0.5", "--step", str(step), *token)
        if told.stdout != "CONTINUE\\n":
            break
    else:
        call("tell", folder, trial["id"], "0.25", *token)
"""


def test_of_twenty_clients_ten_die_and_every_trial_is_told_or_has_failed(study, tmp_path):
    path, folder = study(num_samples=24, max_failures=1), tmp_path / "out"

    def start(fate):
        command = [sys.executable, "-c", WORKER, TOY, str(path), str(folder), fate]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        return subprocess.Popen(command, start_new_session=True, **pipes)

    holding = [start("holding") for _ in range(5)]
    for process in holding:
        assert process.stdout.readline() == b"holds\n"
        os.killpg(process.pid, signal.SIGKILL)
    others = [start("anywhere" if i < 5 else "lives") for i in range(15)]
    rng = random.Random(12)
    for process in others[:5]:
        time.sleep(rng.random() * 0.2)  # wherever it is by then
        os.killpg(process.pid, signal.SIGKILL)
    for process in [*holding, *others]:
        process.communicate(timeout=300)
    assert [process.returncode for process in holding + others[:5]] == [-signal.SIGKILL] * 10
    assert [process.returncode for process in others[5:]] == [11] * 10
    summary = json.loads((folder / "summary.json").read_text())
    assert len(summary["trials"]) == 24
    assert {t["state"] for t in summary["trials"]} <= {"completed", "failed"}
    events = events_of(folder)
    assert events[-1]["kind"] == "study_ended"
    assert sum("ran out" in e.get("error", "") for e in events) >= 5
    reports = [(e["trial"], e["iteration"]) for e in events if e["kind"] == "trial_reported"]
    assert len(set(reports)) == len(reports)
    assert call("doctor", folder).returncode == 0
