"""All that a page and an API keep in one ledger."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from campaign.ledger.port.serving import Serving
from campaign.ledger.serving.acts import LedgerActs
from campaign.ledger.serving.keys import LedgerKeys
from campaign.ledger.serving.orders import LedgerOrders
from campaign.ledger.serving.rows import ServingTables
from campaign.ledger.serving.tokens import LedgerTokens
from campaign.ledger.serving.uploads import LedgerUploads
from campaign.ledger.serving.users import LedgerSessions, LedgerUsers
from campaign.ledger.writes.group_commit import Writer


class LedgerServing(Serving):
    """Implements the port over the ledger's writer and reading engine."""

    def __init__(self, *, writer: Writer, reading: Engine, now: Callable[[], datetime], owner: str) -> None:
        desk = ServingTables(writer, reading, now, owner)
        self.uploads = LedgerUploads(desk)
        self.users, self.sessions = LedgerUsers(desk), LedgerSessions(desk)
        self.tokens, self.acts = LedgerTokens(desk), LedgerActs(desk)
        self.keys, self.orders = LedgerKeys(desk), LedgerOrders(desk)
