"""Small studies for tests that drive the program, whose path is in TROUPE."""

import json
import os
import subprocess

PROGRAM = os.environ["TROUPE"]


def write_study(folder, **changes):
    """Writes a study of synthetic images, a few seconds long, and returns its path."""
    study = {
        "name": "synthetic",
        "trainable": {
            "name": "cifar10",
            "data": "synthetic",
            "train_images": 1280,
            "test_images": 256,
        },
        "space": {
            "l1": {"choice": [8, 16]},
            "l2": 8,
            "lr": {"loguniform": [1e-3, 1e-1]},
            "batch_size": {"choice": [8, 16]},
            "max_num_epochs": 4,
        },
        "metric": "loss",
        "mode": "min",
        "scheduler": {"name": "asha", "max_t": 4, "grace_period": 1, "reduction_factor": 2},
        "num_samples": 6,
        "cpus": 2,
    }
    study.update(changes)
    path = folder / "study.json"
    path.write_text(json.dumps(study))
    return path


def endless(folder, **changes):
    """Writes a study that ends only when it is told to."""
    return write_study(
        folder,
        space={
            "l1": {"choice": [8, 16]},
            "l2": 8,
            "lr": {"loguniform": [1e-4, 1e-3]},
            "batch_size": 8,
            "max_num_epochs": 1_000_000,
        },
        scheduler={"name": "fifo"},
        **changes,
    )


def environment(**changes):
    """The environment of a person at a terminal; a variable set to None is removed."""
    env = os.environ | {"TERM": "xterm-256color", "LANG": "C.UTF-8", "NO_COLOR": None} | changes
    return {name: value for name, value in env.items() if value is not None}


def run_arguments(study, *arguments):
    return ["run", str(study), "--out", str(study.parent / "out"), *arguments]


def run(study, *arguments):
    """Runs a study where there is no terminal."""
    return subprocess.run(
        [PROGRAM, *run_arguments(study, *arguments)],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=300,
        check=False,
    )
