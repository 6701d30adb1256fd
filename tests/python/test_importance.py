"""`troupe importance` says what Optuna's get_param_importances says of the same study (program in TOY)."""

import json

import optuna
import pytest

from commands import shell, study  # noqa: F401  # study is a fixture
from toys import call

LOSS_IS_X = [*shell('echo "TROUPE {\\"loss\\": $1}"'), "sh", "{x}"]

SPACES = {
    "plain": {"x": {"uniform": [0, 1]}, "y": {"loguniform": [1e-5, 1]}, "n": {"randint": [1, 9]}},
    "steps": {
        "x": {"quniform": [0, 2, 0.1]},
        "n": {"int": {"low": 2, "high": 2000, "log": True}},
        "m": {"int": {"low": 0, "high": 300, "step": 3}},
        "z": {"float": {"low": -1, "high": 1, "step": 0.25}},
        "one": {"int": {"low": 4, "high": 4}},
    },
    "choices": {
        "x": {"choice": [0.1, 0.2, 0.5, 3]},
        "c": {"choice": ["a", "b", "c"]},
        "b": {"choice": [True, False]},
        "single": {"choice": [7]},
    },
    "conditions": {
        "c": {"choice": ["a", "b"]},
        "x": {"uniform": [0, 1]},
        "depth": {"randint": [1, 30], "when": {"c": "a"}},
        "rate": {"loguniform": [1e-3, 1], "when": {"c": "b"}},
        "fixed": 5,
    },
}


@pytest.mark.parametrize("mode", ["min", "max"])
@pytest.mark.parametrize("trials", [3, 25, 200])
@pytest.mark.parametrize("space", SPACES)
def test_it_is_what_optuna_says(study, tmp_path, space, trials, mode):
    out = tmp_path / "out"
    path = study(LOSS_IS_X, space=SPACES[space], num_samples=trials, mode=mode, seed=trials)
    run = call("run", path, "--out", out)
    assert run.returncode == 0, run
    done = call("importance", out, "-f", "json")
    assert done.returncode == 0, done.stderr
    assert ("too few" in done.stderr) == (trials < 20)
    found = {row["parameter"]: row["importance"] for row in json.loads(done.stdout)}
    assert list(found.values()) == sorted(found.values(), reverse=True)
    past = optuna.load_study(study_name=None, storage=f"sqlite:///{out}/study.db")
    assert found == pytest.approx(optuna.importance.get_param_importances(past), rel=1e-9, abs=1e-12)


def test_without_trials_nothing_is_important(study, tmp_path):
    out = tmp_path / "out"
    path = study(shell("exit 1"), num_samples=2)
    assert call("run", path, "--out", out).returncode == 1
    done = call("importance", out, "-f", "json")
    assert (done.returncode, done.stdout) == (0, "[]\n")
    assert done.stderr.startswith("0 trials that ended with a value")
