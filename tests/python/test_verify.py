"""Journals that are put through searcher and scheduler again (the toy's path is in TOY)."""

import json
import random
import re
import signal
import sqlite3
import subprocess

import pytest
from test_resume import ASHA, SCHEDULERS, SPACE, disturb, start, strike_when_it_has_reported
from toys import TOY, WELL, call, study

SEARCHERS = ["random", "sobol", "tpe", "cmaes", "nsga2"]


def verified(folder):
    done = call("verify", folder)
    found = re.fullmatch(r"(\d+) of (\d+) decisions? differ\n", done.stdout)
    assert found, done.stdout + done.stderr
    differ, decisions = map(int, found.groups())
    assert done.returncode == (1 if differ else 0)
    return differ, decisions, done.stderr


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_a_study_that_was_killed_decided_as_the_program_does(study, tmp_path, scheduler):
    folder = tmp_path / "out"
    file = study(
        space=SPACE | {"epochs": 10},
        num_samples=10,
        scheduler=SCHEDULERS[scheduler],
        time_budget_s=3,
    )

    def nothing_differs():
        if (folder / "study.json").exists():
            differ, _, said = verified(folder)
            assert differ == 0, said

    signals = [signal.SIGKILL, signal.SIGINT]
    disturb(file, folder, random.Random(scheduler), signals, 0.05, 0.3, nothing_differs)
    differ, decisions, said = verified(folder)
    assert differ == 0, said
    assert decisions > 20


@pytest.mark.parametrize("searcher", SEARCHERS)
def test_what_a_searcher_has_suggested_it_suggests_again(study, tmp_path, searcher):
    folder = tmp_path / "out"
    file = study(space=SPACE, num_samples=80, searcher={"name": searcher}, scheduler=ASHA)
    process = start("run", file, "--out", folder)
    strike_when_it_has_reported(process, folder, 60, signal.SIGKILL)
    assert call("resume", folder, "--num-samples", 90).returncode == 0
    differ, decisions, said = verified(folder)
    assert differ == 0, said
    assert decisions > 80


def test_what_was_decided_otherwise_is_named(study, tmp_path):
    folder = tmp_path / "out"
    assert call("run", study(space=SPACE, scheduler=ASHA), "--out", folder).returncode == 0
    database = sqlite3.connect(folder / "study.db")
    seq, data = database.execute(
        "SELECT seq, data FROM event_log WHERE kind = 'trial_added' AND trial = 2"
    ).fetchone()
    changed = json.loads(data)
    changed[0]["x"] = 0.123
    database.execute("UPDATE events SET data = ? WHERE seq = ?", (json.dumps(changed), seq))
    database.commit()
    database.close()
    differ, _, said = verified(folder)
    assert differ == 1
    assert said.startswith(f"event {seq}: trial 00002: recorded")
    assert "0.123" in said


def test_a_study_that_was_asked_for_can_be_verified(study, tmp_path):
    folder = tmp_path / "asked"
    plain = json.loads(open(study(num_samples=3, searcher={"name": "tpe"})).read())
    del plain["trainable"]
    file = tmp_path / "plain.json"
    file.write_text(json.dumps(plain))
    for extra in ([], [], [], ["--num-samples", 4]):
        asked = json.loads(call("ask", file, "--dir", folder, *extra).stdout)
        assert call("tell", folder, asked["id"], 0.5).returncode == 0
    assert verified(folder)[:2] == (0, 8)  # four suggestions, and who was to run


def test_without_a_study_there_is_nothing_to_verify(tmp_path):
    done = call("verify", tmp_path)
    assert done.returncode == 4
    assert "holds no study" in done.stderr
