"""Processes that wait for their trials, and those that train one trial after the other."""

import contextlib
import random
import signal
import time
from pathlib import Path

import pytest
from isolated import ALONE, REUSED, SANITIZED, loads, run, trainers
from test_resume import SCHEDULERS, check_each_report_once, disturb, outcome_of
from toys import WELL, call, events_of, running, study


def test_with_reuse_a_process_takes_one_trial_after_the_other(study, tmp_path, loads):
    space = WELL | {"behaviour": "print"}
    file = study(space=space, num_samples=20, max_concurrent=2, trainable=loads.trainable, **REUSED)
    trials = run(file, tmp_path / "out")
    assert {t["state"] for t in trials} == {"completed"}
    assert len(loads.trainers()) <= 2
    for t in trials:
        log = (tmp_path / f"out/trials/{t['id']}/log.txt").read_text()
        assert log.count("printed by ") == log.count(f"printed by {t['id']}\n") == 3


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(
            "segfault", marks=pytest.mark.skipif(SANITIZED, reason="a sanitizer takes that for itself")
        ),
        "abort",
        "exit",
        "throw",
        "hang",
    ],
)
def test_with_reuse_a_failure_ends_its_trial_and_its_process(study, tmp_path, loads, behaviour):
    behaviours = ["well", "well", behaviour, "well", "well"]
    changes = {
        "space": {"x": 0.5, "behaviour": {"choice": sorted(set(behaviours))}},
        "points_to_evaluate": [{"behaviour": b} for b in behaviours],
        "num_samples": 5,
        "max_concurrent": 1,
        "time_limit_s": 0.5 if behaviour == "hang" else 60,
        "trainable": loads.trainable,
    }
    trials = run(study(**changes, **REUSED), tmp_path / "out", code=3)
    assert [t["state"] for t in trials] == ["completed"] * 2 + ["failed"] + ["completed"] * 2
    assert len(loads.trainers()) == 2
    assert trainers() == []


def test_those_that_crash_at_once_are_started_twice_a_trial_at_most(study, tmp_path, loads):
    space = WELL | {"behaviour": "abort"}
    file = study(space=space, num_samples=8, trainable=loads.trainable, **ALONE)
    trials = run(file, tmp_path / "out", code=1)
    assert {t["state"] for t in trials} == {"failed"}
    assert len(loads.trainers()) <= 16
    assert trainers() == []


def test_with_reuse_a_study_that_is_killed_again_and_again_goes_on(study, tmp_path):
    folder = tmp_path / "out"
    space = WELL | {"epochs": 6, "pace_ms": 100}
    file = study(space=space, scheduler=SCHEDULERS["asha"], num_samples=6, **REUSED)
    disturb(file, folder, random.Random(6), [signal.SIGKILL, signal.SIGINT], 0.3, 0.8)
    check_each_report_once(folder)
    assert trainers() == []
    assert not [e for e in events_of(folder) if e["kind"] == "trial_failed"]


def test_a_study_may_go_on_with_reuse(study, tmp_path, loads):
    folder = tmp_path / "out"
    run(study(num_samples=2, max_concurrent=1, trainable=loads.trainable, **ALONE), folder)
    before = len(loads.trainers())
    done = call("resume", folder, "--num-samples", 6, "--set", "reuse=true")
    assert done.returncode == 0, done.stderr
    assert len(loads.trainers()) == before + 2  # the study's own process, and one trainer
    assert [t["state"] for t in outcome_of(folder)] == ["completed"] * 6


def oom_scores():
    found = []
    for trainer in trainers():
        with contextlib.suppress(OSError):
            found.append(int(Path(f"/proc/{trainer}/oom_score_adj").read_text()))
    return sorted(found)


def test_a_process_that_waits_goes_first_where_memory_runs_out(study, tmp_path):
    usual = int(Path("/proc/self/oom_score_adj").read_text())
    space = WELL | {"behaviour": "wait"}
    with running(study(space=space, num_samples=1, **ALONE), tmp_path / "out") as process:
        while oom_scores() != [usual, 1000]:
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 130


def test_reuse_is_of_processes_of_the_program_itself(study, tmp_path):
    done = call("run", study(reuse=True), "--out", tmp_path / "out")
    assert done.returncode == 2
    assert 'reuse: is of trials in processes: add "isolation": "process"' in done.stderr
    done = call("run", study(trainable={"command": ["true"]}, **REUSED), "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "reuse: is for trainables of the program's own" in done.stderr
