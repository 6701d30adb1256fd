"""`troupe simulate` from outside (the program's path in TOY)."""

import json
import os
import subprocess

import pytest

TOY = os.environ["TOY"]
STUDY = {
    "space": {"lr": {"loguniform": [1e-4, 1]}, "width": {"choice": [16, 32, 64]}},
    "metric": "loss",
    "num_samples": 12,
    "scheduler": {"name": "hyperband", "max_t": 9},
}
KEYS = [
    "makespan_s",
    "idle_share",
    "best",
    "iterations",
    "trials_stopped",
    "best_over_time",
    "wall_s",
    "peak_rss_mb",
]


@pytest.fixture
def study(tmp_path):
    """Writes a study; keyword arguments replace its keys."""

    def write(**changes):
        path = tmp_path / "study.json"
        path.write_text(json.dumps(STUDY | changes))
        return path

    return write


def call(command, *arguments, cwd=None):
    return subprocess.run(
        [TOY, command, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, timeout=120
    )


def simulate(*arguments):
    done = call("simulate", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_json_has_the_promised_keys_and_repeats_itself(study):
    arguments = (study(), "--trials", 40, "--workers", 4, "--curve", "crossing", "--seed", 7)
    first, second = simulate(*arguments), simulate(*arguments)
    assert list(first) == KEYS
    for key in ("wall_s", "peak_rss_mb"):
        assert first.pop(key) > 0 and second.pop(key) > 0
    assert first == second
    assert 0 <= first["idle_share"] < 1
    assert 40 <= first["iterations"] < 40 * 9
    assert 0 < first["trials_stopped"] < 40
    times, values = zip(*first["best_over_time"])
    assert list(times) == sorted(times) and times[-1] <= first["makespan_s"]
    assert list(values) == sorted(values, reverse=True) and values[-1] <= first["best"]


def test_the_summary_says_what_a_person_wants_to_know(study):
    done = call("simulate", study(), "--workers", 2, "--curve", "power")
    assert done.returncode == 0
    assert "Trials:        12, " in done.stdout
    assert "Best loss: " in done.stdout
    assert "scheduler hyperband, curves power, seed 0" in done.stderr


def test_a_finished_study_gives_the_curves_of_its_trials(study, tmp_path):
    ran = study(
        trainable={"name": "toy"}, space={"x": {"uniform": [0, 1]}}, scheduler={"name": "fifo"}, num_samples=4
    )
    out = tmp_path / "out"
    assert call("run", ran, "--cpus", 1, "--out", out).returncode == 0
    summary = json.loads((out / "summary.json").read_text())
    again = simulate(ran, "--workers", 1, "--journal", out)
    assert again["best"] == summary["best"]["metrics"]["loss"]
    assert again["iterations"] == sum(t["iterations"] for t in summary["trials"])
    assert again["makespan_s"] == pytest.approx(sum(t["wall_s"] for t in summary["trials"]), abs=1e-6)

    too_many = call("simulate", ran, "--workers", 1, "--trials", 5, "--journal", out)
    assert too_many.returncode == 2 and "only 4 trials" in too_many.stderr
    other = call("simulate", ran, "--workers", 1, "--journal", out, "--set", "metric=height")
    assert other.returncode == 2 and 'do not report "height"' in other.stderr


@pytest.mark.parametrize(
    "arguments, code, said",
    [
        (["--curve", "power"], 2, "--workers is required"),
        (["--workers", "2"], 2, "[--curve,--journal] is required"),
        (["--workers", "2", "--curve", "linear"], 2, "known are crossing, power, exponential"),
        (["--workers", "2", "--journal", "nowhere"], 4, "holds no study"),
        (
            ["--workers", "2", "--curve", "power", "--set", 'scheduler={"name": "asha", "time_attr": "steps"}'],
            2,
            "simulated trials report training_iteration and time_total_s",
        ),
    ],
)
def test_bad_arguments_are_answered(study, arguments, code, said):
    done = call("simulate", study(), *arguments)
    assert done.returncode == code
    assert said in done.stderr
