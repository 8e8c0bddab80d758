"""A doubt about who is called, or what is spoken, stops a run until it is answered; each answer does what it says."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

import campaign
from tests.cli.conftest import TEMPLATE, Desk, StandIn
from tests.cli.sheets.test_choosing import Terminal

ADA, BO, CY, DI = "+14155550111", "+16505550112", "+12125550113", "+12125550114"
CONSENT = TEMPLATE.replace('phone = "Phone"', 'phone = "Phone"\nconsent = "Agreed"')


@dataclass(frozen=True)
class Doubt:
    """A sheet with a doubt, and who is called by which answer.

    Attributes:
        about: the name of the answer, in the template and in the Python API.
        flags: what is said at the command line -> the same answer by its value, and the numbers that are called.
        variables: of the template.
    """

    about: str
    header: str
    rows: tuple[str, ...]
    flags: dict[str, tuple[str, list[str]]]
    variables: str = ""


DOUBTS = [
    Doubt(
        "opted_out",
        "Name,Phone,Do Not Phone",
        (f"Ada Lindqvist,{ADA},Yes", f"Bo Marek,{BO},No", f"Ada Lindqvist,{ADA},"),
        {"--skip-opted-out": ("skip", [BO]), "--call-opted-out": ("call", [ADA, BO])},
    ),
    Doubt(
        "opted_out",
        "Name,Phone,Do not allow Phone Calls",
        (f"Ada Lindqvist,{ADA},Allow", f"Bo Marek,{BO},Do Not Allow"),
        {"--skip-opted-out": ("skip", [ADA]), "--call-opted-out": ("call", [ADA, BO])},
    ),
    Doubt(
        "opted_out",
        "Name,Phone,Do Not Call",
        (f"Ada Lindqvist,{ADA},0", f"Bo Marek,{BO},1"),
        {"--skip-opted-out": ("skip", [ADA]), "--call-opted-out": ("call", [ADA, BO])},
    ),
    Doubt(
        "opted_out",
        "Name,Phone,Not opted out",
        (f"Ada Lindqvist,{ADA},", f"Bo Marek,{BO},no"),
        {"--skip-opted-out": ("skip", [ADA]), "--call-opted-out": ("call", [ADA, BO])},
    ),
    Doubt(
        "opted_out",
        "Name,Phone,Consent to calls",
        (f"Ada Lindqvist,{ADA},yes", f"Bo Marek,{BO},no"),
        {"--skip-opted-out": ("skip", [ADA]), "--call-opted-out": ("call", [ADA, BO])},
    ),
    Doubt(
        "marked",
        "Name,Phone,Remarks",
        (
            f"Ada Lindqvist,{ADA},",
            f"Bo Marek - DO NOT CALL,{BO},",
            f"Cy Novak (deceased),{CY},",
            f"Di Orr,{DI},bitte nicht mehr anrufen!",
        ),
        {"--skip-marked": ("skip", [ADA]), "--call-marked": ("call", [ADA, BO, CY, DI])},
    ),
    Doubt(
        "plus",
        "Name,Phone",
        ("Ada Lindqvist,+3235550142", f"Bo Marek,{BO}", "Cy Novak,+32 3 555 01 43"),
        {
            "--plus-as-written": ("written", ["+3235550142", BO, "+3235550143"]),
            "--plus-in-region": ("region", ["+13235550142", BO, "+3235550143"]),
            "--skip-plus": ("skip", [BO, "+3235550143"]),
        },
    ),
    Doubt(
        "name_order",
        "Name,Phone",
        (f'"Lindqvist, Ada",{ADA}', f'"Bo Marek, Jr.",{BO}'),
        {"--turn-names": ("turned", [ADA, BO]), "--names-as-written": ("written", [ADA, BO])},
    ),
    Doubt(
        "date_order",
        "Name,Phone,Visit",
        (f"Ada Lindqvist,{ADA},03/04/2098", f"Bo Marek,{BO},13/04/2098", f"Cy Novak,{CY},2098-04-13"),
        {"--day-first": ("day_first", [ADA, BO, CY]), "--month-first": ("month_first", [ADA, CY])},
        'visit = { column = "Visit", format = "%-d.%-m." }\n',
    ),
    Doubt(
        "past",
        "Name,Phone,Visit",
        (f"Ada Lindqvist,{ADA},2001-05-03", f"Bo Marek,{BO},2098-04-13", f"Cy Novak,{CY},2098-04-14"),
        {"--skip-past": ("skip", [BO, CY]), "--call-past": ("call", [ADA, BO, CY])},
        'visit = { column = "Visit", format = "%-d.%-m.%Y" }\n',
    ),
]
each_doubt = pytest.mark.parametrize("doubt", DOUBTS, ids=lambda doubt: f"{doubt.about}: {doubt.header}")


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Somebody sits at the terminal, and types these lines."""
    return lambda *lines: monkeypatch.setattr("sys.stdin", Terminal("".join(f"{line}\n" for line in lines)))


