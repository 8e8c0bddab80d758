"""The release check: wheel and sdist carry all, install into empty environments, and do there what the README says."""

import re
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.docs.blocks import blocks_of
from tests.release.building import ROOT, VERSIONS, Built, built, copied_project, interpreters, newcomer, run, tracked

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(900)]
PYTHONS = interpreters()
OF_THE_PACKAGE = ("campaign/",)
MOVED = {"templates/": "campaign/packaged/templates/", "sample_data/": "campaign/packaged/sample_data/"}


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return built(copied_project(tmp_path_factory.mktemp("project")), tmp_path_factory.mktemp("dist"))


def test_the_wheel_carries_the_package_with_its_data_templates_samples_and_licences(distributions: Built) -> None:
    """A schema, a page's style or a licence that is left behind is missed only by who installs it."""
    names = set(zipfile.ZipFile(distributions.wheel).namelist())
    wanted = {name for name in tracked() if name.startswith(OF_THE_PACKAGE)}
    wanted |= {new + name.removeprefix(old) for old, new in MOVED.items() for name in tracked() if name.startswith(old)}
    assert wanted - names == set()
    assert {name for name in names if name.startswith("campaign/")} - wanted == set()
    assert {"campaign/py.typed", "campaign/__init__.pyi"} <= names
    assert [name for name in names if name.endswith("licenses/LICENSE")]


def test_what_others_wrote_is_in_the_wheel_with_its_licence(distributions: Built) -> None:
    names = zipfile.ZipFile(distributions.wheel).namelist()
    vendored = {name.rpartition("/")[0] for name in names if "/vendor/" in name}
    assert [place for place in vendored if not any(n.startswith(place) and "LICENSE" in n for n in names)] == []


def test_the_sdist_is_the_whole_project(distributions: Built) -> None:
    """Who builds from it can run the tests, too."""
    with tarfile.open(distributions.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert set(tracked()) - names == set()


def test_the_version_comes_from_one_place(distributions: Built) -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    [version] = re.findall(r'^version = "(.+)"$', project, re.MULTILINE)
    assert distributions.wheel.name.startswith(f"campaign-{version}-")
    others = [name for name in tracked() if name.startswith("campaign/") and name.endswith(".py")]
    assert [n for n in others if f'"{version}"' in (ROOT / n).read_text("utf-8")] == []


def test_the_versions_of_python_that_are_promised_are_those_that_are_tried() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert tuple(re.findall(r'"Programming Language :: Python :: (3\.\d+)"', project)) == VERSIONS


@pytest.mark.parametrize("version", PYTHONS)
def test_the_wheel_works_in_an_empty_environment(distributions: Built, tmp_path: Path, version: str) -> None:
    """Nothing of the project's folder is there: what is missing in the wheel is missed here."""
    environment = newcomer(tmp_path / "home", python=PYTHONS[version], first=[tmp_path / "venv" / "bin"])
    run([PYTHONS[version], "-m", "venv", str(tmp_path / "venv")], folder=tmp_path, environment=environment)
    run(
        ["pip", "install", "--quiet", "--no-compile", str(distributions.wheel)],
        folder=tmp_path,
        environment=environment,
    )
    said = run(["bash", "-euc", WHEEL_TRIED], folder=tmp_path, environment=environment)
    assert "12 created, 1 invalid, 1 skipped" in said
    assert "lead_qualification" in said
    assert re.search(r"^campaign, version \d", said, re.MULTILINE)
    assert "{'created': 12" in said


WHEEL_TRIED = """
campaign --version
campaign templates
campaign init --sample demo
campaign run demo/appointments.csv -t demo/appointment_reminder.toml --sandbox --yes --rate 100 --name visits
campaign status
campaign results visits -o visits.xlsx
campaign results visits -o visits.html
campaign templates lead_qualification leads --sample
campaign check leads/leads.xlsx -t leads/lead_qualification.toml --sandbox || test $? = 1
python - <<'END'
import campaign
end = campaign.start("demo/appointments.csv", "demo/appointment_reminder.toml", sandbox=True, home="other")
print({"created": end.counts.created})
END
"""


def test_the_readme_works_from_the_sdist_and_leaves_its_set_up_behind(distributions: Built, tmp_path: Path) -> None:
    """The first block, as it stands; then plain `campaign ...`, as a newcomer types it next."""
    with tarfile.open(distributions.sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    [project] = tmp_path.glob("campaign-*")
    environment = newcomer(tmp_path / "home", python=PYTHONS[f"{sys.version_info[0]}.{sys.version_info[1]}"])
    texts = [block.text for block in blocks_of((project / "README.md").read_text("utf-8")) if block.language == "sh"]
    first, then = texts[:2]
    assert first.startswith("# try\n")
    then = then.replace("--sandbox\n", "--sandbox --yes --rate 100\n")
    said = run(["bash", "-euc", first + then], folder=project, environment=environment)
    assert "12 created, 1 invalid, 1 skipped" in said
    assert (project / "demo" / "appointments.csv").exists()


@pytest.mark.parametrize("tool", ["pipx", "uv tool"])
def test_the_tools_of_the_readme_install_a_program_that_works_everywhere(tmp_path: Path, tool: str) -> None:
    project = copied_project(tmp_path / "project")
    environment = newcomer(tmp_path / "home", python=sys.executable)
    own = {name: str(tmp_path / name) for name in ("PIPX_HOME", "PIPX_BIN_DIR", "UV_TOOL_DIR", "UV_TOOL_BIN_DIR")}
    run([sys.executable, "-m", *tool.split(), "install", "."], folder=project, environment=environment | own)
    place = own["PIPX_BIN_DIR" if tool == "pipx" else "UV_TOOL_BIN_DIR"]
    clean = {**environment, "PATH": f"{place}:/usr/bin:/bin"}
    (tmp_path / "elsewhere").mkdir()
    said = run(["bash", "-euc", "campaign init --sample demo"], folder=tmp_path / "elsewhere", environment=clean)
    assert said.split() == ["demo/appointments.csv", "demo/appointment_reminder.toml"]
