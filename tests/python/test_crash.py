"""Studies that are killed at random moments, with each scheduler and searcher there is.

A few kills each; CRASH_KILLS=500 has at least so many (make crash). The toy's path is in TOY.
"""

import json
from itertools import count
from pathlib import Path

import pytest
from crashes import (
    Assailant,
    check_end,
    check_journal,
    kills_of_each,
    outcome_of,
    survive,
)
from toys import WELL, call, study

STEPS = 3  # of a trial that is asked for
SPACE = WELL | {"epochs": 6, "pace_ms": 2}
FINITE = SPACE | {"x": {"choice": [0.9, 0.1, 0.5, 0.3, 0.7, 0.2, 0.8, 0.4]}}
ASHA = {"name": "asha", "max_t": 6, "reduction_factor": 2}
POPULATION = {"time_attr": "training_iteration", "perturbation_interval": 2}
LAW = {"uniform": [0, 1]}

# What a study has to have for a scheduler or a searcher to have something to do.
SCHEDULERS = {
    "fifo": {},
    "asha": {"scheduler": ASHA | {"variant": "promotion"}},
    "hyperband": {"scheduler": {"name": "hyperband", "max_t": 6}},
    "bohb": {"scheduler": {"name": "bohb", "max_t": 6}, "searcher": {"name": "bohb"}},
    "median": {
        "scheduler": {
            "name": "median",
            "time_attr": "training_iteration",
            "grace_period": 2,
            "hard_stop": False,
        }
    },
    "moasha": {
        "metric": ["loss", "accuracy"],
        "mode": ["min", "max"],
        "scheduler": {"name": "moasha", "max_t": 6, "reduction_factor": 2},
    },
    "optuna_median": {"scheduler": {"name": "optuna_median", "n_startup_trials": 2}},
    "optuna_percentile": {
        "scheduler": {"name": "optuna_percentile", "percentile": 40, "n_startup_trials": 2}
    },
    "optuna_successive_halving": {
        "scheduler": {"name": "optuna_successive_halving", "reduction_factor": 2}
    },
    "optuna_hyperband": {"scheduler": {"name": "optuna_hyperband", "reduction_factor": 2}},
    "wilcoxon": {"scheduler": {"name": "wilcoxon", "p_threshold": 0.4}},
    "patient": {
        "scheduler": {
            "name": "patient",
            "patience": 1,
            "min_delta": 0.1,
            "wrapped_pruner": {"name": "optuna_median", "n_startup_trials": 1},
        }
    },
    "threshold": {"scheduler": {"name": "threshold", "upper": 0.5}},
    "pbt": {"scheduler": {"name": "pbt", "hyperparam_mutations": {"x": LAW}} | POPULATION},
    "pb2": {"scheduler": {"name": "pb2", "hyperparam_bounds": {"x": [0, 1]}} | POPULATION},
    "resource_changing": {"cpus": 4, "scheduler": {"name": "resource_changing", "base": ASHA}},
    "pbt_replay": {"scheduler": {"name": "pbt_replay", "policy": [[2, {"x": 0.5}], [4, {"x": 0.1}]]}},
}
SEARCHERS = {
    "random": {"searcher": {"name": "random", "avoid_duplicates": True}, "space": FINITE},
    "grid": {"searcher": {"name": "grid"}, "space": FINITE},
    "sobol": {"searcher": {"name": "sobol", "scramble": True}},
    "tpe": {"searcher": {"name": "tpe", "n_startup_trials": 3}},
    "cmaes": {"searcher": {"name": "cmaes", "popsize": 3}},
    "gp": {"searcher": {"name": "gp", "n_startup_trials": 3}},
    "nsga2": {"searcher": {"name": "nsga2", "population_size": 3}},
    "bohb": {"searcher": {"name": "bohb", "min_points_in_model": 2}},
    "concurrency_limiter": {
        "searcher": {
            "name": "concurrency_limiter",
            "max_concurrent": 2,
            "batch": True,
            "searcher": {"name": "tpe", "n_startup_trials": 2},
        }
    },
    "repeater": {
        "searcher": {"name": "repeater", "repeat": 2, "set_index": False, "searcher": {"name": "tpe"}}
    },
}
CASES = {f"scheduler {name}": changes for name, changes in SCHEDULERS.items()} | {
    f"searcher {name}": {"scheduler": ASHA} | changes for name, changes in SEARCHERS.items()
}
ASKED = {
    "asha and tpe": {"scheduler": ASHA, "searcher": {"name": "tpe", "n_startup_trials": 2}},
    "hyperband and bohb": {
        "scheduler": {"name": "hyperband", "max_t": STEPS},
        "searcher": {"name": "bohb", "min_points_in_model": 2},
    },
    "patient and cmaes": {
        "scheduler": {"name": "patient", "patience": 1, "min_delta": 0.1},
        "searcher": {"name": "cmaes", "popsize": 3},
    },
}
# What a population takes over depends on how far the checkpoints of others had got to the disk.
ALIKE = [case for case in CASES if case not in {"scheduler pbt", "scheduler pb2"}]
TESTS = len(ALIKE) + len(CASES) + len(ASKED) + 1  # among which the kills are shared out


