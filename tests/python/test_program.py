"""The command line from outside, by a toy that misbehaves on request (path in TOY)."""

import csv
import json
import os
import signal
import subprocess
import time

import pytest

from toys import TOY, WELL, behaving, call, events_of, study  # noqa: F401  # study is a fixture


def test_a_run_prints_the_tutorials_lines_and_keeps_everything(study, tmp_path):
    done = call("run", study(), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "Number of trials: 4 (4 completed)"
    for start in (
        "Best trial config: {",
        "Best trial final validation loss: ",
        "Best trial final validation accuracy: ",
        "Best trial test set accuracy: ",
    ):
        assert sum(line.startswith(start) for line in lines) == 1

    out = tmp_path / "results/toys"
    assert {p.name for p in out.iterdir()} >= {"study.json", "study.db", "summary.json", "trials"}
    trial = out / "trials/00002"
    reports = [json.loads(line) for line in (trial / "result.json").read_text().splitlines()]
    assert [r["training_iteration"] for r in reports] == [1, 2, 3]
    assert all(r["trial_id"] == "00002" for r in reports)
    rows = list(csv.DictReader((trial / "progress.csv").open()))
    assert [float(r["loss"]) for r in rows] == [r["loss"] for r in reports]
    assert json.loads((trial / "params.json").read_text()) == reports[0]["config"]
    assert (trial / "log.txt").read_text().splitlines() == ["epoch 1", "epoch 2", "epoch 3"]
    # The loss falls, so the last report is the best: one checkpoint is both.
    assert [p.name for p in trial.glob("checkpoint_*")] == ["checkpoint_000002"]
    assert (trial / "checkpoint_000002/state.txt").read_text() == "3"


def test_json_is_one_object_with_the_promised_keys(study, tmp_path):
    done = call("run", study(), "--out", tmp_path / "out", "--json")
    results = json.loads(done.stdout)
    assert set(results) == {"name", "trials", "best", "test", "wall_s"}
    assert set(results["trials"][0]) == {
        "id", "state", "reason", "reason_kind", "config", "iterations", "metrics", "wall_s",
    }  # fmt: skip
    best = min(results["trials"], key=lambda t: t["metrics"]["loss"])
    assert results["best"]["id"] == best["id"]
    assert os.path.isdir(results["best"]["checkpoint"])
    summary = json.loads((tmp_path / "out/summary.json").read_text())
    assert summary["trials"] == results["trials"]


def test_events_come_while_it_runs_and_are_the_journal(study, tmp_path):
    done = call("run", study(), "--out", tmp_path / "out", "--events", "--json")
    *lines, results = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines == events_of(tmp_path / "out")
    assert [e["seq"] for e in lines] == list(range(1, len(lines) + 1))
    assert lines[-1]["kind"] == "study_ended"
    assert lines[-1]["best"] == results["best"]["id"]


def test_the_same_study_twice_gives_bit_equal_metrics(study, tmp_path):
    path = study(num_samples=20)
    runs = [
        json.loads(call("run", path, "--out", tmp_path / str(cpus), "--cpus", cpus, "--json").stdout)
        for cpus in (1, 4)
    ]
    for one, two in zip(runs[0]["trials"], runs[1]["trials"], strict=True):
        assert one["config"] == two["config"]
        assert one["metrics"] == two["metrics"]


@pytest.mark.parametrize(
    ("space", "code", "state"),
    [
        (behaving("throw"), 1, "failed"),
        (behaving("no_metric"), 1, "failed"),
        (behaving("nan"), 1, "stopped"),
        (behaving("well", "throw"), 3, "failed"),
        (behaving("well", "nan"), 0, "stopped"),
    ],
)
def test_bad_trials_hurt_themselves_alone(study, tmp_path, space, code, state):
    done = call("run", study(space=space, num_samples=12), "--out", tmp_path / "out", "--json")
    assert done.returncode == code
    for trial in json.loads(done.stdout)["trials"]:
        well = trial["config"]["behaviour"] == "well"
        assert trial["state"] == ("completed" if well else state)
        assert (trial["reason"] == "") == well


def test_a_failed_trial_says_why_in_its_folder(study, tmp_path):
    call("run", study(space=behaving("throw"), max_failures=1), "--out", tmp_path / "out")
    text = (tmp_path / "out/trials/00000/error.txt").read_text()
    assert text.count("the toy is broken\nfar down below") == 2
    assert "Failure # 2" in text


FAULTY = """{
  "trainable": {"name": "toi"},
  "space": {"x": {"loguniform": [0, 1]}, "y": {"choice": []}},
  "metric": "loss",
  "mode": "minimum",
  "schedular": {"name": "asha"},
  "searcher": {"name": "randon"},
  "num_samples": -3,
  "resources": {"cpu": "two"}
}
"""


def test_all_faults_of_a_study_file_are_said_at_once(tmp_path):
    path = tmp_path / "bad.json"
    path.write_text(FAULTY)
    done = call("run", path, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    places = [line.split(": ")[0].rsplit("/", 1)[-1] for line in done.stderr.splitlines()]
    keys = [line.split(": ")[1] for line in done.stderr.splitlines()]
    assert keys == [
        "trainable/name",
        "space/x/loguniform",
        "space/y/choice",
        "mode",
        "schedular",
        "searcher/name",
        "num_samples",
        "resources/cpu",
    ]
    assert [p.split(":")[1] for p in places] == ["2", "3", "3", "5", "6", "7", "8", "9"]
    assert 'did you mean "scheduler"?' in done.stderr
    assert 'did you mean "toy"?' in done.stderr
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"metric": "loss", ', "not JSON"),
        ("[1, 2]", "must be an object"),
        ('{"metric": "loss"}', "trainable: is missing"),
        ('{"metric": "loss", "trainable": {"name": "toy"}}', "space/x: is missing"),
        (
            '{"metric": "loss", "trainable": {"name": "toy"}, "space": {"x": 1}, '
            '"scheduler": {"name": "asha", "max_t": 3, "grace_period": 5}}',
            "grace_period",
        ),
    ],
)
def test_each_kind_of_bad_study_gets_its_message(tmp_path, content, said):
    path = tmp_path / "bad.json"
    path.write_text(content)
    done = call("run", path, cwd=tmp_path)
    assert done.returncode == 2
    assert f"{path}:1:" in done.stderr
    assert said in done.stderr


