"""Who says no in a corrected sheet is not called by the run of the first one, which still has them waiting."""

from tests.cli.conftest import Desk

TEMPLATE = (
    '[columns]\nname = "Name"\nphone = "Phone"\nopted_out = "No calls"\n[pace]\ncalls_per_second = 50.0\n'
    '[limits]\ncall_again_after = "0s"\n'
)
HEADER = "Name,Phone,No calls"


def test_an_opt_out_in_a_later_sheet_holds_for_the_rows_that_still_wait(desk: Desk) -> None:
    rows = [f"Person {at},+1212555010{at}," for at in range(1, 6)]
    template = desk.template(TEMPLATE)
    words = ("--sandbox", "--yes")
    first = desk("run", desk.sheet(*rows, header=HEADER), "-t", template, *words, "--limit", "1", "--name", "a")
    assert first.code == 0, first.err
    rows[2] = rows[2] + "yes"
    corrected = desk.sheet(*rows, header=HEADER, name="corrected.csv")
    assert desk("run", corrected, "-t", template, *words, "--limit", "1", "--name", "b").code == 0
    ended = desk("resume", "a", "--sandbox")
    assert ended.code == 0, ended.err
    found = {row["_row"]: (row["_status"], row["_error"]) for row in desk.results("a.results.csv")}
    assert found["4"] == ("skipped", "no consent (row 4 of run b says no for the same number)")
    assert found["5"][0] == found["6"][0] == "created"
