"""study.db as Optuna and its dashboard see it (the toy's path is in TOY)."""

import json
import math
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import warnings
from pathlib import Path

import optuna
import pytest
from optuna.trial import TrialState
from toys import TOY, call, events_of, study  # noqa: F401 (a fixture)

optuna.logging.set_verbosity(optuna.logging.ERROR)

X = {"x": {"uniform": [0, 1]}}
STATES = {
    "completed": {TrialState.COMPLETE},
    "stopped": {TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL},
    "failed": {TrialState.FAIL},
    "interrupted": {TrialState.RUNNING},
    "running": {TrialState.RUNNING},
    "paused": {TrialState.RUNNING},
    "pending": {TrialState.WAITING, TrialState.RUNNING},
}


def url(folder):
    return f"sqlite:///{folder}/study.db"


def load(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Optuna warns of distributions that it had to correct
        opened = optuna.load_study(study_name=None, storage=url(folder))
        assert [t.number for t in opened.trials] == list(range(len(opened.trials)))
    return opened


def run(study_path, *more, code=0):
    folder = Path(study_path).parent / "out"
    done = call("run", study_path, "--out", folder, *more)
    assert done.returncode == code, done.stderr
    return folder


def summary_of(folder):
    return json.loads((folder / "summary.json").read_text())


def at(config, path):
    for part in path.split("/"):
        if not isinstance(config, dict) or part not in config:
            return None
        config = config[part]
    return config


def reports_of(folder):
    """Returns the metrics of the trials' reports, by id and iteration; later ones replace earlier ones."""
    reports = {}
    for event in events_of(folder):
        if event["kind"] == "trial_reported":
            reports.setdefault(event["trial"], {})[event["iteration"]] = event["metrics"]
    return reports


def same(a, b):
    return a == b or (math.isnan(a) and math.isnan(b))


def check_agreement(folder, metric="loss"):
    """Compares what Optuna reads with what Troupe says; returns Optuna's study."""
    seen, summary, reports = load(folder), summary_of(folder), reports_of(folder)
    by_id = {t.user_attrs["id"]: t for t in seen.trials}
    assert sorted(by_id) == [t["id"] for t in summary["trials"]]
    for told in summary["trials"]:
        trial = by_id[told["id"]]
        assert trial.state in STATES[told["state"]], (told, trial)
        assert trial.user_attrs.get("reason", "") == told["reason"]
        for name, value in trial.params.items():
            distribution = trial.distributions[name]
            assert distribution._contains(distribution.to_internal_repr(value)), (name, value)
            assert value == at(told["config"], name)
        own = {i: float(m[metric]) for i, m in reports.get(told["id"], {}).items() if metric in m}
        assert trial.intermediate_values.keys() == own.keys()
        assert all(same(v, own[i]) for i, v in trial.intermediate_values.items())
        if trial.state == TrialState.COMPLETE:
            assert trial.value == told["metrics"][metric]
        if trial.state != TrialState.RUNNING:
            assert 0 <= (trial.datetime_complete - trial.datetime_start).total_seconds() < 600
    best = summary["best"]
    if best and by_id[best["id"]].state == TrialState.COMPLETE:
        assert seen.best_value == best["metrics"][metric]
        assert seen.best_trial.user_attrs["id"] == best["id"]
    return seen


def count(seen, state):
    return sum(t.state == state for t in seen.trials)


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


def asked_and_told(path, folder, times):
    """Trains as many trials of a study as its client, and returns their parameters by id."""
    params = {}
    for _ in range(times):
        asked = json.loads(call("ask", path, "--dir", folder).stdout)
        assert call("tell", folder, asked["id"], asked["params"]["x"]).returncode == 0
        params[asked["id"]] = asked["params"]
    return params


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


def wait_for(what, process):
    """Waits until `what()` is true, while `process` runs."""
    deadline = time.monotonic() + 60
    while not what():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_study_can_be_looked_at_while_it_runs(study):
    space = X | {"behaviour": {"grid_search": ["well", "wait"]}}
    path = study(space=space, num_samples=2, max_concurrent=3, cpus=3)
    folder = Path(path).parent / "out"
    process = subprocess.Popen(
        [TOY, "run", path, "--out", folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        wait_for((folder / "study.json").exists, process)

        def states():
            return [t.state for t in load(folder).trials]

        wait_for(lambda: states().count(TrialState.COMPLETE) == 2, process)
        wait_for(lambda: states().count(TrialState.RUNNING) == 2, process)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert count(check_agreement(folder), TrialState.RUNNING) == 2


def test_optuna_can_go_on_with_a_study_and_troupe_after_it(study, tmp_path):
    space = X | {"n": {"randint": [0, 9]}}
    path, folder, copy = study(space=space, num_samples=20), tmp_path / "asked", tmp_path / "copy"

    asked_and_told(path, folder, 5)
    open_trial = json.loads(call("ask", path, "--dir", folder).stdout)
    shutil.copytree(folder, copy)
    theirs = load(copy)
    theirs.set_user_attr("note", "mine")

    def objective(trial):
        return trial.suggest_float("x", 0, 1) + trial.suggest_int("n", 0, 8)

    theirs.optimize(objective, n_trials=2)
    theirs.enqueue_trial({"x": 0.5, "n": 3})
    optuna.create_study(storage=url(copy), study_name="another").optimize(objective, n_trials=1)
    asked_and_told(path, copy, 3)
    assert call("tell", copy, open_trial["id"], 0.25).returncode == 0

    seen = optuna.load_study(study_name="toys", storage=url(copy))
    assert [t.number for t in seen.trials] == list(range(12))
    ours = [t.user_attrs.get("id") for t in seen.trials]
    assert ours == [f"{n:05}" for n in range(6)] + [None] * 3 + [f"{n:05}" for n in range(6, 9)]
    expected = [TrialState.COMPLETE] * 8 + [TrialState.WAITING] + [TrialState.COMPLETE] * 3
    assert [t.state for t in seen.trials] == expected
    assert seen.trials[5].value == 0.25
    for before, after in zip(theirs.trials[6:8], seen.trials[6:8]):
        assert (before.params, before.value) == (after.params, after.value)
    assert seen.user_attrs["note"] == "mine"
    assert len(optuna.load_study(study_name="another", storage=url(copy)).trials) == 1
    assert call("events", copy).returncode == 0


def test_the_sample_that_waits_keeps_its_parameters_if_optuna_takes_it(study, tmp_path):
    # Pending trials exist when a scheduler likes to choose among several.
    hyperband = {"name": "hyperband", "max_t": 9}
    path, folder = study(scheduler=hyperband, num_samples=9), tmp_path / "asked"
    assert call("ask", path, "--dir", folder).returncode == 0
    seen = load(folder)
    waiting = [t for t in seen.trials if t.state == TrialState.WAITING]
    assert waiting
    taken = seen.ask()
    assert taken.number == waiting[0].number
    assert taken.suggest_float("x", 0, 1) == waiting[0].params["x"]


def fetched(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        assert answer.status == 200
        return json.load(answer)


def test_the_dashboard_serves_a_study(study):
    folder = run(study(space=X | {"epochs": {"choice": [5, 9]}}, num_samples=12))
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    program = Path(sys.executable).parent / "optuna-dashboard"
    process = subprocess.Popen(
        [program, url(folder), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:

        def answers():
            try:
                return bool(fetched(port, "/api/studies"))
            except (urllib.error.URLError, ConnectionError):
                return False

        wait_for(answers, process)
        (listed,) = fetched(port, "/api/studies")["study_summaries"]
        assert (listed["study_id"], listed["study_name"]) == (1, "toys")
        detail = fetched(port, "/api/studies/1")
        assert detail["objective_names"] == ["loss"]
        assert len(detail["trials"]) == 12
        seen = load(folder)
        for shown, trial in zip(detail["trials"], seen.trials):
            assert shown["state"].capitalize() == trial.state.name.capitalize()
            assert {p["name"] for p in shown["params"]} == set(trial.params)
            steps = {v["step"]: v["value"] for v in shown["intermediate_values"]}
            assert steps == trial.intermediate_values
        importances = fetched(port, "/api/studies/1/param_importances")["param_importances"]
        assert {p["name"] for p in importances[0]} == {"x", "epochs"}
    finally:
        process.kill()
        process.wait()
