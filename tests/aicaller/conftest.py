import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import trustme


@dataclass(frozen=True)
class Certificates:
    """Contexts of servers, one for each thing that can be wrong, and the client's context that trusts the right one."""

    trusted: ssl.SSLContext
    right: ssl.SSLContext
    unknown: ssl.SSLContext
    elsewhere: ssl.SSLContext
    expired: ssl.SSLContext
    asking: ssl.SSLContext


# The program runs on asyncio; that it would on the other loop as well is seen by night.
@pytest.fixture(params=["asyncio", pytest.param("trio", marks=pytest.mark.nightly)])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def certificates() -> Certificates:
    authority, stranger = trustme.CA(), trustme.CA()
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    asking = serving(authority.issue_cert("127.0.0.1"))
    asking.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(asking)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    return Certificates(
        trusted=trusted,
        right=serving(authority.issue_cert("127.0.0.1")),
        unknown=serving(stranger.issue_cert("127.0.0.1")),
        elsewhere=serving(authority.issue_cert("elsewhere.example")),
        expired=serving(
            authority.issue_cert("127.0.0.1", not_before=yesterday - timedelta(days=1), not_after=yesterday)
        ),
        asking=asking,
    )


def serving(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context
