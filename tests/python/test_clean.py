"""What of a study's folder can go, and goes (the toy's path is in TOY)."""

import json

import pytest
from faults import INJECTOR, KILLED, calls_of, check_database, check_sound, copies, struck
from test_faults import moments
from toys import WELL, call, events_of, read_until, running, study  # noqa: F401


def checkpoints(folder):
    return sorted(p.relative_to(folder / "trials").as_posix() for p in folder.glob("trials/*/checkpoint_*"))


@pytest.fixture
def done(study, tmp_path):  # noqa: F811
    """The folder of a study of four trials that has ended, and the number of the best."""
    folder = tmp_path / "done"
    assert call("run", study(), "--out", folder).returncode == 0
    return folder, json.loads((folder / "summary.json").read_text())["best"]["id"]


def test_nothing_is_removed_unasked(done):
    folder, best = done
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    listed = call("clean", folder)
    assert listed.returncode == 0, listed.stderr
    lines = listed.stdout.splitlines()
    goes = [c for c in checkpoints(folder) if not c.startswith(best)]
    assert [line.split(":")[0] for line in lines[:-1]] == [f"{folder}/trials/{c}" for c in goes]
    assert lines[-1].startswith(f"total: {len(goes)} things, ")
    assert f"kept: trial {best}: 1 checkpoint, " in listed.stderr
    assert "--yes" in listed.stderr
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("keep", [0, 1, 2, 9])
def test_so_many_of_the_best_keep_their_checkpoints(done, keep):
    folder, _ = done
    trials = json.loads((folder / "summary.json").read_text())["trials"]
    best = sorted(t["id"] for t in sorted(trials, key=lambda t: t["metrics"]["loss"])[:keep])
    before, last = checkpoints(folder), events_of(folder)[-1]["seq"]
    assert call("clean", folder, "--keep-best", keep, "--yes").returncode == 0
    assert checkpoints(folder) == [c for c in before if c[:5] in best]
    added = events_of(folder)[last:]
    assert {e["kind"] for e in added} <= {"checkpoint_lost"}
    assert len(added) == len(before) - len(checkpoints(folder))
    check_sound(folder)
    again = call("clean", folder, "--keep-best", keep, "--yes")
    assert again.stdout == "total: 0 things, 0 B\n"
    assert events_of(folder)[last:] == added


def test_a_cleaned_study_takes_no_longer_and_gets_more_trials(done):
    folder, _ = done
    before = json.loads((folder / "summary.json").read_text())
    assert call("clean", folder, "--keep-best", 0, "--yes").returncode == 0
    after = json.loads((folder / "summary.json").read_text())
    assert after["wall_s"] == before["wall_s"]
    assert after["best"] == before["best"] | {"checkpoint": None}
    more = call("resume", folder, "--num-samples", 6, "--json")
    assert more.returncode == 0, more.stderr
    trials = json.loads(more.stdout)["trials"]
    assert [t["state"] for t in trials] == ["completed"] * 6
    assert [t["metrics"] for t in trials[:4]] == [t["metrics"] for t in before["trials"]]
    check_sound(folder)


def test_what_a_study_goes_on_from_stays(study, tmp_path):  # noqa: F811
    folder = tmp_path / "out"
    path = study(num_samples=2, space=WELL | {"epochs": 100000, "pace_ms": 20})
    with running(path, folder) as process:
        read_until("checkpoint_saved", process.stdout, 4)
        process.send_signal(2)
        process.communicate(timeout=60)
    before = checkpoints(folder)
    cleaned = call("clean", folder, "--keep-best", 0, "--yes")
    assert cleaned.returncode == 0, cleaned.stderr
    assert "is interrupted: `troupe resume` goes on from there" in cleaned.stderr
    assert checkpoints(folder) == before
    check_sound(folder)


