#!/usr/bin/env python3
"""Prints the tables of docs/simulate.md: schedulers compared in virtual time.

    bench/simulate_table.py build/release/troupe
"""

import json
import math
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

SCHEDULERS = {
    "FIFO": {"name": "fifo"},
    "ASHA, grace 1": {"name": "asha", "max_t": 81, "grace_period": 1, "reduction_factor": 3},
    "ASHA, grace 9": {"name": "asha", "max_t": 81, "grace_period": 9, "reduction_factor": 3},
    "HyperBand": {"name": "hyperband", "max_t": 81, "reduction_factor": 3},
    "median": {
        "name": "median",
        "time_attr": "training_iteration",
        "grace_period": 9,
        "min_samples_required": 0,
    },
}
PBT = {
    "name": "pbt",
    "time_attr": "training_iteration",
    "perturbation_interval": 9,
    "hyperparam_mutations": {
        "lr": {"loguniform": [1e-5, 1]},
        "momentum": {"uniform": [0, 0.99]},
        "optimizer": ["sgd", "adam", "lion"],
    },
}
STUDY = {
    "space": {
        "lr": {"loguniform": [1e-5, 1]},
        "momentum": {"uniform": [0, 0.99]},
        "optimizer": {"choice": ["sgd", "adam", "lion"]},
        "width": {"lograndint": [16, 1025]},
    },
    "metric": "loss",
    "stop": {"training_iteration": 81},
}
CURVE = "crossing"
WORKERS = (4, 16, 64)
SEEDS = range(20)


def simulate(program, folder, study, trials, workers):
    file = folder / "study.json"
    file.write_text(json.dumps(study))
    arguments = ["--trials", trials, "--workers", workers, "--curve", CURVE, "--json"]
    done = subprocess.run(
        [program, "simulate", file, *map(str, arguments)],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return json.loads(done.stdout)


def all_seeds(program, scheduler, workers, trials, **changes):
    with tempfile.TemporaryDirectory() as folder:
        return [
            simulate(
                program,
                Path(folder),
                STUDY | changes | {"scheduler": scheduler, "seed": seed},
                trials,
                workers,
            )
            for seed in SEEDS
        ]


def mean(simulations, key):
    return statistics.fmean(s[key] for s in simulations)


def time_to(target, simulations):
    """The median of the virtual times at which the target was reached."""
    times = [
        next((t for t, value in s["best_over_time"] if value <= target), math.inf)
        for s in simulations
    ]
    middle = statistics.median(times)
    return "later" if middle == math.inf else f"{middle:.0f} s"


def print_row(*cells):
    print("| " + " | ".join(map(str, cells)) + " |")


def print_header(*cells):
    print_row(*cells)
    print_row(*["---"] * len(cells))


def same_time(program, seconds=3600, target=0.16):
    """As many trials as fit into the same time."""
    print_header("scheduler", "workers", f"time to {target}", "best", "iterations")
    for workers in WORKERS:
        for name, scheduler in SCHEDULERS.items():
            s = all_seeds(program, scheduler, workers, 100_000, time_budget_s=seconds)
            iterations = f"{mean(s, 'iterations'):.0f}"
            print_row(name, workers, time_to(target, s), f"{mean(s, 'best'):.3f}", iterations)


def same_trials(program, schedulers=SCHEDULERS, trials=256):
    """The same trials, for as long as it takes."""
    print_header("scheduler", "workers", "makespan", "idle", "best", "iterations", "stopped")
    for workers in WORKERS:
        for name, scheduler in schedulers.items():
            s = all_seeds(program, scheduler, workers, trials)
            print_row(
                name,
                workers,
                f"{mean(s, 'makespan_s'):.0f} s",
                f"{100 * mean(s, 'idle_share'):.0f} %",
                f"{mean(s, 'best'):.3f}",
                f"{mean(s, 'iterations'):.0f}",
                f"{mean(s, 'trials_stopped'):.0f}",
            )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    same_time(sys.argv[1])
    print()
    same_trials(sys.argv[1])
    print()
    same_trials(sys.argv[1], {"FIFO": SCHEDULERS["FIFO"], "PBT": PBT}, trials=16)
