"""The hostile endings of the long soak: every kind that the stand-in knows, six in a hundred in all."""

from campaign.sandbox.faults.table import FAULTS, FaultPlan
from tests.soak.kills.killer import FAULTS as FREQUENT

SHARE = 0.06
_RARE_SHARE = 0.01
# A server that gives the id of a call whose answer a kill has swallowed cannot be told from one that tells the truth,
# and the truth log would call the ledger a liar. A box that repeats a request rings a phone twice whatever its sender
# does. A page of an edge that seems to refuse a call is looked up in the list, which most starts here leave out for
# speed. The tests of boxes on the way have these.
_LEFT_OUT = frozenset({"same_id", "twice", "403_page_after", "404_page_after"})


def plan(seed: int) -> FaultPlan:
    """Five in a hundred of the frequent kinds, one of all others."""
    frequent = FaultPlan.parse(FREQUENT).shares
    known = {fault.name for fault, _ in frequent}
    rare = [fault for name, fault in FAULTS.items() if name not in known | _LEFT_OUT]
    scale = (SHARE - _RARE_SHARE) / sum(share for _, share in frequent)
    shares = (
        *((fault, share * scale) for fault, share in frequent),
        *((fault, _RARE_SHARE / len(rare)) for fault in rare),
    )
    return FaultPlan(shares, seed=seed)
