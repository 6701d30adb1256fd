"""The engine of a study: chosen when it is made, and kept (program in TROUPE)."""

import json
import sqlite3
import subprocess
from pathlib import Path

import pytest
from safetensors.numpy import load_file

from studies import PROGRAM, environment, run, write_study

SMALL = {"name": "cifar10", "data": "synthetic", "train_images": 640, "test_images": 128}
pytestmark = pytest.mark.skipif(
    not Path(PROGRAM).with_name("troupe-torch.so").exists(), reason="this build has one engine"
)


def call(*arguments):
    return subprocess.run(
        [PROGRAM, *map(str, arguments)], capture_output=True, text=True, env=environment(), timeout=300
    )


def study_in(folder):
    return json.loads((folder / "study.json").read_text())


def losses(folder):
    trials = json.loads((folder / "summary.json").read_text())["trials"]
    return {t["id"]: t["metrics"]["loss"] for t in trials}


@pytest.mark.parametrize("word", [{}, {"engine": "auto"}])
def test_auto_is_decided_when_the_study_is_made(tmp_path, word):
    assert run(write_study(tmp_path, trainable=SMALL, num_samples=1, **word)).returncode == 0
    assert study_in(tmp_path / "out")["engine"] == "fused"


def test_the_engines_come_to_nearly_the_same(tmp_path):
    """They draw other weights, so the same configuration comes to losses of the same size."""
    came_to = {}
    for engine in ("fused", "eager"):
        folder = tmp_path / engine
        folder.mkdir()
        space = {"l1": 64, "l2": 32, "lr": 0.01, "batch_size": 8, "max_num_epochs": 4}
        study = write_study(
            folder, space=space, num_samples=4, scheduler={"name": "fifo"}, engine=engine
        )
        assert run(study).returncode == 0
        came_to[engine] = sorted(losses(folder / "out").values())
    # The middle two of each are within the other's whole range, widened by a quarter of it.
    for one, other in (("fused", "eager"), ("eager", "fused")):
        low, high = came_to[other][0], came_to[other][-1]
        margin = max(high - low, 0.1)
        for loss in came_to[one][1:3]:
            assert low - margin <= loss <= high + margin, came_to


@pytest.mark.parametrize("first, then", [("fused", "eager"), ("eager", "fused")])
def test_a_study_that_goes_on_keeps_its_engine(tmp_path, first, then):
    out = tmp_path / "out"
    assert run(write_study(tmp_path, trainable=SMALL, num_samples=2, engine=first)).returncode == 0
    done = call("resume", out, "--num-samples", 3)
    assert done.returncode == 0, done.stderr
    assert study_in(out)["engine"] == first
    refused = call("resume", out, "--num-samples", 4, "--set", f"engine={then}")
    assert refused.returncode == 2
    assert f'made with "{first}"' in refused.stderr
    assert call("verify", out).returncode == 0


def test_a_study_of_a_version_without_engines_goes_on_with_libtorch(tmp_path):
    """Made by hand: what such a version has written lacks the key, in study.json and in the journal."""
    out = tmp_path / "out"
    assert run(write_study(tmp_path, trainable=SMALL, num_samples=2, engine="eager")).returncode == 0
    before = losses(out)
    study = study_in(out)
    del study["engine"]
    (out / "study.json").write_text(json.dumps(study, indent=2) + "\n")
    with sqlite3.connect(out / "study.db") as db:
        kind = db.execute("SELECT code FROM kinds WHERE name = 'study_started'").fetchone()[0]
        seq, data = db.execute(
            "SELECT seq, data FROM events WHERE kind = ? ORDER BY seq LIMIT 1", (kind,)
        ).fetchone()
        data = data if isinstance(data, str) else data.decode()
        assert ', "engine": "eager"' in data
        data = data.replace(', "engine": "eager"', "")
        db.execute("UPDATE events SET data = ? WHERE seq = ?", (data, seq))
    done = call("resume", out, "--num-samples", 3)
    assert done.returncode == 0, done.stderr
    assert {i: loss for i, loss in losses(out).items() if i in before} == before
    refused = call("resume", out, "--num-samples", 4, "--set", "engine=fused")
    assert refused.returncode == 2 and 'made with "eager"' in refused.stderr


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"engine": "fusd"}, 'did you mean "fused"?'),
        ({"engine": 3}, "engine: must be a text that is not empty; found 3"),
        (
            {"engine": "fused", "trainable": {"command": ["true"]}, "space": {}},
            'trainable "command" has no engines to choose from',
        ),
    ],
)
def test_an_engine_that_is_none_is_refused(tmp_path, changes, said):
    done = call("preview", write_study(tmp_path, **changes))
    assert done.returncode == 2
    assert said in done.stderr


def test_a_checkpoint_of_one_engine_is_tested_by_the_other(tmp_path):
    """Whoever loads a checkpoint need not know who made it: the same files, tensor by tensor."""
    shapes = {}
    for engine in ("fused", "eager"):
        folder = tmp_path / engine
        folder.mkdir()
        space = {"l1": 16, "l2": 8, "lr": 0.01, "batch_size": 8, "max_num_epochs": 1}
        assert run(write_study(folder, trainable=SMALL, space=space, num_samples=1, engine=engine)).returncode == 0
        (checkpoint,) = (folder / "out").glob("**/checkpoint_*")
        shapes[engine] = {
            file.name: {name: t.shape for name, t in load_file(file).items()}
            for file in checkpoint.glob("*.safetensors")
        }
    assert shapes["fused"] == shapes["eager"]


def test_processes_train_with_the_engine_of_their_study(tmp_path):
    """Metrics in processes are those in threads, for each engine."""
    for engine in ("fused", "eager"):
        came_to = []
        for where in ("thread", "process"):
            folder = tmp_path / engine / where
            folder.mkdir(parents=True)
            study = write_study(
                folder, trainable=SMALL, num_samples=2, scheduler={"name": "fifo"}, engine=engine, isolation=where
            )
            done = run(study)
            assert done.returncode == 0, done.stderr
            came_to.append(losses(folder / "out"))
        assert came_to[0] == came_to[1]
