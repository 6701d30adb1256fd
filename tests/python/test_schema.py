"""The schema of the study file, and what cannot be a study."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOY = os.environ["TOY"]
# But for the study of a program whose schema has a scheduler of its own.
EXAMPLES = sorted({*ROOT.glob("examples/*/*.json"), ROOT / "examples/cifar10.json"} - {*ROOT.glob("examples/own_*/*.json")})


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    file = tmp_path_factory.mktemp("schema") / "study.schema.json"
    with file.open("w") as out:
        subprocess.run([TOY, "schema"], stdout=out, check=True)
    return file


def judged(schema, files):
    """The names of the files that the schema refuses, with its messages."""
    arguments = [sys.executable, "-m", "check_jsonschema", "--schemafile", schema, "-o", "json"]
    done = subprocess.run([*arguments, *files], capture_output=True, text=True)
    answer = json.loads(done.stdout)
    assert answer.get("parse_errors", []) == []
    messages = {}
    for error in answer.get("errors", []):
        messages.setdefault(Path(error["filename"]).name, []).append(error["message"])
    return messages


def without_comments(text):
    """JSON with `//` comments and trailing commas as plain JSON."""
    text = re.sub(r'("(?:\\.|[^"\\])*")|//[^\n]*', lambda m: m.group(1) or "", text)
    return re.sub(r",(\s*[}\]])", r"\1", text)


def study(**members):
    return {"metric": "loss"} | members


def searcher(name, **options):
    return study(searcher={"name": name} | options)


def scheduler(name, **options):
    return study(scheduler={"name": name} | options)


def space(value):
    return study(space={"x": value})


RIGHT = [
    study(),
    study(metric=["a", "b"], mode=["min", "max"], scheduler={"name": "moasha"}),
    {"$schema": "study.schema.json", "metric": "loss"},
    searcher("tpe", n_startup_trials=0, multivariate=True, bandwidths="shared"),
    searcher("nsga2", mutation_prob=None),
    searcher("repeater", repeat=2, searcher={"name": "concurrency_limiter", "max_concurrent": 2,
                                             "searcher": {"name": "sobol"}}),
    scheduler("asha", max_t=0.5, grace_period=0.25, brackets=1000),
    scheduler("optuna_hyperband", max_resource="auto"),
    scheduler("patient", patience=0, wrapped_pruner=None),
    scheduler("patient", patience=1, wrapped_pruner={"name": "threshold", "lower": 0}),
    scheduler("resource_changing", base={"name": "asha"}, increase_by={"cpu": 2}),
    scheduler("resource_changing", increase_by_times=-1),
    study(space={"lr": 1}, scheduler={"name": "pbt_replay", "policy": [[10, {"lr": 0.1}]]}),
    study(space={"lr": 1}, scheduler={"name": "pbt", "hyperparam_mutations": {"lr": [1, 2]}}),
    study(stoppers=[{"name": "budget", "device_s": 3}, {"name": "target", "value": 0}]),
    study(stoppers=[{"name": "target", "value": 0, "metric": "accuracy", "mode": "max"}]),
    study(stop={"loss": {"<=": 0.1}, "training_iteration": 4}),
    study(space={
        "x": {"uniform": [0, 1], "when": {"y": "a"}}, "y": {"choice": ["a", {"uniform": 3}]}}),
    space({"grid_search": [1, {"uniform": [0, 1]}]}),
    space({"width": 3, "depth": [{"randint": [1, 3]}, {"const": {"uniform": 1}}]}),
    space({"object": {"uniform": {"int": {"low": 1, "high": 8, "log": True}}}}),
    space({"randn": []}),
    space({"expr": "2 ^ randint(2, 9)"}),
]

WRONG = [
    {},
    [],
    study(metricc="a"),
    study(metric=3),
    study(metric=["a", "a"]),
    study(mode="least"),
    study(num_samples=0),
    study(num_samples=1.5),
    study(seed=-1),
    study(name="a/b"),
    study(resources={"cpu": -1}),
    study(resources={"tpu": 1}),
    study(cpus=0),
    study(time_budget_s="1h"),
    study(stop={"loss": {"<": 3}}),
    study(stop={"loss": "low"}),
    study(keep={"best": -1}),
    study(keep={"all": 1}),
    study(fail_fast=1),
    study(trial_files="yes"),
    study(durability="fast"),
    study(points_to_evaluate=[3]),
    searcher("randm"),
    searcher("random", n_startup_trials=3),
    study(searcher={"scramble": True}),
    study(searcher="random"),
    searcher("tpe", n_ei_candidates=100_000_000),
    searcher("tpe", bandwidths="wide"),
    searcher("tpe", prior_weight=0),
    searcher("bohb", top_n_percent=100),
    searcher("nsga2", mutation_prob=1.5),
    searcher("repeater", repeat=2),
    searcher("repeater", repeat=2, searcher={"name": "tpee"}),
    searcher("repeater", repeat=2, searcher={"name": "tpe", "prior_weight": 0}),
    searcher("cmaes", source_trials=[{"params": {}}]),
    scheduler("asha", brackets=5000),
    scheduler("asha", reduction_factor=1),
    scheduler("asha", variant="halving"),
    scheduler("asha", metric="loss"),
    scheduler("hyperband", compat="tune"),
    scheduler("optuna_percentile"),
    scheduler("optuna_successive_halving", min_resource="car"),
    scheduler("patient", patience=1, wrapped_pruner={"name": "asha"}),
    scheduler("pbt"),
    scheduler("pbt_replay", policy=[[5]]),
    scheduler("pbt_replay", policy=[[0, {}]]),
    scheduler("resource_changing", base={"name": "pbt"}),
    scheduler("resource_changing", increase_by={"tpu": 1}),
    scheduler("resource_changing", increase_by_times=0),
    study(stoppers={"name": "target"}),
    study(stoppers=[{"name": "target"}]),
    study(stoppers=[{"name": "maximum_iteration", "max_iter": 0}]),
    space({"uniform": [0]}),
    space({"uniform": 3}),
    space({"randint": [0.5, 2]}),
    space({"choice": []}),
    space({"float": {"low": 0}}),
    space({"int": {"low": 0, "high": 1.5}}),
    space({"deep": {"list": [1, {"quniform": [0, 1]}]}}),
    space({"object": 3}),
    space({"uniform": [0, 1], "depth": 3}),
]


def written(folder, studies):
    files = []
    for i, one in enumerate(studies):
        files.append(folder / f"{i:02}.json")
        files[-1].write_text(json.dumps(one))
    return files


def test_the_schema_is_a_schema(schema):
    command = [sys.executable, "-m", "check_jsonschema", "--check-metaschema", schema]
    subprocess.run(command, check=True)


def test_all_examples_are_studies_to_the_schema(schema, tmp_path):
    assert len(EXAMPLES) >= 5
    files = []
    for example in EXAMPLES:
        files.append(tmp_path / f"{example.parent.name}.{example.name}")
        files[-1].write_text(without_comments(example.read_text()))
    assert judged(schema, files) == {}


def test_what_is_a_study_to_the_program_is_one_to_the_schema(schema, tmp_path):
    files = written(tmp_path, RIGHT)
    for file in files:
        done = subprocess.run([TOY, "preview", file], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), file.read_text()
    assert judged(schema, files) == {}


def test_what_no_study_can_be_is_refused_by_program_and_schema(schema, tmp_path):
    files = written(tmp_path, WRONG)
    for file in files:
        done = subprocess.run([TOY, "preview", file], capture_output=True, text=True)
        assert done.returncode == 2, file.read_text()
    refused = judged(schema, files)
    assert [file.read_text() for file in files if file.name not in refused] == []


def test_the_schema_knows_the_keys_that_the_program_knows(schema, tmp_path):
    file = tmp_path / "study.json"
    file.write_text(json.dumps(study(nonsense=1)))
    said = subprocess.run([TOY, "preview", file], capture_output=True, text=True).stderr
    known = set(re.search(r"nonsense: unknown key; known: (.*)", said).group(1).split(", "))
    assert set(json.loads(schema.read_text())["properties"]) - {"$schema"} == known


@pytest.mark.parametrize(
    ("members", "key"),
    [
        (scheduler("asha", brackets=5000), "scheduler/brackets"),
        (scheduler("asha", max_t=1e9, reduction_factor=1.0000001), "scheduler/reduction_factor"),
        (searcher("gp") | space({"grid_search": [0.1, 0.2]}), "space/x"),
        (searcher("tpe", n_ei_candidates=100_000_000), "searcher/n_ei_candidates"),
        (searcher("cmaes", popsize=10_000_000), "searcher/popsize"),
        (scheduler("hyperband", max_t=1e308), "scheduler/max_t"),
        (study(stoppers=[{"name": "trial_plateau", "num_results": 10**9}]), "stoppers/0"),
    ],
)
def test_what_cannot_be_built_ends_at_once_and_says_why(members, key, tmp_path):
    file = tmp_path / "study.json"
    file.write_text(json.dumps({"trainable": {"name": "toy"}, "space": {"x": 1}} | members))
    begun = time.monotonic()
    done = subprocess.run(
        [TOY, "run", file, "--out", tmp_path / "out"], capture_output=True, text=True, timeout=20
    )
    assert done.returncode == 2
    assert re.search(rf": {key}[/a-z_]*: ", done.stderr)
    assert time.monotonic() - begun < 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", ["searchers", "schedulers", "stoppers", "trainables"])
def test_what_there_is_can_be_listed(kind):
    def listed(*arguments):
        command = [TOY, "list", kind, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    names = [one["name"] for one in json.loads(listed("-f", "json"))]
    assert [line.split()[0] for line in listed().splitlines()] == names
    for name in names:
        sheet = json.loads(listed(name, "-f", "json"))
        shown = listed(name)
        assert sheet["name"] == name and shown.startswith(name)
        assert [o["key"] for o in sheet["options"] if f"\n  {o['key']}" not in shown] == []


def test_an_unknown_name_names_the_nearest():
    done = subprocess.run([TOY, "list", "schedulers", "ahsa"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert 'unknown scheduler "ahsa"; did you mean "asha"?' in done.stderr