def test_a_study_that_was_killed_keeps_all_but_what_the_crash_has_left(study, tmp_path):  # noqa: F811
    folder = tmp_path / "out"
    path = study(num_samples=2, space=WELL | {"epochs": 800, "pace_ms": 5})
    with running(path, folder) as process:
        read_until("checkpoint_saved", process.stdout, 2)
        process.kill()
        process.communicate(timeout=60)
    left = folder / "trials/00000/.checkpoint_000777.tmp"
    left.mkdir()
    (left / "state.txt").write_text("half")
    before = checkpoints(folder)
    cleaned = call("clean", folder, "--yes")
    assert cleaned.returncode == 0, cleaned.stderr
    assert f"{left}: 4 B; was left half-written" in cleaned.stdout
    assert not left.exists()
    assert set(checkpoints(folder)) <= set(before)
    assert call("doctor", folder).returncode == 0
    resumed = call("resume", folder)
    assert resumed.returncode == 0, resumed.stderr
    check_sound(folder)


def test_stopped_trials_need_theirs_no_more(study, tmp_path):  # noqa: F811
    folder = tmp_path / "out"
    path = study(space={"x": 0.5, "epochs": 3}, num_samples=1, stop={"loss": 0.3})
    assert call("run", path, "--out", folder).returncode == 0
    assert checkpoints(folder) == ["00000/checkpoint_000001"]
    assert call("clean", folder, "--keep-best", 0, "--yes").returncode == 0
    assert checkpoints(folder) == []
    check_sound(folder)


def test_a_study_that_runs_is_not_cleaned(study, tmp_path):  # noqa: F811
    folder = tmp_path / "out"
    with running(study(num_samples=1, space=WELL | {"behaviour": "wait"}), folder) as process:
        read_until("trial_started", process.stdout)
        for more in ([], ["--yes"]):
            refused = call("clean", folder, *more)
            assert refused.returncode == 4
            assert str(folder) in refused.stderr
        process.send_signal(2)
        process.communicate(timeout=60)


def test_a_folder_without_a_study_is_refused(tmp_path):
    for folder in (tmp_path, tmp_path / "none"):
        for more in ([], ["--yes"]):
            refused = call("clean", folder, *more)
            assert refused.returncode == 4
            assert "holds no study" in refused.stderr
    assert not (tmp_path / "none").exists()


def test_trials_that_were_asked_for_have_nothing_to_remove(study, tmp_path):  # noqa: F811
    folder = tmp_path / "out"
    path = study(num_samples=1)
    assert call("ask", path, "--dir", folder).returncode == 0
    assert call("tell", folder, 0, 0.5).returncode == 0
    cleaned = call("clean", folder, "--yes")
    assert cleaned.returncode == 0, cleaned.stderr
    assert cleaned.stdout == "total: 0 things, 0 B\n"
    check_sound(folder)
    assert call("ask", path, "--dir", folder).returncode == 11


@pytest.mark.skipif(not INJECTOR, reason="the injector is not built")
@pytest.mark.parametrize("fault", ["kill", "enospc", "eio"])
def test_a_cleaning_that_is_cut_off_leaves_a_whole_study(done, fault):
    template, best = done

    def command(folder):
        return ["clean", folder, "--yes"]

    count = len(calls_of(copies(template), command))
    for at in moments(count, fault, "clean"):
        parent = template.parent / f"{fault}{at}"
        parent.mkdir()
        folder = copies(template)(parent)
        struck_one = struck(folder, command(folder), fault, at)
        where = f"{fault} at call {at} of {count}: {struck_one.returncode} {struck_one.stderr}"
        assert struck_one.returncode == KILLED if fault == "kill" else struck_one.returncode in {0, 4}, where
        check_database(folder)
        lost = {(e["trial"], e["checkpoint"]) for e in events_of(folder) if e["kind"] == "checkpoint_lost"}
        for c in set(checkpoints(template)) - set(checkpoints(folder)):
            assert (c[:5], int(c[-6:])) in lost, where  # the journal does not name what is gone
        # Whoever goes on first finds all that it needs.
        if at % 2:
            resumed = call("resume", folder, "--num-samples", 5)
            assert resumed.returncode == 0, where + resumed.stderr
        again = call(*command(folder))
        assert again.returncode == 0, where + again.stderr
        assert {c[:5] for c in checkpoints(folder)} <= {best, "00004"}, where
        check_sound(folder)
