"""study.db while others use it: Optuna, its dashboard, and Troupe in turn (the toy's path is in TOY)."""

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import optuna
from optuna.trial import TrialState
from optuna_reading import X, asked_and_told, check_agreement, count, load, run, url
from toys import TOY, call, study  # noqa: F401 (a fixture)


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
    # Those two are known results to whoever asks next; the one that waits is nobody's.
    assert ours == [f"{n:05}" for n in range(8)] + [None] + [f"{n:05}" for n in range(8, 11)]
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
        [sys.executable, program, url(folder), "--host", "127.0.0.1", "--port", str(port)],
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
