"""What is said on the command line: misspelt, foreign and missing things (program in TOY)."""

import json
import os
import subprocess

import pytest

from toys import TOY, call, events_of, study  # noqa: F401  # study is a fixture


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["simulat"], 'unknown command "simulat"; did you mean "simulate"?'),
        (["dance"], 'unknown command "dance"; known: run, resume'),
        (["run", "s.json", "--sed", "3"], 'unknown option "--sed"; did you mean "--set"?'),
        (["run", "s.json", "--ouput=x"], 'unknown option "--ouput"; did you mean "--out"?'),
        (["ask", "s.json", "--dri", "x"], 'unknown option "--dri"; did you mean "--dir"?'),
        (["simulate", "s.json", "--curv", "power"], 'unknown option "--curv"; did you mean "--curve"?'),
        (["--versoin"], 'unknown option "--versoin"; did you mean "--version"?'),
        (["tell", "out", "0", "--fial", "why"], 'unknown option "--fial"; did you mean "--fail"?'),
        (["tell", "out", "0", "-f", "why"], 'unknown option "-f"; known: '),
        (["events", "out", "--jsn"], 'unknown option "--jsn"; '),
        (["doctor", "-r"], 'unknown option "-r"; '),
    ],
)
def test_an_unknown_word_is_named_with_the_nearest_one(words, said):
    done = call(*words)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "a command is required; `troupe_toy --help` tells"),
        (["run"], "STUDY.json is required; `troupe_toy run --help` tells"),
        (["tell", "out"], "ID is required; `troupe_toy tell --help` tells"),
        (["ask", "s.json"], "--dir is required; `troupe_toy ask --help` tells"),
        (["ask", "s.json", "--client"], "--client: 1 required NAME missing; `troupe_toy ask --help` tells"),
        (["events", "a", "b"], "too many arguments: b; `troupe_toy events --help` tells"),
        (["suggest", "s.json", "--count", "x"], "--count: "),
        (["suggest", "s.json", "--count", "-1"], "--count: "),
        (["run", "s.json", "--json=perhaps"], "wrong value: --json = perhaps; "),
        (["tell", "out", "0", "1", "--step", "0"], "--step: Value 0 not in range 1 to 1000000000; "),
        (["list", "fools"], "KIND: fools not in {searchers,schedulers,stoppers,trainables}; "),
        (["run", "s.json", "--out", "a", "--out", "b"], "--out: At Most 1 required but received 2; "),
        (["simulate", "s.json", "--workers", "1"], "exactly 1 option from [--curve,--journal] is required; "),
        (
            ["simulate", "s.json", "--workers", "1", "--curve", "power", "--journal", "out"],
            "exactly 1 option from [--curve,--journal] is required and 2 were given; ",
        ),
    ],
)
def test_whatever_is_wrong_with_a_command_line_is_said_in_one_way(words, said):
    done = call(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("troupe: error: " + said), done.stderr
    assert done.stderr.endswith("--help` tells what it takes\n")
    assert len(done.stderr.splitlines()) == 1


def test_values_with_a_minus_are_no_options(study, tmp_path):  # noqa: F811
    path, out = study(num_samples=5), tmp_path / "out"
    for value in ("-1", "-0.5e3", "-inf", "-Infinity", "-.5"):
        trial = json.loads(call("ask", path, "--dir", out).stdout)
        done = call("tell", out, trial["id"], value)
        assert done.returncode == 0, done.stderr


def raw_call(*arguments):
    return subprocess.run([os.fsencode(a) for a in (TOY, *arguments)], capture_output=True, check=False)


def test_texts_that_are_written_down_must_be_utf8(study, tmp_path):  # noqa: F811
    path, out = study(), str(tmp_path / "out")
    for arguments in (
        ["ask", path, "--dir", out, "--client", b"m\xfcller"],
        ["ask", path, "--dir", out, "--set", b"name=\xff"],
        ["ask", path, "--dir", out, "--set", b"\xff=1"],
        ["tell", out, "0", "--fail", b"\xed\xa0\x80"],
        ["run", path, "--out", out, "--set", b"space/x=\xff"],
    ):
        done = raw_call(*arguments)
        assert done.returncode == 2, done.stderr
        assert b"must be UTF-8" in done.stderr
    assert not os.path.exists(out)
    name = "müller \N{GRINNING FACE}"
    asked = raw_call("ask", path, "--dir", out, "--client", name.encode())
    assert raw_call("ask", path, "--dir", out, "--client", name.encode()).stdout == asked.stdout
    assert [e["client"] for e in events_of(out) if e["kind"] == "trial_started"] == [name]


def test_a_file_whose_name_is_not_utf8_gives_a_study_no_name(study, tmp_path):  # noqa: F811
    content = json.loads(open(study()).read())
    del content["name"]
    path = os.path.join(os.fsencode(tmp_path), b"\xff.json")
    with open(path, "w") as file:
        json.dump(content, file)
    done = raw_call("preview", path, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["name"] == "study"


def test_ask_begins_nothing_in_a_folder_of_somebody_else(study, tmp_path):  # noqa: F811
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.txt").write_text("mine")
    done = call("ask", study(), "--dir", tmp_path / "mine")
    assert done.returncode == 4
    assert "mine: is not empty and holds no study; choose another folder with --dir" in done.stderr
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_a_file_of_lines_that_is_missing_is_the_same_fault_everywhere(study, tmp_path):  # noqa: F811
    for words in (["suggest", study(), "--history"], ["replay"]):
        done = call(*words, tmp_path / "none.jsonl")
        assert done.returncode == 2
        assert "none.jsonl: cannot be opened: No such file or directory" in done.stderr


def test_more_cpus_per_trial_than_the_study_has_are_a_fault_of_the_study_file(study):  # noqa: F811
    done = call("run", study(resources={"cpu": 3}, cpus=2))
    assert done.returncode == 2
    assert "cpus: one trial needs 3, more than the study may use; found 2" in done.stderr


def test_more_cpus_per_trial_than_the_machine_has_are_resources_that_are_not_there(study):  # noqa: F811
    path = study(resources={"cpu": 100000})
    content = json.loads(open(path).read())
    del content["cpus"]
    with open(path, "w") as file:
        json.dump(content, file)
    done = call("run", path)
    assert done.returncode == 5
    assert "a trial needs 100000" in done.stderr


def test_an_overwriting_run_deletes_nothing_for_an_empty_study_db(study, tmp_path):  # noqa: F811
    out = tmp_path / "out"
    (out / "trials").mkdir(parents=True)
    (out / "trials/mine.txt").write_text("mine")
    (out / "study.json").write_text("mine")
    (out / "study.db").write_text("")
    done = call("run", study(), "--out", out, "--overwrite")
    assert done.returncode == 4
    assert "holds study.db, but it is not a study's results folder: it has no study.db with Troupe's mark" in done.stderr
    assert "put back a copy of that, or move study.db, study.json, summary.json and trials elsewhere" in done.stderr
    assert (out / "trials/mine.txt").read_text() == (out / "study.json").read_text() == "mine"


def test_a_folder_whose_name_looks_like_a_uri_is_a_folder(study, tmp_path):
    done = call("run", study(), "--out", "file:x?mode=memory", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "file:x?mode=memory/study.db").exists()
    for command in ("doctor", "verify", "events", "resume"):
        assert call(command, "file:x?mode=memory", cwd=tmp_path).returncode == 0
