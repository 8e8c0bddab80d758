"""Command-line wording of cures for users and tokens."""

from collections.abc import Mapping

from campaign.domain.cures import CureCode

SERVING_WORDS: Mapping[CureCode, str] = {
    CureCode.RENAME_OR_REMOVE_USER: (
        "choose another name, remove it with: campaign user remove {user}, "
        "or give it another password: campaign user password {user}"
    ),
    CureCode.SEE_USERS: "see all of them: campaign user list",
    CureCode.RENAME_OR_REVOKE_TOKEN: "choose another name, or revoke it: campaign token revoke {token}",
    CureCode.SEE_TOKENS: "see all of them: campaign token list",
}
