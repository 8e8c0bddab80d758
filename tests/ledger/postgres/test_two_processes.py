"""Two processes that claim the same numbers for two runs, at the same moment, again and again."""

from contextlib import AbstractContextManager

from tests.ledger.backend import PostgresBackend, load, people
from tests.warm import Piped, warm

ROUNDS, AT_ONCE = 4, 25
PHONES = [f"+121255501{line:02d}" for line in range(100)]


def claimer(backend: PostgresBackend, run: str) -> AbstractContextManager[Piped]:
    words = [str(backend.home), run, backend.schema.url]
    return warm().piped("tests.ledger.postgres.claimer:main", words, folder=backend.home)


def test_no_number_of_two_runs_is_claimed_by_two_processes(backend: PostgresBackend) -> None:
    """Each asks for the other's calls, and sees none that is not committed: without a lock for each line, both call."""
    with backend.open() as ledger:
        for name in ("one", "other"):
            load(ledger, people(*PHONES), name=name)
    with claimer(backend, "one") as one, claimer(backend, "other") as other:
        for process in (one, other):
            assert process.stdout.readline() == "ready\n"
        for _ in range(ROUNDS):
            for process in (one, other):
                process.stdin.write(f"{AT_ONCE}\n")
                process.stdin.flush()
            for process in (one, other):
                assert process.stdout.readline() == "claimed\n"
        for process in (one, other):
            _, said = process.ended()
            assert process.returncode == 0, said
    twice = "SELECT count(*) FROM (SELECT phone FROM attempt GROUP BY phone HAVING count(*) > 1) AS numbers"
    assert backend.ask(twice) == [(0,)], "numbers were claimed by both"
    assert backend.ask("SELECT count(*) FROM attempt") == [(len(PHONES),)]
    assert backend.ask("SELECT count(*) FROM sheet_row WHERE state = 'skipped'") == [(len(PHONES),)]
