"""What the tests share that look at study.db with Optuna."""

import json
import math
import warnings
from pathlib import Path

import optuna
from optuna.trial import TrialState
from toys import call, events_of

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


def asked_and_told(path, folder, times):
    """Trains as many trials of a study as its client, and returns their parameters by id."""
    params = {}
    for _ in range(times):
        asked = json.loads(call("ask", path, "--dir", folder).stdout)
        assert call("tell", folder, asked["id"], asked["params"]["x"]).returncode == 0
        params[asked["id"]] = asked["params"]
    return params
