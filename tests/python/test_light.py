"""The program starts light: its modules, and libtorch, are loaded when a study trains with them (program in TROUPE)."""

import json
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from commands import shell
from studies import PROGRAM, endless, run, write_study

MODULES = {"fused": "troupe-fused.so", "eager": "troupe-torch.so"}
MODULE = Path(PROGRAM).with_name(MODULES["eager"])
needs_torch = pytest.mark.skipif(not MODULE.exists(), reason="this build has no libtorch")
each_engine = pytest.mark.parametrize("engine", ["fused", pytest.param("eager", marks=needs_torch)])
HEAVY = re.compile(r"torch|libc10|libcurl|libarchive|libcrypto")
SMALL = {"name": "cifar10", "data": "synthetic", "train_images": 64, "test_images": 16}


def call(program, *arguments, **environment):
    return subprocess.run(
        [program, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        timeout=120,
    )


@pytest.fixture
def loaded(tmp_path):
    """Calls the program; returns the libraries that it, and all that it starts, have loaded."""

    def names(*arguments):
        trace = tmp_path / "trace"
        trace.mkdir()
        done = call(PROGRAM, *arguments, LD_DEBUG="files", LD_DEBUG_OUTPUT=str(trace / "loader"))
        assert done.returncode == 0, done.stderr
        text = "".join(file.read_text(errors="replace") for file in trace.iterdir())
        shutil.rmtree(trace)
        found = set(re.findall(r"calling init: (\S+)", text))
        assert any("libstdc++" in name for name in found)
        return found

    return names


def heavy(libraries):
    return sorted(name for name in libraries if HEAVY.search(Path(name).name))


@pytest.mark.parametrize(
    "words", [["--version"], ["list", "trainables"], ["list", "trainables", "cifar10"], ["schema"]]
)
def test_what_names_no_study_loads_no_libtorch(loaded, words):
    assert heavy(loaded(*words)) == []


@pytest.mark.parametrize(
    "words",
    [["preview"], ["suggest"], ["simulate", "--curve", "crossing", "--workers", 2, "--trials", 4]],
)
def test_who_only_looks_at_a_study_of_cifar10_loads_no_libtorch(loaded, tmp_path, words):
    assert heavy(loaded(words[0], write_study(tmp_path), *words[1:])) == []


def test_who_asks_tells_and_looks_back_loads_no_libtorch(loaded, tmp_path):
    path, out = write_study(tmp_path), tmp_path / "asked"
    assert heavy(loaded("ask", path, "--dir", out)) == []
    assert heavy(loaded("tell", out, "00000", "0.5")) == []
    for command in ("events", "verify", "doctor", "clean"):
        assert heavy(loaded(command, out)) == []
    assert heavy(loaded("fork", out, "--out", tmp_path / "forked")) == []


def test_a_study_of_commands_loads_no_libtorch(loaded, tmp_path):
    command = {"command": shell("echo 'TROUPE {\"loss\": 1}'")}
    path = write_study(tmp_path, trainable=command, space={}, scheduler={"name": "fifo"})
    out = tmp_path / "out"
    assert heavy(loaded("run", path, "--out", out)) == []
    assert heavy(loaded("resume", out, "--num-samples", 8)) == []


def libraries_of_a_run(loaded, tmp_path, **changes):
    path = write_study(tmp_path, trainable=SMALL, num_samples=1, **changes)
    return {Path(name).name for name in loaded("run", path, "--out", tmp_path / "out")}


def test_a_study_of_cifar10_loads_its_module_and_no_libtorch(loaded, tmp_path):
    libraries = libraries_of_a_run(loaded, tmp_path)
    assert MODULES["fused"] in libraries
    assert not any("torch" in name.removeprefix("troupe") for name in libraries)


@needs_torch
def test_the_eager_engine_loads_libtorch(loaded, tmp_path):
    libraries = libraries_of_a_run(loaded, tmp_path, engine="eager")
    assert {MODULES["eager"], "libtorch_cpu.so", "libc10.so"} <= libraries
    assert "libtorch_cuda.so" not in libraries


@pytest.fixture
def lonely(tmp_path):
    """A copy of the program alone, in a folder of its own."""
    folder = tmp_path / "bin"
    folder.mkdir()
    return Path(shutil.copy(PROGRAM, folder / "troupe"))


def refused(program, path, *more, **environment):
    """Runs a study that cannot begin, and leaves nothing; returns what was said."""
    out = path.parent / "out"
    done = call(program, "run", path, "--out", out, *more, **environment)
    assert done.returncode == 5, done.stderr
    assert done.stderr.startswith("troupe: error: ")
    assert len(done.stderr.splitlines()) == 1
    assert not out.exists()
    return done.stderr


@pytest.mark.parametrize("engine", MODULES)
def test_without_the_module_a_study_of_cifar10_is_refused(lonely, tmp_path, engine):
    said = refused(lonely, write_study(tmp_path, engine=engine))
    assert str(lonely.with_name(MODULES[engine])) in said
    assert f"lib/troupe/{MODULES[engine]}" in said
    assert "`make build`" in said and "`make core`" in said


def test_without_the_module_all_else_is_as_ever(lonely, tmp_path):
    path = write_study(tmp_path)
    assert call(lonely, "list", "trainables").stdout == call(PROGRAM, "list", "trainables").stdout
    assert call(lonely, "schema").stdout == call(PROGRAM, "schema").stdout
    assert json.loads(call(lonely, "ask", path, "--dir", tmp_path / "asked").stdout)["id"] == "00000"
    wrong = write_study(tmp_path, trainable={"name": "cifar10", "date": "synthetic"})
    done = call(lonely, "run", wrong)
    assert done.returncode == 2
    assert 'did you mean "data"?' in done.stderr


def test_a_file_that_is_no_module_is_named(lonely, loaded, tmp_path):
    module = lonely.with_name(MODULES["fused"])
    module.write_text("no library")
    assert f"{module} cannot be loaded: " in refused(lonely, write_study(tmp_path))
    library = next(name for name in loaded("--version") if "libz.so" in name)
    shutil.copy(library, module)
    assert f"{module} is of another build (something else)" in refused(lonely, write_study(tmp_path))


def altered(module, before, after, place):
    """Copies a module, with other bytes in some places."""
    content = module.read_bytes()
    assert before in content and len(before) == len(after)
    place.write_bytes(content.replace(before, after))


@each_engine
def test_a_module_of_another_build_is_refused(lonely, tmp_path, engine):
    module = Path(PROGRAM).with_name(MODULES[engine])
    build = re.search(rb"\d+\.\d+\.\d+-[0-9a-f]{16}\0", module.read_bytes()).group()[:-1]
    other = build[:-1] + (b"0" if build[-1:] != b"0" else b"1")
    altered(module, build, other, lonely.with_name(module.name))
    said = refused(lonely, write_study(tmp_path, engine=engine))
    assert f"({other.decode()}) than this program ({build.decode()})" in said


@needs_torch
def test_a_libtorch_that_is_gone_is_named(lonely, tmp_path):
    altered(MODULE, b"/torch/lib", b"/hcrot/lib", lonely.with_name(MODULE.name))
    assert "cannot be loaded: libtorch_cpu.so: " in refused(lonely, write_study(tmp_path, engine="eager"))


@each_engine
def test_the_module_is_found_where_it_is_installed(lonely, tmp_path, engine):
    place = tmp_path / "lib/troupe"
    place.mkdir(parents=True)
    shutil.copy(Path(PROGRAM).with_name(MODULES[engine]), place)
    path = write_study(tmp_path, trainable=SMALL, num_samples=1, engine=engine)
    link = tmp_path / "link"  # as in a folder of PATH
    link.symlink_to(lonely)
    done = call(link, "run", path, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "Best trial test set accuracy: " in done.stdout


@needs_torch
@pytest.mark.skipif(Path("/proc/driver/nvidia").exists(), reason="this machine has a GPU")
def test_the_module_looks_for_the_cuda_half_of_its_libtorch(tmp_path):
    driver = {"LD_LIBRARY_PATH": os.environ["DRIVER"], "TOY_GPUS": "1"}
    said = refused(PROGRAM, write_study(tmp_path, trainable=SMALL), "--device", "cuda", **driver)
    assert "libtorch's CUDA library cannot be loaded: " in said or "no NVIDIA GPU answers" in said


@each_engine
def test_what_is_thrown_in_the_module_is_known_in_the_program(tmp_path, engine):
    done = run(write_study(tmp_path, trainable={"name": "cifar10", "data": "kittens"}, engine=engine))
    assert done.returncode == 6
    assert 'there are no images called "kittens"' in done.stderr
    huge = write_study(
        tmp_path,
        trainable=SMALL,
        space={"l1": 10**12, "l2": 8, "lr": 0.1, "batch_size": 8},
        num_samples=1,
        engine=engine,
    )
    done = run(huge)
    assert done.returncode == 1
    assert "1 failed" in done.stdout


@each_engine
def test_a_run_in_the_module_can_be_interrupted_and_goes_on(tmp_path, engine):
    path, out = endless(tmp_path, engine=engine), tmp_path / "out"
    command = [PROGRAM, "run", path, "--out", out, "--events"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        while "checkpoint_saved" not in running.stdout.readline():
            assert running.poll() is None
        running.send_signal(signal.SIGINT)
        running.stdout.read()
    assert running.returncode == 130
    assert call(PROGRAM, "verify", out).returncode == 0
