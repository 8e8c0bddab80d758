"""Found rate: how many calls a second a server turns out to take, told from its answers alone.

    429s in a burst --> the rate goes down once, to what was taken --> it is kept --> it rises, ever faster --> 429s ...
                                                                    quiet: 20 s       3 %, 8 %, 16 %, 34 %, .. more

Evidence is summed up (a CUSUM): each 429 adds to it and each accepted call takes a little away, so that one in a
hundred at random says nothing, and three together say that the rate is too high. Calls that left before the rate was
last lowered say nothing about the rate of now: one burst lowers it once.

Above a rate that held, the first refusals show where the limit lies, so two are enough, and the new rate lies between
what was accepted since the last decrease and the rate at which they began. A rate that never held is lowered to the
accepted part of it, at most by half. Only time in which calls leave at the found rate counts as quiet: an hour without
calls proves nothing, and neither does a run that asks for less. All functions are pure; rates are calls a second.
"""

from dataclasses import dataclass, replace

QUIET_SECONDS, QUIET_CALLS = 20.0, 10
"""How long a rate is kept before the next probe: so many seconds, and time for so many calls."""
QUIET_OF_PAUSE = 40.0
"""And so many times the pause that a server asked for with its last refusal: a probe costs a fortieth at most."""
LEAST_RATE = 1 / 600
KEPT, KEPT_WHERE_ALL_WAIT = 0.98, 0.95
"""Of the limit as it is estimated: how much is used, and how much where a refusal makes everybody wait."""
_FIRST_RISE, _DOUBLING_SECONDS, _DOUBLING_CALLS, _MOST_DOUBLINGS = 0.03, 1.1, 5, 40.0
_DOUBLING_OF_PAUSE, _SLOWEST_DOUBLING_SECONDS = 0.6, 10.0
"""The longer the pause of a refusal, the slower the rate rises: the next one then comes just above the limit."""
_PER_REFUSED, _PER_ACCEPTED = 1.4, 0.03
_TOLD_TO_WAIT = 2.0  # A refusal that makes everybody wait weighs as much as two.
_ENOUGH, _ENOUGH_ABOVE = 4.0, 2.5
# Limiters count by the second: less than a second of answers may show the refused end of one alone.
_EVIDENCE_SECONDS = 1.0
_LEAST_PART, _MOST_PART = 0.5, 0.97
_FLOW_SLACK, _FLOW_SECONDS, _FLOW_CALLS = 1.2, 1.2, 10
_FAR_ABOVE, _WELL_ABOVE, _SOON, _MOST_ABOVE_FLOW, _LEAST_KEPT = 2.5, 1.4, 0.15, 1.05, 0.95
_WEIGHT_OF_FIRST, _WEIGHT_WHERE_ALL_WAIT = 0.35, 0.8
_COUNTED_SECONDS, _SURELY_COUNTED_SECONDS = 0.5, 1.2
"""Limiters count by the second; its middle lies so far before its end, and before that of a second that is over."""
_DEAR_SECONDS = 2.0
"""A pause that makes a refusal dear: then a single one at a rate that is kept says that it is a little too high."""
_EASED_PART, _MOST_EASED = 0.94, 4
"""What is left of it, and how often: a lower rate does not end refusals at random, and is not to fall with each."""
_SOUGHT_PART, _GAP, _LEAST_NEARNESS, _NEAR = 0.97, 0.15, 0.1, 0.8
_NO_LIMIT = float("inf")


