"""`check` and `run --dry-run`: show what would be done; nothing is sent and nothing is written."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from campaign.cli.options.flags import SheetFlags
from campaign.cli.options.verbs import CheckOptions, RunOptions
from campaign.cli.output import echo, echo_json, echo_json_text
from campaign.cli.process.spool import Spool
from campaign.cli.read_choices import answers_from, choices_from, with_choices
from campaign.cli.terminal import Terminal
from campaign.presentation.forecast import forecast_dict, forecast_lines
from campaign.presentation.masking import Mask, mask_for, masked_email, masked_phone
from campaign.presentation.skip_reasons import skip_word
from campaign.presentation.summary import question_lines, summary_as_dict, summary_lines
from campaign.usecases.check_sheet import (
    CallRequest,
    Checked,
    CheckOptions as SheetOptions,
    exit_code_of_check,
    sheet_to_check,
    sheet_to_dry_run,
    shown,
)

_MOST_GROUPS = 50
_A_PAGE = 100  # lines


def check(options: CheckOptions, terminal: Terminal) -> int:
    """The command `check`."""
    mask, sheet = mask_for(show_numbers=options.show_numbers), options.sheet
    with (
        Spool(mask) as spool,
        sheet_to_check(_of_sheet(sheet, sandbox=options.sandbox), context=terminal) as to_check,
    ):
        checked = with_choices(
            partial(
                to_check.check,
                answers=replace(answers_from(options.answers), unfollowed=options.unfollowed),
                problems=options.problems,
                every=spool.take if options.as_json or options.lists else None,
            ),
            choices_from(sheet.reading, max_rows=options.answers.max_rows),
            ask=terminal.interactive,
        )
        if options.as_json or options.lists:
            for reason, rows in checked.earlier.items():
                for row in rows:
                    spool.skip(row, reason, skip_word(reason))
        code = exit_code_of_check(checked.summary)
        if options.as_json:
            _tell_json(checked, spool, code=code)
        else:
            _tell(checked, _listed(spool, options.page) if options.lists else (), asked=options.problems, mask=mask)
    return code


def dry_run(options: RunOptions, terminal: Terminal, *, refuse: Callable[..., None]) -> int:
    """The flag `run --dry-run`: prints a JSON line for each request, with numbers and addresses masked.

    `refuse` takes the `template`, and refuses options with which the run itself would be refused.
    """
    sheet, count = options.sheet, 0
    asked = _of_sheet(sheet, sandbox=options.dial.sandbox, webhook=options.webhook, start=options.start)
    with sheet_to_dry_run(asked, context=terminal) as to_run:
        refuse(template=to_run.template)
        # Asked before the first line is printed.
        choices = with_choices(
            to_run.decided,
            choices_from(sheet.reading, max_rows=options.answers.max_rows),
            ask=terminal.interactive and not options.shown.yes,
        )
        for row, request in to_run.requests(choices, answers=answers_from(options.answers), limit=options.dial.limit):
            echo_json({"row": row, "request": _masked(request)}, indent=None, only_ascii=False)
            count += 1
    terminal.say(f"{count} requests; nothing was sent")
    return 0


def _of_sheet(
    flags: SheetFlags, *, sandbox: bool, webhook: str | None = None, start: str | None = None
) -> SheetOptions:
    return SheetOptions(
        sheet=flags.sheet,
        template=flags.template,
        region=flags.region,
        timezone=flags.timezone,
        sandbox=sandbox,
        webhook=webhook,
        start=start,
    )


def _tell(checked: Checked, listed: Iterable[str], *, asked: Path | None, mask: Mask) -> None:
    for line in summary_lines(checked.summary, groups=_MOST_GROUPS, mask=mask):
        echo(line)
    for line in forecast_lines(checked.outlook):
        echo(line)
    for line in listed:
        echo(line)
    for line in question_lines(checked.summary):
        echo(line)
    if checked.problems is not None:
        echo(f"rows that cannot be called, to be corrected and run: {shown(checked.problems)}")
    elif asked is not None:
        echo(f"every row can be called, so {shown(asked)} was not written")
    elif checked.summary.invalid:
        echo(
            "--problems FILE.csv writes these rows as a sheet of their own, -v lists each problem and each skipped "
            "row, --page 1 a hundred of them"
        )


def _listed(spool: Spool, page: int | None) -> Iterator[str]:
    """The lines of the long lists under their headings: all of them, or those of one page."""
    first, last, shown, total = 0, None, "", 0
    if page is not None:
        first, last = (page - 1) * _A_PAGE, page * _A_PAGE
    for heading, found in _lists(spool):
        for line, _ in found:
            if first <= total and (last is None or total < last):
                yield from () if heading == shown else (f"{heading}:",)
                yield f"  {line}"
                shown = heading
            total += 1
    if page is not None:
        pages = -(-total // _A_PAGE)
        more = f"; --page {page + 1} shows the next" if page < pages else ""
        yield f"page {page} of {pages}{more}" if page <= pages else f"no page {page}: there are {pages}"


def _lists(spool: Spool) -> Iterator[tuple[str, Iterator[tuple[str, str]]]]:
    yield "every doubt", spool.notes()
    yield "every problem", spool.problems()
    yield "every row that is skipped", spool.skips()


def _tell_json(checked: Checked, spool: Spool, *, code: int) -> None:
    """Prints everything as one JSON object; the long lists are streamed."""
    known = {
        **summary_as_dict(checked.summary, diff=checked.diff),
        "forecast": forecast_dict(checked.outlook),
        "problems_file": str(checked.problems) if checked.problems else None,
        "exit_code": code,
    }
    echo_json_text(json.dumps(known, indent=2).removesuffix("\n}"), ends=False)
    for key, found in (("notes", spool.notes()), ("problems", spool.problems()), ("skips", spool.skips())):
        echo_json_text(f',\n  "{key}": [', ends=False)
        for place, (_, line) in enumerate(found):
            echo_json_text(f"{',' if place else ''}\n    {line}", ends=False)
        echo_json_text("\n  ]", ends=False)
    echo_json_text("\n}", ends=True)


def _masked(request: CallRequest) -> Mapping[str, Any]:
    shown: dict[str, Any] = json.loads(request.to_body())
    shown["toPhoneNumber"] = masked_phone(shown["toPhoneNumber"])
    if "fromPhoneNumber" in shown:
        shown["fromPhoneNumber"] = masked_phone(shown["fromPhoneNumber"])
    if "toEmailAddress" in shown:
        shown["toEmailAddress"] = masked_email(shown["toEmailAddress"])
    return shown
