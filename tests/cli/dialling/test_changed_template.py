"""A template that was changed since its run began: what holds for the rest is said by a person, and then it holds."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from campaign.config.run_plan import RunPlan
from campaign.domain.errors import UsageError
from campaign.engine.requeue import refuse_unfit
from campaign.ledger.port.named_run import named_run
from campaign.ledger.store import open_ledger
from campaign.preparation.plan.adopt_plan import adopt_plan
from tests.cli.conftest import Desk

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)  # a Tuesday; seven in New York
SHEET = ("Ann Lee,+12125550101", "Bo Lee,+13125550102", "Cy Lee,+442079460018")
TEMPLATE = """
[columns]
name = "Name"
phone = "Phone"
[pace]
calls_per_second = 50.0
"""
NEW_YORK = TEMPLATE + '[hours]\nfrom = 00:00:00\nuntil = 23:59:00\ntimezone = "America/New_York"\n'
HOURS = TEMPLATE + '[hours]\nfrom = 09:00:00\nuntil = 20:00:00\ndeliver = "delay"\n'
MORNINGS = {"3": "2026-12-01T15:00", "4": ""}
"""In Chicago and London, of those who are left after the first call."""


@pytest.fixture(autouse=True)
def noon(desk: Desk) -> None:
    """The wall clock of the command line goes on from that noon."""
    begun = datetime.now(UTC)
    desk.now = lambda: NOON + (datetime.now(UTC) - begun)


def begun(desk: Desk, template: str = TEMPLATE) -> tuple[Path, Path]:
    """A sheet with two of three people left to call, as run `a`; and its template's file."""
    sheet, file = desk.sheet(*SHEET, header="Name,Phone"), desk.template(template)
    words = ("--sandbox", "--yes", "--limit", "1", "--name", "a", "--results", "a.csv")
    assert desk("run", sheet, "-t", file, *words).code == 0
    return sheet, file


def rings(desk: Desk) -> int:
    return len((desk.folder / "home" / "sandbox.truth.jsonl").read_text("utf-8").splitlines())


def delays(desk: Desk) -> dict[str, str]:
    return {row["_row"]: row["_delayed_until"][:16] for row in desk.results("a.csv")[1:]}


@pytest.mark.parametrize("verb", ["run", "resume"])
def test_a_changed_template_is_shown_and_nobody_is_called_until_a_person_says_which_plan_holds(
    desk: Desk, verb: str
) -> None:
    """The agreement to make calls is none to call by the one plan or by the other."""
    sheet, _ = begun(desk, NEW_YORK)
    changed = NEW_YORK.replace("until = 23:59:00", "until = 08:30:00") + "[limits]\nfinish_by = 2026-12-02T08:00:00\n"
    template = desk.template(changed)
    words = ("run", sheet, "-t", template) if verb == "run" else ("resume", "a")
    ended = desk(*words, "--sandbox", "--yes")
    assert ended.code == 2
    assert "  [hours] until: 23:59, now 08:30" in ended.err
    assert "  [limits] finish_by: none, now 2026-12-02 13:00 UTC" in ended.err
    assert "[hours] from" not in ended.err
    assert "nothing was sent; --new-plan calls the rest by the template as it is now, --old-plan" in ended.err
    assert rings(desk) == 1


@pytest.mark.parametrize("verb", ["run", "resume", "resume -t"])
def test_the_new_hours_hold_for_the_rest_once_they_were_chosen(desk: Desk, verb: str) -> None:
    """Without hours no row had a zone; with them each rings where its person is."""
    sheet, _ = begun(desk)
    template = desk.template(HOURS, name="visits.toml" if verb != "resume -t" else "other.toml")
    words = (
        ("run", sheet, "-t", template) if verb == "run" else ("resume", "a", *(("-t", template) if " " in verb else ()))
    )
    ended = desk(*words, "--sandbox", "--yes", "--new-plan")
    assert ended.code == 0, ended.err
    assert delays(desk) == MORNINGS


def test_an_end_that_had_passed_can_be_moved(desk: Desk) -> None:
    """A run that stopped for `finish_by` goes on by a later one, and says where it stands."""
    sheet, _ = begun(desk)
    desk.template(NEW_YORK + "[limits]\nfinish_by = 2026-12-01T06:00:00\n")
    ended = desk("resume", "a", "--sandbox", "--yes", "--new-plan")
    assert ended.code == 5
    assert "finish_by, 2026-12-01 11:00 UTC: the rest would ring after it; a later one in the template" in ended.err
    template = desk.template(NEW_YORK + "[limits]\nfinish_by = 2026-12-01T20:00:00\n")
    ended = desk("run", sheet, "-t", template, "--sandbox", "--yes", "--new-plan")
    assert "[limits] finish_by: 2026-12-01 11:00 UTC, now 2026-12-02 01:00 UTC" in ended.err
    assert (ended.code, rings(desk)) == (0, 3)