@dataclass(frozen=True, slots=True)
class FoundRate:
    """What is known of a server's limit.

    Attributes:
        rate: what is kept after the last decrease; 0 when no limit was found.
        nearness: how near the estimate is thought to be, up to 1: the time without a probe is this part of the whole.
        quiet: seconds of calls at this rate, since the last decrease.
        waited: the pause that the server asked for with the last decrease, seconds.
        eased: how often a single refusal has lowered the rate a little since then.
        fresh_after: calls claimed up to this instant left at an earlier rate.
        accepted: calls accepted since the last decrease.
        evidence: the sum of the refusals less that of the accepted calls, while it is above 0.
        run_refused: refusals since `evidence` was last 0.
        run_accepted: accepted calls since then.
        run_since: when the first of these refusals was claimed.
        run_rate: the rate at that instant.
    """

    rate: float = 0.0
    nearness: float = 1.0
    quiet: float = 0.0
    waited: float = 0.0
    eased: float = 0.0
    fresh_after: float = 0.0
    accepted: float = 0.0
    evidence: float = 0.0
    run_refused: float = 0.0
    run_accepted: float = 0.0
    run_since: float = 0.0
    run_rate: float = 0.0

    @property
    def limit(self) -> float:
        """Calls a second that may be made now; infinite when no limit was found."""
        return self.limit_after(self.quiet)

    @property
    def kept_for(self) -> float:
        """Seconds of quiet before the rate rises."""
        waited = QUIET_OF_PAUSE * self.waited if self.nearness >= 1 else 0.0
        return max(QUIET_SECONDS * self.nearness, QUIET_CALLS / self.rate, waited) if self.rate else 0.0

    def limit_after(self, quiet: float) -> float:
        """The same after so many seconds of quiet."""
        if not self.rate:
            return _NO_LIMIT
        doublings = (quiet - self.kept_for) / self._doubling_seconds
        if doublings <= 0:
            return self.rate
        risen: float = _FIRST_RISE * (2.0 ** min(doublings, _MOST_DOUBLINGS) - 1)
        return self.rate * (1 + risen)

    @property
    def _doubling_seconds(self) -> float:
        told = min(_SLOWEST_DOUBLING_SECONDS, _DOUBLING_OF_PAUSE * self.waited)
        return max(_DOUBLING_SECONDS, _DOUBLING_CALLS / self.rate, told)


def with_accepted(found: FoundRate, count: int) -> FoundRate:
    """After so many calls were accepted."""
    if not count:
        return found
    found = replace(found, accepted=found.accepted + count)
    if not found.evidence:
        return found
    evidence = found.evidence - _PER_ACCEPTED * count
    if evidence <= 0:
        return _without_evidence(found)
    return replace(found, evidence=evidence, run_accepted=found.run_accepted + count)


def with_quiet(found: FoundRate, seconds: float, *, asked: float) -> FoundRate:
    """After calls left for so long, while the fastest run asked for that rate: less than the limit proves nothing."""
    return replace(found, quiet=found.quiet + seconds) if found.rate and found.limit < asked else found


def after_idling(found: FoundRate) -> FoundRate:
    """After a time in which the server may have changed its limit: the rate that held is used, and rises at once."""
    return _without_evidence(replace(found, quiet=max(found.quiet, found.kept_for), waited=0.0, accepted=0.0))


def with_refused(
    found: FoundRate, *, now: float, sent_at: float, asked: float, last_slot: float, waits: float
) -> FoundRate:
    """After the server refused a call as coming too fast.

    Args:
        found: what was known.
        now: the wall clock.
        sent_at: when the call was claimed.
        asked: what the account's fastest run asks for.
        last_slot: the last instant handed out, which may lie ahead of `now`.
        waits: seconds that the server wants all to wait for; 0 when it does not say.
    """
    if sent_at <= found.fresh_after:
        return found
    found = _with_evidence(found, now=now, sent_at=sent_at, asked=asked, waits=waits)
    above = _is_above(found, now=now, asked=asked)
    if waits >= _DEAR_SECONDS and not above and found.nearness >= 1 and found.rate and found.eased < _MOST_EASED:
        eased = max(min(LEAST_RATE, asked), _EASED_PART * found.rate)
        return replace(_without_evidence(found), rate=eased, eased=found.eased + 1, fresh_after=max(now, last_slot))
    if found.evidence < (_ENOUGH_ABOVE if above else _ENOUGH):
        return found
    if sent_at - found.run_since < _EVIDENCE_SECONDS and not above:
        return found
    then = max(found.run_rate, _rate_at(found, (found.run_since + sent_at) / 2, now=now, asked=asked))
    estimate = (
        _estimate_above(found, _counted(found, now=now, asked=asked, waits=waits), waits=waits)
        if above
        else _accepted_part(found, then, now=now)
    )
    kept = KEPT_WHERE_ALL_WAIT if waits else KEPT
    rate = max(min(LEAST_RATE, asked), kept * estimate)
    nearness = min(1.0, max(_LEAST_NEARNESS, _GAP / max(then / rate - 1, _LEAST_NEARNESS)))
    if above and found.run_rate < _FAR_ABOVE * found.rate:
        # Well above, the limiter may have saved up calls, or its limit has moved: soon asked again, it has none saved.
        nearness = 1.0 if found.run_rate < _WELL_ABOVE * found.rate else _SOON
    return FoundRate(rate=rate, nearness=nearness, waited=waits, fresh_after=max(now, last_slot))