def test_every_scheduler_and_searcher_is_killed():
    for kind, table in {"schedulers": SCHEDULERS, "searchers": SEARCHERS}.items():
        listed = call("list", kind).stdout.splitlines()
        assert {line.split()[0] for line in listed} == set(table)


def content(changes, **more):
    return {"space": SPACE, "num_samples": 8} | changes | more


@pytest.mark.parametrize("case", ALIKE)
def test_one_trial_at_a_time_comes_to_the_same_as_if_never_killed(study, tmp_path, case):  # noqa: F811
    assailant = Assailant(case)
    for turn in count():
        file = study(**content(CASES[case], max_concurrent=1, seed=turn))
        undisturbed, killed = tmp_path / f"undisturbed{turn}", tmp_path / f"killed{turn}"
        assert call("run", file, "--out", undisturbed).returncode == 0
        survive(assailant, file, killed, span=0.2, blows=6)
        assert outcome_of(killed) == outcome_of(undisturbed)
        if assailant.kills >= kills_of_each(TESTS):
            break


@pytest.mark.parametrize("case", CASES)
def test_many_trials_at_a_time_keep_what_was_said_of_them(study, tmp_path, case):  # noqa: F811
    assailant = Assailant(case)
    for turn in count():
        cpus = CASES[case].get("cpus", 3)
        file = study(**content(CASES[case], max_concurrent=2 + turn % 2, cpus=cpus, seed=turn))
        survive(assailant, file, tmp_path / f"out{turn}", span=0.15, blows=6)
        if assailant.kills >= kills_of_each(TESTS):
            break


def test_a_population_with_large_checkpoints_never_goes_on_from_one_that_is_not_there(
    study,  # noqa: F811
    tmp_path,
):
    assailant = Assailant("large")
    exploits = 0
    for turn in count():
        file = study(
            trainable={"name": "toy", "ballast_kb": 3072},  # the toy looks what it goes on from
            space=SPACE | {"epochs": 10, "pace_ms": 5},
            num_samples=4,
            cpus=3,
            seed=turn,
            scheduler=SCHEDULERS["pbt"]["scheduler"],
        )
        events = survive(assailant, file, tmp_path / f"out{turn}", span=0.5, blows=6)
        exploits += len([e for e in events if e["kind"] == "trial_exploited"])
        if exploits and assailant.kills >= kills_of_each(TESTS, least=5):
            break


class Client:
    """Trains the trials of an asked study, one after the other, and repeats what was killed."""

    def __init__(self, assailant, file, folder, span):
        self.assailant, self.file, self.folder, self.span = assailant, file, folder, span
        self.told = []

    def say(self, *words):
        """Until it is not killed; returns the last answer, and whether any before it was."""
        tries = 0
        while True:
            strikes = self.span and self.assailant.chance.random() < 0.3
            done = self.assailant.run(*words, span=self.span if strikes else None)
            tries += 1
            if not done.killed:
                return done, tries > 1
            check_journal(self.folder, [])

    def tell(self, trial, step, last):
        """Returns whether the trial goes on."""
        value = str(trial["params"]["x"] / step)
        words = ["tell", self.folder, trial["id"], value, *([] if last else ["--step", step])]
        done, again = self.say(*words)
        if done.returncode == 0:
            self.told.append((trial["id"], step))
            return not last and done.stdout == "CONTINUE\n"
        # A call that was killed has happened or not; if it has, it cannot happen again.
        assert again, done.stderr
        if "has reported step" in done.stderr:
            return True
        assert "does not run" in done.stderr
        return False

    def train_all(self):
        while True:
            done, _ = self.say("ask", self.file, "--dir", self.folder, "--client", "c")
            if done.returncode == 11:
                return
            assert done.returncode == 0, done.stderr
            trial = json.loads(done.stdout)
            step = trial.get("from_iteration", 0) + 1
            while self.tell(trial, step, step == STEPS):
                step += 1


@pytest.mark.parametrize("case", ASKED)
def test_a_client_whose_calls_are_killed_comes_to_the_same(study, tmp_path, case):  # noqa: F811
    assailant = Assailant(case)
    plain = tmp_path / "plain.json"
    for turn in count():
        file = json.loads(Path(study(**content(ASKED[case], space=WELL, num_samples=6, seed=turn))).read_text())
        del file["trainable"]
        plain.write_text(json.dumps(file))
        undisturbed, killed = tmp_path / f"undisturbed{turn}", tmp_path / f"killed{turn}"
        Client(assailant, plain, undisturbed, None).train_all()
        client = Client(assailant, plain, killed, 0.05)
        client.train_all()
        reported = [
            (e["trial"], e["iteration"])
            for e in check_end(killed, [])
            if e["kind"] == "trial_reported"
        ]
        assert len(reported) == len(set(reported))
        assert set(client.told) <= set(reported)
        assert outcome_of(killed) == outcome_of(undisturbed)
        if assailant.kills >= kills_of_each(TESTS):
            break
