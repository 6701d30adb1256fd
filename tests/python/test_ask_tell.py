"""Studies whose trials somebody else trains: suggest, ask, tell and preview (program in TOY)."""

import json
import os
import random
import signal
import subprocess

import pytest

TOY = os.environ["TOY"]
TPE = {"name": "tpe", "n_startup_trials": 3}


@pytest.fixture
def study(tmp_path):
    """Writes a study without a trainable; keyword arguments replace its keys."""

    def write(**changes):
        content = {"space": {"x": {"uniform": [0, 1]}}, "metric": "loss", "num_samples": 20} | changes
        path = tmp_path / "study.json"
        path.write_text(json.dumps(content))
        return path

    return write


def call(*arguments, stdin=None):
    return subprocess.run(
        [TOY, *map(str, arguments)], capture_output=True, text=True, timeout=120, input=stdin, check=False
    )


def asked(study, folder, *more):
    done = call("ask", study, "--dir", folder, *more)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def events_of(folder):
    return [json.loads(line) for line in call("events", folder).stdout.splitlines()]


def history(*trials):
    return "".join(json.dumps(t) + "\n" for t in trials)


def test_ask_and_tell_go_through_a_whole_study(study, tmp_path):
    path, folder = study(num_samples=3), tmp_path / "out"
    for n in range(3):
        trial = asked(path, folder)
        assert trial["id"] == f"{n:05}"
        assert 0 <= trial["params"]["x"] < 1
        assert call("tell", folder, trial["id"], -trial["params"]["x"]).returncode == 0
    assert call("ask", path, "--dir", folder).returncode == 11
    summary = json.loads((folder / "summary.json").read_text())
    assert [t["state"] for t in summary["trials"]] == ["completed"] * 3
    best = min(summary["trials"], key=lambda t: t["metrics"]["loss"])
    assert summary["best"]["id"] == best["id"]


def test_nothing_to_suggest_now_is_exit_code_10(study, tmp_path):
    path, folder = study(max_concurrent=1), tmp_path / "out"
    trial = asked(path, folder)
    done = call("ask", path, "--dir", folder)
    assert done.returncode == 10
    assert done.stdout == ""
    assert "nothing to suggest now" in done.stderr
    call("tell", folder, trial["id"], 1)
    assert asked(path, folder)["id"] == "00001"


def test_a_report_is_answered_with_a_word(study, tmp_path):
    asha = {"name": "asha", "max_t": 4, "reduction_factor": 2}
    path, folder = study(scheduler=asha), tmp_path / "out"
    words = set()
    for n in range(6):
        trial = asked(path, folder)
        words.add(call("tell", folder, trial["id"], n, "--step", 1).stdout)
    assert words == {"CONTINUE\n", "STOP\n"}
    done = call("tell", folder, "00000", -5, "--step", 4)
    assert done.stdout == "STOP\n"
    assert "max_t" in done.stderr


def test_what_is_told_wrongly_changes_nothing(study, tmp_path):
    path, folder = study(), tmp_path / "out"
    trial = asked(path, folder)
    before = events_of(folder)
    for wrong, word in [
        (("7", "0.5"), "no trial 00007"),
        (("x", "0.5"), "ID must be"),
        ((trial["id"], "half"), "VALUE must be"),
        ((trial["id"], "0.5", "0.5"), "wants 1 value"),
        ((trial["id"],), "VALUE is missing"),
        ((trial["id"], "0.5", "--fail", "why"), "--fail goes without"),
        ((trial["id"], "0.5", "--stp", "1"), 'unknown option "--stp"; did you mean "--step"?'),
    ]:
        done = call("tell", folder, *wrong)
        assert done.returncode == 2, wrong
        assert word in done.stderr, done.stderr
    assert call("tell", tmp_path / "none", "0", "1").returncode == 4
    assert events_of(folder) == before


