"""Studies that are interrupted or killed, and go on (the toy's path is in TOY)."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest
from studies import PROGRAM
from toys import TOY, WELL, call, events_of, read_until, running, study

SPACE = WELL | {"epochs": 6, "pace_ms": 4}
ASHA = {"name": "asha", "max_t": 6, "reduction_factor": 2}
SCHEDULERS = {
    "fifo": {"name": "fifo"},
    "asha": ASHA,
    "hyperband": {"name": "hyperband", "max_t": 6},
    "median": {"name": "median", "time_attr": "training_iteration", "grace_period": 2},
    "pbt": {
        "name": "pbt",
        "time_attr": "training_iteration",
        "perturbation_interval": 2,
        "hyperparam_mutations": {"x": {"uniform": [0, 1]}},
    },
}


def start(*arguments):
    return subprocess.Popen(
        [TOY, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


def strike(process, after_s, how):
    """Lets a process run for so long, then kills or interrupts it; returns whether it still ran."""
    try:
        _, said = process.communicate(timeout=after_s)
        assert process.returncode == 0, said
        return False
    except subprocess.TimeoutExpired:
        process.send_signal(how)
        process.communicate(timeout=60)
        return True


def disturb(file, folder, chance, signals, shortest_s, longest_s, between=lambda: None):
    """Lets a study go on and strikes it, each time a little later, until it has ended; returns how often."""
    strikes = 0
    while strike(
        start("run", file, "--out", folder, "--resume"),
        chance.uniform(shortest_s, longest_s) * (1 + strikes / 10),
        chance.choice(signals),
    ):
        strikes += 1
        between()
    return strikes


def reports_in(folder):
    database = folder / "study.db"
    if not database.exists():
        return 0
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        kind = "SELECT code FROM kinds WHERE name = 'trial_reported'"
        return connection.execute(f"SELECT count(*) FROM events WHERE kind = ({kind})").fetchone()[0]
    except sqlite3.OperationalError:  # it has just been made
        return 0
    finally:
        connection.close()


def strike_when_it_has_reported(process, folder, reports, how):
    """Strikes a study after so many further reports; returns what it has said."""
    before = reports_in(folder)
    while reports_in(folder) < before + reports:
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.002)
    process.send_signal(how)
    _, said = process.communicate(timeout=60)
    return said


def outcome_of(folder):
    """What a study has come to, without times."""
    trials = json.loads((folder / "summary.json").read_text())["trials"]
    return [
        {key: t[key] for key in ("id", "state", "reason", "config", "iterations", "metrics")}
        for t in trials
    ]


def check_sound(folder):
    reports = [
        (e["trial"], e["iteration"]) for e in events_of(folder) if e["kind"] == "trial_reported"
    ]
    doctor = call("doctor", folder)
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert not list(folder.rglob("*.tmp"))
    return reports


def check_each_report_once(folder):
    reports = check_sound(folder)
    assert len(reports) == len(set(reports))


@pytest.mark.parametrize("scheduler", ["fifo", "asha", "hyperband", "median"])
def test_a_study_that_is_killed_at_random_ends_as_one_that_was_not(study, tmp_path, scheduler):
    file = study(
        space=SPACE, num_samples=12, max_concurrent=1, scheduler=SCHEDULERS[scheduler], seed=4
    )
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    assert call("run", file, "--out", undisturbed).returncode == 0
    chance = random.Random(scheduler)
    signals = [signal.SIGKILL, signal.SIGKILL, signal.SIGINT]
    assert disturb(file, killed, chance, signals, 0.02, 0.15) > 1
    assert outcome_of(killed) == outcome_of(undisturbed)
    check_each_report_once(killed)


def test_a_population_that_is_killed_keeps_its_journal_and_its_checkpoints(study, tmp_path):
    folder = tmp_path / "out"
    file = study(
        space=SPACE | {"epochs": 20}, num_samples=4, scheduler=SCHEDULERS["pbt"], time_budget_s=2
    )
    disturb(file, folder, random.Random(7), [signal.SIGKILL], 0.05, 0.3)
    assert any(e["kind"] == "trial_exploited" for e in events_of(folder))
    check_sound(folder)


def test_nothing_is_trained_twice_that_had_a_checkpoint(study, tmp_path):
    folder = tmp_path / "out"
    file = study(space=SPACE | {"epochs": 25}, num_samples=8, max_concurrent=1)
    for _ in range(5):
        process = start("run", file, "--out", folder, "--resume")
        strike_when_it_has_reported(process, folder, 10, signal.SIGINT)
    assert call("resume", folder).returncode == 0
    saved = {
        (e["trial"], e["iteration"]): e["seq"]
        for e in events_of(folder)
        if e["kind"] == "checkpoint_saved"
    }
    starts = [e for e in events_of(folder) if e["kind"] == "trial_started" and e["attempt"] > 1]
    assert starts
    for e in starts:
        before = [i for (trial, i), seq in saved.items() if trial == e["trial"] and seq < e["seq"]]
        assert e["from_iteration"] == max(before, default=0)


def test_a_message_says_how_to_go_on(study, tmp_path):
    folder = tmp_path / "out"
    process = start("run", study(space=SPACE, num_samples=100), "--out", folder)
    said = strike_when_it_has_reported(process, folder, 5, signal.SIGINT)
    assert process.returncode == 130
    assert f"to go on: troupe_toy resume {folder}" in said
    again = call("run", study(), "--out", folder)
    assert again.returncode == 4
    assert "--resume" in again.stderr


def test_a_finished_study_gets_more_trials_and_keeps_those_that_it_has(study, tmp_path):
    folder = tmp_path / "out"
    assert call("run", study(), "--out", folder).returncode == 0
    before = outcome_of(folder)
    assert call("resume", folder).returncode == 0  # nothing is left to be done
    assert outcome_of(folder) == before
    assert call("resume", folder, "--num-samples", 7).returncode == 0
    after = outcome_of(folder)
    assert len(after) == 7
    assert after[:4] == before
    assert call("resume", folder).returncode == 0  # the number is kept
    assert len(outcome_of(folder)) == 7
    fresh = tmp_path / "fresh"
    assert call("run", study(num_samples=7), "--out", fresh).returncode == 0
    assert outcome_of(fresh) == after


def test_what_would_make_it_another_study_is_refused_with_the_difference(study, tmp_path):
    folder = tmp_path / "out"
    assert call("run", study(), "--out", folder).returncode == 0
    journal = (folder / "study.db").read_bytes()
    for change, said in {
        "seed=1": "seed is 0 there, and 1 here",
        'scheduler={"name": "asha"}': "scheduler is",
        'space={"x": {"uniform": [0, 2]}}': "space is",
        "mode=max": 'mode is "min" there, and "max" here',
        "trial_files=false": "--set trial_files: that was decided when the study was begun",
    }.items():
        done = call("resume", folder, "--set", change)
        assert done.returncode == 2
        assert said in done.stderr
    done = call("run", study(seed=3), "--out", folder, "--resume")
    assert done.returncode == 2
    assert "seed is 0 there, and 3 here" in done.stderr
    assert (folder / "study.db").read_bytes() == journal


def test_limits_may_change_and_the_journal_says_so(study, tmp_path):
    folder = tmp_path / "out"
    assert call("run", study(num_samples=2), "--out", folder).returncode == 0
    changes = ["--num-samples", 5, "--set", 'stop={"training_iteration": 2}', "--max-concurrent", 1]
    assert call("resume", folder, *changes).returncode == 0
    assert [t["iterations"] for t in outcome_of(folder)] == [3, 3, 2, 2, 2]
    limits = [e["limits"] for e in events_of(folder) if e["kind"] == "study_resumed"]
    assert limits[0]["num_samples"] == 5
    assert limits[0]["max_concurrent"] == 1
    assert limits[0]["stop"] == [{"metric": "training_iteration", "when": "at_least", "bound": 2.0}]
    check_each_report_once(folder)


def test_failed_trials_are_tried_again_only_when_asked_to(study, tmp_path):
    folder = tmp_path / "out"
    space = WELL | {"behaviour": {"choice": ["throw", "well"]}}
    assert call("run", study(space=space, num_samples=6), "--out", folder).returncode == 3
    failed = [t["id"] for t in outcome_of(folder) if t["state"] == "failed"]
    assert failed
    assert call("resume", folder).returncode == 3
    assert call("resume", folder, "--retry-failed").returncode == 3
    retried = [e["retried"] for e in events_of(folder) if "retried" in e]
    assert retried == [failed]
    attempts = [e["trial"] for e in events_of(folder) if e["kind"] == "trial_failed"]
    assert sorted(attempts) == sorted(failed * 2)


def test_a_budget_counts_what_was_used_before(study, tmp_path):
    folder = tmp_path / "out"
    file = study(space=WELL | {"epochs": 1000, "pace_ms": 2}, num_samples=1)
    assert call("run", file, "--out", folder, "--time-budget", 0.2).returncode == 0
    first = outcome_of(folder)[0]
    assert first["state"] == "interrupted"
    assert first["reason"] == "time_budget_s is used up"
    assert call("resume", folder).returncode == 0  # nothing is left of it
    assert call("resume", folder, "--time-budget", 0.4).returncode == 0
    second = outcome_of(folder)[0]
    assert second["iterations"] > first["iterations"]
    check_each_report_once(folder)


def test_a_job_that_is_started_again_keeps_what_was_changed_on_the_way(study, tmp_path):
    folder = tmp_path / "out"
    file = study(num_samples=2)
    assert call("run", file, "--out", folder).returncode == 0
    assert call("resume", folder, "--num-samples", 5).returncode == 0
    assert call("run", file, "--out", folder, "--resume").returncode == 0
    assert len(outcome_of(folder)) == 5
    assert call("resume", folder, "--num-samples", 6).returncode == 0
    file = study(num_samples=8)  # the study file says otherwise than it did
    assert call("run", file, "--out", folder, "--resume").returncode == 0
    assert len(outcome_of(folder)) == 8


def test_fail_fast_may_be_changed_on_the_way(study, tmp_path):
    folder = tmp_path / "out"
    file = study(space=WELL | {"behaviour": "throw"}, num_samples=4, fail_fast=True, max_concurrent=1)
    assert call("run", file, "--out", folder).returncode != 0
    assert [t["state"] for t in outcome_of(folder)].count("failed") == 1
    call("resume", folder, "--set", "fail_fast=false")
    assert [t["state"] for t in outcome_of(folder)].count("failed") == 4


def test_checkpoints_of_ended_trials_may_be_put_back(study, tmp_path):
    folder, away = tmp_path / "out", tmp_path / "away"
    assert call("run", study(), "--out", folder).returncode == 0
    shutil.move(folder / "trials", away)  # a disk that is not there
    assert call("resume", folder).returncode == 0
    shutil.rmtree(folder / "trials", ignore_errors=True)
    shutil.move(away, folder / "trials")
    assert call("doctor", folder).returncode == 0
    assert not [e for e in events_of(folder) if e["kind"] == "checkpoint_lost"]


def test_a_budget_that_is_used_up_starts_nothing(study, tmp_path):
    folder = tmp_path / "out"
    file = study(space=WELL | {"epochs": 1000, "pace_ms": 2}, num_samples=2, time_budget_s=0.2)
    assert call("run", file, "--out", folder).returncode == 0
    before = outcome_of(folder)
    for _ in range(2):
        done = call("resume", folder)
        assert "--time-budget N, above 0.2" in done.stderr
        assert outcome_of(folder) == before


def test_a_moved_folder_goes_on(study, tmp_path):
    folder, moved = tmp_path / "out", tmp_path / "elsewhere" / "moved"
    process = start("run", study(space=SPACE, num_samples=30), "--out", folder)
    strike_when_it_has_reported(process, folder, 20, signal.SIGKILL)
    moved.parent.mkdir()
    shutil.move(folder, moved)
    assert call("resume", moved).returncode == 0
    assert len(outcome_of(moved)) == 30
    check_each_report_once(moved)


def test_a_checkpoint_that_is_gone_or_damaged_sends_its_trial_back(study, tmp_path):
    folder = tmp_path / "out"
    file = study(space=SPACE | {"epochs": 100}, num_samples=2, keep={"best": 0, "last": 2})
    strike_when_it_has_reported(start("run", file, "--out", folder), folder, 50, signal.SIGINT)
    first, second = (sorted((folder / "trials" / n).glob("checkpoint_*")) for n in ("00000", "00001"))
    shutil.rmtree(first[-1])
    for checkpoint in second:
        (checkpoint / "metadata.json").write_text("{")
    done = call("resume", folder)
    assert done.returncode == 0
    assert f"{first[-1]} is missing or damaged: trial 00000 goes on" in done.stderr
    assert [t["iterations"] for t in outcome_of(folder)] == [100, 100]
    again = {e["trial"]: e for e in events_of(folder) if e["kind"] == "trial_started"}
    assert again["00000"]["from_iteration"] > 0
    assert again["00001"]["from_iteration"] == 0
    check_each_report_once(folder)


def test_what_cannot_go_on_is_refused(study, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    done = call("resume", empty)
    assert done.returncode == 4
    assert "holds no study" in done.stderr
    file = json.loads(Path(study()).read_text())
    del file["trainable"]
    plain = tmp_path / "plain.json"
    plain.write_text(json.dumps(file))
    for asked_for in (plain, study()):  # also where the file names who could train it
        asked = tmp_path / f"asked for {Path(asked_for).name}"
        assert call("ask", asked_for, "--dir", asked).returncode == 0
        done = call("resume", asked)
        assert done.returncode == 4
        assert "go on with `troupe ask`" in done.stderr
    folder = tmp_path / "out"
    assert call("run", study(), "--out", folder).returncode == 0
    other = subprocess.run([PROGRAM, "resume", folder], capture_output=True, text=True, timeout=60)
    assert other.returncode == 2
    assert '"toy", which this program does not have' in other.stderr
    assert "go on with the program that began it: troupe_toy" in other.stderr


def test_whoever_goes_on_waits_for_one_that_is_dying(study, tmp_path):
    folder = tmp_path / "out"
    file = study(space=WELL | {"epochs": 3, "pace_ms": 200}, num_samples=2)
    with running(file, folder) as first:
        read_until("trial_reported", first.stdout)
        second = start("resume", folder)
        first.kill()
        _, said = second.communicate(timeout=60)
    assert second.returncode == 0, said
    assert [t["iterations"] for t in outcome_of(folder)] == [3, 3]


def test_only_one_process_goes_on_with_a_study(study, tmp_path):
    folder = tmp_path / "out"
    waiting = study(space=WELL | {"behaviour": "wait"}, num_samples=1)
    process = start("run", waiting, "--out", folder)
    try:
        while not (folder / "study.db").exists():
            time.sleep(0.01)
        done = call("resume", folder)
        assert done.returncode == 4
        assert "is in use by" in done.stderr
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)
