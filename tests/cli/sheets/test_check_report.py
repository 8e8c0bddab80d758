"""What `check` says before the first call: all of it at once, for people and for machines, and `run` says the same."""

import json
import re
from pathlib import Path

import pytest

from campaign.presentation.summary import MOST_GROUPS
from tests.cli.conftest import TEMPLATE, Desk
from tests.cli.sheets.test_choosing import Terminal

GOOD = ("Ada Example,+12125550101,Monday", "Bob Example,+12125550102,Friday")
BAD = ("Cy Example,12,", "Di Example,13,", ",+12125550103,", "Ed Example,+12125550101,")


def report(desk: Desk, sheet: Path, *flags: str) -> dict[str, object]:
    made: dict[str, object] = json.loads(desk("check", sheet, "-t", desk.template(), "--json", *flags).out)
    return made


def test_rows_with_one_fault_are_one_group_with_rows_and_examples(desk: Desk) -> None:
    ended = desk("check", desk.sheet(*GOOD, *BAD), "-t", desk.template())
    assert ended.code == 1
    assert (
        "3 rows cannot be called:\n"
        "  2 rows (4-5), column 'Phone': an emergency or short number is never called; "
        "write one phone number, with + and the country code\n"
        "    row 4: '12'\n"
        "    row 5: '13'\n"
        "  row 6, column 'Name': no name; fill it in, or take the row out\n"
    ) in ended.out
    assert "6 rows: 2 to call, 3 invalid, 1 skipped\n  skipped: 1 duplicate\n" in ended.out


def test_long_lists_are_cut_and_say_how_much_is_missing(desk: Desk) -> None:
    sheet = desk.sheet(*(f"Ada,{number}," for number in range(10, 16)), *GOOD)
    assert "    ... and 3 more\n" in desk("check", sheet, "-t", desk.template()).out
    whole = desk("check", sheet, "-t", desk.template(), "-v").out
    assert [f"row {row}, column 'Phone': '{row + 8}'" in whole for row in range(2, 8)] == [True] * 6


def test_json_has_every_problem_with_row_line_column_value_reason_and_cure(desk: Desk) -> None:
    """However many: a machine that corrects a sheet needs all of them."""
    many = 1_100
    sheet = desk.sheet('Ada,+12125550101,"\x07\nb"', *(f"Ada,{number},M" for number in range(10_000, 10_000 + many)))
    made = report(desk, sheet)
    problems = made["problems"]
    assert isinstance(problems, list)
    assert len(problems) == many + 1
    assert problems[1] == {
        "row": 3,
        "line": 4,
        "column": "Phone",
        "value": "10000",
        "reason": "no such phone number in region US",
        "cure": "check its digits, and write it with + and the country code",
    }
    assert problems[0]["line"] is None
    groups = made["problem_groups"]
    assert isinstance(groups, list)
    assert (groups[0]["rows"], groups[0]["row_ranges"]) == (many, [[3, many + 2]])


def test_countries_and_kinds_of_the_good_rows_are_counted(desk: Desk) -> None:
    sheet = desk.sheet(*GOOD, "Cy Example,+447400123456,", "Di Example,+18005550199,", "Ed Example,12,")
    made = report(desk, sheet)
    assert made["regions"] == {"US": 3, "GB": 1}
    assert made["call_types"] == {"fixed line or mobile": 2, "mobile": 1, "toll free": 1}
    assert (made["good"], made["repaired"], made["invalid"]) == (4, 0, 1)


def test_the_first_calls_are_shown_as_they_will_be_made(desk: Desk) -> None:
    """Wrong variables spoken aloud are seen here, or by the person called. The number is nobody's to read."""
    sheet = desk.sheet("Ada \x1b[2JExample,12,Monday", "Bob\u00a0Example,+1 212 555 0102,\u202eFriday", *GOOD)
    shown = desk("check", sheet, "-t", desk.template()).out
    assert "the first calls:\n  row 3: 'Bob Example', …0102, day = 'Friday'\n  row 4: 'Ada Example'" in shown
    assert "\x1b" not in shown
    preview = report(desk, sheet)["preview"]
    assert isinstance(preview, list)
    assert preview[0] == {
        "row": 3,
        "name": "Bob Example",
        "phone": "…0102",
        "email": None,
        "variables": {"day": "Friday"},
    }


