"""Daily campaign in Airflow: a retried task resumes its run, and calls nobody twice."""

import pendulum
from airflow.sdk import dag, task

import campaign


@dag(schedule="0 9 * * 1-5", start_date=pendulum.datetime(2026, 12, 1, tz="America/New_York"), catchup=False)
def reminders() -> None:
    """Calls the people of today's sheet, and counts what came of it."""

    @task(retries=3)
    def call(sheet: str, template: str, *, sandbox: bool) -> str:
        end = campaign.start(
            sheet, template, call_people=not sandbox, sandbox=sandbox, same_sheet="resume", repairs="skip"
        )
        if end.counts.pending:  # it stopped itself, or was stopped: tried again, it goes on
            end.raise_for_status()
        return end.run

    @task
    def report(run: str) -> dict[str, int]:
        return dict(campaign.results(run).to_dataframe()["_status"].value_counts())

    report(call("/data/today.csv", "/data/reminder.toml", sandbox=True))


reminders()
