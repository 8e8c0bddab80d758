"""The OpenAPI document against the code: no answer that it does not allow, no fault of the server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from starlette.testclient import TestClient

from campaign.usecases.context import opened_ledger
from campaign.usecases.serving.tokens import Role, add_token
from campaign.web.api.operations import OPERATIONS
from campaign.web.app import application
from campaign.web.serve import ServeOptions, site_of
from campaign.web.site import Binding
from campaign.web.surroundings import surroundings
from tests.web.conftest import ADDRESS, PORT, SHEET, TEMPLATE

_FAULTS = {
    # What a sheet holds, whether a run of that name is there, or a question is open: no schema can say that.
    "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "422"]},
}
