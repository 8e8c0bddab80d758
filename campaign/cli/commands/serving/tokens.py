"""`token`: adds, lists and revokes the tokens of programs. A token is shown once, when it is made."""

from collections.abc import Mapping
from typing import Any

from campaign.cli.options.serving import ListOptions, NameOptions, TokenAddOptions
from campaign.cli.output import echo, echo_json
from campaign.cli.terminal import Terminal
from campaign.domain.instants import to_text
from campaign.usecases.context import opened_ledger
from campaign.usecases.serving.access.names import plain_name
from campaign.usecases.serving.access.tokens import Role, Token, add_token, all_tokens, revoke_token
from campaign.usecases.serving.acts import at_this_machine


def add(options: TokenAddOptions, terminal: Terminal) -> int:
    """The command `token add`."""
    with opened_ledger(terminal) as ledger:
        token = add_token(ledger, options.name, role=Role(options.role), by=at_this_machine())
    if options.as_json:
        echo_json(
            {"name": plain_name(options.name, of="token"), "role": options.role, "token": token}, only_ascii=False
        )
    else:
        echo(token)
    terminal.say(f"token {options.name}: {options.role}; it is not shown again, so put it where it is needed now")
    return 0


def show(options: ListOptions, terminal: Terminal) -> int:
    """The command `token list`."""
    with opened_ledger(terminal) as ledger:
        tokens = all_tokens(ledger)
    if options.as_json:
        echo_json([_token_dict(token) for token in tokens], only_ascii=False)
    elif tokens:
        echo(*map(_line, tokens))
    else:
        terminal.say("there are no tokens; add one with: campaign token add NAME")
    return 0


def revoke(options: NameOptions, terminal: Terminal) -> int:
    """The command `token revoke`."""
    with opened_ledger(terminal) as ledger:
        revoke_token(ledger, options.name, by=at_this_machine())
    echo(f"token {options.name}: revoked")
    return 0


def _line(token: Token) -> str:
    used = f"last used {to_text(token.used_at)}" if token.used_at else "never used"
    return f"{to_text(token.created_at)}  {token.name}  {token.role}  by {token.created_by}  {used}"


def _token_dict(token: Token) -> Mapping[str, Any]:
    return {
        "name": token.name,
        "role": token.role.value,
        "created_at": to_text(token.created_at),
        "created_by": token.created_by,
        "used_at": token.used_at and to_text(token.used_at),
    }