def test_usage_is_answered_with_2(tmp_path):
    assert call().returncode == 2
    assert call("run").returncode == 2
    assert call("dance").returncode == 2
    assert call("run", "study.json", "--num-samples", "none").returncode == 2
    missing = call("run", tmp_path / "none.json")
    assert missing.returncode == 2
    assert "none.json" in missing.stderr
    assert call("--help").returncode == 0


def test_a_results_folder_is_never_overwritten_unasked(study, tmp_path):
    path = study()
    out = tmp_path / "out"
    assert call("run", path, "--out", out).returncode == 0
    again = call("run", path, "--out", out)
    assert again.returncode == 4
    assert "--overwrite" in again.stderr
    # What cannot run does not destroy what is there.
    assert call("run", path, "--out", out, "--overwrite", "--set", "trainable/data=x").returncode == 6
    assert len(events_of(out)) > 4
    assert call("run", path, "--out", out, "--overwrite", "--num-samples", 1).returncode == 0
    assert len(list((out / "trials").iterdir())) == 1


def test_a_results_folder_in_use_is_refused(study, tmp_path):
    path = study(space=behaving("wait"))
    out = tmp_path / "out"
    with subprocess.Popen([TOY, "run", path, "--out", out], stderr=subprocess.DEVNULL) as first:
        while not (out / "study.db").exists():
            time.sleep(0.01)
        second = call("run", path, "--out", out, "--overwrite")
        first.send_signal(signal.SIGINT)
    assert second.returncode == 4
    assert "in use" in second.stderr
    assert first.returncode == 130


@pytest.mark.parametrize(
    ("changes", "arguments", "code", "said"),
    [
        ({}, ["--device", "cuda:99"], 5, "GPU"),
        ({}, ["--device", "tpu"], 2, "cpu, cuda, cuda:N"),
        ({"resources": {"cpu": 4096}, "cpus": 4096 * 2}, ["--set", "resources/memory_gb=1e6"], 5, "memory"),
        ({"trainable": {"name": "toy", "data": "x"}}, [], 6, "no toys in"),
    ],
)
def test_what_is_not_there_has_its_exit_code(study, tmp_path, changes, arguments, code, said):
    done = call("run", study(**changes), "--out", tmp_path / "out", *arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert not (tmp_path / "out").exists()


def test_more_cpus_per_trial_than_the_machine_has(tmp_path):
    path = tmp_path / "big.json"
    content = {"trainable": {"name": "toy"}, "space": WELL, "metric": "loss"}
    path.write_text(json.dumps(content | {"resources": {"cpu": 4096}}))
    done = call("run", path, "--out", tmp_path / "out")
    assert done.returncode == 5
    assert "resources/cpu: a trial needs 4096 CPUs" in done.stderr


def test_replay_agrees_with_what_was_recorded(tmp_path):
    vectors = os.path.join(os.path.dirname(__file__), "../vectors/asha.jsonl.gz")
    assert call("replay", vectors, "--check").returncode == 0
    printed = call("replay", vectors)
    assert printed.returncode == 0
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text(printed.stdout.replace('"decision": "STOP"', '"decision": "CONTINUE"', 1))
    with wrong.open() as lines:
        check = call("replay", "-", "--check", stdin=lines)
    assert check.returncode == 1
    assert "recorded" in check.stdout


def test_events_of_a_folder_without_a_study(tmp_path):
    done = call("events", tmp_path)
    assert done.returncode == 4
    assert "study.db" in done.stderr
