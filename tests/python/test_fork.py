"""Studies that begin with what others have found out (the toy's path is in TOY)."""

import json
import sqlite3
from pathlib import Path

import pytest
from faults import INJECTOR, KILLED, calls_of, check_sound, copies, struck
from test_faults import moments
from toys import WELL, call, events_of, read_until, running, study  # noqa: F401

TPE = '{"name": "tpe", "n_startup_trials": 2}'
ASHA = '{"name": "asha", "max_t": 3, "grace_period": 1, "reduction_factor": 2}'


def forked(former, new, *changes):
    done = call("fork", former, "--out", new, *(word for c in changes for word in ("--set", c)))
    assert done.returncode == 0, done.stderr
    check_sound(new)
    return done.stderr


def resumed(folder, *more):
    done = call("resume", folder, "--json", *more)
    assert done.returncode == 0, done.stderr
    check_sound(folder)
    return json.loads(done.stdout)["trials"]


def without_times(trials):
    return [{k: t[k] for k in ("state", "reason", "config", "iterations", "metrics")} for t in trials]


@pytest.fixture
def former(study, tmp_path):  # noqa: F811
    """A study of four trials that has ended."""
    folder = tmp_path / "former"
    assert call("run", study(), "--out", folder).returncode == 0
    return folder


def trials_of(folder):
    return json.loads((folder / "summary.json").read_text())["trials"]


def test_known_trials_stay_what_they_were_and_new_ones_come_on_top(former, tmp_path):
    new = tmp_path / "new"
    said = forked(former, new, "num_samples=3", "seed=9")
    assert f"{new}: 4 trials of {former} known\n" in said
    assert "left out" not in said
    assert events_of(new)[0]["num_samples"] == 3
    assert not (new / "summary.json").exists()
    trials = resumed(new)
    assert len(trials) == 7
    assert without_times(trials[:4]) == without_times(trials_of(former))
    assert [t["state"] for t in trials[4:]] == ["completed"] * 3
    assert len(resumed(new, "--num-samples", 4)) == 8


def test_the_former_study_stays_as_it_was(former, tmp_path):
    before = {p: p.read_bytes() for p in former.rglob("*") if p.is_file()}
    forked(former, tmp_path / "new")
    resumed(tmp_path / "new")
    assert {p: p.read_bytes() for p in former.rglob("*") if p.is_file()} == before


def test_the_searcher_learns_of_known_results(former, study, tmp_path):  # noqa: F811
    new, alone = tmp_path / "new", tmp_path / "alone"
    forked(former, new, f"searcher={TPE}", "max_concurrent=1")
    taught = [t["config"] for t in resumed(new)[4:]]
    path = study(searcher=json.loads(TPE), max_concurrent=1)
    assert call("run", path, "--out", alone).returncode == 0
    untaught = [t["config"] for t in trials_of(alone)]
    assert taught[0] != untaught[0]  # which is drawn, for nothing is known yet
    assert {e["seen"] for e in events_of(new) if e["kind"] == "trial_added" and "by" not in e} != {0}


def test_the_scheduler_does_not_judge_known_results(former, tmp_path):
    new = tmp_path / "new"
    forked(former, new, f"scheduler={ASHA}", "stop={\"loss\": 100}")
    trials = resumed(new)
    assert [t["state"] for t in trials[:4]] == ["completed"] * 4
    assert {t["state"] for t in trials[4:]} == {"stopped"}
    judged = [e["trial"] for e in events_of(new) if e["kind"] == "trial_decided"]
    assert judged
    assert min(judged) >= "00004"


@pytest.mark.parametrize("name", ["hyperband", "median", "pbt"])
def test_every_scheduler_goes_on_beside_known_results(former, tmp_path, name):
    options = {
        "hyperband": {"max_t": 3},
        "median": {"time_attr": "training_iteration", "grace_period": 1},
        "pbt": {
            "time_attr": "training_iteration",
            "perturbation_interval": 1,
            "hyperparam_mutations": {"x": {"uniform": [0, 1]}},
        },
    }[name]
    new = tmp_path / "new"
    forked(former, new, "scheduler=" + json.dumps({"name": name} | options))
    trials = resumed(new)
    assert len(trials) == 8
    assert without_times(trials[:4]) == without_times(trials_of(former))


def test_what_does_not_fit_is_left_out_and_counted(former, tmp_path):
    half = tmp_path / "half"
    kept = [t for t in trials_of(former) if t["config"]["x"] < 0.5]
    assert 0 < len(kept) < 4
    said = forked(former, half, "space/x={\"uniform\": [0, 0.5]}")
    assert f"left out: {4 - len(kept)} trial" in said
    assert "none of the new space" in said
    assert without_times(resumed(half)[: len(kept)]) == without_times(kept)
    other = forked(former, tmp_path / "other", "metric=score")
    assert "left out: 4 trials: their last report lacks a metric" in other
    best = tmp_path / "best"
    forked(former, best, "metric=accuracy", "mode=max", "num_samples=1")
    assert len(resumed(best)) == 5


