"""study.db as Optuna sees it when a study has ended (the toy's path is in TOY)."""

import contextlib
import json
import math
import sqlite3

import optuna
import pytest
from optuna.trial import TrialState
from optuna_reading import X, asked_and_told, at, check_agreement, count, load, run, summary_of
from toys import call, events_of, study  # noqa: F401 (a fixture)

SPACE = X | {
    "epochs": 2,
    "layers": {"randint": [1, 4]},
    "width": {"lograndint": [1, 100]},
    "even": {"qrandint": [2, 10, 2]},
    "powers": {"qlograndint": [4, 64, 4]},
    "rate": {"loguniform": [1e-5, 1e-1]},
    "dropout": {"quniform": [0.1, 0.7, 0.1]},
    "decay": {"qloguniform": [0.01, 0.5, 0.01]},
    "shift": {"randn": [0, 1]},
    "steps": {"qrandn": [0, 1, 0.1]},
    "nested": {"momentum": {"float": {"low": 0.1, "high": 0.95, "step": 0.2}}, "bits": {"int": {"low": 1, "high": 8}}},
    "kind": {"choice": ["sgd", "adam", None, 3]},
    "beta": {"uniform": [0.8, 1], "when": {"kind": "adam"}},
    "shape": {"choice": [[1, 2], {"a": 3}]},
    "both": {"expr": "x + layers"},
}


@pytest.mark.parametrize("searcher", ["random", "tpe", "sobol"])
def test_every_law_comes_as_its_distribution(study, tmp_path, searcher):
    path = study(space=SPACE, num_samples=20, searcher={"name": searcher})
    told = asked_and_told(path, tmp_path / "asked", 15)
    seen = load(tmp_path / "asked")
    assert [t.user_attrs["id"] for t in seen.trials] == list(told)
    for trial in seen.trials:
        assert trial.state == TrialState.COMPLETE
        config = told[trial.user_attrs["id"]]
        names = {"x", "layers", "width", "even", "powers", "rate", "dropout", "decay", "shift", "steps", "kind"}
        names |= {"nested/momentum", "nested/bits", "shape"} | ({"beta"} if config["kind"] == "adam" else set())
        assert set(trial.params) == names
        for name in names - {"shape"}:
            value = at(config, name)
            assert trial.params[name] == (pytest.approx(value, rel=1e-15) if name == "dropout" else value)
            assert type(trial.params[name]) is type(value)
            distribution = trial.distributions[name]
            assert distribution._contains(distribution.to_internal_repr(trial.params[name])), name
        assert json.loads(trial.params["shape"]) == config["shape"]
        assert trial.user_attrs["param:both"] == config["both"]
    assert seen.user_attrs["constants"] == {"epochs": 2}
    assert seen.metric_names == ["loss"]


def test_values_from_elsewhere_stand_beside_the_parameters(study):
    points = [{"x": 7.5}, {"x": 0.5}]
    seen = load(run(study(points_to_evaluate=points, num_samples=3)))
    assert seen.trials[0].params == {}
    assert seen.trials[0].user_attrs["param:x"] == 7.5
    assert seen.trials[1].params == {"x": 0.5}


def test_a_plain_study_is_complete(study):
    seen = check_agreement(run(study(num_samples=6)))
    assert count(seen, TrialState.COMPLETE) == 6
    assert seen.direction == optuna.study.StudyDirection.MINIMIZE
    assert all(t.user_attrs["metric:accuracy"] == 1 - t.params["x"] / 3 for t in seen.trials)


def test_a_reader_that_has_the_files_bytes_alone_sees_all(study):
    """As those in browsers and editors do, SQLite in WebAssembly: no log beside the file, no shared memory."""
    folder = run(study(num_samples=6))
    assert [f.name for f in folder.glob("study.db*")] == ["study.db"]
    data = (folder / "study.db").read_bytes()
    assert data[18:20] == b"\x01\x01"  # a rollback journal: one that is written ahead cannot be opened there
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(data)
        value = dict(database.execute("SELECT trial_id, value FROM trial_values WHERE objective = 0"))
        states = [state for (state,) in database.execute("SELECT state FROM trials ORDER BY number")]
        assert database.execute("SELECT schema_version FROM version_info").fetchone() == (12,)
        reports = database.execute("SELECT count(*) FROM trial_intermediate_values").fetchone()
    seen = load(folder)
    assert [value[t._trial_id] for t in seen.trials] == [t.value for t in seen.trials]
    assert states == ["COMPLETE"] * 6
    assert reports == (sum(len(t.intermediate_values) for t in seen.trials),)


