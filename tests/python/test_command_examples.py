"""The examples of commands as they are shown: what their headers say is typed, in a copy of the folder."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from toys import TOY, call

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(p.parent.name for p in (ROOT / "examples/command").glob("*/study.json"))


@pytest.fixture
def place(tmp_path):
    """A copy of what the examples need, in which they are typed."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / "build").mkdir()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/troupe").symlink_to(TOY)
    for text in ROOT.glob("*.md"):
        shutil.copy(text, tmp_path)
    return tmp_path


def typed_in(study):
    """The lines that the study's header says to type, without what installs packages."""
    lines = re.findall(r"^// {5}(.*)$", study.read_text(), flags=re.MULTILINE)
    return [line for line in lines if not line.startswith("pip ")]


def environment(place):
    """In which troupe, and a python3 that has the packages, are found. That may keep what it has compiled."""
    path = f"{place}/bin:{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {name: v for name, v in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {"PATH": path}


def run(example, place, *more):
    *before, last = typed_in(place / f"examples/command/{example}/study.json")
    assert last == f"troupe run examples/command/{example}/study.json"
    for line in before:
        subprocess.run(shlex.split(line), cwd=place, check=True)
    done = subprocess.run(
        [*shlex.split(last), "--out", "out", "--json", *more],
        cwd=place, env=environment(place), capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert call("verify", place / "out").returncode == 0
    return json.loads(done.stdout)


def test_there_are_examples():
    assert EXAMPLES == ["c", "lightgbm", "shell", "sklearn"]


def test_a_shell_script_finds_how_text_gets_small(place):
    results = run("shell", place)
    assert {t["state"] for t in results["trials"]} == {"completed"}
    assert results["best"]["metrics"]["bytes"] == min(t["metrics"]["bytes"] for t in results["trials"])
    assert all(t["config"]["lc"] + t["config"]["lp"] <= 4 for t in results["trials"])


def test_a_program_in_c_finds_the_best_factor_of_relaxation(place):
    results = run("c", place)
    assert {t["state"] for t in results["trials"]} == {"stopped"}
    assert {5, 40} <= {t["iterations"] for t in results["trials"]}
    assert 1.8 < results["best"]["config"]["factor"] < 1.97  # in theory 2 / (1 + sin(pi / 65)) = 1.908


def test_scikit_learn_reads_digits(place):
    results = run("sklearn", place, "--num-samples", "4")
    assert {t["state"] for t in results["trials"]} == {"stopped"}
    assert results["best"]["metrics"]["accuracy"] > 0.8
    assert max(t["iterations"] for t in results["trials"]) == 12


def test_lightgbm_is_tuned_as_it_is(place):
    assert "TROUPE" not in (place / "examples/command/lightgbm/train.py").read_text()
    results = run("lightgbm", place, "--num-samples", "4")
    assert {t["state"] for t in results["trials"]} == {"stopped"}
    assert results["best"]["metrics"]["loss"] < 0.3
    assert max(t["iterations"] for t in results["trials"]) == 40