def template_of(doubt: Doubt, desk: Desk, answer: str | None = None) -> str:
    day = 'day = { column = "Day", optional = true }\n'
    said = "" if answer is None else f'[answers]\n{doubt.about} = "{answer}"\n'
    return str(desk.template(TEMPLATE.replace(day, doubt.variables) + said))


@each_doubt
def test_a_run_refuses_until_it_is_answered_and_names_each_flag(desk: Desk, server: StandIn, doubt: Doubt) -> None:
    """Also with --yes, which agrees to what is shown, and decides nothing."""
    sheet, template = desk.sheet(*doubt.rows, header=doubt.header), template_of(doubt, desk)
    ended = desk("run", sheet, "-t", template, "--yes")
    assert (ended.code, server.rings()) == (2, [])
    assert all(flag in ended.err for flag in doubt.flags), ended.err
    report = json.loads(desk("check", sheet, "-t", template, "--json").out)
    [question] = [one for one in report["undecided"] if one["about"] == doubt.about]
    assert set(question["flags"]) == doubt.flags.keys()
    assert (question["stops"], report["exit_code"]) == (True, 1)


@each_doubt
def test_a_flag_answers_it(desk: Desk, server: StandIn, doubt: Doubt) -> None:
    sheet, template = desk.sheet(*doubt.rows, header=doubt.header), template_of(doubt, desk)
    for flag, (_, called) in doubt.flags.items():
        ended = desk("run", sheet, "-t", template, "--yes", flag, "--dry-run")
        assert ended.code == 0
        assert [json.loads(line)["row"] for line in ended.out.splitlines()] == rows_called(doubt, called)
    flag, (_, called) = next(reversed(doubt.flags.items()))
    assert desk("run", sheet, "-t", template, "--yes", flag, "--rate", "1000").code in (0, 1)
    assert sorted(server.rings()) == sorted(called)


@each_doubt
def test_the_template_answers_it(desk: Desk, doubt: Doubt) -> None:
    sheet = desk.sheet(*doubt.rows, header=doubt.header)
    for value, called in doubt.flags.values():
        ended = desk("run", sheet, "-t", template_of(doubt, desk, value), "--sandbox", "--yes", "--dry-run")
        assert [json.loads(line)["row"] for line in ended.out.splitlines()] == rows_called(doubt, called)
        report = json.loads(desk("check", sheet, "-t", template_of(doubt, desk, value), "--json", "--sandbox").out)
        assert [one["about"] for one in report["undecided"] if one["stops"]] == []


@each_doubt
def test_a_person_at_the_terminal_answers_it_or_stops(
    *, desk: Desk, server: StandIn, answer: Callable[..., None], doubt: Doubt
) -> None:
    sheet, template = desk.sheet(*doubt.rows, header=doubt.header), template_of(doubt, desk)
    answer("stop")
    assert (desk("run", sheet, "-t", template).code, server.rings()) == (2, [])
    value, called = next(iter(doubt.flags.values()))
    answer(value, "y")
    assert desk("run", sheet, "-t", template, "--rate", "1000").code == 0
    assert sorted(server.rings()) == sorted(called)


@each_doubt
def test_the_python_api_names_the_argument_and_takes_it(desk: Desk, doubt: Doubt) -> None:
    sheet, template = desk.sheet(*doubt.rows, header=doubt.header), template_of(doubt, desk)
    with pytest.raises(campaign.UnansweredError) as caught:
        campaign.start(sheet, template, sandbox=True)
    assert caught.value.argument == doubt.about
    for value, called in doubt.flags.values():
        answers: dict[str, Any] = {doubt.about: value}
        checked = campaign.check(sheet, template, sandbox=True, **answers)
        assert checked.to_call == len(called)
        assert [one for one in checked.questions if one.stops] == []


def rows_called(doubt: Doubt, called: list[str]) -> list[int]:
    """Numbers of the rows with these numbers, each number's first; a number in another country is read otherwise."""
    digits = [number[1:].removeprefix("1") for number in called]
    found = {place: "".join(filter(str.isdigit, row)) for place, row in enumerate(doubt.rows, start=2)}
    first: dict[str, int] = {}
    for place, row in found.items():
        first.setdefault(next((each for each in digits if each in row), ""), place)
    return sorted(place for number, place in first.items() if number)


