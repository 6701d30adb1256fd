"""Which report is a trial's best: the key `scope` in all that shows it (program in TOY)."""

import json
import pathlib

import pytest

from commands import python, run, study  # noqa: F401  # study is a fixture
from toys import call

ROOT = pathlib.Path(__file__).parents[2]
PROTOCOL = {
    "protocol": True,
    "env": {"PYTHONPATH": str(ROOT / "examples/command"), "PYTHONDONTWRITEBYTECODE": "1"},
}

# Reports a curve of its own, the second time without a checkpoint.
CURVE = """
import pathlib, sys, troupe_client
trial = troupe_client.Trial()
curve = [[5, 1, 4], [3, 3, 2], [3, 3, 3]][trial.config["k"]]
for step, loss in enumerate(curve):
    folder = None
    if step != 1:
        folder = trial.new_checkpoint()
        (pathlib.Path(folder) / "step").write_text(str(step))
    if not trial.report({"loss": loss, "step": step}, folder):
        break
"""


def curves(study, **changes):
    return study(
        python(CURVE), PROTOCOL, space={"k": {"grid_search": [0, 1, 2]}}, num_samples=1,
        keep={"best": 0, "last": 1}, **changes,
    )  # fmt: skip


def lines_of(text, begin):
    return [line for line in text.splitlines() if line.startswith(begin)]


@pytest.mark.parametrize(
    ("scope", "best", "scores", "iteration", "step"),
    [
        ("last", 1, None, None, 2),
        ("all", 0, [1, 2, 3], 2, 0),
        ("avg", 1, [10 / 3, 8 / 3, 3], None, 2),
        ("last-5-avg", 1, [10 / 3, 8 / 3, 3], None, 2),
    ],
)
def test_the_best_trial_and_its_checkpoint_are_those_of_the_scope(
    study, tmp_path, scope, best, scores, iteration, step
):
    out = tmp_path / "out"
    code, results, said = run(curves(study, scope=scope), out)
    assert code == 0, said
    assert results["best"]["id"] == f"{best:05}"
    assert results["best"].get("iteration") == iteration
    assert results.get("scope") == (None if scope == "last" else scope)
    found = [t.get("score") for t in results["trials"]]
    assert found == ([None] * 3 if scores is None else pytest.approx(scores))
    checkpoint = pathlib.Path(results["best"]["checkpoint"])
    assert (checkpoint / "step").read_text() == str(step)
    summary = json.loads((out / "summary.json").read_text())
    assert out / summary["best"]["checkpoint"] == checkpoint
    assert call("doctor", out).returncode == 0
    assert call("verify", out).returncode == 0


def test_what_is_printed_is_of_the_best_report(study, tmp_path):
    done = call("run", curves(study), "--scope", "all", "--out", tmp_path / "out")
    assert "| best loss |" in done.stdout
    assert "Best trial iteration: 2\n" in done.stdout
    assert "Best trial validation loss: 1.0\n" in done.stdout
    done = call("run", curves(study), "--set", "scope=avg", "--out", tmp_path / "mean")
    assert lines_of(done.stdout, "Best trial avg loss: 2.66")
    assert "Best trial final validation loss: 2.0\n" in done.stdout


def test_a_scope_is_checked_and_cannot_change(study, tmp_path):
    path = curves(study, scope="best")
    done = call("run", path, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert 'scope: must be one of "last", "avg", "last-5-avg", "last-10-avg", "all"' in done.stderr
    done = call("run", curves(study, scope="all", metric=["loss", "step"]), "--out", tmp_path / "out")
    assert "scope: is for one metric" in done.stderr
    assert call("run", curves(study), "--out", tmp_path / "out").returncode == 0
    done = call("resume", tmp_path / "out", "--set", "scope=all")
    assert done.returncode == 2, done.stderr
