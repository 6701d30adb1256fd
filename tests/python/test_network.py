"""Studies on a network file system, by processes that pretend to be on several machines (TOY).

The injector gives each process the host name that it is to have: what another host name does is out
of sight, as on another machine, and is judged by its heartbeat alone.
"""

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import tempfile
from pathlib import Path

import pytest

from faults import INJECTOR, KILLED, calls_of, check_database, copies, leftovers, struck
from toys import TOY, behaving, study  # noqa: F401  # study is a fixture

pytestmark = pytest.mark.skipif(not INJECTOR, reason="the injector is not built")

QUICK = 0.02  # seconds from beat to beat; ten missed ones are the end
NEVER = 600  # so slow that no test lives to see a holder judged by it


def on(host, heartbeat=QUICK, **more):
    """The environment of a process on `host`."""
    return os.environ | {
        "LD_PRELOAD": INJECTOR,
        "TROUPE_FILE_SYSTEM": "network",
        "TROUPE_HEARTBEAT_S": str(heartbeat),
        "TROUPE_FAULT_HOST": host,
        **more,
    }


def call(environment, *arguments):
    return subprocess.run(
        [TOY, *map(str, arguments)], capture_output=True, text=True, timeout=120, env=environment, check=False
    )


def read(folder, environment=None):
    done = call(environment or on("reader"), "events", folder)
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [e["seq"] for e in events] == list(range(1, len(events) + 1))
    return events