def test_a_row_with_two_doubtful_dates_is_one_row_and_dates_of_one_column_are_one_kind(desk: Desk) -> None:
    """Fifty-two lines of one kind are a wall; a count of rows that is not one of rows is no count."""
    days = [f"{place % 12 + 1:02}/{place // 12 + 1:02}/2098" for place in range(52)]
    rows = (f"P {place},+1415555{place:04},{day},04/05/2098" for place, day in enumerate(days, start=100))
    variables = 'visit = { column = "Visit", format = "%-d.%-m." }\nnext = { column = "Next", format = "%-d.%-m." }\n'
    template = template_of(Doubt("date_order", "", (), {}, variables), desk)
    checked = desk("check", desk.sheet(*rows, header="Name,Phone,Visit,Next"), "-t", template, "--sandbox").out
    assert "  52 with a date that may be two days, so the month may come first:\n" in checked
    assert "\n  52 rows with a date that may be two days" in checked
    assert len([line for line in checked.splitlines() if "with the day first" in line]) < 10


def test_names_are_turned_round_where_the_template_says_their_order(desk: Desk) -> None:
    """`Lindqvist, Ada` greets nobody."""
    ordered = '{ column = "Name", order = "last, first" }'
    template = desk.template(TEMPLATE.replace('name = "Name"', f"name = {ordered}"))
    rows = (f'"Lindqvist, Ada",{ADA},', f'"Bo Marek, Jr.",{BO},', f"Cy Novak,{CY},", f'"Orr, Di, Lee",{DI},')
    ended = desk("run", desk.sheet(*rows), "-t", template, "--sandbox", "--dry-run")
    names = [json.loads(line)["request"]["nameOfHuman"] for line in ended.out.splitlines()]
    assert names == ["Ada Lindqvist", "Bo Marek, Jr.", "Cy Novak"]
    assert "more than one comma in the name" in desk("check", desk.sheet(*rows), "-t", template, "--sandbox").out


def test_a_flag_wins_over_the_order_of_names_in_the_template(desk: Desk) -> None:
    ordered = '{ column = "Name", order = "last, first" }'
    template = desk.template(TEMPLATE.replace('name = "Name"', f"name = {ordered}"))
    ended = desk(
        "run", desk.sheet(f'"Lindqvist, Ada",{ADA},'), "-t", template, "--sandbox", "--dry-run", "--names-as-written"
    )
    assert json.loads(ended.out)["request"]["nameOfHuman"] == "Lindqvist, Ada"


WORDS = (
    f"Ada Lindqvist,{ADA},checked",
    f"Bo Marek,{BO},WAHR",
    f"Cy Novak,{CY},Sì",
    f"Cy Novak,{CY},SI",
    f"Di Orr,{DI},✓",
)


def test_yes_is_understood_in_the_words_of_programs_and_languages(desk: Desk) -> None:
    template = desk.template(CONSENT.replace('day = { column = "Day", optional = true }\n', ""))
    ended = desk("check", desk.sheet(*WORDS, header="Name,Phone,Agreed"), "-t", template, "--sandbox")
    assert ended.out.startswith("5 rows: 4 to call, 0 invalid, 1 skipped"), ended
    assert ended.code == 0


def test_a_word_that_is_not_known_is_asked_about_and_is_no_no(desk: Desk) -> None:
    """Cy has said yes in another row; what is meant by the other word, only its owner knows."""
    template = desk.template(CONSENT.replace('day = { column = "Day", optional = true }\n', ""))
    sheet = desk.sheet(f"Ada,{ADA},yep", f"Cy,{CY},hm", f"Cy,{CY},yes", f"Di,{DI},maybe", header="Name,Phone,Agreed")
    run = ("run", sheet, "-t", template, "--sandbox", "--yes", "--rate", "1000")
    refused = desk(*run)
    assert refused.code == 2
    assert "--yes-word 'yep' or --no-word 'yep' or --no-word '*' for all others" in refused.err
    assert "'maybe'" not in refused.err
    for flags, rows in (
        (("--yes-word", "yep", "--no-word", "hm"), [2]),
        (("--yes-word", "YEP ", "--yes-word", "hm"), [2, 3]),
        (("--no-word", "*"), []),
    ):
        shown = desk(*run, *flags, "--dry-run").out
        assert [json.loads(line)["row"] for line in shown.splitlines()] == rows


