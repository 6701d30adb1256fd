"""Trials of the program's own trainable, each in a process of its own (the toy's path is in TOY)."""

import contextlib
import json
import os
import random
import resource
import signal
import subprocess
import time

import pytest
from isolated import ALONE, REUSED, SANITIZED, parent_of, run, trainers
from test_resume import SCHEDULERS, check_each_report_once, disturb, outcome_of
from test_verify import verified
from toys import TOY, WELL, call, events_of, read_until, running, study


@pytest.mark.parametrize("where", [ALONE, REUSED], ids=["alone", "reused"])
@pytest.mark.parametrize("name", ["fifo", "asha", "hyperband", "pbt"])
def test_a_process_trains_what_a_thread_trains(study, tmp_path, name, where):
    space = WELL | {"epochs": 6}
    key = {"space": space, "scheduler": SCHEDULERS[name], "max_concurrent": 1, "num_samples": 6}
    in_threads = run(study(**key), tmp_path / "threads")
    alone = run(study(**key, **where), tmp_path / "alone")

    def told(trials):
        return [{k: v for k, v in t.items() if k != "wall_s"} for t in trials]

    assert told(alone) == told(in_threads)
    assert verified(tmp_path / "alone")[0] == 0
    assert call("doctor", tmp_path / "alone").returncode == 0
    assert (tmp_path / "alone/trials/00000/log.txt").read_text().startswith("epoch 1\nepoch 2\n")


@pytest.mark.parametrize(
    ("behaviour", "kind", "reason"),
    [
        ("throw", "error", "the toy is broken"),
        pytest.param(
            "segfault",
            "signal",
            "killed by SIGSEGV",
            marks=pytest.mark.skipif(SANITIZED, reason="a sanitizer takes that for itself"),
        ),
        ("abort", "signal", "killed by SIGABRT"),
        ("exit", "exit_code", "exit code 3"),
        ("no_metric", "bad_report", 'has no metric "loss"'),
    ],
)
def test_a_crash_ends_its_trial_alone(study, tmp_path, behaviour, kind, reason):
    space = WELL | {"behaviour": {"grid_search": ["well", behaviour]}}
    file = study(space=space, num_samples=3, **ALONE)
    trials = run(file, tmp_path / "out", code=3)
    assert len(trials) == 6
    for t in trials:
        if t["config"]["behaviour"] == "well":
            assert (t["state"], t["reason_kind"], t["iterations"]) == ("completed", None, 3)
        else:
            assert (t["state"], t["reason_kind"]) == ("failed", kind)
            assert reason in t["reason"]


@pytest.mark.parametrize("where", ["thread", "process"])
@pytest.mark.parametrize(
    ("behaviour", "kind", "reason"),
    [
        ("no_memory", "out_of_memory", "out of memory"),
        ("no_words", "error", "an exception that says nothing"),
        ("no_exception", "error", "an exception that is no std::exception"),
        ("own_kind", "lost", "its data are gone"),
    ],
)
def test_what_is_thrown_is_told_alike(study, tmp_path, behaviour, kind, reason, where):
    file = study(space=WELL | {"behaviour": behaviour}, num_samples=1, isolation=where)
    (only,) = run(file, tmp_path / "out", code=1)
    assert (only["state"], only["reason_kind"], only["reason"]) == ("failed", kind, reason)


def test_a_trial_whose_guardian_is_killed_is_lost_and_tried_again(study, tmp_path):
    folder = tmp_path / "out"
    changes = {"num_samples": 2, "max_failures": 1, **ALONE}
    with running(study(space=WELL | {"behaviour": "wait_once"}, **changes), folder) as process:
        read_until("trial_reported", process.stdout, 2)
        (guardian,) = {parent_of(trainer) for trainer in trainers()}
        os.kill(guardian, signal.SIGKILL)
        process.communicate(timeout=60)
    assert process.returncode == 0
    failures = [e for e in events_of(folder) if e["kind"] == "trial_failed"]
    assert [(e["reason_kind"], e["retry"]) for e in failures] == [("lost", True)] * 2
    assert {t["state"] for t in outcome_of(folder)} == {"completed"}
    assert trainers() == []


