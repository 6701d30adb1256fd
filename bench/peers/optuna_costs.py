"""What Optuna itself costs: a suggestion when many trials have finished, and trials that are kept on disk.

    optuna_costs.py JOB     JOB: {"sampler", "parameters", "trials", "count"}: the milliseconds that each of `count`
                            further trials takes in memory, asked for and told; or {"storage", "folder", "count"}:
                            the seconds that each of so many trials takes with "sqlite" or "journal" as storage

Prints a list, as its last line.
"""

import json
import sys
import time
import warnings

import optuna
import torch
from optuna.storages import JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend

SAMPLERS = {
    "tpe": optuna.samplers.TPESampler,
    "gp": optuna.samplers.GPSampler,
    "cmaes": optuna.samplers.CmaEsSampler,
}


def learn(study, parameters):
    """One trial of a bowl: its loss is the squared distance from 1."""
    trial = study.ask()
    x = [trial.suggest_float(f"x{i}", -5, 5) for i in range(parameters)]
    study.tell(trial, sum((value - 1) ** 2 for value in x))


def draw(study):
    trial = study.ask()
    trial.suggest_float("x", 0, 1)
    trial.suggest_float("lr", 1e-4, 1, log=True)
    study.tell(trial, 1.0)


def timed(count, work):
    """Returns the seconds of each of so many calls."""
    times = []
    for _ in range(count):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return times


def suggest(job):
    # The first trials are random, on both sides. A sampler of their own makes them quickly.
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    for _ in range(job["trials"]):
        learn(study, job["parameters"])
    study.sampler = SAMPLERS[job["sampler"]](n_startup_trials=job["trials"], seed=1)
    learn(study, job["parameters"])  # the first fit begins from nothing
    return [1000 * s for s in timed(job["count"], lambda: learn(study, job["parameters"]))]


def store(job):
    if job["storage"] == "sqlite":
        storage = RDBStorage(f"sqlite:///{job['folder']}/study.db")
    else:
        storage = JournalStorage(JournalFileBackend(f"{job['folder']}/journal.log"))
    study = optuna.create_study(storage=storage, sampler=optuna.samplers.RandomSampler(seed=1))
    draw(study)
    return timed(job["count"], lambda: draw(study))


def main():
    warnings.filterwarnings("ignore", category=optuna.exceptions.ExperimentalWarning)
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    torch.set_num_threads(1)
    job = json.loads(sys.argv[1])
    print(json.dumps(suggest(job) if "sampler" in job else store(job)))


if __name__ == "__main__":
    main()
