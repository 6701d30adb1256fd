"""`troupe report`: a page that shows a study, as a browser has it (program in TOY)."""

import json
import os
import shutil
import subprocess

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By

from commands import shell, study  # noqa: F401  # study is a fixture
from toys import call

MARKUP = '</script><script>window.hurt = 1</script><img src=x onerror="window.hurt = 2"><!--'


@pytest.fixture(scope="module")
def browser():
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1440,900"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    yield driver
    driver.quit()


def open_report(browser, out, page):
    """Makes the page of a study and opens it; nothing may go wrong, and nothing be fetched."""
    done = call("report", out, "-o", page)
    assert done.returncode == 0, done
    browser.get_log("browser")
    browser.get(page.as_uri())
    assert browser.get_log("browser") == []
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
    return browser


def table_of(browser):
    """The table of trials that is seen: a list for each row."""
    return browser.execute_script(
        "return [...document.querySelectorAll('#table tbody tr')].map((r) => [...r.cells].map((c) => c.textContent))"
    )


def head_of(browser):
    return [th.text.split(" ")[0] for th in browser.find_elements(By.CSS_SELECTOR, "#table thead th")]


def painted(browser, canvas):
    """Whether something has been drawn, and where it is seen."""
    return browser.execute_script(
        """const c = document.getElementById(arguments[0]);
        const all = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        return c.offsetParent !== null && all.some((v) => v > 0);""",
        canvas,
    )


@pytest.fixture
def trained(study, tmp_path):
    """A study of 40 trials with curves, of which some fail."""
    script = """
    [ "$2" = 5 ] && { echo "no such depth" >&2; exit 3; }
    for i in 1 2 3; do echo "TROUPE {\\"loss\\": $1, \\"step\\": $i}"; done
    """
    out = tmp_path / "out"
    path = study(
        [*shell(script), "sh", "{x}", "{depth}"],
        space={"x": {"loguniform": [1e-4, 1]}, "depth": {"randint": [1, 6]}, "kind": {"choice": ["a", "b"]}},
        num_samples=40,
        seed=3,
    )
    assert call("run", path, "--out", out).returncode == 3
    return out


def test_numbers_are_those_of_the_table(browser, trained, tmp_path):
    open_report(browser, trained, tmp_path / "report.html")
    names = ["id", "state", "x", "depth", "kind", "loss", "iterations"]
    told = json.loads(call("trials", trained, "-f", "json", "--columns", ",".join(names)).stdout)
    head = head_of(browser)
    places = [head.index({"id": "trial"}.get(name, name)) for name in names]
    seen = [[row[place] for place in places] for row in table_of(browser)]
    assert len(seen) == 40

    def text(value):
        return "" if value is None else value if isinstance(value, str) else f"{value:.6g}".replace("e-0", "e-")

    for row, trial in zip(seen, told, strict=True):
        for cell, name in zip(row, names, strict=True):
            if isinstance(trial[name], float):
                assert float(cell) == pytest.approx(trial[name], rel=1e-5)
            else:
                assert cell == text(trial[name])
    best = json.loads(call("best", trained, "-f", "json").stdout)
    facts = browser.find_element(By.ID, "facts").text
    assert f"trial {best['id']}" in facts
    assert "no such depth" in browser.find_element(By.ID, "failure-list").text


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (768, "dark"), (360, "light")])
def test_everything_is_drawn_at_any_width_and_nothing_sticks_out(browser, trained, tmp_path, width, scheme):
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    open_report(browser, trained, tmp_path / "report.html")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    for canvas in ("best-chart", "curve-chart", "parallel-chart", "pair-chart", "timeline-chart"):
        assert painted(browser, canvas), canvas
        assert browser.find_element(By.ID, canvas).get_attribute("aria-label")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_limits_choose_trials_by_keyboard_and_by_mouse(browser, trained, tmp_path):
    open_report(browser, trained, tmp_path / "report.html")
    expected = json.loads(call("trials", trained, "--where", "depth <= 2", "-f", "json", "--columns", "id").stdout)
    field = browser.find_element(By.CSS_SELECTOR, "#limit-1-1")  # depth, to
    field.send_keys("2\t")
    browser.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    assert browser.find_element(By.ID, "shown").text == f"{len(expected)} of 40 trials"
    assert [row[0] for row in table_of(browser)] == [row["id"] for row in expected]
    browser.find_element(By.ID, "free").click()
    assert browser.find_element(By.ID, "shown").text == "all 40 trials"
    canvas = browser.find_element(By.ID, "parallel-chart")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", canvas)
    first_axis = -canvas.size["width"] // 2 + 40
    drag = ActionChains(browser).move_to_element_with_offset(canvas, first_axis, -20)
    drag.click_and_hold().move_by_offset(0, 120).release().perform()
    assert " of 40 trials" in browser.find_element(By.ID, "shown").text


def test_the_table_is_sorted_and_searched(browser, trained, tmp_path):
    open_report(browser, trained, tmp_path / "report.html")
    place = head_of(browser).index("loss")
    browser.find_elements(By.CSS_SELECTOR, "#table thead button")[place].click()
    losses = [float(row[place]) for row in table_of(browser) if row[place]]
    assert losses == sorted(losses)
    browser.find_element(By.ID, "table-text").send_keys("no such depth")
    assert {row[1] for row in table_of(browser)} == {"failed"}


