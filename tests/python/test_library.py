"""The programs of docs/library.md, and a scheduler of one's own on the command line (their folder is in EXAMPLES)."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILT = Path(os.environ["EXAMPLES"])
STUDY = ROOT / "examples/own_scheduler/study.json"


def call(program, *arguments, cwd):
    return subprocess.run(
        [BUILT / program, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, timeout=120, check=False
    )


def printed_by(program, *arguments, cwd):
    done = call(program, *arguments, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_study_in_one_call(tmp_path):
    said = printed_by("library/library", cwd=tmp_path)
    assert float(re.fullmatch(r"trial \d+ is best: loss (.+)\n", said).group(1)) < 1e-6
    assert list(tmp_path.iterdir()) == []


def test_it_has_at_most_25_lines():
    assert len((ROOT / "examples/library/main.cpp").read_text().splitlines()) <= 25
    assert len((ROOT / "examples/embed/main.cpp").read_text().splitlines()) <= 40


def test_a_trainable_of_ones_own_goes_on_and_its_results_open(tmp_path):
    first = printed_by("library/own_trainable", cwd=tmp_path)
    assert re.search(r"^9: \S+$", first, flags=re.MULTILINE)
    assert float(first.split("x = ")[1]) == pytest.approx(1, abs=0.1)
    journal = (tmp_path / "results/descent/study.db").read_bytes()
    assert printed_by("library/own_trainable", cwd=tmp_path) == first
    assert len((tmp_path / "results/descent/study.db").read_bytes()) >= len(journal)


@pytest.mark.parametrize("program", ["own_searcher", "ask_and_tell"])
def test_the_best_is_found(program, tmp_path):
    assert float(printed_by(f"library/{program}", cwd=tmp_path)) < 0.1


def own(*arguments, cwd):
    return printed_by("own_scheduler/own_scheduler", *arguments, cwd=cwd)


def test_a_scheduler_of_ones_own_runs_goes_on_and_decides_the_same(tmp_path):
    results = json.loads(own("run", STUDY, "--out", "out", "--json", cwd=tmp_path))
    assert {trial["state"] for trial in results["trials"]} == {"completed", "stopped"}
    assert len(results["trials"]) == 20
    results = json.loads(own("resume", "out", "--num-samples", 25, "--json", cwd=tmp_path))
    assert len(results["trials"]) == 25
    assert "0 of" in own("verify", "out", cwd=tmp_path)


def test_it_is_previewed_simulated_listed_and_asked(tmp_path):
    assert "near_best" in own("preview", STUDY, cwd=tmp_path)
    simulated = json.loads(own("simulate", STUDY, "--trials", 50, "--workers", 2, "--curve", "power",
                               "--set", "scheduler/factor=1.1", "--json", cwd=tmp_path))  # fmt: skip
    assert simulated["trials_stopped"] > 0
    assert "how far they may be" in own("list", "schedulers", "near_best", cwd=tmp_path)
    for value, verdict in ((1, "CONTINUE"), (100, "STOP")):
        trial = json.loads(own("ask", STUDY, "--dir", "asked", cwd=tmp_path))["id"]
        assert own("tell", "asked", trial, value, "--step", 1, cwd=tmp_path) == f"{verdict}\n"


def test_its_options_are_checked(tmp_path):
    done = call("own_scheduler/own_scheduler", "run", STUDY, "--set", "scheduler/factor=0.5", cwd=tmp_path)
    assert done.returncode == 2
    assert "scheduler/factor: must be a number of at least 1; found 0.5" in done.stderr


def test_a_study_with_an_own_scheduler_is_no_damage_to_other_programs(tmp_path):
    out = tmp_path / "out"
    call("own_scheduler/own_scheduler", "run", STUDY, "--out", out, cwd=tmp_path)
    program = os.environ["TROUPE"]
    for command, what in (("doctor", "is another program's: unknown scheduler"), ("resume", "use that one")):
        done = subprocess.run([program, command, out], capture_output=True, text=True)
        assert done.returncode != 0
        assert what in done.stdout + done.stderr
        assert "damaged" not in done.stdout + done.stderr
