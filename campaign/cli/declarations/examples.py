"""Examples of each verb, as its help shows them; a test holds that each of them would be understood."""

from collections.abc import Mapping

EXAMPLES: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("init",): (
        "campaign init patients.xlsx",
        "campaign init leads.csv --region US --variable company=Company",
    ),
    ("templates",): ("campaign templates", "campaign templates lead_qualification leads --sample"),
    ("check",): (
        "campaign check patients.xlsx -t patients.toml",
        "campaign check patients.xlsx -t patients.toml --problems problems.csv",
        "campaign check - -t patients.toml --json <patients.csv",
    ),
    ("run",): (
        "campaign run patients.xlsx -t patients.toml --sandbox",
        'campaign run patients.xlsx -t patients.toml --start "tomorrow 9am"',
        "campaign run patients.csv -t patients.toml --yes --json --notify-url https://hooks.example.org/campaign",
    ),
    ("rehearse",): (
        "campaign rehearse patients.xlsx -t patients.toml",
        "campaign rehearse patients.xlsx -t patients.toml --fault 429=0.05,close_after=0.01 --seed 7",
    ),
    ("resume",): ("campaign resume patients-2026-12-01-1",),
    ("rerun",): (
        "campaign rerun patients-2026-12-01-1",
        "campaign rerun patients-2026-12-01-1.results.csv",
        "campaign rerun patients-2026-12-01-1 --outcome no_answer,busy",
    ),
    ("pace",): ("campaign pace patients-2026-12-01-1", "campaign pace patients-2026-12-01-1 --rate 30/min"),
    ("resolve",): (
        "campaign resolve patients-2026-12-01-1",
        "campaign resolve patients-2026-12-01-1 --not-called 17,34-36",
    ),
    ("follow",): (
        "campaign follow --all",
        "campaign follow patients-2026-12-01-1 --watch --deadline 8h",
    ),
    ("listen",): ("campaign listen --port 8091",),
    ("status",): (
        "campaign status",
        "campaign status --with pending --since 7d",
        "campaign status patients-2026-12-01-1 --why 17",
    ),
    ("results",): (
        "campaign results patients-2026-12-01-1 -o report.html",
        "campaign results patients-2026-12-01-1 -o -",
    ),
    ("stop",): ("campaign stop patients-2026-12-01-1",),
    ("cancel",): ('campaign cancel patients-2026-12-01-1 --reason "the clinic is closed"',),
    ("forget",): ("campaign forget --older-than 90d",),
    ("sandbox",): ("campaign sandbox --fault 429=0.05,reset_after=0.02", "campaign sandbox --faults"),
    ("suppress", "add"): ('campaign suppress add +12125550142 --reason "asked on the phone"',),
    ("suppress", "import"): ('campaign suppress import do_not_call.csv --reason "national list"',),
    ("suppress", "list"): ("campaign suppress list",),
    ("suppress", "check"): ("campaign suppress check +12125550142",),
    ("suppress", "remove"): ('campaign suppress remove +12125550142 --reason "a wrong number"',),
    ("schedule", "add"): (
        "campaign schedule add daily 'exports/*.csv' -t p.toml --cron \"0 9 * * mon-fri\" --timezone Europe/Berlin",
    ),
    ("schedule", "edit"): ('campaign schedule edit morning --cron "0 10 * * mon-fri" --unset skip-invalid',),
    ("schedule", "list"): ("campaign schedule list",),
    ("schedule", "pause"): ("campaign schedule pause morning",),
    ("schedule", "resume"): ("campaign schedule resume morning",),
    ("schedule", "remove"): ("campaign schedule remove morning",),
    ("schedule", "run"): ("campaign schedule run --once", "campaign schedule run morning --now"),
    ("serve",): (
        "campaign serve",
        "campaign serve --host 10.0.0.5 --name campaign.example.com --secure",
    ),
    ("user", "add"): (
        "campaign user add ada --role operator",
        "campaign user add bob --password-file bob.txt",
    ),
    ("user", "list"): ("campaign user list --json",),
    ("user", "password"): ("campaign user password ada",),
    ("user", "remove"): ("campaign user remove bob",),
    ("token", "add"): (
        "campaign token add n8n --role operator",
        "campaign token add dashboard >dashboard.token",
    ),
    ("ledger", "move"): (
        "campaign ledger move --to postgresql://campaign@db.example/campaign",
        "campaign ledger move --to file",
    ),
    ("token", "list"): ("campaign token list --json",),
    ("token", "revoke"): ("campaign token revoke n8n",),
    ("completion",): ("campaign completion bash >>~/.bashrc",),
}