def begun(environment, path, out):
    """A run whose study has begun to train."""
    run = subprocess.Popen(
        [TOY, "run", path, "--out", str(out), "--events"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    while "trial_started" not in run.stdout.readline():
        assert run.poll() is None
    return run


def end(run):
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=60)


def test_the_mode_is_said_where_it_is_not_the_usual_one(study, tmp_path):  # noqa: F811
    notice = f"{tmp_path / 'out'} is on a network file system"
    done = call(on("alpha"), "run", study(), "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert notice in done.stderr
    assert notice in call(on("alpha"), "doctor", tmp_path / "out").stderr
    local = os.environ | {"TROUPE_FILE_SYSTEM": "local"}
    assert "network" not in call(local, "doctor", tmp_path / "out").stderr
    assert leftovers(tmp_path / "out") == []


def test_a_folder_that_another_machine_has_is_refused_with_its_name(study, tmp_path):  # noqa: F811
    path, out = study(space=behaving("wait")), tmp_path / "out"
    run = begun(on("alpha"), path, out)
    for host in ("alpha", "beta"):
        done = call(on(host), "run", path, "--out", out, "--overwrite")
        assert done.returncode == 4
        assert f"is in use by process {run.pid} (" in done.stderr
        assert "on host alpha since" in done.stderr
        assert "a study runs here" in call(on(host), "doctor", out).stderr
    with contextlib.closing(sqlite3.connect(out / "study.db", timeout=0)) as other:
        with pytest.raises(sqlite3.OperationalError, match="locked"):  # as it is for Optuna
            other.execute("SELECT count(*) FROM events")
    end(run)
    assert call(on("beta"), "run", study(), "--out", out, "--overwrite").returncode == 0


def test_a_killed_holder_is_succeeded_at_once_on_its_own_machine(study, tmp_path):  # noqa: F811
    out = tmp_path / "out"
    run = begun(on("alpha", NEVER), study(space=behaving("wait")), out)
    shown = read(out)
    run.kill()
    run.communicate()
    assert call(on("alpha", NEVER), "doctor", out, "--repair").returncode == 0
    assert read(out)[: len(shown)] == shown
    assert leftovers(out) == []
    done = call(on("alpha", NEVER), "run", study(), "--out", out, "--overwrite")
    assert done.returncode == 0, done.stderr


def test_a_killed_holder_is_succeeded_by_another_machine_when_it_has_stood_still(study, tmp_path):  # noqa: F811
    out = tmp_path / "out"
    run = begun(on("alpha"), study(space=behaving("wait")), out)
    shown = read(out)
    run.kill()
    run.communicate()
    done = call(on("beta"), "doctor", out, "--repair")
    assert done.returncode == 0, done.stdout + done.stderr
    assert read(out)[: len(shown)] == shown
    assert leftovers(out) == []
    assert call(on("beta"), "run", study(), "--out", out, "--overwrite").returncode == 0


def test_a_holder_that_sleeps_too_long_stops_when_it_wakes(study, tmp_path):  # noqa: F811
    out = tmp_path / "out"
    run = begun(on("alpha"), study(num_samples=1_000_000, trial_files=False), out)
    run.send_signal(signal.SIGSTOP)
    done = call(on("beta"), "tell", out, "0", "0.5")
    assert "holds a study of `troupe run`" in done.stderr  # which it finds when it has the folder
    taken = read(out)
    run.send_signal(signal.SIGCONT)
    shown, said = run.communicate(timeout=60)
    assert run.returncode == 4, said
    assert f"{out}: has been taken over by" in said
    check_database(out)
    assert read(out) == taken
    assert not (out / "study.db-wal").exists()
    # Whatever it has shown is in the journal that its successor has.
    last = [json.loads(line)["seq"] for line in shown.splitlines() if line.startswith('{"seq"')]
    assert max(last, default=0) <= len(taken)


def test_events_are_read_beside_a_running_study(study, tmp_path):  # noqa: F811
    out, seen = tmp_path / "out", []
    command = [TOY, "run", study(num_samples=150), "--out", str(out)]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=on("alpha")
    ) as run:
        while run.poll() is None:
            if (out / "study.json").exists():
                now = read(out)
                assert now[: len(seen)] == seen
                seen = now
    assert run.returncode == 0
    assert read(out)[-1]["kind"] == "study_ended"


def test_clients_on_several_machines_get_different_trials(study, tmp_path):  # noqa: F811
    path, out = study(num_samples=8), tmp_path / "out"
    clients = [
        subprocess.Popen(
            [TOY, "ask", path, "--dir", str(out)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=on(host),
        )
        for host in ("alpha", "beta", "gamma", "delta") * 2
    ]
    said = [c.communicate(timeout=60) for c in clients]
    assert [c.returncode for c in clients] == [0] * 8, said
    assert sorted(json.loads(out)["id"] for out, _ in said) == [f"{n:05}" for n in range(8)]


def test_what_was_told_survives_machines_that_die(study, tmp_path):  # noqa: F811
    path, out = study(num_samples=1000), tmp_path / "out"
    rng = random.Random(11)
    told = {}
    for i in range(20):
        environment = on(("alpha", "beta")[i % 2])
        with subprocess.Popen(
            [TOY, "ask", path, "--dir", str(out)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        ) as asking:
            if rng.random() < 0.5:
                try:
                    asking.wait(rng.random() * 0.1)
                except subprocess.TimeoutExpired:
                    asking.kill()
            answer = asking.communicate(timeout=60)[0]
        if asking.returncode == 0:
            trial = json.loads(answer)["id"]
            assert call(environment, "tell", out, trial, i).returncode == 0
            told[trial] = i
    reports = [e for e in read(out) if e["kind"] == "trial_reported"]
    assert {e["trial"]: e["metrics"]["loss"] for e in reports} == told
    assert call(on("gamma"), "doctor", out, "--repair").returncode == 0
    assert leftovers(out) == []


def test_a_takeover_that_is_cut_off_at_any_call_loses_nothing(study, tmp_path, monkeypatch):  # noqa: F811
    run = begun(on("alpha"), study(space=behaving("wait")), tmp_path / "left")
    run.kill()
    run.communicate()
    shown = read(tmp_path / "left")
    for name, value in on("beta", NEVER).items():  # so that all calls are its own
        if name != "LD_PRELOAD":
            monkeypatch.setenv(name, value)

    def command(folder):
        return ["doctor", folder, "--repair"]

    count = len(calls_of(copies(tmp_path / "left"), command))
    for at in random.Random(3).sample(range(1, count + 1), 8):
        with tempfile.TemporaryDirectory() as parent:
            folder = copies(tmp_path / "left")(Path(parent))
            assert struck(folder, command(folder), "kill", at).returncode == KILLED
            check_database(folder)
            assert read(folder)[: len(shown)] == shown
            assert call(on("beta"), *command(folder)).returncode == 0, at
            assert read(folder)[: len(shown)] == shown
            assert leftovers(folder) == []


def test_a_file_system_need_not_know_locks(study, tmp_path):  # noqa: F811
    path, out = study(), tmp_path / "out"
    environment = on("alpha", TROUPE_FAULT_LOCKS="none", TROUPE_FAULT_FOLDER=str(tmp_path))
    trial = json.loads(call(environment, "ask", path, "--dir", out).stdout)
    assert call(environment, "tell", out, trial["id"], "0.5").returncode == 0
    assert len(read(out, environment)) == 5
    assert call(environment, "run", path, "--out", tmp_path / "run").returncode == 0
    assert call(environment, "doctor", tmp_path / "run", "--repair").returncode == 0
    assert leftovers(tmp_path / "run") == []


def test_a_file_system_that_is_not_known_is_named_with_what_to_do(study, tmp_path):  # noqa: F811
    environment = on("alpha", TROUPE_FAULT_LOCKS="none", TROUPE_FAULT_FOLDER=str(tmp_path))
    environment["TROUPE_FILE_SYSTEM"] = "local"
    done = call(environment, "ask", study(), "--dir", tmp_path / "out")
    assert done.returncode == 4
    assert f"{tmp_path / 'out'}: cannot be locked: No locks available" in done.stderr
    assert "TROUPE_FILE_SYSTEM=network" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_server_that_fails_is_told_with_what_to_look_at(study, tmp_path, monkeypatch):  # noqa: F811
    path = study()
    for name, value in on("alpha").items():
        if name != "LD_PRELOAD":
            monkeypatch.setenv(name, value)

    def command(folder):
        return ["ask", path, "--dir", folder]

    calls = enumerate(calls_of(copies(None), command), 1)
    refused = 0
    for at in [n for n, line in calls if line.startswith("fsync") and line.endswith("study.db-wal")]:
        folder = tmp_path / f"struck {at}"
        done = struck(folder, command(folder), "eio", at)
        if done.returncode == 0:
            continue  # the answer was given, and the log is folded by the next one
        assert done.returncode == 4
        if f"{folder}/study.db: " not in done.stderr:
            continue  # on a slow machine the lock beats in between, and that was struck
        refused += 1
        assert f"{folder}/study.db: disk I/O error" in done.stderr
        assert "the disk, or the file server, may be failing: look at the system's log" in done.stderr
    assert refused > 0


def test_a_variable_that_says_nothing_known_is_refused(study, tmp_path):  # noqa: F811
    for name, value, allowed in (
        ("TROUPE_FILE_SYSTEM", "nfs", "network or local"),
        ("TROUPE_HEARTBEAT_S", "0", "from 0.01 to 600"),
        ("TROUPE_HEARTBEAT_S", "soon", "from 0.01 to 600"),
    ):
        done = call(on("alpha", **{name: value}), "ask", study(), "--dir", tmp_path / "out")
        assert done.returncode == 2
        assert name in done.stderr
        assert allowed in done.stderr
        assert not (tmp_path / "out").exists()
