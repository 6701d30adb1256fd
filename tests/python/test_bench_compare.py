"""What bench/compare says of two runs of bench/side_by_side.py, and what that says of two samples."""

import json
import pathlib
import subprocess
import sys

import pytest

BENCH = pathlib.Path(__file__).parents[2] / "bench"
sys.path.insert(0, str(BENCH))

from peers.figure import Figure  # noqa: E402  (the path comes first)
from peers.rank_test import rank_test  # noqa: E402


@pytest.fixture
def compare(tmp_path):
    """Compares two runs, each given by its figures: name, unit, which is better, samples of Troupe."""

    def run(a, b, *options, **about):
        files = []
        for name, figures, where in (("a.json", a, {}), ("b.json", b, about)):
            files.append(tmp_path / name)
            kept = [
                {"name": n, "unit": u, "better": better, "troupe": samples, "peer": [10.0, 10.0]}
                for n, u, better, samples in figures
            ]
            here = {"cpu": "a processor", "cores": 2, "quick": False} | where
            files[-1].write_text(json.dumps({"about": here, "figures": kept, "checks": []}))
        command = [sys.executable, BENCH / "compare", *files, *options]
        return subprocess.run(list(map(str, command)), capture_output=True, text=True)

    return run


def seconds(*samples):
    return [("fit", "s", "less", list(samples))]


def rate(*samples):
    return [("reports", "reports/s", "more", list(samples))]


def test_a_run_is_no_worse_than_itself(compare):
    done = compare(seconds(1.0, 1.1, 1.2), seconds(1.0, 1.1, 1.2))
    assert done.returncode == 0
    assert "| fit | s | 1.1 | 1.1 | 1.00 | 1.00 | noise |" in done.stdout


@pytest.mark.parametrize("of, a, b", [(seconds, (1.0, 1.1), (2.0, 2.2)), (rate, (200, 220), (100, 110))])
def test_what_is_slower_beyond_noise_and_threshold_fails(compare, of, a, b):
    done = compare(of(*a), of(*b))
    assert done.returncode == 1
    assert "| 0.50 | 1.00 | WORSE |" in done.stdout


@pytest.mark.parametrize("of, a, b", [(seconds, (2.0, 2.2), (1.0, 1.1)), (rate, (100, 110), (200, 220))])
def test_what_is_faster_is_better(compare, of, a, b):
    done = compare(of(*a), of(*b))
    assert done.returncode == 0
    assert "| 2.00 | 1.00 | better |" in done.stdout


def test_samples_that_overlap_are_noise_however_far_the_medians(compare):
    done = compare(seconds(1.0, 1.0, 3.0), seconds(2.0, 2.5, 2.6))
    assert done.returncode == 0
    assert "| noise |" in done.stdout


def test_a_single_sample_proves_nothing(compare):
    done = compare(seconds(1.0), seconds(5.0))
    assert done.returncode == 0
    assert "| one sample |" in done.stdout


def test_the_threshold_is_an_option(compare):
    runs = seconds(1.0, 1.01), seconds(1.05, 1.06)
    assert compare(*runs).returncode == 0
    assert "worse, within the threshold" in compare(*runs).stdout
    assert compare(*runs, "--threshold", "2").returncode == 1


def test_a_figure_of_one_run_alone_is_named(compare):
    done = compare(seconds(1.0, 1.1), rate(100, 110))
    assert done.returncode == 0
    assert "| fit | | | | | | only in A |" in done.stdout
    assert "| reports | | | | | | only in B |" in done.stdout


def test_another_machine_is_said(compare):
    done = compare(seconds(1.0, 1.1), seconds(1.0, 1.1), cpu="another")
    assert "not the same cpu: a processor and another" in done.stderr


def test_a_file_of_something_else_is_refused(tmp_path):
    file = tmp_path / "other.json"
    file.write_text('{"trials": []}')
    done = subprocess.run([sys.executable, BENCH / "compare", file, file], capture_output=True, text=True)
    assert done.returncode == 2
    assert "other.json is no result of bench/side_by_side.py" in done.stderr


def test_a_ratio_says_how_many_times_better_troupe_is():
    assert Figure("fit", "", "s", "less", "", [2.0, 1.0, 3.0], [20.0, 10.0, 30.0]).ratio == 10
    assert Figure("reports", "", "1/s", "more", "", [500.0], [10.0]).ratio == 50


def test_the_rank_test_is_exact():
    # Of the 6 orders of two and two values, one has the first two below, and one above.
    assert rank_test([1, 2], [3, 4]) == pytest.approx(2 / 6)
    # Nine and nine have 48,620 orders.
    assert rank_test(range(9), range(9, 18)) == pytest.approx(2 / 48_620)


def test_samples_of_one_law_pass_the_rank_test():
    assert rank_test([1, 4, 5, 8], [2, 3, 6, 7]) == 1