def test_texts_of_a_study_are_never_markup(browser, study, tmp_path):
    out = tmp_path / "out"
    path = study(
        [*shell('echo "$1" >&2; [ "$2" = 1 ] && exit 1; echo "TROUPE {\\"a<b\\": 1}"'), "sh", "{k}", "{n}"],
        name="</title><b>", metric="a<b", num_samples=4, trial_name=f"{MARKUP.replace('/', '')}-{{n}}",
        space={"k": {"const": MARKUP}, MARKUP.replace("/", "|"): {"uniform": [0, 1]}, "n": {"grid_search": [0, 1]}},
    )  # fmt: skip
    path.write_text(path.read_text().replace('"</title><b>"', '"<b>&amp;"'))
    assert call("run", path, "--out", out).returncode == 3
    page = tmp_path / "report.html"
    open_report(browser, out, page)
    assert browser.execute_script("return window.hurt") is None
    assert browser.find_element(By.ID, "name").text == "<b>&amp;"
    assert len(browser.find_elements(By.TAG_NAME, "script")) == 2
    assert len(browser.find_elements(By.CSS_SELECTOR, "img, b")) == 0
    assert "window.hurt = 1" in browser.find_element(By.ID, "study-text").text
    assert len(table_of(browser)) == 8


def test_a_study_with_little_to_show_has_a_page_too(browser, study, tmp_path):
    out = tmp_path / "out"
    assert call("run", study(shell("exit 1"), num_samples=1), "--out", out).returncode == 1
    open_report(browser, out, tmp_path / "report.html")
    assert browser.find_element(By.ID, "failures").is_displayed()
    assert not browser.find_element(By.ID, "curves").is_displayed()
    assert "1 (1 failed)" in browser.find_element(By.ID, "facts").text


def test_several_objectives_have_a_chart_of_their_own(browser, study, tmp_path):
    out = tmp_path / "out"
    path = study(
        [*shell('echo "TROUPE {\\"a\\": $1, \\"b\\": $2}"'), "sh", "{x}", "{y}"],
        space={"x": {"uniform": [0, 1]}, "y": {"uniform": [0, 1]}},
        metric=["a", "b"], mode=["min", "max"], num_samples=20,
    )  # fmt: skip
    assert call("run", path, "--out", out).returncode == 0
    open_report(browser, out, tmp_path / "report.html")
    assert painted(browser, "pareto-chart")


def test_the_page_goes_where_it_is_told(trained, tmp_path):
    printed = call("report", trained, "-o", "-").stdout
    assert printed.startswith("<!doctype html>")
    assert call("report", trained, cwd=tmp_path).stderr.startswith("wrote report.html (")
    assert (tmp_path / "report.html").read_text() == printed
    assert len(printed) < 300_000
    assert call("report", trained, "-o", tmp_path / "none/report.html").returncode == 4
    assert call("report", tmp_path).returncode == 4


def test_a_study_s_own_files_and_what_is_no_file_stay_what_they_are(trained, tmp_path):
    for own in ("study.db", "study.json", "summary.json", "trials/00000/x.html"):
        done = call("report", trained, "-o", trained / own)
        assert (done.returncode, "is the study's own" in done.stderr) == (4, True), done
    assert call("status", trained).returncode == 0
    assert call("report", trained, "-o", tmp_path).stderr.endswith("is a folder; name a file\n")
    assert call("report", trained, "-o", "").returncode == 2
    beside, link, target = tmp_path / "a.html.tmp", tmp_path / "link.html", tmp_path / "target.html"
    beside.write_text("mine")
    target.write_text("old")
    link.symlink_to(target)
    for file in (tmp_path / "a.html", link):
        assert call("report", trained, "-o", file).returncode == 0
    assert beside.read_text() == "mine"
    assert link.is_symlink()
    assert target.read_text().startswith("<!doctype html>")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        assert call("report", trained, "-o", pipe).returncode == 0
        assert reader.stdout.read().startswith(b"<!doctype html>")
    assert pipe.is_fifo()


def test_numbers_that_are_not_finite_are_told_and_not_drawn(browser, study, tmp_path):
    out = tmp_path / "out"
    path = study(
        [*shell('echo "TROUPE {\\"a\\": $1, \\"b\\": $2}"'), "sh", "{a}", "{b}"],
        space={"a": {"grid_search": [1, 0.5, '"-inf"', '"nan"']}, "b": {"grid_search": [3, '"inf"']}},
        metric=["a", "b"], mode=["min", "max"], num_samples=1,
    )  # fmt: skip
    assert call("run", path, "--out", out).returncode == 0
    open_report(browser, out, tmp_path / "report.html")
    best = json.loads(call("best", out, "-f", "json").stdout)
    facts = browser.find_element(By.ID, "facts").text
    assert f"Pareto front\n{len(best)} trials" in facts
    cells = {cell for row in table_of(browser) for cell in row}
    assert {"-inf", "inf", "nan"} <= cells