def test_trials_that_have_not_ended_are_left_out(study, tmp_path):  # noqa: F811
    former, new = tmp_path / "former", tmp_path / "new"
    space = WELL | {"behaviour": {"grid_search": ["well", "throw", "wait"]}, "epochs": 2}
    with running(study(num_samples=1, space=space, max_concurrent=3, cpus=3), former) as process:
        read_until("trial_ended", process.stdout, 2)
        said = forked(former, new, "space/behaviour=well")  # while it runs
        process.kill()
        process.communicate(timeout=60)
    assert "1 trial of " in said
    assert "left out: 2 trials: they have failed, or not come to their end" in said
    assert len(resumed(new)) == 2


@pytest.fixture
def asked(study, tmp_path):  # noqa: F811
    """A study without a trainable, whose only trial has told of three steps."""
    path, folder = tmp_path / "asked.json", tmp_path / "asked"
    content = json.loads(Path(study(num_samples=1)).read_text())
    del content["trainable"]
    path.write_text(json.dumps(content))
    assert call("ask", path, "--dir", folder).returncode == 0
    for step, value in ((1, 0.9), (2, 0.8)):
        assert call("tell", folder, 0, value, "--step", step).returncode == 0
    assert call("tell", folder, 0, 0.7).returncode == 0
    return folder


def test_a_study_that_is_asked_for_goes_on_by_asking(asked, tmp_path):
    new = tmp_path / "new"
    said = forked(asked, new)
    assert f"troupe ask {new}/study.json --dir {new}" in said
    told = [e for e in events_of(new) if e["kind"] == "trial_reported"]
    assert [(e["iteration"], e["metrics"]) for e in told] == [
        (1, {"loss": 0.9}),
        (2, {"loss": 0.8}),
        (3, {"loss": 0.7}),
    ]
    ask = ("ask", new / "study.json", "--dir", new)
    trial = call(*ask)
    assert trial.returncode == 0, trial.stderr
    assert json.loads(trial.stdout)["id"] == "00001"
    assert call("tell", new, 1, 0.6).returncode == 0
    assert call(*ask).returncode == 11
    check_sound(new)


def test_optuna_sees_known_results(former, tmp_path):
    new = tmp_path / "new"
    forked(former, new)
    database = sqlite3.connect(new / "study.db")
    states = [row[0] for row in database.execute("SELECT state FROM trials ORDER BY number")]
    database.close()
    assert states == ["COMPLETE"] * 4


def test_what_cannot_be_forked_is_refused(former, tmp_path):
    nowhere = call("fork", tmp_path / "none", "--out", tmp_path / "new")
    assert nowhere.returncode == 4
    assert "holds no study" in nowhere.stderr
    taken = call("fork", former, "--out", former)
    assert taken.returncode == 4
    assert "holds a study already" in taken.stderr
    wrong = call("fork", former, "--out", tmp_path / "new", "--set", "mode=most")
    assert wrong.returncode == 2
    assert "--set mode" in wrong.stderr
    assert not (tmp_path / "new").exists()
    (tmp_path / "other").mkdir()
    (tmp_path / "other/notes.txt").write_text("mine")
    foreign = call("fork", former, "--out", tmp_path / "other")
    assert foreign.returncode == 4
    assert [p.name for p in (tmp_path / "other").iterdir()] == ["notes.txt"]


@pytest.mark.skipif(not INJECTOR, reason="the injector is not built")
@pytest.mark.parametrize("fault", ["kill", "enospc", "eio"])
def test_a_fork_is_there_whole_or_not_at_all(former, tmp_path, fault):
    def command(folder):
        return ["fork", former, "--out", folder]

    count = len(calls_of(copies(None), command))
    for at in moments(count, fault, "fork"):
        parent = tmp_path / f"{fault}{at}"
        parent.mkdir()
        new = parent / "out"
        done = struck(new, command(new), fault, at)
        where = f"{fault} at call {at} of {count}: {done.returncode} {done.stderr}"
        assert done.returncode == KILLED if fault == "kill" else done.returncode in {0, 4}, where
        if not (new / "study.db").exists() or call("resume", new).returncode == 4:
            assert done.returncode != 0, where
            again = call(*command(new))
            assert again.returncode == 0, where + again.stderr
            assert call("resume", new).returncode == 0, where
        check_sound(new)
        assert len([e for e in events_of(new) if e["kind"] == "trial_ended"]) == 8, where
