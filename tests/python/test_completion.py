"""What a shell completes: commands, options, their values, and ids of trials (program in TOY)."""

import os
import pathlib
import shlex
import subprocess

import pytest

from toys import TOY, call, study  # noqa: F401  # study is a fixture


def completed(*words):
    done = call("__complete", *words)
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout.split()


@pytest.fixture
def out(study, tmp_path):
    folder = tmp_path / "out"
    assert call("run", study(num_samples=3), "--out", folder).returncode == 0
    return folder


def test_words_of_every_kind(out):
    assert completed("sta") == ["status"]
    assert {"run", "pause", "export", "completion"} <= set(completed(""))
    assert completed("trials", "--wh") == ["--where"]
    assert completed("trials", str(out), "-f", "") == ["csv", "json", "table", "value"]
    assert completed("trials", "-f", "c") == ["csv"]
    assert completed("show", str(out), "") == ["00000", "00001", "00002"]
    assert completed("show", "-f", "json", str(out), "00002") == ["00002"]
    assert completed("compare", str(out), "00000", "00001", "") == ["00000", "00001", "00002"]
    assert completed("stop", str(out), "") == ["00000", "00001", "00002"]
    assert completed("set", str(out), "num") == ["num_samples="]
    assert "toy" in completed("list", "trainables", "")
    assert completed("export", str(out), "t") == ["tensorboard"]
    assert "--curve" in completed("simulate", "--c")


def test_where_files_are_meant_or_nothing_is_known_nothing_is_said(tmp_path):
    for words in (["run", ""], ["show", ""], ["show", str(tmp_path), ""], ["nonsense", ""], ["trials", "--where", ""],
                  ["pause", "x", ""], []):  # fmt: skip
        assert completed(*words) == []


def test_bash_completes_with_the_script(out):
    script = call("completion", "bash")
    assert script.returncode == 0
    program = pathlib.Path(TOY).name
    words = [program, "show", str(out), "000"]
    line = (
        f"{script.stdout}\n"
        f"COMP_WORDS=({shlex.join(words)}); COMP_CWORD=3\n"
        f"_{program}_complete; printf '%s\\n' \"${{COMPREPLY[@]}}\"; complete -p {program}"
    )
    done = subprocess.run(
        ["bash", "-c", line],
        capture_output=True,
        text=True,
        env=os.environ | {"PATH": f"{pathlib.Path(TOY).parent}:{os.environ['PATH']}"},
        timeout=60,
    )
    *ids, rule = done.stdout.splitlines()
    assert ids == ["00000", "00001", "00002"], done
    assert rule == f"complete -o default -F _{program}_complete {program}"


def test_every_shell_has_a_script():
    for shell in ("bash", "zsh", "fish"):
        assert "__complete" in call("completion", shell).stdout
    refused = call("completion", "tcsh")
    assert refused.returncode == 2
    assert "bash" in refused.stderr
