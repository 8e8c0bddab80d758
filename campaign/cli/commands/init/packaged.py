"""`init --sample` and `templates`: files that come with the program, copied to where a person can change them."""

import shlex
from pathlib import Path

from campaign.cli.options.first_files import InitOptions, TemplatesOptions
from campaign.cli.output import echo, echo_json
from campaign.cli.terminal import Terminal
from campaign.config.files.packaged import FIRST, PackagedTemplate, copied, packaged_template, packaged_templates


def sample(options: InitOptions, terminal: Terminal) -> int:
    """The command `init --sample`."""
    first = packaged_template(FIRST)
    sheet, template = copied((first.samples[0], first.path), options.sheet or Path())
    words = shlex.join(["campaign", "run", str(sheet), "-t", str(template), "--sandbox"])
    terminal.say("a first sheet of invented people, and the template that says how its rows become calls")
    terminal.say(f"next, and no phone rings: {words}")
    echo(str(sheet), str(template))
    return 0


def templates(options: TemplatesOptions, terminal: Terminal) -> int:
    """The command `templates`."""
    if options.name is None:
        _list(as_json=options.as_json)
        return 0
    chosen = packaged_template(options.name)
    written = copied((chosen.path, *(chosen.samples if options.sample else ())), options.folder or Path())
    if options.as_json:
        echo_json({"written": [str(path) for path in written]})
        return 0
    terminal.say("the names at the right of = are those of the sheet's columns: change them to yours")
    echo(*map(str, written))
    return 0


def _list(*, as_json: bool) -> None:
    known = packaged_templates()
    if as_json:
        echo_json([_as_dict(each) for each in known])
        return
    widest = max(len(each.name) for each in known)
    echo(*(f"{each.name:{widest}}  {each.title}; try it with {each.samples[0].name}" for each in known))


def _as_dict(each: PackagedTemplate) -> dict[str, object]:
    samples = [str(sheet) for sheet in each.samples]
    return {"name": each.name, "title": each.title, "path": str(each.path), "samples": samples}
