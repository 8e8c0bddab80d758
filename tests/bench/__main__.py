"""`python -m tests.bench`: all benchmarks; `--quick` shows that they run."""

import argparse

from tests.bench import (
    blocks,
    call_list,
    connections,
    end_to_end,
    first_call,
    in_flight,
    pacing,
    phones,
    reading,
    screening,
    shared_pace,
    sheets,
    start_up,
    watched,
)

parser = argparse.ArgumentParser(prog="python -m tests.bench")
parser.add_argument("--quick", action="store_true", help="few calls: the figures mean nothing")
quick = parser.parse_args().quick

blocks.measure(rows=2_000 if quick else 100_000, seconds=1.0 if quick else 10.0)
call_list.measure(calls=2_000 if quick else 500_000)
connections.measure(seconds=0.1 if quick else 6.0)
end_to_end.measure(calls=200 if quick else 10_000, latency=0.0, in_flight=32, rounds=1 if quick else 3)
end_to_end.measure(calls=200 if quick else 5_000, latency=0.1, in_flight=50, rounds=1 if quick else 3)
first_call.measure(rows=100 if quick else 1_000, many=200 if quick else 100_000, rounds=1 if quick else 3)
in_flight.measure(seconds=0.1 if quick else 10.0)
pacing.measure(seeds=1 if quick else 6, seconds=2.0 if quick else 60.0)
phones.measure(numbers=500 if quick else 200_000)
reading.measure(rows=2_000 if quick else 1_000_000, runs=2 if quick else 10)
screening.measure(count=2_000 if quick else 1_000_000)
sheets.measure(count=2_000 if quick else 1_000_000, workbook_rows=1_000 if quick else 200_000, rounds=1 if quick else 3)
shared_pace.measure(seconds=2.0 if quick else 10.0)
start_up.measure(rounds=1 if quick else 15)
watched.measure(rows=500 if quick else 100_000, seconds=1.5 if quick else 20.0, rounds=1 if quick else 3)