def test_what_was_chosen_holds_for_all_that_is_left_without_being_asked_again(desk: Desk) -> None:
    begun(desk)
    desk.template(HOURS)
    assert desk("resume", "a", "--sandbox", "--new-plan", "--limit", "1").code == 0
    ended = desk("resume", "a", "--sandbox")
    assert ended.code == 0, ended.err
    assert "was changed" not in ended.err
    assert delays(desk) == MORNINGS


def test_the_old_plan_holds_where_it_was_chosen(desk: Desk) -> None:
    begun(desk)
    desk.template(HOURS)
    ended = desk("resume", "a", "--sandbox", "--old-plan")
    assert ended.code == 0, ended.err
    assert delays(desk) == {"3": "", "4": ""}


def test_a_zone_that_was_the_hours_own_gives_way_to_the_zone_of_the_new_ones(desk: Desk) -> None:
    """Rows were stored with the zone of the hours that they were loaded under."""
    begun(desk, NEW_YORK)
    desk.template(HOURS + 'timezone = "America/Chicago"\n')
    ended = desk("resume", "a", "--sandbox", "--new-plan")
    assert ended.code == 0, ended.err
    assert delays(desk) == {"3": "2026-12-01T15:00", "4": "2026-12-01T15:00"}


def test_a_row_without_a_zone_keeps_new_hours_from_being_taken(desk: Desk) -> None:
    """A toll-free number may be anywhere; the new hours are refused whole, and say which row it is."""
    sheet = desk.sheet("Ann Lee,+12125550101", "Free Lee,+18005550143", header="Name,Phone")
    template = desk.template(TEMPLATE)
    words = ("--sandbox", "--yes", "--limit", "1", "--name", "a", "--allow-fictitious")
    assert desk("run", sheet, "-t", template, *words).code == 0
    desk.template(HOURS)
    ended = desk("resume", "a", "--sandbox", "--new-plan")
    assert ended.code == 2
    assert "by the hours of now, row 3" in ended.err
    assert "nothing was changed; correct it, or go on as the run was begun with --old-plan" in ended.err
    assert desk("resume", "a", "--sandbox", "--old-plan").code == 0


def test_rows_that_a_rerun_calls_again_go_by_the_new_hours_too(desk: Desk) -> None:
    """They were rejected when the plan was changed, and had no zone until then."""
    sheet, file = desk.sheet(*SHEET, header="Name,Phone"), desk.template(TEMPLATE)
    words = ("--sandbox", "--yes", "--name", "a", "--results", "a.csv", "--no-audit")
    assert desk("run", sheet, "-t", file, *words, "--fault", "400=1").code == 1
    desk.template(HOURS)
    ended = desk("rerun", "a", "--sandbox", "--yes", "--new-plan")
    assert ended.code == 0, ended.err
    found = {row["_row"]: row["_delayed_until"][:16] for row in desk.results("a.csv")}
    assert found == {"2": "2026-12-01T14:00", **MORNINGS}


def test_a_rerun_after_a_change_of_zone_goes_by_the_new_zone(desk: Desk) -> None:
    """The rejected rows have entries in the timetable already, with the zone of then."""
    sheet, file = desk.sheet(*SHEET, header="Name,Phone"), desk.template(HOURS + 'timezone = "Europe/London"\n')
    words = ("--sandbox", "--yes", "--name", "a", "--results", "a.csv", "--no-audit")
    assert desk("run", sheet, "-t", file, *words, "--fault", "400=1").code == 1
    desk.template(HOURS + 'timezone = "America/Chicago"\n')
    assert desk("rerun", "a", "--sandbox", "--yes", "--new-plan").code == 0
    assert {row["_delayed_until"][:16] for row in desk.results("a.csv")} == {"2026-12-01T15:00"}


@pytest.mark.parametrize("verb", ["run", "resume"])
def test_an_answer_to_a_plan_that_changed_while_a_person_thought_is_not_taken(desk: Desk, *, verb: str) -> None:
    """ "The old one" was another one when it was shown; who is asked again sees the hours that hold by now."""
    sheet, _ = begun(desk)
    other = desk.template(HOURS, name="other.toml")
    changed = desk.template(TEMPLATE + "[limits]\nmax_calls = 50\n")

    def meanwhile(line: str) -> None:
        if "[limits] max_calls" in line:  # the question is on the screen
            desk.hear = lambda _line: None
            assert desk("resume", "a", "--sandbox", "--new-plan", "-t", other, "--limit", "1").code == 0

    desk.hear = meanwhile
    words = ("run", sheet, "-t", changed) if verb == "run" else ("resume", "a", "-t", changed)
    ended = desk(*words, "--sandbox", "--yes", "--new-plan")
    assert ended.code == 2
    assert "the plan of run a was changed by another process meanwhile; nothing was sent" in ended.err
    assert rings(desk) == 2, "the first call, and the one of the other process"
    assert "[hours]" in desk(*words, "--sandbox", "--yes").err, "asked again, by what it is now"


