"""A study in the words of other tools (programs in TOY and TROUPE), read back with these."""

import io
import json
import subprocess

import numpy
import pandas
from safetensors.numpy import load_file
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import metadata

from studies import PROGRAM, write_study
from toys import behaving, call, finished, study  # noqa: F401  # study and finished are fixtures


def exported(out, *arguments, code=0):
    done = call("export", out, *arguments)
    assert done.returncode == code, done
    return done


def best_of(printed):
    return printed["best"]["id"], printed["best"]["metrics"]["loss"]


def test_pandas_reads_the_table(finished, tmp_path):
    out, printed = finished
    file = tmp_path / "trials.csv"
    assert exported(out, "csv", "-o", file).stderr == f"wrote {file}\n"
    table = pandas.read_csv(file, dtype={"id": str})
    best = table.loc[table["loss"].idxmin()]
    assert (best["id"], best["loss"]) == best_of(printed)
    assert list(table["state"]) == [t["state"] for t in printed["trials"]]
    assert list(table["x"]) == [t["config"]["x"] for t in printed["trials"]]
    assert exported(out, "csv").stdout == file.read_text()


def test_lines_have_all_reports(finished):
    out, printed = finished
    text = exported(out, "jsonl").stdout
    assert list(pandas.read_json(io.StringIO(text), lines=True)["state"]) == [t["state"] for t in printed["trials"]]
    for line, trial in zip(map(json.loads, text.splitlines()), printed["trials"], strict=True):
        assert (line["id"], line["state"], line["config"]) == (trial["id"], trial["state"], trial["config"])
        assert [r["iteration"] for r in line["reports"]] == list(range(1, trial["iterations"] + 1))
        if trial["iterations"]:
            assert line["reports"][-1]["metrics"] == trial["metrics"]


def test_tensorboard_reads_curves_and_configurations(finished, tmp_path):
    out, printed = finished
    runs = tmp_path / "runs"
    assert exported(out, "tensorboard", "-o", runs).stderr.startswith(f"wrote 6 runs to {runs}; tensorboard --logdir")
    best = {}
    for trial in printed["trials"]:
        run = EventAccumulator(str(runs / trial["id"]))
        run.Reload()
        if not trial["iterations"]:
            assert run.Tags()["scalars"] == []
            continue
        scalars = run.Scalars("loss")
        assert [s.step for s in scalars] == [1, 2, 3]
        best[trial["id"]] = scalars[-1].value
        assert numpy.float32(scalars[-1].value) == numpy.float32(trial["metrics"]["loss"])
        content = run.SummaryMetadata(metadata.SESSION_START_INFO_TAG).plugin_data.content
        start = metadata.parse_session_start_info_plugin_data(content)
        assert start.hparams["x"].number_value == trial["config"]["x"]
        assert start.hparams["behaviour"].string_value == trial["config"]["behaviour"]
        content = run.SummaryMetadata(metadata.SESSION_END_INFO_TAG).plugin_data.content
        assert metadata.parse_session_end_info_plugin_data(content).status == 1
    assert min(best, key=best.get) == printed["best"]["id"]
    root = EventAccumulator(str(runs))
    root.Reload()
    content = root.SummaryMetadata(metadata.EXPERIMENT_TAG).plugin_data.content
    experiment = metadata.parse_experiment_plugin_data(content)
    text, number = 1, 3  # api.proto's DataType
    assert {p.name: p.type for p in experiment.hparam_infos}.items() >= {
        "x": number, "behaviour": text, "epochs": number
    }.items()  # fmt: skip
    assert {m.name.tag for m in experiment.metric_infos} == {"loss", "accuracy"}


def test_the_best_model_is_a_file(tmp_path):
    out = tmp_path / "out"
    path = write_study(tmp_path, num_samples=2)
    done = subprocess.run(
        [PROGRAM, "run", path, "--out", out, "--json"], capture_output=True, text=True, timeout=300, check=True
    )
    best = json.loads(done.stdout)["best"]
    file = tmp_path / "best.safetensors"
    exported(out, "model", "-o", file)
    there = load_file(f"{best['checkpoint']}/model.safetensors")
    found = load_file(str(file))
    assert found.keys() == there.keys()
    assert all(numpy.array_equal(found[name], there[name]) for name in found)


def test_what_is_there_is_kept_and_what_is_not_there_is_said(finished, study, tmp_path):
    out, _ = finished
    runs = tmp_path / "runs"
    runs.mkdir()
    (runs / "mine").touch()
    assert "is there already" in exported(out, "tensorboard", "-o", runs, code=4).stderr
    assert [p.name for p in runs.iterdir()] == ["mine"]
    assert "is the study's own" in exported(out, "csv", "-o", out / "study.json", code=4).stderr
    assert "has no model.safetensors: what it has is in" in exported(out, "model", "-o", tmp_path / "m", code=4).stderr
    none = tmp_path / "none"
    assert call("run", study(space=behaving("throw"), num_samples=1), "--out", none).returncode == 1
    assert "there is no best model" in exported(none, "model", "-o", tmp_path / "m", code=1).stderr
    assert not (tmp_path / "m").exists()
    assert "tensorboard" in exported(out, "tensorbord", code=2).stderr
    assert list(tmp_path.glob("*.tmp")) == []
