"""Cures for users and tokens that need values."""

from campaign.domain.cures.codes import CureCode
from campaign.domain.cures.cure import Cure


def rename_or_remove_user(user: str) -> Cure:
    """Give the new user another name, or remove the existing one."""
    return Cure.of(CureCode.RENAME_OR_REMOVE_USER, user=user)


def rename_or_revoke_token(token: str) -> Cure:
    """Give the new token another name, or revoke the existing one."""
    return Cure.of(CureCode.RENAME_OR_REVOKE_TOKEN, token=token)
