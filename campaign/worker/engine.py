"""Engine: hands runs out to workers, by Procrastinate. It holds nothing that the ledger cannot rebuild.

    order in the ledger --tick--> job --one worker--> part of the run
                                   `-- left by a worker that died: given up, and handed out anew from the order

No queueing lock (a retry would violate it), no scheduled job (it would block the lock); a job's lock is its run. Its
tables are in a schema of their own, named after the version: a newer program fills its own anew.
"""

import logging
from collections.abc import Awaitable, Callable, Container, Iterable, Mapping
from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ProcrastinateException
from procrastinate.jobs import Status
from procrastinate.schema import SchemaManager

from campaign.usecases.working.duties import Duties

_PART = "part"
_BEATS_EVERY_SECONDS = 5.0
_POLLS_EVERY_SECONDS = 1.0
_LOCK = "SELECT pg_advisory_xact_lock(hashtext(%s))"
_MADE = "SELECT to_regclass(format('%%I.procrastinate_jobs', %s::text)) IS NOT NULL"
ENGINE_DOWN = (ProcrastinateException, psycopg.Error, OSError)
"""What the engine raises where its server cannot be reached."""
for _talker in ("procrastinate", "psycopg.pool"):
    # The worker says in its own words what keeps it from its work.
    logging.getLogger(_talker).setLevel(logging.CRITICAL + 1)


class Engine:
    """The jobs of one queue."""

    def __init__(
        self, duties: Duties, *, part: Callable[[str], Awaitable[None]], at_once: int, patience_seconds: float
    ) -> None:
        """`part` carries one run out; so many `at_once`."""
        self._queue, self._at_once, self._patience_seconds = duties.queue, at_once, patience_seconds
        version = "".join(letter if letter.isalnum() else "_" for letter in duties.version)
        self._schema = f"{'campaign' if duties.place.schema == 'public' else duties.place.schema}_engine_{version}"
        self._parameters = _in_schema(duties.place.parameters, self._schema)
        self.app = App(connector=PsycopgConnector(kwargs=self._parameters, min_size=1, max_size=4))

        @self.app.task(name=_PART, queue=self._queue)
        async def _part(run: str) -> None:
            await part(run)

        self._task = _part

    def migrate(self) -> None:
        """Makes the tables of this version, if they are not there; of two workers one does.

        Raises:
            psycopg.Error: the server cannot be reached, or the role may not.
        """
        with psycopg.connect(**self._parameters) as connection:
            connection.execute(_LOCK, (self._schema,))
            made = connection.execute(_MADE, (self._schema,)).fetchone()
            if made is None or not made[0]:
                connection.execute(psycopg.sql.SQL("CREATE SCHEMA {}").format(psycopg.sql.Identifier(self._schema)))
                connection.execute(SchemaManager.get_schema().encode())

    async def submit(self, runs: Iterable[str]) -> None:
        """Hands runs out; those that are handed out already are not. It looks once, however many they are."""
        live = await self._live()
        for run in [one for one in runs if one not in live]:
            await self.app.configure_task(_PART, lock=run, queue=self._queue).defer_async(run=run)

    async def give_up_stalled(self, *, but: Container[str]) -> None:
        """Gives up the jobs of workers that have ended, or are silent; not those of the runs that somebody holds.

        One that is silent and alive goes on with its run all the same: who gets the new job finds the run held.
        """
        stalled = await self.app.job_manager.get_stalled_jobs(
            queue=self._queue, seconds_since_heartbeat=self._patience_seconds
        )
        for job in stalled:
            if job.id is not None and job.task_kwargs["run"] not in but:
                await self.app.job_manager.finish_job_by_id_async(job.id, status=Status.FAILED, delete_job=True)

    async def run_worker(self, name: str) -> None:
        """Takes jobs until it is cancelled, or the server has been away for long."""
        # A cancelled worker ends at once: the parts end by themselves.
        await self.app.run_worker_async(
            queues=[self._queue],
            name=name,
            concurrency=self._at_once,
            fetch_job_polling_interval=_POLLS_EVERY_SECONDS,
            update_heartbeat_interval=_BEATS_EVERY_SECONDS,
            stalled_worker_timeout=self._patience_seconds,
            install_signal_handlers=False,
            delete_jobs="always",
        )

    async def _live(self) -> set[str]:
        return {*await self._jobs(Status.TODO), *await self._jobs(Status.DOING)}

    async def _jobs(self, status: Status) -> dict[str, int]:
        """Run -> its job that stands so."""
        found = await self.app.job_manager.list_jobs_async(queue=self._queue, status=status.value)
        return {str(job.task_kwargs["run"]): job.id for job in found if job.id is not None}


def why_down(error: Exception) -> str:
    """Why the engine's server cannot be reached, in words: what the engine itself says is for programmers."""
    cause = error.__cause__ or error
    said = " ".join(str(cause).split()).partition(" Is the server running")[0] or type(cause).__name__
    return f"the database cannot be reached ({said})"


def _in_schema(parameters: Mapping[str, str], schema: str) -> dict[str, Any]:
    """The parameters of a connection whose tables are in that schema."""
    return {**parameters, "options": f"-csearch_path={schema}", "application_name": "campaign engine"}
