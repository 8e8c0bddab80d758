"""The tables of serving: what a page and an API need beside the runs.

    upload ?--? draft        by its token: the draft that its sheet was loaded into
    web_user 1--* web_session
    api_token, act, idempotency_key
    run 1--? dial_order      which runs a server was told to dial

Constraints: of what was removed nothing personal is left; secrets are kept as hashes only; acts are append-only;
a key of one sender names one request; a run has one order.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from campaign.ledger.records.serving import LONGEST_DETAIL, LONGEST_NAME, Role, Wanted
from campaign.ledger.schema.tables import metadata
from campaign.ledger.schema.types import ID, TEXT, WHERE

_ROLES = ", ".join(f"'{role}'" for role in Role)
_WANTED = ", ".join(f"'{wanted}'" for wanted in Wanted)

upload = Table(
    "upload",
    metadata,
    Column("id", ID, primary_key=True),
    Column("token", TEXT, nullable=False),
    Column("owner", TEXT, nullable=False),
    Column("name", TEXT, nullable=False),
    Column("file", TEXT, nullable=False),
    Column("size", ID, nullable=False),
    Column("sha256", TEXT, nullable=False),
    Column("created_at", TEXT, nullable=False),
    Column("expires_at", TEXT, nullable=False),
    Column("settings", TEXT, nullable=False),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("draft_token", TEXT),
    Column("failure", TEXT),
    Column("removed_at", TEXT),
    UniqueConstraint("token", name="one_upload_per_token"),
    UniqueConstraint("file", name="one_upload_per_file"),
    CheckConstraint("size > 0 AND revision >= 0", name="upload_counts"),
    CheckConstraint(f"length(name) <= {LONGEST_NAME}", name="upload_name"),
    CheckConstraint("length(sha256) = 64 OR (removed_at IS NOT NULL AND sha256 = '')", name="upload_sha256"),
    # What was said of its cells goes with the file.
    CheckConstraint("removed_at IS NULL OR (settings = '{}' AND failure IS NULL)", name="upload_removed"),
    Index("upload_by_draft", "draft_token"),
    Index("upload_to_expire", "expires_at", info={WHERE: "removed_at IS NULL"}),
)

web_user = Table(
    "web_user",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", TEXT, nullable=False),
    Column("role", TEXT, nullable=False),
    Column("password_hash", TEXT),
    Column("created_at", TEXT, nullable=False),
    Column("removed_at", TEXT),
    CheckConstraint(f"role IN ({_ROLES})", name="web_user_role"),
    CheckConstraint("(removed_at IS NULL) = (password_hash IS NOT NULL)", name="web_user_removed"),
    Index("one_user_per_name", "name", unique=True, info={WHERE: "removed_at IS NULL"}),
)

web_session = Table(
    "web_session",
    metadata,
    Column("id_hash", TEXT, primary_key=True),
    Column("user_id", ID, ForeignKey("web_user.id"), nullable=False),
    Column("created_at", TEXT, nullable=False),
    Column("seen_at", TEXT, nullable=False),
    Column("expires_at", TEXT, nullable=False),
    CheckConstraint("length(id_hash) = 64", name="web_session_hash"),
    CheckConstraint("created_at < expires_at", name="web_session_ends"),
    Index("web_session_by_user", "user_id"),
    Index("web_session_by_end", "expires_at"),
)

api_token = Table(
    "api_token",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", TEXT, nullable=False),
    Column("role", TEXT, nullable=False),
    Column("token_hash", TEXT, nullable=False),
    Column("created_at", TEXT, nullable=False),
    Column("created_by", TEXT, nullable=False),
    Column("used_at", TEXT),
    Column("revoked_at", TEXT),
    UniqueConstraint("token_hash", name="one_token_per_hash"),
    CheckConstraint(f"role IN ({_ROLES})", name="api_token_role"),
    CheckConstraint("length(token_hash) = 64", name="api_token_hash"),
    Index("one_token_per_name", "name", unique=True, info={WHERE: "revoked_at IS NULL"}),
)

act = Table(
    "act",
    metadata,
    Column("id", ID, primary_key=True),
    Column("at", TEXT, nullable=False),
    Column("who", TEXT, nullable=False),
    Column("what", TEXT, nullable=False),
    Column("target", TEXT, nullable=False),
    Column("detail", TEXT, nullable=False),
    CheckConstraint("what = lower(what) AND what <> ''", name="act_what"),
    CheckConstraint(f"length(target) <= {LONGEST_NAME} AND length(detail) <= {LONGEST_DETAIL}", name="act_length"),
)

idempotency_key = Table(
    "idempotency_key",
    metadata,
    Column("id", ID, primary_key=True),
    Column("who", TEXT, nullable=False),
    Column("key", TEXT, nullable=False),
    Column("fingerprint", TEXT, nullable=False),
    Column("owner", TEXT, nullable=False),
    Column("draft_token", TEXT),
    Column("run", TEXT),
    Column("status", Integer),
    Column("answer", TEXT),
    Column("created_at", TEXT, nullable=False),
    # Of two requests with one key, one loses here.
    UniqueConstraint("who", "key", name="one_request_per_key"),
    CheckConstraint("(status IS NULL) = (answer IS NULL)", name="key_answered"),
)

dial_order = Table(
    "dial_order",
    metadata,
    Column("run_id", ID, ForeignKey("run.id"), primary_key=True, autoincrement=False),
    Column("wanted", TEXT, nullable=False),
    Column("options", TEXT, nullable=False),
    Column("ordered_by", TEXT, nullable=False),
    Column("ordered_at", TEXT, nullable=False),
    Column("revision", Integer, nullable=False),
    CheckConstraint(f"wanted IN ({_WANTED})", name="dial_order_wanted"),
    CheckConstraint("revision > 0", name="dial_order_revision"),
    Index("dial_order_to_go", "run_id", info={WHERE: "wanted = 'go'"}),
)
