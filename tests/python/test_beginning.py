"""A study that cannot be begun ends with one message and the right exit code, and leaves nothing."""

import json
import os
import resource
import signal
import subprocess

import pytest

TOY = os.environ["TOY"]


def begin(tmp_path, limits=(), arguments=(), **changes):
    """Runs a study of the toy in which `changes` are made, under the given resource limits; one that
    hangs fails the test."""
    study = {
        "name": "toys",
        "trainable": {"name": "toy"},
        "space": {"x": {"uniform": [0, 1]}},
        "metric": "loss",
        "num_samples": 2,
        "cpus": 2,
    } | changes
    (tmp_path / "study.json").write_text(json.dumps(study))

    def restrict():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # then what is too large cannot be written
        for limit, value in limits:
            resource.setrlimit(limit, (value, value))

    return subprocess.run(
        [TOY, "run", tmp_path / "study.json", "--out", tmp_path / "out", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=restrict,
        restore_signals=False,
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"scheduler": {"name": "asha", "brackets": 5000}},
        {"scheduler": {"name": "asha", "max_t": 1e9, "reduction_factor": 1.0000001}},
        {"searcher": {"name": "gp"}, "space": {"x": {"grid_search": [1, 2]}}},
    ],
)
def test_a_searcher_or_scheduler_that_cannot_be_built(tmp_path, changes):
    done = begin(tmp_path, **changes)
    assert done.returncode == 2
    assert ("searcher" if "searcher" in changes else "scheduler") in done.stderr
    assert not (tmp_path / "out").exists()


def test_an_expression_that_never_has_a_value_is_a_fault_of_the_study_file(tmp_path):
    done = begin(tmp_path, space={"x": {"expr": "1 // 0"}})
    assert done.returncode == 2
    assert "space/x: expression" in done.stderr and "study.json:1:" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_file_without_end_is_no_study():
    done = subprocess.run([TOY, "preview", "/dev/zero"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "longer than 64 MB" in done.stderr


def test_a_number_of_the_command_line_is_judged_as_in_the_file(tmp_path):
    done = begin(tmp_path, arguments=["--num-samples", "0"])
    assert done.returncode == 2
    assert "--set num_samples: must be a whole number of at least 1; found 0" in done.stderr


def test_an_expression_that_fails_for_a_trial_ends_the_study_with_its_reason(tmp_path):
    space = {"epochs": {"randint": [1, 4]}, "x": {"expr": "({[true] = 1})[epochs < 3]"}}
    done = begin(tmp_path, arguments=["--json"], space=space, num_samples=50)
    assert done.returncode == 2
    assert 'error: the searcher failed: parameter "x":' in done.stderr
    assert json.loads(done.stdout)["trials"], "stdout is the results alone"


def test_more_cpus_than_can_be_counted(tmp_path):
    done = begin(tmp_path, arguments=["--cpus", "1e10"])
    assert done.returncode == 2
    assert "cpus" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_results_folder_without_a_name(tmp_path):
    done = begin(tmp_path, arguments=["--out", ""])
    assert done.returncode == 2
    assert "--out" in done.stderr and "empty" in done.stderr


@pytest.mark.parametrize("size", [0, 1000, 4096, 10_000, 20_000])
def test_a_disk_that_is_full_at_the_start(tmp_path, size):
    done = begin(tmp_path, limits=[(resource.RLIMIT_FSIZE, size)])
    assert done.returncode == 4
    assert str(tmp_path / "out") in done.stderr


@pytest.mark.parametrize("size", range(40_000, 400_000, 24_000))
def test_what_could_not_be_recorded_is_not_shown(tmp_path, size):
    space = {"x": {"uniform": [0, 1]}, "epochs": 3}
    many = {"num_samples": 150, "space": space, "keep": {"best": 1, "last": 1}}
    done = begin(tmp_path, limits=[(resource.RLIMIT_FSIZE, size)], arguments=["--json"], **many)
    if done.returncode == 0:
        return
    assert done.returncode == 4, done.stderr
    if not done.stdout:
        assert "no study can be begun here" in done.stderr
        return
    shown = {t["id"]: t["state"] for t in json.loads(done.stdout)["trials"]}
    if not (tmp_path / "out").exists():
        assert shown == {}
        assert "has nothing of the study" in done.stderr
        return
    events = subprocess.run([TOY, "events", tmp_path / "out"], capture_output=True, text=True, timeout=60)
    recorded = [json.loads(line) for line in events.stdout.splitlines()]
    assert recorded, "a study that was not begun is not left there"
    ended = {e["trial"]: e["state"] for e in recorded if e["kind"] == "trial_ended"}
    assert set(shown) == {e["trial"] for e in recorded if e["kind"] == "trial_added"}
    for trial, state in shown.items():
        assert state == ended.get(trial, "interrupted")
    assert f"go on with: troupe_toy resume {tmp_path}/out" in done.stderr
    resumed = subprocess.run(
        [TOY, "resume", tmp_path / "out", "--json"], capture_output=True, text=True, timeout=60
    )
    assert resumed.returncode == 0, resumed.stderr
    assert len(json.loads(resumed.stdout)["trials"]) == 150


def test_a_folder_that_cannot_be_looked_at(tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    for command in ("events", "resume", "doctor", "verify", "clean"):
        done = subprocess.run([TOY, command, tmp_path / "loop"], capture_output=True, text=True, timeout=60)
        assert done.returncode == 4, done
        assert "filesystem error" not in done.stderr and "loop" in done.stderr


def test_a_disk_without_any_room_is_left_as_it_was(tmp_path):
    begin(tmp_path, limits=[(resource.RLIMIT_FSIZE, 0)])
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("files", range(4, 24))
def test_too_few_descriptors(tmp_path, files):
    done = begin(tmp_path, limits=[(resource.RLIMIT_NOFILE, files)])
    # 2: the study file cannot be read; 127: not even the program's libraries can.
    assert done.returncode in (0, 1, 2, 4, 127)
    assert done.returncode == 0 or done.stderr
