"""Studies that begin with what one of Optuna's has found out (the toy's path is in TOY)."""

import json

import optuna
import pytest

from toys import WELL, call, events_of, study  # noqa: F401  # study is a fixture

optuna.logging.set_verbosity(optuna.logging.ERROR)


@pytest.fixture
def past(tmp_path):
    """A file with two studies of Optuna's; the one called "past" has eight trials, of which one has failed and one lacks x."""
    file = tmp_path / "optuna.db"
    storage = f"sqlite:///{file}"
    optuna.create_study(study_name="other", storage=storage, direction="maximize")
    one = optuna.create_study(study_name="past", storage=storage, sampler=optuna.samplers.RandomSampler(seed=1))

    def objective(trial):
        if trial.number == 5:
            raise ValueError("broken")
        if trial.number == 6:
            return trial.suggest_float("y", 0, 1)
        return (trial.suggest_float("x", 0, 1) - 0.3) ** 2

    one.optimize(objective, n_trials=8, catch=ValueError)
    return file, one


def test_what_optuna_has_found_out_is_known(study, tmp_path, past):
    file, one = past
    new = tmp_path / "new"
    path = study(space=WELL | {"epochs": 2}, searcher={"name": "tpe"}, num_samples=3)
    done = call("fork", "--optuna", file, "--study", "past", path, "--out", new)
    assert done.returncode == 0, done
    assert f"{new}: 6 trials of {file} known" in done.stderr
    assert "left out: 1 trial: their configurations are none of the new space" in done.stderr
    resumed = call("resume", new, "--json")
    assert resumed.returncode == 0, resumed.stderr
    trials = json.loads(resumed.stdout)["trials"]
    completed = [t for t in one.trials if t.state.name == "COMPLETE" and "x" in t.params]
    assert [(t["config"]["x"], t["metrics"]["loss"]) for t in trials[:6]] == [
        (t.params["x"], t.value) for t in completed
    ]
    assert [t["config"]["epochs"] for t in trials] == [2] * 9
    assert [t["iterations"] for t in trials] == [1] * 6 + [2] * 3
    assert [e["by"] for e in events_of(new) if e.get("known")] == [f"Optuna: {file}"] * 6
    assert call("verify", new).returncode == 0


def test_what_is_no_past_is_refused(study, tmp_path, past):
    file, _ = past
    path, new = study(), tmp_path / "new"

    def refused(*arguments):
        done = call("fork", *arguments, path, "--out", new)
        assert not new.exists()
        return done.returncode, done.stderr

    code, said = refused("--optuna", file)
    assert code == 4
    assert "has several studies; name one with --study: other, past" in said
    code, said = refused("--optuna", file, "--study", "nobody")
    assert code == 4
    assert "has no study nobody; it has other, past" in said
    code, said = refused("--optuna", file, "--study", "other")
    assert code == 2
    assert 'maximizes its objective 0, and "mode" says otherwise of "loss"' in said
    text = tmp_path / "text.db"
    text.write_text("no database at all\n" * 100)
    code, said = refused("--optuna", text)
    assert code == 4
    assert "is no file of Optuna's storage" in said
    assert refused("--optuna", tmp_path / "none.db")[0] == 4
    assert refused("--study", "past")[0] == 2
