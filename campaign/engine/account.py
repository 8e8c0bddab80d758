"""Account to call with: AICaller as the environment configures it, or the stand-in inside this process."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr

from campaign.config.settings import SANDBOX_SERVICE, Account, account_from
from campaign.domain.cures import Cure, CureCode, Setting
from campaign.domain.errors import UsageError
from campaign.sandbox.config import SandboxConfig
from campaign.sandbox.faults.table import FaultPlan
from campaign.sandbox.server import serve


@dataclass(frozen=True, slots=True)
class CallingAccount:
    """AICaller's account; or, with None, the stand-in with its faults."""

    service: str
    account: Account | None
    faults: FaultPlan


def calling_account_from(
    environment: Mapping[str, str], *, sandbox: bool, fault: str | None, seed: int
) -> CallingAccount:
    """The account that environment and flags configure, checked before anything else is done.

    Raises:
        UsageError: no usable key or address, or faults without the stand-in.
    """
    faults = fault_plan_from(fault, seed=seed, sandbox=sandbox)
    if sandbox:
        return CallingAccount(SANDBOX_SERVICE, account=None, faults=faults)
    account = account_from(environment)
    return CallingAccount(account.service, account=account, faults=faults)


def fault_plan_from(fault: str | None, *, seed: int, sandbox: bool) -> FaultPlan:
    """The stand-in's faults that flags configure.

    Raises:
        UsageError: there is no such fault, or there are faults without the stand-in.
    """
    if fault and not sandbox:
        raise UsageError(Setting.FAULT, " is for the stand-in", cure=Cure(CureCode.REHEARSE))
    return FaultPlan.parse(fault or "", seed=seed)


@asynccontextmanager
async def opened(place: CallingAccount, *, home: Path, now: Callable[[], datetime]) -> AsyncIterator[Account]:
    """Opens the account to call with; the stand-in runs for the duration of the block.

    Its clock is the caller's. Its truth log lies beside the ledger, so that a later start knows the calls of an
    earlier one.
    """
    if place.account is not None:
        yield place.account
        return
    async with serve(
        SandboxConfig(faults=place.faults, truth=home / "sandbox.truth.jsonl", clock=lambda: now().timestamp())
    ) as sandbox:
        yield Account(api_key=SecretStr("sandbox"), base_url=sandbox.base_url, service=SANDBOX_SERVICE)
