"""Programs that misbehave in every way: each harms itself alone, is judged truly, and leaves nothing behind."""

import json
import os
import pathlib
import random
import time

import pytest

from commands import command_of, marker, wait_until_gone  # noqa: F401  # marker is a fixture
from torture import (  # noqa: F401  # built is a fixture
    ENDLESS,
    HEALTHY,
    VERDICTS,
    WAITING,
    Torture,
    built,
    check_decisions,
    check_nothing_is_left,
    check_study,
    has_begun,
    wrong_verdicts,
)
from toys import read_until


@pytest.fixture
def torture(tmp_path, built, marker):  # noqa: F811
    return Torture(tmp_path, built, marker)


def shuffled(cases, seed):
    cases = sorted(cases)
    random.Random(seed).shuffle(cases)
    return cases


def descriptors(process):
    return len(os.listdir(f"/proc/{process}/fd"))


def open_in(tuner):
    """Returns how many descriptors a tuner and its guardian have."""
    children = pathlib.Path(f"/proc/{tuner}/task/{tuner}/children").read_text().split()
    guardian = next(child for child in children if "guard-commands" in command_of(child))
    return descriptors(tuner), descriptors(guardian)


def trials_of(out):
    return json.loads((out / "summary.json").read_text())["trials"]


def test_each_is_judged_truly_and_healthy_ones_are_undisturbed(torture, tmp_path):
    out = tmp_path / "out"
    with torture.begin(torture.study([WAITING]), tmp_path / "calm") as one:
        read_until("trial_reported", one.stdout, times=3)
        calm = open_in(one.pid)
        torture.go.touch()
        one.communicate(timeout=60)
    torture.go.unlink()
    cases = [WAITING, *sorted(ENDLESS), *shuffled({*VERDICTS, *HEALTHY} - ENDLESS - {WAITING}, seed=0)]
    with torture.begin(torture.study(cases, progress_limit_s=10), out) as one:
        read_until('"trial_ended"', one.stdout, times=len(cases) - 1)
        for _ in range(500):
            if open_in(one.pid) == calm:
                break
            time.sleep(0.02)
        assert open_in(one.pid) == calm
        torture.go.touch()
        one.communicate(timeout=60)
    assert one.returncode == 3
    assert len(trials_of(out)) == len(cases)
    assert wrong_verdicts(trials_of(out)) == {}
    assert wait_until_gone(torture.marker) == []
    check_study(out)
    check_nothing_is_left(torture, out)


@pytest.mark.parametrize("seed", range(2))
def test_nothing_is_left_of_a_tuner_that_is_killed_and_it_goes_on(torture, tmp_path, seed):
    out = tmp_path / "out"
    draw = random.Random(seed)
    cases = shuffled({*VERDICTS, *HEALTHY} - ENDLESS - {WAITING}, seed)
    study = torture.study(cases)
    for _ in range(10):
        with torture.begin(study, out) as one:
            time.sleep(draw.uniform(0, 0.5))
            one.kill()
            one.communicate(timeout=60)
        assert wait_until_gone(torture.marker) == []
        if has_begun(out):
            check_decisions(out)
    with torture.begin(study, out) as one:
        one.communicate(timeout=120)
    assert one.returncode == 3
    assert wrong_verdicts(trials_of(out)) == {}
    check_study(out)