def test_a_run_shows_the_same_before_it_asks(desk: Desk) -> None:
    """By the same code: whoever has read one has read the other."""
    sheet = desk.sheet(*GOOD, *BAD)
    checked = untimed(desk("check", sheet, "-t", desk.template(), "--sandbox").out)
    asked = desk("run", sheet, "-t", desk.template(), "--sandbox").err
    ran = desk("run", sheet, "-t", desk.template(), "--sandbox", "--yes", "--rate", "1000").err
    for told in (asked, ran):
        lines = told.removeprefix("sheet.csv: ").splitlines()
        assert lines[: len(checked) - 1] == checked[:-1]
    assert "Make 2 calls?" in asked


def test_a_quiet_run_leaves_the_summary_out(desk: Desk) -> None:
    told = desk("run", desk.sheet(*GOOD, *BAD), "-t", desk.template(), "--sandbox", "--yes", "--rate", "1000", "-q").err
    assert told == ""


def test_a_run_stays_short_however_bad_the_sheet(desk: Desk) -> None:
    """Who must scroll does not read."""
    columns = [f"c{number}" for number in range(40)]
    variables = "".join(f'v{number} = "c{number}"\n' for number in range(40))
    template = desk.template(TEMPLATE.replace("[variables]", f"[variables]\n{variables}"))
    rows = [",".join(["Ada", f"+121255501{row:02}", "", *("" if row else "x" for _ in columns)]) for row in range(9)]
    sheet = desk.sheet(*rows, header=",".join(["Name", "Phone", "Day", *columns]))
    told = desk("run", sheet, "-t", template, "--sandbox", "--yes", "--rate", "1000").err
    assert f"... and {40 - MOST_GROUPS} more kinds" in told
    assert len(told.splitlines()) < 60


@pytest.mark.parametrize(
    ("rows", "flags", "code"),
    [
        (GOOD, (), 0),
        ((*GOOD, "Ed Example,+12125550101,"), (), 0),
        ((*GOOD, "Cy Example,12,"), (), 1),
        (("Cy Example,12,",), (), 2),
        (GOOD, ("--max-calls", "1"), 1),
        (GOOD, ("--max-rows", "1"), 1),
    ],
)
def test_the_exit_code_says_whether_a_run_without_questions_would_go(
    desk: Desk, rows: tuple[str, ...], *, flags: tuple[str, ...], code: int
) -> None:
    sheet = desk.sheet(*rows)
    assert desk("check", sheet, "-t", desk.template(), *flags).code == code
    assert report(desk, sheet, *flags)["exit_code"] == code


def test_rows_that_changed_are_a_question_that_a_flag_answers(desk: Desk) -> None:
    template = desk.template(TEMPLATE + '[limits]\ncall_again_after = "0s"\n')
    sandboxed = ("-t", template, "--sandbox", "--rate", "1000")
    assert desk("run", desk.sheet(*GOOD, "Cy Example,+12125550103,"), *sandboxed, "--yes").code == 0
    sheet = desk.sheet(GOOD[0], "Bob Example,+12125550102,Sunday", "Cy Example,+12125550103,", "Di,+12125550104,")
    for flags, code, to_call, previewed in (
        ((), 1, 2, [3, 5]),
        (("--call-changed",), 0, 2, [3, 5]),
        (("--skip-changed",), 0, 1, [5]),
    ):
        ended = desk("check", sheet, "-t", template, "--sandbox", "--json", *flags)
        made = json.loads(ended.out)
        assert (ended.code, made["to_call"]) == (code, to_call)
        assert [one["row"] for one in made["preview"]] == previewed
        assert [one["about"] for one in made["undecided"]] == ([] if flags else ["changed"])
        assert made["skipped"].get("changed since it was called", 0) == 2 - to_call
    told = desk("run", sheet, *sandboxed, "--yes", "--skip-changed").err
    assert "4 rows: 1 to call, 0 invalid, 3 skipped" in told
    assert "the first call:\n  row 5: " in told


