"""Nobody goes on with a study whose study.json was changed since it began (program in TOY)."""

import json

import pytest

from toys import WELL, call, events_of, study  # noqa: F401  # study is a fixture


@pytest.mark.parametrize("asked", [False, True])
def test_a_study_file_that_was_changed_is_not_gone_on_with(study, tmp_path, asked):  # noqa: F811
    folder, file = tmp_path / "out", study(seed=3)
    begin = ("ask", file, "--dir", folder) if asked else ("run", file, "--out", folder)
    assert call(*begin).returncode == 0
    there = folder / "study.json"
    there.write_text(there.read_text().replace('"seed": 3', '"seed": 4'))
    changed = study(seed=4)
    commands = [("doctor", folder, 7), ("verify", folder, 4), ("clean", folder, "--yes", 4)]
    commands.append(("fork", folder, "--out", tmp_path / "fork", 4))
    if asked:
        commands += [("ask", changed, "--dir", folder, 4), ("tell", folder, "00000", "0.5", 4)]
    else:
        commands += [("resume", folder, 4), ("run", changed, "--out", folder, "--resume", 4)]
    before = events_of(folder)
    for *command, code in commands:
        done = call(*command)
        assert done.returncode == code, (command, done)
        said = done.stdout + done.stderr
        assert f"{there} has been changed since the study began" in said.replace("\n", " "), said
        assert "seed is 3" in said and "4" in said
    assert events_of(folder) == before

    there.write_text(there.read_text().replace('"seed": 4', '"seed": 3'))
    assert call("verify", folder).returncode == 0


@pytest.mark.parametrize(
    "edit",
    [
        {"trial_name": "y{x}"},
        {"trial_name": None},
        {"resources": {"cpu": 1, "license": {"expr": "2 * x"}}},
        {"custom": {"license": 9}},
        {"max_failures": 7},
        {"durability": "off"},
        {"trial_files": False},
        {"stop": {"loss": 0.5}},
        {"time_budget_s": 3},
        {"cpus": None},
        {"callbacks": []},
    ],
    ids=lambda edit: next(iter(edit)),
)
def test_nothing_is_changed_in_the_folders_study_file(study, tmp_path, edit):  # noqa: F811
    folder = tmp_path / "out"
    needs = {"resources": {"cpu": 1, "license": {"expr": "x"}}, "custom": {"license": 2}}
    assert call("run", study(trial_name="x{x}", **needs), "--out", folder).returncode == 0
    there = folder / "study.json"
    before = there.read_text()
    edited = json.loads(before) | edit
    there.write_text(json.dumps({k: v for k, v in edited.items() if v is not None}))
    if "callbacks" in edit:  # which says what it said before
        assert call("doctor", folder).returncode == 0
        return
    events = events_of(folder)
    for command, code in (("doctor", 7), ("resume", 4), ("verify", 4)):
        done = call(command, folder)
        assert done.returncode == code, done
        said = (done.stdout + done.stderr).replace("\n", " ")
        assert f"{there} has been changed since the study began" in said, said
        assert next(iter(edit)) + " is " in said
    assert events_of(folder) == events
    there.write_text(before)
    assert call("resume", folder, "--set", "custom/license=3").returncode == 0


@pytest.mark.parametrize(
    "edit", [{"num_samples": 2}, {"num_samples": 40}, {"resources": {"cpu": 2}}, {"custom": {"license": 9}}]
)
def test_nothing_is_changed_in_the_study_file_of_one_that_is_asked_for(study, tmp_path, edit):  # noqa: F811
    folder, file = tmp_path / "out", study(custom={"license": 2})
    assert call("ask", file, "--dir", folder, "--num-samples", 8).returncode == 0
    there = folder / "study.json"
    before = there.read_text()
    there.write_text(json.dumps(json.loads(before) | edit))
    commands = [("ask", file, "--dir", folder), ("ask", there, "--dir", folder)]
    commands += [("tell", folder, "00000", "0.5"), ("verify", folder), ("clean", folder)]
    for command in commands:
        done = call(*command)
        assert done.returncode == 4, (command, done)
        assert f"{there} has been changed since the study began" in done.stderr
    assert call("doctor", folder).returncode == 7
    there.write_text(before)
    assert call("ask", study(custom={"license": 3}), "--dir", folder).returncode == 0
    assert call("doctor", folder).returncode == 0


def test_what_is_kept_is_not_changed_in_the_folders_study_file(study, tmp_path):  # noqa: F811
    folder, file = tmp_path / "out", study(space=WELL | {"epochs": 4})
    assert call("run", file, "--out", folder).returncode == 0
    assert call("resume", folder, "--num-samples", 5, "--set", "keep/best=2").returncode == 0
    assert call("doctor", folder).returncode == 0
    there = folder / "study.json"
    kept = json.loads(there.read_text())
    there.write_text(json.dumps(kept | {"keep": {"best": 4, "last": 4}}))
    for command, code in (("doctor", 7), ("resume", 4), ("verify", 4)):
        done = call(command, folder)
        assert done.returncode == code, done
        said = (done.stdout + done.stderr).replace("\n", " ")
        assert 'keep is {"best": 1, "last": 1} there, and {"best": 4, "last": 4} here' in said
    there.write_text(json.dumps(kept))
    assert call("doctor", folder).returncode == 0


def test_a_study_whose_file_has_a_list_as_version_0_1_wrote_it_goes_on(tmp_path):
    folder, file = tmp_path / "out", tmp_path / "study.json"
    space = {"x": {"uniform": [0, 1]}, "sizes": {"const": [8, 16]}}
    file.write_text(json.dumps({"space": space, "metric": "loss", "num_samples": 2}))
    assert call("ask", file, "--dir", folder).returncode == 0
    there = folder / "study.json"
    stored = json.loads(there.read_text())
    stored["space"]["sizes"] = [8, 16]
    there.write_text(json.dumps(stored))
    assert call("tell", folder, "00000", 0.5).returncode == 0
    done = call("ask", file, "--dir", folder)
    assert json.loads(done.stdout)["params"]["sizes"] == [8, 16]
    assert call("verify", folder).returncode == 0
    stored["space"]["sizes"] = [8, 17]
    there.write_text(json.dumps(stored))
    assert call("verify", folder).returncode == 4


def test_a_number_of_trials_is_not_changed_in_the_folders_study_file(study, tmp_path):  # noqa: F811
    folder = tmp_path / "out"
    assert call("run", study(), "--out", folder).returncode == 0
    more = call("resume", folder, "--num-samples", 5)
    assert more.returncode == 0 and "going on with 4 of 5 trials done" in more.stderr
    there = folder / "study.json"
    for edited in (6, 3):
        there.write_text(there.read_text().replace('"num_samples": 4', f'"num_samples": {edited}'))
        for command in ("resume", "verify", "clean"):
            done = call(command, folder)
            assert done.returncode == 4
            assert f"it makes 4 trials there, and {edited} trials here" in done.stderr
        there.write_text(there.read_text().replace(f'"num_samples": {edited}', '"num_samples": 4'))
    assert call("resume", folder).returncode == 0
