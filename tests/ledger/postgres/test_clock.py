"""The server's clock, seen from a machine whose own clock may be anything."""

from campaign.ledger.postgres.clock import DatabaseClock
from tests.ledger.backend import PostgresBackend


class Machine:
    """A machine's clocks.

    Attributes:
        running: seconds since its start.
        wall: what its wall clock says.
    """

    def __init__(self) -> None:
        self.running, self.wall = 1_000.0, 0.0


def test_what_a_wall_clock_is_off_is_known_without_asking_again(backend: PostgresBackend) -> None:
    """Machines are set right in the middle of a night: slots must not be given twice for it."""
    machine = Machine()
    clock = DatabaseClock(running=lambda: machine.running, wall=lambda: machine.wall)
    with backend.open(), backend.schema.engine.connect() as connection:
        [(now,)] = backend.ask("SELECT extract(epoch FROM clock_timestamp())::float8")
        machine.wall = now - 5
        assert 4.9 < clock.ahead(connection) < 65
        first = clock.ahead(connection)
        machine.wall += 2
        assert abs(clock.ahead(connection) - (first - 2)) < 1e-3
        machine.running += 10
        machine.wall += 10
        assert abs(clock.ahead(connection) - (first - 2)) < 1e-3


def test_a_clock_that_is_right_is_taken_as_it_is(backend: PostgresBackend) -> None:
    """What one question takes is no difference."""
    with backend.open(), backend.schema.engine.connect() as connection:
        assert abs(DatabaseClock().ahead(connection)) < 1
