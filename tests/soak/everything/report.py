"""The report of a long soak, in a few lines."""

from collections import Counter
from collections.abc import Iterator, Mapping

from tests.soak.checking.optouts import on_their_way
from tests.soak.everything.whole import Report

_MOST_SHOWN, _LONGEST = 5, 300


def lines(report: Report) -> Iterator[str]:
    """What happened, and then every rule that was broken, by its name."""
    killing, rings = report.killing, report.rings
    starts = len(killing.camp.starts)
    yield f"{killing.kills} kills of {starts} starts, {killing.on_their_way} with calls on their way"
    yield f"  {_told(killing.moments)}; {killing.moments.total()} in all; exit codes {_told(killing.codes)}"
    yield f"big run: {_told(report.states)}"
    hostile = Counter(str(ring["fault"]) for ring in rings if ring["fault"])
    yield (
        f"stand-in: {report.posts} POSTs, {len(rings)} rings,"
        f" {hostile.total()} of them with one of {len(hostile)} hostile endings"
    )
    runs = [run for account in report.accounts for run in account.runs]
    forgotten = sum(run.forgotten for run in runs)
    killed = sum(account.kills for account in report.accounts)
    yield f"beside it: {len(runs)} small runs, {forgotten} of them forgotten, {killed} verbs killed"
    done = Counter[str]()
    for account in report.accounts:
        done.update(account.done)
    yield f"  {_told(done)}"
    acknowledged = Counter(said.how.partition(" of ")[0] for said in report.opt_outs)
    way = on_their_way(report.opt_outs, rings)
    yield f"opt-outs acknowledged: {_told(acknowledged)}; {way} while the call was on its way"
    broken = Counter(_rule(violation) for violation in report.violations)
    yield f"{report.seconds:.0f} s: " + (f"BROKEN: {_told(broken)}" if broken else _ALL_WELL)
    for rule in broken:
        of_rule = [violation for violation in report.violations if _rule(violation) == rule]
        yield from (f"  {violation[:_LONGEST]}" for violation in of_rule[:_MOST_SHOWN])


_ALL_WELL = (
    "0 called twice, 0 lost, 0 opt-outs called after their acknowledgement, 0 rows without a reason; results and ledger"
    " agree, integrity ok, no secret in any file"
)


def _rule(violation: str) -> str:
    words = violation.split(": ")
    return words[1] if words[0].startswith("run ") and len(words) > 1 else words[0]


def _told(counts: Mapping[str, int] | Mapping[int, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items(), key=str)) or "none"