def _with_evidence(found: FoundRate, *, now: float, sent_at: float, asked: float, waits: float) -> FoundRate:
    rate = _rate_at(found, sent_at, now=now, asked=asked)
    first = not found.run_refused
    return replace(
        found,
        evidence=found.evidence + _PER_REFUSED * (_TOLD_TO_WAIT if waits else 1.0),
        run_refused=found.run_refused + 1,
        run_since=sent_at if first else min(found.run_since, sent_at),
        run_rate=rate if first else min(found.run_rate, rate),
    )


def _rate_at(found: FoundRate, instant: float, *, now: float, asked: float) -> float:
    """The rate at which calls left at an instant since the last decrease."""
    return min(asked, found.limit_after(max(0.0, found.quiet - max(0.0, now - instant))))


def _is_above(found: FoundRate, *, now: float, asked: float) -> bool:
    """Whether the refusals began above the rate that held, on the way up to what is asked for."""
    if not found.rate or found.quiet - (now - found.run_since) < found.kept_for:
        return False
    return _rate_at(found, found.run_since, now=now, asked=asked) < 0.999 * asked


def _counted(found: FoundRate, *, now: float, asked: float, waits: float) -> float:
    """What a limiter took in the second before its first refusal, which is its limit: the rate has risen since."""
    if not waits:
        return found.run_rate
    back = _COUNTED_SECONDS if waits < _DEAR_SECONDS else _SURELY_COUNTED_SECONDS
    return _rate_at(found, found.run_since - back, now=now, asked=asked)


def _estimate_above(found: FoundRate, counted: float, *, waits: float) -> float:
    first = found.run_rate
    if found.nearness <= _NEAR or first >= _FAR_ABOVE * found.rate:
        estimate = min(first, counted) * _SOUGHT_PART
    else:
        # A limiter that saves up unused calls takes more than its limit for a while: what it took on the whole counts.
        flow = found.accepted / max(found.quiet, 1.0)
        weight = _WEIGHT_WHERE_ALL_WAIT if waits else _WEIGHT_OF_FIRST
        estimate = flow + weight * max(0.0, min(first, _MOST_ABOVE_FLOW * flow) - flow)
    return max(estimate, found.rate * _LEAST_KEPT / KEPT)


def _accepted_part(found: FoundRate, then: float, *, now: float) -> float:
    # The run begins and ends with a refusal by definition: neither says anything about the calls between them.
    between = found.run_accepted + found.run_refused - 2
    part = 1 - max(0.5, found.run_refused - 2) / max(2.0, between)
    estimate = then * min(_MOST_PART, max(_LEAST_PART, part))
    # Where refusals make everybody wait, the server may save up what is not used meanwhile, or may not: half of it.
    waited = max(0.0, now - found.fresh_after - found.quiet) if found.rate and found.nearness < 1 else 0.0
    seconds = found.quiet + (waited / 2 if found.waited else 0.0)
    if seconds < _FLOW_SECONDS or found.accepted < _FLOW_CALLS:
        return estimate
    # Calls may be far fewer than the rate allows, for want of workers: then what was accepted says more.
    return min(estimate, max(_FLOW_SLACK * found.accepted / seconds, _LEAST_PART * then))


def _without_evidence(found: FoundRate) -> FoundRate:
    return replace(found, evidence=0.0, run_refused=0.0, run_accepted=0.0, run_since=0.0, run_rate=0.0)
