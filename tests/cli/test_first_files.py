"""The files that come with the program: listed, copied, and at once a campaign."""

import json
from pathlib import Path

import pytest

import campaign
from campaign.config.files.packaged import packaged_folder, packaged_templates
from tests.cli.conftest import ROOT, Desk

pytestmark = pytest.mark.usefixtures("workbooks_here")


def test_the_sample_of_init_is_a_whole_campaign(desk: Desk) -> None:
    """The first minute: what `init --sample` writes, and the line that it shows, call the sheet in the sandbox."""
    made = desk("init", "--sample", "demo")
    assert made.code == 0
    assert made.out.split() == ["demo/appointments.csv", "demo/appointment_reminder.toml"]
    (next_line,) = [line for line in made.err.splitlines() if "campaign run" in line]
    words = next_line.partition(": campaign ")[2].split()
    ended = desk(*words, "--yes", "--rate", "1000", "--results", "out.results.csv")
    assert ended.code == 0, ended.err
    statuses = [row["_status"] for row in desk.results("out.results.csv")]
    assert {each: statuses.count(each) for each in sorted(set(statuses))} == {
        "created": 12,
        "invalid": 1,
        "skipped": 1,
    }


def test_every_packaged_template_is_listed_and_copied_with_its_samples(desk: Desk) -> None:
    listed = json.loads(desk("templates", "--json").out)
    assert [each["name"] for each in listed] == sorted(path.stem for path in (ROOT / "templates").glob("*.toml"))
    plain = desk("templates").out
    for each in listed:
        assert f"{each['name']} " in plain
        copied = desk("templates", each["name"], each["name"], "--sample")
        assert copied.code == 0
        names = {Path(each["path"]).name, *(Path(sheet).name for sheet in each["samples"])}
        assert {Path(line).name for line in copied.out.split()} == names
        for sheet in each["samples"]:
            checked = desk("check", f"{each['name']}/{Path(sheet).name}", "-t", f"{each['name']}/{each['name']}.toml")
            assert checked.code in (0, 1)


def test_every_sample_sheet_has_a_template() -> None:
    """A sheet that no template names would be in the package, and nowhere to be had."""
    samples = {path.name for each in packaged_templates() for path in each.samples}
    assert samples == {path.name for path in (ROOT / "sample_data").iterdir()} - {"README.md"}


@pytest.mark.parametrize(
    "words",
    [
        ("init", "--sample"),
        ("templates", "appointment_reminder"),
    ],
    ids=" ".join,
)
def test_a_file_that_is_there_is_not_written_over(desk: Desk, words: tuple[str, ...]) -> None:
    """It may be the one that its owner has changed; and none of the others is written beside it."""
    mine = desk.folder / "appointment_reminder.toml"
    mine.write_text("mine", "utf-8")
    ended = desk(*words)
    assert ended.code == 2
    assert "exists, and is not written over; name another folder" in ended.err
    assert mine.read_text("utf-8") == "mine"
    assert not (desk.folder / "appointments.csv").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("templates", "nix"), "no packaged template 'nix'; there are appointment_reminder"),
        (("templates", "--sample"), "of which template?"),
        (("init",), "init: of which sheet?"),
        (("init", "--sample", "--region", "US"), "leave the flags about a sheet out"),
        (("templates", "lead_qualification", "file"), "name another folder"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else None,
)
def test_what_cannot_be_copied_is_refused_in_one_line(desk: Desk, words: tuple[str, ...], said: str) -> None:
    (desk.folder / "file").write_text("", "utf-8")
    ended = desk(*words)
    assert ended.code == 2
    assert said in ended.err
    assert len(ended.err.splitlines()) == 1
    assert not ended.out


def test_the_files_are_those_beside_the_package_unless_a_wheel_brought_them() -> None:
    package = Path(campaign.__file__).parent
    assert packaged_folder() in (package.parent, package / "packaged")
    assert all(each.path.is_file() and all(map(Path.is_file, each.samples)) for each in packaged_templates())