def test_an_opt_out_that_the_template_names_keeps_its_number_from_being_called_in_all_rows(desk: Desk) -> None:
    named = TEMPLATE.replace('phone = "Phone"', 'phone = "Phone"\nopted_out = ["DNC", "Gesperrt"]')
    rows = (
        f"Ada,{ADA},,,",
        f"Bo,{BO},,x,",
        f"Bo,{BO},,,",
        f"Cy,{CY},,,2026-05-03",
        f"Di,{DI},,no,0",
    )
    sheet = desk.sheet(*rows, header="Name,Phone,Day,DNC,Gesperrt")
    report = json.loads(desk("check", sheet, "-t", desk.template(named), "--json", "--sandbox").out)
    assert (report["to_call"], report["skip_reasons"], report["undecided"]) == (
        2,
        {"opted_out": 2, "no_consent": 1},
        [],
    )
    missing = desk("check", desk.sheet(*rows, header="Name,Phone,Day,DNC,Blocked"), "-t", desk.template(named))
    assert "no column 'Gesperrt' (opted_out)" in missing.err


def test_how_a_sheet_is_read_can_stand_in_its_template(desk: Desk) -> None:
    """So that no command has to repeat it."""
    rows = (f"Ada Lindqvist,{ADA},Springfield, IL,", f"Bo Marek,{BO},Menlo Park, CA,")
    sheet, template = desk.sheet(*rows, header="Name,Phone,Day,Notes"), desk.template()
    assert "--extra-field 3" in desk("check", sheet, "-t", template, "--sandbox").err
    said = desk.template(TEMPLATE + '[sheet]\nextra_field = "3"\n')
    for flags in (("-t", template, "--extra-field", "3"), ("-t", said)):
        shown = desk("run", sheet, *flags, "--sandbox", "--dry-run", "--yes").out.splitlines()
        assert [json.loads(line)["row"] for line in shown] == [2, 3], shown
        assert "Springfield, IL" in shown[0]


@pytest.mark.parametrize("key", ["3", "end"])
def test_what_a_template_says_of_an_extra_field_misreads_no_sheet_that_is_made_otherwise(desk: Desk, key: str) -> None:
    """It was said of another sheet: rows that only end in a delimiter have no cell with one in it."""
    rows = (f"Ada Lindqvist,{ADA},Monday,n1,", f"Bo Marek,{BO},Friday,n2,")
    sheet = desk.sheet(*rows, header="Name,Phone,Day,Notes")
    template = desk.template(TEMPLATE + f'[sheet]\nextra_field = "{key}"\n')
    shown = desk("run", sheet, "-t", template, "--sandbox", "--dry-run", "--yes").out
    assert '"Monday"' in shown
    assert "n1" not in shown


def test_another_column_than_the_templates_with_a_comma_in_it_is_asked_about(desk: Desk) -> None:
    rows = (f"Ada Lindqvist,{ADA},Monday,Dr Lind, MD,", f"Bo Marek,{BO},Friday,Dr Marsh, MD,")
    sheet = desk.sheet(*rows, header="Name,Phone,Day,Doctor,Notes")
    ended = desk("check", sheet, "-t", desk.template(TEMPLATE + '[sheet]\nextra_field = "3"\n'), "--sandbox")
    assert ended.code == 2
    assert "--extra-field 4" in ended.err


def test_the_opt_out_of_a_sheet_is_proposed_and_holds(desk: Desk) -> None:
    rows = (f"Ada,Lindqvist,{ADA},Yes", f"Bo,Marek,{BO},No")
    sheet = desk.sheet(*rows, header="First Name,Last Name,Phone,Do Not Phone")
    assert desk("init", sheet, "--yes").code == 0
    assert 'opted_out = "Do Not Phone"' in (desk.folder / "sheet.toml").read_text("utf-8")
    assert desk("check", sheet, "-t", "sheet.toml", "--sandbox").out.startswith(
        "2 rows: 1 to call, 0 invalid, 1 skipped"
    )


def test_a_person_says_what_the_words_mean(desk: Desk, server: StandIn, answer: Callable[..., None]) -> None:
    template = desk.template(CONSENT.replace('day = { column = "Day", optional = true }\n', ""))
    sheet = desk.sheet(f"Ada,{ADA},yep", f"Cy,{CY},hm", header="Name,Phone,Agreed")
    answer("yes", "no", "y")
    assert desk("run", sheet, "-t", template, "--rate", "1000").code == 0
    assert server.rings() == [ADA]


def test_two_readings_of_a_number_are_told_apart_though_both_are_masked(desk: Desk) -> None:
    """Their last digits are the same; their countries are what the answer depends on."""
    plus = next(doubt for doubt in DOUBTS if doubt.about == "plus")
    said = desk("check", desk.sheet(*plus.rows, header=plus.header), "-t", template_of(plus, desk)).out
    assert "called as …0142 (BE); it may be …0142 (US), without its country code" in said