def test_what_exited_with_0_survives_sigkill_at_any_moment(study, tmp_path):
    path, folder = study(searcher=TPE, num_samples=1000), tmp_path / "out"
    rng = random.Random(5)
    told = {}
    for _ in range(60):
        command = ["ask", path, "--dir", folder, "--client", "a"]
        process = subprocess.Popen(
            [TOY, *map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        if rng.random() < 0.4:
            try:
                process.wait(rng.random() * 0.03)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        out = process.communicate(timeout=60)[0]
        if process.returncode != 0:
            continue
        trial = json.loads(out)
        loss = rng.random()
        assert call("tell", folder, trial["id"], loss).returncode == 0
        told[trial["id"]] = loss
    ends = [e for e in events_of(folder) if e["kind"] == "trial_reported"]
    assert {e["trial"]: e["metrics"]["loss"] for e in ends} == told
    assert len(told) > 20


def test_several_clients_at_once_get_different_trials(study, tmp_path):
    path, folder = study(num_samples=12), tmp_path / "out"
    command = [TOY, "ask", str(path), "--dir", str(folder)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(12)]
    ids = sorted(json.loads(p.communicate(timeout=60)[0])["id"] for p in processes)
    assert ids == [f"{n:05}" for n in range(12)]


def test_who_waits_for_a_run_is_told_whom_for(study, tmp_path):
    space = {"x": {"uniform": [0, 1]}, "behaviour": "wait"}
    path, folder = study(space=space, trainable={"name": "toy"}, cpus=1), tmp_path / "out"
    command = [TOY, "run", str(path), "--out", str(folder), "--events"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as run:
        while "trial_started" not in run.stdout.readline():
            pass
        with subprocess.Popen(
            [TOY, "tell", str(folder), "00000", "1"], stderr=subprocess.PIPE, text=True
        ) as waiting:
            said = waiting.stderr.readline()
            assert said.startswith(f"{folder} is in use by process {run.pid} (troupe_toy run) on host ")
            assert said.endswith(" UTC; waiting for it, at most 10 s\n")
            run.send_signal(signal.SIGINT)
            run.communicate(timeout=60)
            assert "which trains its trials itself" in waiting.communicate(timeout=60)[1]


def test_an_ask_that_changes_what_stays_is_warned(study, tmp_path):
    path, folder = study(), tmp_path / "out"
    asked(path, folder)
    done = call("ask", path, "--dir", folder, "--set", "durability=off", "--set", "name=new")
    assert done.returncode == 0
    assert f"warning: name, durability: the study keeps what {folder}/study.json says; " in done.stderr
    done = call("ask", path, "--dir", folder, "--set", "num_samples=30")
    assert (done.returncode, done.stderr) == (0, "")


def test_suggest_follows_a_history(study):
    path = study(searcher=TPE)
    past = [
        {"number": n, "state": "COMPLETE", "params": {"x": n / 40}, "value": abs(n / 40 - 0.8)}
        for n in range(40)
    ]
    done = call("suggest", path, "--history", "-", "--count", 50, stdin=history(*past))
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["number"] for line in lines] == list(range(40, 90))
    near = [line for line in lines if abs(line["params"]["x"] - 0.8) < 0.15]
    assert len(near) > 35
    assert call("suggest", path, "--history", "-", "--count", 50, stdin=history(*past)).stdout == done.stdout
    other = call("suggest", path, "--history", "-", "--count", 50, "--seed", 9, stdin=history(*past))
    assert other.stdout != done.stdout


def test_a_wrong_history_is_named_by_line_and_key(study):
    path = study()
    for wrong, word in [
        ('{"number": 0', ":1:"),
        (history({"number": 0, "state": "DONE", "params": {}}), "1: state: must be"),
        (history({"number": 0, "state": "COMPLETE", "params": {}}), "1: values: "),
        (history({"number": -1, "state": "FAIL", "params": {}}), "1: number: "),
        (history({"state": "FAIL", "params": {}}), "1: number: is missing"),
    ]:
        done = call("suggest", path, "--history", "-", stdin=wrong)
        assert done.returncode == 2
        assert word in done.stderr, done.stderr
    done = call("suggest", path, "--history", "nowhere.jsonl")
    assert done.returncode == 2
    assert "nowhere.jsonl" in done.stderr


def test_preview_shows_what_is_certain(study):
    asha = {"name": "asha", "max_t": 16}
    space = {"x": {"uniform": [0, 1]}, "k": {"grid_search": [1, 2, 3]}}
    path = study(space=space, scheduler=asha, num_samples=2, cpus=2)
    seen = json.loads(call("preview", path, "--json").stdout)
    assert seen["trials"] == 6
    assert seen["grid"] == [{"parameter": "k", "points": 3}]
    assert seen["brackets"] == [{"trials": None, "rungs": [1, 4, 16]}]
    assert seen["max_iterations"] == 16
    assert seen["max_concurrent"] == 2
    assert [s["params"]["k"] for s in seen["suggestions"]] == [1, 2, 3, 1, 2]
    assert any("every configuration" in line for line in seen["exact"])
    assert any("asha" in line for line in seen["depends_on_results"])
    text = call("preview", path).stdout
    assert text.startswith("study study: 6 trials, searcher random, scheduler asha, seed 0\n")
    assert "bracket 0: judged at 1, 4, 16\n" in text


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("pbt", {"hyperparam_mutations": {"x": {"uniform": [0, 1]}}}),
        ("pb2", {"hyperparam_bounds": {"x": [0, 1]}}),
        ("pbt_replay", {"policy": [[2, {"x": 0.5}]]}),
    ],
)
def test_a_study_whose_trials_take_over_checkpoints_cannot_be_asked_for(study, tmp_path, name, options):
    done = call("ask", study(scheduler={"name": name} | options), "--dir", tmp_path / "out")
    assert done.returncode == 2
    assert f'scheduler/name: "{name}" lets trials go on from checkpoints' in done.stderr
    assert '"command"' in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("gpus", "each", "at_once"), [(4, 0.7, 4), (8, 0.18, 40), (4, 0.5, 8), (5, 2, 2)]
)
def test_preview_says_how_many_trials_the_gpus_have_room_for(study, gpus, each, at_once):
    path = study(num_samples=100, cpus=100, gpus=gpus, resources={"cpu": 1, "gpu": each})
    assert json.loads(call("preview", path, "--json").stdout)["max_concurrent"] == at_once