def test_a32_a_run_over_the_limit_of_rows_refuses_and_check_only_says_so(desk: Desk) -> None:
    """Somebody may have taken the wrong file. Nothing is kept of it."""
    sheet, template = desk.people(5), desk.template(TEMPLATE + "[limits]\nmax_rows = 4\n")
    ended = desk("run", sheet, "-t", template, "--sandbox", "--yes")
    assert ended.code == 2
    assert "more than 4 rows; say --max-rows N" in ended.err
    assert "5 rows, and 4 are taken without a word: a run asks first" in desk("check", sheet, "-t", template).out
    assert desk("status").err.startswith("no runs yet")
    ended = desk("run", sheet, "-t", template, "--sandbox", "--yes", "--max-rows", "5", "--rate", "1000")
    assert (ended.code, len(desk.results(Path(ended.out.strip()).name))) == (0, 5)


def test_a32_at_a_terminal_the_limit_is_a_question(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("1\ny\n"))
    template = desk.template(TEMPLATE + "[limits]\nmax_rows = 4\n")
    ended = desk("run", desk.people(5), "-t", template, "--sandbox", "--rate", "1000")
    assert ended.code == 0
    assert "1. 40: read up to 40 rows" in ended.err
    assert "(the same as --max-rows 40)" in ended.err


def untimed(shown: str) -> list[str]:
    """The lines, but for those that say when the phones would ring: they are others every minute, and more of them
    shortly before a full hour, when the calls fall into two.
    """
    return re.sub(r"^first phone .*\n(?: .*\n)*", "", shown, flags=re.MULTILINE).splitlines()


CONSENT = TEMPLATE.replace('phone = "Phone"', 'phone = "Phone"\nconsent = "Agreed"')


def test_every_row_that_is_skipped_is_listed_with_its_reason(desk: Desk) -> None:
    """A count says that somebody is left out; only the row says who, and why."""
    rows = (
        f"{GOOD[0]},yes",
        f"{GOOD[0]},yes",
        "Bo Example,+12125550102,M,maybe",
        "Cy Example,+12125550103,M,no",
        "Di,12,,yes",
    )
    sheet, template = desk.sheet(*rows, header="Name,Phone,Day,Agreed"), desk.template(CONSENT)
    listed = desk("check", sheet, "-t", template, "-v").out.partition("every row that is skipped:\n")[2]
    assert listed.splitlines()[:3] == [
        "  row 3: duplicate of row 2",
        "  row 4: no consent (column 'Agreed': 'maybe')",
        "  row 5: no consent (column 'Agreed': 'no')",
    ]
    found = json.loads(desk("check", sheet, "-t", template, "--json").out)
    assert [(one["row"], one["reason"]) for one in found["skips"]] == [
        (3, "duplicate"),
        (4, "no_consent"),
        (5, "no_consent"),
    ]


def test_rows_that_are_skipped_since_they_were_called_are_listed_too(desk: Desk) -> None:
    sheet = desk.sheet(*GOOD)
    assert desk("run", sheet, "-t", desk.template(), "--sandbox", "--yes", "--rate", "1000").code == 0
    more = desk.sheet(*GOOD, "Cy Example,+12125550103,Monday")
    found = json.loads(desk("check", more, "-t", desk.template(), "--sandbox", "--json").out)
    assert [(one["row"], one["reason"]) for one in found["skips"]] == [(2, "called_before"), (3, "called_before")]
    assert "  row 2: done already" in desk("check", more, "-t", desk.template(), "--sandbox", "-v").out


