"""scripts/layers.py finds what it is there to find, in a copy of the sources with a planted fault."""

import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture
def copy(tmp_path):
    for folder in ("src", "include", "scripts"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def check(root):
    return subprocess.run(
        [sys.executable, ROOT / "scripts/layers.py", root], capture_output=True, text=True, timeout=60
    )


def plant(path, include):
    path.write_text(f"#include {include}\n" + path.read_text())


def test_the_sources_keep_to_their_layers():
    done = check(ROOT)
    assert done.returncode == 0, done.stdout
    assert "no circle, none upward" in done.stdout


@pytest.mark.parametrize(
    ("file", "include", "said"),
    [
        ("src/base/json.cpp", '"store/journal.hpp"', "src/base/json.cpp includes store/journal.hpp"),
        ("src/search/searchers/bohb_searcher.cpp", '"search/schedulers/asha.hpp"', "may not"),
        ("src/actors/controller.cpp", '"cli/console.hpp"', "includes cli/console.hpp"),
        ("src/search/life/judging.cpp", "<caf/actor.hpp>", "is for actors cli"),
        ("include/troupe/study.hpp", '"base/json.hpp"', "include/troupe/study.hpp includes"),
        ("src/base/json.hpp", '"base/values.hpp"', None),
    ],
)
def test_a_planted_include_is_found(copy, file, include, said):
    plant(copy / file, include)
    done = check(copy)
    assert (done.returncode, said is None) in ((1, False), (0, True))
    assert said is None or said in done.stdout


def test_a_circle_of_files_and_a_file_in_no_room_are_found(copy):
    plant(copy / "src/base/path.hpp", '"base/nearest.hpp"')
    plant(copy / "src/base/nearest.hpp", '"base/path.hpp"')
    (copy / "src/lost.cpp").write_text("")
    said = check(copy).stdout
    assert "a circle of includes" in said
    assert "src/lost.cpp is in no room" in said