def test_preview_checks_the_parameters_of_a_trainable_that_is_named(study):
    done = call("preview", study(trainable={"name": "toy"}, space={"y": 1}, num_sample=3))
    assert done.returncode == 2
    assert 'space/x: is missing: trainable "toy" wants a number >= 0' in done.stderr
    assert "num_sample: " in done.stderr
    assert call("preview", study(trainable={"name": "toy"})).returncode == 0
    assert call("preview", study(trainable={"name": "another program's"}, space={"y": 1})).returncode == 0
    done = call("preview", study(trainable={"name": "another program's"}, num_sample=1))
    assert "num_sample: " in done.stderr
    assert "unknown trainable" not in done.stderr


def test_callbacks_of_the_program_hear_of_what_is_asked_and_told(study, tmp_path):
    notes, out = tmp_path / "notes", tmp_path / "out"
    path = study(num_samples=2, callbacks=[{"name": "notes", "file": str(notes)}])
    first = asked(path, out)["id"]
    assert call("tell", out, first, "2").returncode == 0
    second = asked(path, out)["id"]
    assert call("tell", out, second, "3", "--step", "1").returncode == 0
    assert call("tell", out, second, "4").returncode == 0
    assert notes.read_text().splitlines() == [
        "started 00000", "improved 00000", "ended 00000", "started 00001", "ended 00001",
    ]  # fmt: skip


def test_callbacks_of_another_program_are_left_to_it(study, tmp_path):
    path = study(callbacks=[{"name": "others"}])
    assert asked(path, tmp_path / "out")["id"] == "00000"