def test_two_appointments_of_one_person_are_shown_as_one_call(desk: Desk) -> None:
    """Whoever looks must see that nobody will hear of the second: a mere duplicate is another thing."""
    rows = (
        "Ada Lindqvist,+14155550111,Tuesday",
        "Bo Marek,+16505550112,",
        "Ada Lindqvist,+14155550111,Thursday",
        "ada lindqvist,(415) 555-0111,Tuesday",
        "Cy Marek,+16505550112,Friday",
    )
    sheet, template = desk.sheet(*rows), desk.template()
    lines = [
        "  skipped: 3 duplicate",
        "  of the duplicates, 2 rows would say something else:",
        "    row 4 is left out for row 2: day: 'Tuesday' is said, 'Thursday' is not",
        "    row 6 is left out for row 3: name: 'Bo Marek' is said, 'Cy Marek' is not; day: nothing is said, 'Frid",
    ]
    for shown in (
        desk("check", sheet, "-t", template).out,
        desk("run", sheet, "-t", template, "--sandbox", "--yes", "--rate", "1000").err,
    ):
        assert "\n".join(lines) in shown, shown
    told = json.loads(desk("check", sheet, "-t", template, "--json").out)["merged"]
    assert told[0] == {
        "row": 4,
        "called_row": 2,
        "differs": [{"what": "day", "said": "Tuesday", "left_out": "Thursday"}],
    }


def test_many_merged_rows_are_counted_and_the_first_ones_shown(desk: Desk) -> None:
    sheet = desk.sheet("Ada,+14155550111,Monday", *(f"Ada,+14155550111,day {day}" for day in range(60)))
    shown = desk("check", sheet, "-t", desk.template()).out
    assert "of the duplicates, 60 rows would say something else:" in shown
    assert shown.count("is left out for row 2") == 50
    assert "    ... and 10 more\n" in shown


def test_a_value_that_is_left_out_is_shown_with_its_rows(desk: Desk) -> None:
    """Four people of a thousand who hear no appointment are found before the calls, or by them."""
    sheet = desk.sheet("Ada,+12125550101,Monday", "Bo,+12125550102,", "Cy,+12125550103,Friday", "Di,+12125550104, ")
    shown = desk("check", sheet, "-t", desk.template()).out
    assert "  called with 'day' left out: 2 rows (3, 5)\n" in shown
    [found] = json.loads(desk("check", sheet, "-t", desk.template(), "--json").out)["unspoken"]
    assert found == {"variable": "day", "rows": 2, "row_ranges": [[3, 3], [5, 5]]}
    one = desk.sheet("Ada,+12125550101,Monday", "Bo,+12125550102,")
    assert "  called with 'day' left out: row 3\n" in desk("check", one, "-t", desk.template()).out
    none = desk.sheet("Ada,+12125550101,Monday")
    assert "left out" not in desk("check", none, "-t", desk.template()).out


def test_the_last_question_repeats_the_counts(desk: Desk) -> None:
    """What the summary said may have left the screen by then."""
    asked = desk("run", desk.sheet(*GOOD, *BAD), "-t", desk.template(), "--sandbox").err
    assert "Make 2 calls? (3 rows cannot be called, 1 row skipped)" in asked
    assert "Make 2 calls? There" in desk("run", desk.sheet(*GOOD), "-t", desk.template(), "--sandbox").err


def test_long_lists_come_in_pages(desk: Desk) -> None:
    """A wall of ten thousand lines is not read; each line is on one page, in the order of all of them."""
    sheet = desk.sheet(*(f"Ada,{number}," for number in range(10_000, 10_150)), *GOOD, *GOOD * 40)
    words = ("check", sheet, "-t", desk.template())
    whole = desk(*words, "-v").out
    pages = [desk(*words, "--page", str(number)).out for number in (1, 2, 3, 4, 5)]
    listed = [
        [line for line in page.splitlines() if re.match(r"  row \d+, column 'Phone': '1|  row \d+: dup", line)]
        for page in pages
    ]
    assert [line for page in listed for line in page] == [
        line for line in whole.splitlines() if re.match(r"  row \d+, column 'Phone': '1|  row \d+: dup", line)
    ]
    assert "page 1 of 3; --page 2 shows the next\n" in pages[0]
    assert "page 3 of 3\n" in pages[2]
    assert "no page 4: there are 3\n" in pages[3]
    assert "every problem:" in pages[1]
    refused = desk(*words, "--page", "1", "--json")
    assert refused.code == 2
