"""Whatever call fails while a study is resumed, the next resume ends it as it would have ended.

A sample of all moments; FAULTS_ALL=1 takes every one (make faults). The toy's path is in TOY, the
injector's in INJECTOR.
"""

import pytest
from crashes import check_end, check_journal, outcome_of
from faults import INJECTOR, KILLED, calls_of, copies, struck
from test_faults import sweep
from toys import WELL, call, study

pytestmark = pytest.mark.skipif(not INJECTOR, reason="the injector is not built")

# Trials that wait for each other, and that go on from their own checkpoints.
SCHEDULERS = {
    "hyperband": {"name": "hyperband", "max_t": 3},
    "pbt_replay": {"name": "pbt_replay", "policy": [[1, {"x": 0.5}], [2, {"x": 0.1}]]},
}


def resume(folder):
    return ["resume", folder, "--cpus", 1]


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_a_resumed_study_ends_once_whatever_has_failed(study, tmp_path, scheduler):  # noqa: F811
    content = {"num_samples": 3, "max_concurrent": 1, "space": WELL | {"epochs": 3}, "cpus": 1}
    # Each event is committed, so that there are some in the midst of the calls.
    file = study(scheduler=SCHEDULERS[scheduler], durability="sync", **content)
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"

    def run(folder):
        return ["run", file, "--out", folder]

    assert call(*run(undisturbed)).returncode == 0
    midst = len(calls_of(copies(None), run)) * 2 // 3
    assert struck(killed, run(killed), "kill", midst).returncode == KILLED
    before = check_journal(killed, [])
    assert before

    def check(folder, done):
        events = check_journal(folder, before)
        assert events[: len(before)] == before
        if "lacks what came last" in done.stderr:
            remedy = "go on with" if events[len(before) :] else "give the same command again"
            assert f"when that is mended, {remedy}" in done.stderr
        again = call(*resume(folder))
        assert again.returncode == 0, again.stderr
        check_end(folder, before)
        assert outcome_of(folder) == outcome_of(undisturbed)

    sweep(copies(killed), resume, f"resume {scheduler}", check)