def test_a_plan_that_another_process_has_replaced_is_neither_dialled_by_nor_written_back(desk: Desk) -> None:
    begun(desk)
    home = desk.folder / "home"
    with open_ledger(home, now=lambda: NOON) as ledger:
        read = named_run(ledger, "a")
    plan = RunPlan.model_validate_json(read.plan)
    assert desk("resume", "a", "--sandbox", "--new-plan", "-t", desk.template(HOURS), "--limit", "1").code == 0
    with open_ledger(home, now=lambda: NOON) as ledger:
        stored = named_run(ledger, "a").plan
        with pytest.raises(UsageError, match="was changed by another process meanwhile"):
            refuse_unfit(ledger, read, plan=plan)
        with pytest.raises(UsageError, match="was changed by another process meanwhile"):
            adopt_plan(ledger, read, begun=plan, plan=plan, now=NOON)
        assert named_run(ledger, "a").plan == stored != read.plan


def test_a_time_of_its_own_keeps_a_row_from_another_zone(desk: Desk) -> None:
    timed = HOURS + 'timezone = "Europe/London"\n'
    timed = timed.replace("[pace]", 'call_at = "At"\n[pace]')
    rows = (f"{one},2026-12-01 18:30" for one in SHEET)
    words = ("--sandbox", "--yes", "--limit", "1", "--name", "a", "--results", "a.csv")
    assert desk("run", desk.sheet(*rows, header="Name,Phone,At"), "-t", desk.template(timed), *words).code == 0
    desk.template(timed.replace("Europe/London", "America/Chicago"))
    ended = desk("resume", "a", "--sandbox", "--new-plan")
    assert ended.code == 2
    assert "asks for a time of its own, which was read on the clock of Europe/London" in ended.err


def test_a_pace_that_a_person_set_is_no_change_of_the_template(desk: Desk) -> None:
    sheet, template = begun(desk)
    assert desk("pace", "a", "--rate", "30", "--max-in-flight", "3").code == 0
    ended = desk("run", sheet, "-t", template, "--sandbox", "--yes")
    assert ended.code == 0, ended.err
    assert "was changed" not in ended.err


def test_a_template_that_cannot_be_read_is_refused_and_the_old_plan_needs_none(desk: Desk) -> None:
    begun(desk)
    desk.template("[columns\n")
    ended = desk("resume", "a", "--sandbox")
    assert ended.code == 2
    assert "not valid TOML" in ended.err
    assert "--old-plan" in ended.err
    assert desk("resume", "a", "--sandbox", "--old-plan").code == 0


def test_a_template_that_is_gone_leaves_the_run_to_its_own_plan(desk: Desk) -> None:
    _, template = begun(desk)
    template.unlink()
    ended = desk("resume", "a", "--sandbox")
    assert ended.code == 0, ended.err
    assert "visits.toml is not there any more: the run goes on by its own plan" in ended.err


def test_changed_words_hold_for_new_runs_and_the_change_is_said(desk: Desk) -> None:
    begun(desk)
    desk.template(TEMPLATE + '[variables]\nfirst = "Name"\n')
    ended = desk("resume", "a", "--sandbox")
    assert ended.code == 0, ended.err
    assert "visits.toml says now of words, columns and numbers holds for new runs, and not for a" in ended.err


def test_a_name_for_a_begun_run_is_refused_unless_it_is_its_own(desk: Desk) -> None:
    """A flag that changes nothing is not accepted."""
    sheet, template = begun(desk)
    ended = desk("run", sheet, "-t", template, "--sandbox", "--yes", "--name", "b")
    assert ended.code == 2
    assert "was begun as run a, and is not called b now; leave --name out, or start a new run of it" in ended.err
    assert desk("run", sheet, "-t", template, "--sandbox", "--yes", "--name", "a").code == 0


def test_a_webhook_that_is_given_later_is_in_the_calls_that_are_left(desk: Desk) -> None:
    sheet, template = begun(desk)
    hook = "https://hooks.example.org/calls"
    ended = desk("run", sheet, "-t", template, "--sandbox", "--yes", "--webhook", hook)
    assert ended.code == 0, ended.err
    lines = (desk.folder / "home" / "sandbox.truth.jsonl").read_text("utf-8").splitlines()
    assert [hook in line for line in lines] == [False, True, True]


def test_the_two_flags_contradict_each_other(desk: Desk) -> None:
    begun(desk)
    ended = desk("resume", "a", "--sandbox", "--new-plan", "--old-plan")
    assert ended.code == 2
    assert "contradict" in ended.err


def test_a_run_that_does_not_know_its_templates_file_says_so(desk: Desk) -> None:
    """One of an older version goes on by its own plan: who has changed the hours since must not think they hold."""
    begun(desk)
    with open_ledger(desk.folder / "home", now=lambda: NOON) as ledger:
        record = named_run(ledger, "a")
        ledger.replan(record.id, text_without_origin)
    ended = desk("resume", "a", "--sandbox", "--yes")
    assert ended.code == 0
    assert "does not know its template's file: it goes on by its own plan" in ended.err


def text_without_origin(plan: str) -> str:
    return RunPlan.model_validate_json(plan).model_copy(update={"origin": None}).model_dump_json()