def test_one_that_does_not_return_is_ended(study, tmp_path):
    space = WELL | {"behaviour": {"grid_search": ["well", "hang"]}}
    file = study(space=space, num_samples=1, time_limit_s=0.5, **ALONE)
    trials = run(file, tmp_path / "out", code=3)
    assert [(t["state"], t["reason_kind"]) for t in trials] == [
        ("completed", None),
        ("failed", "time_limit"),
    ]
    assert trainers() == []


@pytest.mark.skipif(SANITIZED, reason="a sanitizer takes memory of its own")
def test_memory_that_is_reserved_is_the_limit(study, tmp_path):
    space = WELL | {"behaviour": {"grid_search": ["well", "devour"]}}
    file = study(space=space, num_samples=1, resources={"cpu": 1, "memory_gb": 0.3}, **ALONE)
    well, devours = run(file, tmp_path / "out", code=3)
    assert well["state"] == "completed"
    assert (devours["state"], devours["reason_kind"]) == ("failed", "out_of_memory")
    assert "of 0.3 GB (resources/memory_gb)" in devours["reason"]
    assert devours["reason"].startswith("killed: used 0.")


@contextlib.contextmanager
def two_that_wait(study, folder):  # noqa: F811
    """A run whose two trials have their processes, and wait to be told to stop."""
    with running(study(space=WELL | {"behaviour": "wait"}, num_samples=2, **ALONE), folder) as process:
        read_until("trial_started", process.stdout, 2)
        while len(trainers()) < 3:  # one of them waits for its trial
            assert process.poll() is None
            time.sleep(0.01)
        yield process


def test_none_outlives_a_study_that_is_killed(study, tmp_path):
    folder = tmp_path / "out"
    with two_that_wait(study, folder) as process:
        process.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 60
    while trainers():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_ctrl_c_is_heard_in_a_process(study, tmp_path):
    folder = tmp_path / "out"
    with two_that_wait(study, folder) as process:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 130
    assert {t["state"] for t in outcome_of(folder)} == {"interrupted"}


def test_a_study_that_is_killed_again_and_again_goes_on(study, tmp_path):
    folder = tmp_path / "out"
    space = WELL | {"epochs": 6, "pace_ms": 100}
    file = study(space=space, scheduler=SCHEDULERS["asha"], num_samples=6, **ALONE)
    strikes = disturb(file, folder, random.Random(5), [signal.SIGKILL, signal.SIGINT], 0.3, 0.8)
    assert strikes > 0
    check_each_report_once(folder)
    assert verified(folder)[0] == 0
    assert trainers() == []
    assert not [e for e in events_of(folder) if e["kind"] == "trial_failed"]


def test_a_checkpoint_that_cannot_be_written_fails_no_trial(study, tmp_path):
    trainable = {"name": "toy", "ballast_kb": 3000}
    file = study(num_samples=2, trainable=trainable, **ALONE)
    most = 2_000_000  # bytes of a file, less than a checkpoint has
    done = subprocess.run(
        [TOY, "run", file, "--out", tmp_path / "out"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert [t["state"] for t in outcome_of(tmp_path / "out")] == ["completed"] * 2
    assert "no checkpoint: " in (tmp_path / "out/trials/00000/log.txt").read_text()
    assert not list((tmp_path / "out").glob("**/checkpoint_*"))


def test_a_configuration_may_be_longer_than_a_variable_of_the_environment(study, tmp_path):
    space = WELL | {"behaviour": "w" * 200_000}
    (only,) = run(study(space=space, num_samples=1, **ALONE), tmp_path / "out")
    assert only["state"] == "completed"


def test_where_trials_train_is_one_of_two_words(study, tmp_path):
    done = call("run", study(isolation="fork"), "--out", tmp_path / "out")
    assert done.returncode == 2
    assert 'isolation: must be "thread" or "process"; found the text "fork"' in done.stderr


def test_a_trainer_that_nobody_asked_for_says_so(tmp_path):
    done = subprocess.run(
        [TOY, "train-trial"],
        env=os.environ | {"TROUPE_TRAINER": json.dumps({"trainable": "toy"})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "the tuner did not say what to train" in done.stderr