def test_what_asha_stops_is_pruned_and_what_reaches_max_t_is_complete(study):
    asha = {"name": "asha", "max_t": 4, "grace_period": 1, "reduction_factor": 2}
    folder = run(study(space=X | {"epochs": 9}, scheduler=asha, num_samples=12))
    seen = check_agreement(folder)
    pruned = count(seen, TrialState.PRUNED)
    assert pruned > 0
    assert count(seen, TrialState.COMPLETE) == 12 - pruned
    for trial in seen.trials:
        assert (trial.state == TrialState.COMPLETE) == (4 in trial.intermediate_values)
        assert trial.value == trial.intermediate_values[max(trial.intermediate_values)]


def test_a_stop_rule_completes(study):
    seen = check_agreement(run(study(space=X | {"epochs": 50}, stop={"loss": 0.2}, num_samples=4)))
    assert count(seen, TrialState.COMPLETE) == 4


def test_failures_and_nan_are_failures(study):
    space = X | {"behaviour": {"grid_search": ["throw", "nan", "well", "no_metric"]}}
    seen = check_agreement(run(study(space=space, num_samples=1, max_failures=1), code=3))
    states = {t.params["behaviour"]: t.state for t in seen.trials}
    assert states.pop("well") == TrialState.COMPLETE
    assert set(states.values()) == {TrialState.FAIL}
    by_name = {t.params["behaviour"]: t for t in seen.trials}
    assert by_name["throw"].user_attrs["reason"] == "the toy is broken"
    assert by_name["throw"].user_attrs["attempt"] == 2
    assert math.isnan(by_name["nan"].intermediate_values[1])
    assert by_name["nan"].values is None


def test_population_based_training_shows_the_present_parameters(study):
    pbt = {
        "name": "pbt",
        "perturbation_interval": 2,
        "hyperparam_mutations": {"x": {"uniform": [0, 1]}},
        "time_attr": "training_iteration",
        "synch": True,
    }
    folder = run(study(space=X | {"epochs": 12}, scheduler=pbt, num_samples=4, max_concurrent=4, cpus=4))
    assert any(e["kind"] == "trial_exploited" for e in events_of(folder))
    seen = load(folder)
    for told, trial in zip(summary_of(folder)["trials"], seen.trials):
        now = told["config"]["x"]
        assert trial.params.get("x", trial.user_attrs.get("param:x")) == now
        assert trial.value == told["metrics"]["loss"]


def test_several_objectives_and_constraints(study, tmp_path):
    path = study(metric=["loss", "size"], mode=["min", "max"], constraints=["c"], num_samples=9)
    folder = tmp_path / "asked"
    told = {}
    for n in range(8):
        asked = json.loads(call("ask", path, "--dir", folder).stdout)
        x = asked["params"]["x"]
        told[asked["id"]] = ([x, (x - 0.5) ** 2], x - 0.6)
        assert call("tell", folder, asked["id"], *told[asked["id"]][0], x - 0.6).returncode == 0
    seen = load(folder)
    assert [d.name for d in seen.directions] == ["MINIMIZE", "MAXIMIZE"]
    assert seen.metric_names == ["loss", "size"]
    for trial in seen.trials:
        values, constraint = told[trial.user_attrs["id"]]
        assert trial.values == values
        assert trial.system_attrs["constraints"] == [constraint]
    feasible = {i for i, (_, c) in told.items() if c <= 0}
    best = {t.user_attrs["id"] for t in seen.best_trials}
    assert best and best <= feasible
    call("ask", path, "--dir", folder)
    assert load(folder).trials[-1].state == TrialState.RUNNING


def test_optuna_goes_on_with_several_objectives_of_which_some_were_pruned(study, tmp_path):
    moasha = {"name": "moasha", "max_t": 4, "reduction_factor": 2}
    path, folder = study(metric=["loss", "size"], mode=["min", "max"], scheduler=moasha), tmp_path / "asked"
    for n in range(4):
        asked = json.loads(call("ask", path, "--dir", folder).stdout)
        call("tell", folder, asked["id"], n, -n, "--step", 1)
    seen = load(folder)
    assert count(seen, TrialState.PRUNED) > 0
    seen.sampler = optuna.samplers.TPESampler(n_startup_trials=1)
    seen.optimize(lambda trial: (trial.suggest_float("x", 0, 1), 1), n_trials=2)
    assert count(seen, TrialState.COMPLETE) == 2
