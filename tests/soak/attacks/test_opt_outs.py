"""Whoever asks not to be called: with a call ahead, by another spelling, in somebody else's name, in the middle."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from campaign.sandbox.calls import FATES
from tests.soak.attacks.attacker import FAST, behind_a_box, rung, say, sheet_of, states
from tests.soak.attacks.middlebox import Exchange
from tests.soak.campaigner import RUN, camp, stand_in
from tests.soak.checking.optouts import claims_of
from tests.soak.launched import Launch
from tests.soak.sheets import phones

_NORMAL = next(fate for fate in FATES if fate.code == "ENDED_NORMALLY")
_OPT_OUT = next(fate for fate in FATES if fate.code == "DO_NOT_CALL")


def test_who_opts_out_with_a_call_ahead_is_told_of_it(tmp_path: Path) -> None:
    """AICaller has the call already, for tomorrow, and only its own pages can cancel it: the operator must be told."""
    tomorrow = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    ahead = f'[stagger]\nstart = {tomorrow}\nevery = "30s"\n'
    with stand_in(tmp_path) as place, camp(tmp_path, place, flags=FAST) as made:
        sheet = sheet_of(made, phones(4), more=ahead)
        assert made.run().end() == 0, made.starts[-1].said()
        assert sheet.exists()
        [call_id, *_] = [line.split('"id": "')[1][:24] for line in place.truth.read_text("utf-8").splitlines()]
        code, said = say(made, "suppress", "add", phones(1)[0])
        assert code == 0
        assert f"run {RUN}" in said, "the run is named"
        assert "row 2" in said, "the row is named"
        assert call_id in said, "the call's id is named"
        assert "ring" in say(made, "status", RUN, "--why", "2")[1]
        refused, why = say(made, "forget", RUN, "--yes")
        assert refused != 0, "nobody could say afterwards whom these calls ring at"
        assert "on the way" in why


def test_an_opt_out_in_the_middle_is_heeded_from_its_acknowledgement_on(tmp_path: Path) -> None:
    """By the claims that the ledger held when the verb had ended; one number at a time, just ahead of the calls."""
    with stand_in(tmp_path) as place, camp(tmp_path, place, flags=("--rate", "40", "--no-audit")) as made:
        made.prepare(rows=120)
        start = made.run()
        assert made.await_ring(start, rings=3)
        late = []
        # The last of all first: a busy machine may call all that are near before the verb has begun.
        for ahead in (120, 12, 20, 40):
            phone = phones(120)[min(sum(rung(made).values()) + ahead, 119)]
            assert say(made, "suppress", "add", phone)[0] == 0
            late += [phone] if not claims_of(made.home, phone) else []
        assert start.end() == 0, start.said()
        assert late
        assert not set(late) & set(rung(made))


def test_an_outcome_that_names_somebody_else_puts_nobody_on_the_list(tmp_path: Path) -> None:
    """The person who asked not to be called is the one who was called; a list that says another number is wrong."""
    (asked, other) = phones(2)

    def another(exchange: Exchange) -> Exchange:
        if exchange.method != "GET" or exchange.status != 200:
            return exchange
        told = json.loads(exchange.body)
        if isinstance(told["data"], dict) and told["data"].get("toPhoneNumber") == asked:
            told["data"]["toPhoneNumber"] = phones(100)[99]
        return replace(exchange, body=json.dumps(told).encode())

    with (
        stand_in(tmp_path, script={asked: (_OPT_OUT,), other: (_NORMAL,)}, speed=1000.0) as place,
        behind_a_box(tmp_path, change=another, place=place) as made,
    ):
        made.launch = Launch(first_look=0.1)
        made.prepare(rows=2)
        assert made.run().end() == 0, made.starts[-1].said()
        _, said = say(made, "follow", RUN, "--deadline", "3s", "--rate", "50")
        assert say(made, "suppress", "check", phones(100)[99])[0] == 1, "somebody else was put on the list"
        assert states(made)["unknown"] == 1, said
        assert say(made, "status", RUN, "--why", "2")[1].count("toPhoneNumber") or "number" in said


def test_an_opt_out_holds_for_the_other_spelling_of_a_line(tmp_path: Path) -> None:
    """Argentina's mobile with and without its 9 is one telephone."""
    with stand_in(tmp_path) as place, camp(tmp_path, place, flags=FAST) as made:
        sheet_of(made, ["+541123456789", *phones(2)])
        assert say(made, "suppress", "add", "+5491123456789")[0] == 0
        made.finish()
        assert set(rung(made)) == set(phones(2))
