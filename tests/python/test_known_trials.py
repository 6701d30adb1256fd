"""Trials that Optuna appends to study.db are known results when the study goes on (the toy's path is in TOY)."""

import json

import optuna
import pytest
from test_resume import check_each_report_once, outcome_of
from test_verify import verified
from toys import WELL, call, events_of, study

optuna.logging.set_verbosity(optuna.logging.ERROR)
SPACE = WELL | {"epochs": 2, "behaviour": {"choice": ["well", "nan"]}}


def opened(folder):
    storage = optuna.storages.RDBStorage(f"sqlite:///{folder / 'study.db'}")
    name = optuna.get_all_study_names(storage)[0]
    return optuna.load_study(study_name=name, storage=storage)


def append(folder, *points):
    other = opened(folder)
    for x, loss in points:
        other.add_trial(
            optuna.create_trial(
                params={"x": x, "behaviour": "well"},
                distributions={
                    "x": optuna.distributions.FloatDistribution(0, 1),
                    "behaviour": optuna.distributions.CategoricalDistribution(["well", "nan"]),
                },
                value=loss,
            )
        )


@pytest.mark.parametrize("scheduler", [{"name": "fifo"}, {"name": "asha", "max_t": 2}])
def test_two_trials_that_optuna_appends_are_known_results(study, tmp_path, scheduler):
    folder = tmp_path / "out"
    file = study(space=SPACE, searcher={"name": "tpe"}, scheduler=scheduler, seed=5)
    assert call("run", file, "--out", folder).returncode == 0
    before = outcome_of(folder)
    append(folder, (0.25, -1.5), (0.75, 2.5))

    assert call("resume", folder, "--num-samples", 6).returncode == 0
    after = outcome_of(folder)
    assert after[:4] == before
    assert len(after) == 8  # two more in all were asked for, and two are known
    known = after[4:6]
    assert [t["config"]["x"] for t in known] == [0.25, 0.75]
    assert [t["config"]["epochs"] for t in known] == [2, 2]
    assert [t["metrics"]["loss"] for t in known] == [-1.5, 2.5]
    assert [t["state"] for t in known] == ["completed", "completed"]
    added = [e for e in events_of(folder) if e.get("known")]
    assert [(e["trial"], e["by"]) for e in added] == [("00004", "Optuna"), ("00005", "Optuna")]
    check_each_report_once(folder)
    differ, _, said = verified(folder)
    assert differ == 0, said

    # They are the same trials in Optuna's view, once, and are not taken twice.
    assert sorted(t.value for t in opened(folder).trials if t.value in (-1.5, 2.5)) == [-1.5, 2.5]
    assert len(opened(folder).trials) == 8
    assert call("resume", folder).returncode == 0
    assert len(outcome_of(folder)) == 8
    assert call("doctor", folder).returncode == 0


def test_what_has_no_result_is_none_of_the_study(study, tmp_path):
    folder = tmp_path / "out"
    assert call("run", study(space=SPACE), "--out", folder).returncode == 0
    append(folder, (0.5, 0.25))
    other = opened(folder)
    for state in (optuna.trial.TrialState.FAIL, optuna.trial.TrialState.PRUNED):
        other.add_trial(optuna.create_trial(state=state))
    # What it was trained with, nobody knows.
    lacks_x = {"behaviour": optuna.distributions.CategoricalDistribution(["well", "nan"])}
    other.add_trial(
        optuna.create_trial(params={"behaviour": "well"}, distributions=lacks_x, value=-9)
    )
    other.enqueue_trial({"x": 0.5})
    assert call("resume", folder).returncode == 0
    assert [t["metrics"]["loss"] for t in outcome_of(folder)[4:]] == [0.25]
    assert len(opened(folder).trials) == 9  # theirs are kept


def asked(folder, file):
    answer = call("ask", file, "--dir", folder)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)["id"]


def test_whoever_asks_next_learns_what_optuna_has_appended(study, tmp_path):
    folder = tmp_path / "out"
    file = study(space=SPACE, searcher={"name": "tpe"}, num_samples=3, seed=5)
    assert asked(folder, file) == "00000"
    append(folder, (0.25, -1.5), (0.75, 2.5))
    assert asked(folder, file) == "00003"  # the known ones came first
    assert asked(folder, file) == "00004"
    for trial in ("00000", "00003", "00004"):
        assert call("tell", folder, trial, "0.5").returncode == 0
    assert call("ask", file, "--dir", folder).returncode == 11
    states = {t["id"]: t["metrics"]["loss"] for t in outcome_of(folder)}
    assert states == {"00000": 0.5, "00001": -1.5, "00002": 2.5, "00003": 0.5, "00004": 0.5}
    differ, _, said = verified(folder)
    assert differ == 0, said
    assert call("doctor", folder).returncode == 0
