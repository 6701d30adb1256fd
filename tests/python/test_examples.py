"""The examples that train from outside, on synthetic images (their folder is in EXAMPLES)."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from crashes import check_no_step_is_lost, interrupt_after

ROOT = Path(__file__).parents[2]
BUILT = Path(os.environ["EXAMPLES"])


def call(example, *arguments, cwd):
    return subprocess.run(
        [BUILT / example / example, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=300,
        check=False,
    )


def run(example, folder, *arguments):
    """Runs an example's own study and returns its results, its events and what it printed."""
    study = ROOT / "examples" / example / "study.json"
    done = call(
        example, "run", study, "--set", "trainable/data=synthetic", "--cpus", 2, "--events", *arguments,
        cwd=folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    events = [json.loads(line) for line in lines if line.startswith('{"seq"')]
    results = json.loads((folder / "results" / example / "summary.json").read_text())
    return results, events, "\n".join(line for line in lines if not line.startswith('{"seq"'))


def of_kind(events, kind):
    return [e for e in events if e["kind"] == kind]


def check_what_is_printed(results, printed, trials):
    assert printed.startswith(f"Number of trials: {trials} (")
    assert f"| {results['best']['id']} |" in printed
    best = results["best"]["metrics"]
    assert f"Best trial final validation accuracy: {best['accuracy']}" in printed
    test = float(re.search(r"^Best trial test set accuracy: (.*)$", printed, flags=re.MULTILINE)[1])
    assert best["accuracy"] > 0.4
    assert test > 0.4


def check_last_checkpoints(folder, results, events):
    """Every trial that has run ends with the checkpoint of its last report on the disk."""
    last = {e["trial"]: e for e in of_kind(events, "trial_reported")}
    for trial in results["trials"]:
        report = last[trial["id"]]
        assert report["iteration"] == trial["iterations"]
        saved = folder / "trials" / trial["id"] / f"checkpoint_{report['takes']:06}"
        assert {p.name for p in saved.iterdir()} >= {"model.safetensors", "optimizer.safetensors"}


def test_mnist_trains_once_by_its_options(tmp_path):
    arguments = ["--data", "synthetic", "--epochs", 3, "--lr", 0.05, "--momentum", 0.8]
    done = call("mnist", *arguments, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = re.findall(r"^epoch (\d): loss (.*), accuracy (.*)$", done.stdout, flags=re.MULTILINE)
    assert [number for number, _, _ in found] == ["1", "2", "3"]
    assert float(found[2][1]) < float(found[0][1])
    assert float(found[2][2]) > 0.4
    assert list(tmp_path.iterdir()) == []
    assert call("mnist", *arguments, cwd=tmp_path).stdout == done.stdout
    assert call("mnist", *arguments, "--seed", 2, cwd=tmp_path).stdout != done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--epoch", 3], "usage: mnist [--batch-size VALUE]"),
        (["--epochs"], "usage: mnist"),
        (["--lr", "fast"], '"fast" is no such number'),
        (["--data", "emnist"], 'no images called "emnist"'),
    ],
)
def test_mnist_says_what_is_wrong_with_its_options(tmp_path, arguments, said):
    done = call("mnist", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr


def test_mnist_is_tuned_by_the_same_options(tmp_path):
    results, events, printed = run("mnist", tmp_path, "--set", "stop={}")
    check_what_is_printed(results, printed, 10)
    for trial in results["trials"]:
        assert set(trial["config"]) == {"lr", "momentum", "batch_size", "epochs"}
        assert trial["config"]["batch_size"] == 64  # the program's default
    assert max(t["iterations"] for t in results["trials"]) == 8
    assert min(t["iterations"] for t in results["trials"]) < 8  # ASHA stopped it
    check_last_checkpoints(tmp_path / "results/mnist", results, events)


def test_an_option_that_mnist_does_not_have_cannot_be_tuned(tmp_path):
    study = ROOT / "examples/mnist/study.json"
    done = call("mnist", "run", study, "--set", 'space/dropout={"uniform": [0, 1]}', cwd=tmp_path)
    assert done.returncode == 2
    assert "space/dropout" in done.stderr


def test_in_pbt_convnet_the_worst_go_on_as_the_best(tmp_path):
    stop = json.dumps({"training_iteration": 20})
    together = ("--set", "scheduler/synch=true")  # else the first may be at its end before the last has begun
    results, events, printed = run("pbt_convnet", tmp_path, "--set", f"stop={stop}", *together)
    check_what_is_printed(results, printed, 4)
    assert [t["iterations"] for t in results["trials"]] == [20] * 4
    taken = of_kind(events, "trial_exploited")
    assert taken
    for e in taken:
        assert e["donor"] != e["trial"]
        start = next(
            s for s in of_kind(events, "trial_started") if s["trial"] == e["trial"] and s["seq"] > e["seq"]
        )
        assert start["from_iteration"] == e["iteration"]
        log = (tmp_path / "results/pbt_convnet/trials" / e["trial"] / "log.txt").read_text()
        assert f"from iteration {e['iteration']} on: lr {e['config']['lr']:.6f}" in log
    configs = {e["trial"]: e["config"] for e in of_kind(events, "trial_added") + taken}
    assert {t["id"]: t["config"] for t in results["trials"]} == configs
    check_last_checkpoints(tmp_path / "results/pbt_convnet", results, events)


def test_mnist_class_pauses_goes_on_and_ends_with_checkpoints(tmp_path):
    results, events, printed = run("mnist_class", tmp_path, "--set", "stop={}")
    check_what_is_printed(results, printed, 20)
    where = check_no_step_is_lost(events)
    assert any(e["from_iteration"] > 0 for e in of_kind(events, "trial_started"))
    assert of_kind(events, "trial_paused")
    assert max(where.values()) == 9
    check_last_checkpoints(tmp_path / "results/mnist_class", results, events)
    assert (tmp_path / "results/mnist_class" / results["best"]["checkpoint"]).is_dir()


def losses_of(folder):
    """What every trial of a study has reported, report by report."""
    reports = {path.parent.name: path.read_text().splitlines() for path in folder.glob("trials/*/result.json")}
    return {trial: [json.loads(line)["loss"] for line in lines] for trial, lines in reports.items()}


def test_adam_and_its_schedule_go_on_with_equal_losses(tmp_path):
    study = ROOT / "examples/adam/study.json"
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    done = call("adam", "run", study, "--cpus", 2, "--out", whole, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    expected = losses_of(whole)
    assert [len(losses) for losses in expected.values()] == [20] * 6
    assert all(min(losses[10:]) < losses[0] for losses in expected.values())

    for reports in (7, 30, 25):
        interrupt_after([BUILT / "adam/adam", "run", study, "--cpus", 2, "--out", parts, "--resume", "--events"], reports)
    done = call("adam", "resume", parts, "--events", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"seq"')]
    assert any(e["from_iteration"] > 0 for e in of_kind(events, "trial_started"))
    assert losses_of(parts) == expected
