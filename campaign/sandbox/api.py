"""AICaller's API as documented, without faults: takes a request, returns a response."""

import json
import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import ValidationError

from campaign.domain.api_schema import CREATE_CALL_PATH, KEY_HEADER, CallRequest
from campaign.sandbox.calls import Call, Calls, created, fate_of, instant, read
from campaign.sandbox.config import SandboxConfig
from campaign.sandbox.faults.scripts import Step
from campaign.sandbox.faults.table import FAULTS
from campaign.sandbox.http.wire import Request, refusal
from campaign.sandbox.truth import Ring, Truth, read_truth

_TOLD_OTHERWISE: Any = {
    **dict.fromkeys(
        ("team_id", "call_template_id", "name_of_human", "to_phone_number", "prompt_variable_values"), True
    ),
    # A secret is repeated to its owner, and written nowhere.
    "phone_call_webhooks": {"__all__": {"secret"}},
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A status and a JSON body; `steps` are played instead, where a list is to end badly."""

    status: int
    body: bytes
    steps: Iterator[Step] | None = None


@dataclass(frozen=True, slots=True)
class AcceptedCall:
    """A call that was created.

    Attributes:
        call: as the store has it.
        earlier_id: the id given out before it, or its own.
        data: as the answer shows it, JSON.
    """

    call: Call
    earlier_id: str
    data: bytes


class Api:
    """The calls, and access to them by API key."""

    def __init__(self, config: SandboxConfig, *, truth: Truth | None) -> None:
        self._config, self._truth = config, truth
        self.calls = Calls()
        self._lists = 0
        self._made, self._misreads = Counter[str](), Counter[str]()
        if config.truth is not None:
            for ring in read_truth(config.truth):
                self.calls.add(self._fated(_remembered(ring)))

    def read(self, request: Request) -> Reply:
        """The response to every request except the creation of a call."""
        url = urlsplit(request.target)
        if refused := self._stranger(request):
            return refused
        if request.method == "GET" and url.path == CREATE_CALL_PATH:
            template = parse_qs(url.query).get("callTemplateId", [None])[0]
            return self._listed(b'{"data": [' + b",".join(self._list(template)) + b"]}")
        found = self.read_call(unquote(url.path.removeprefix(CREATE_CALL_PATH + "/")))
        if request.method != "GET" or found is None:
            return Reply(404, refusal(404, f"Cannot {request.method} {url.path}"))
        return Reply(200, b'{"data": ' + found + b"}")

    def read_call(self, call_id: str) -> bytes | None:
        """The call of that id as a GET shows it; None if there is none."""
        call = self.calls.get(call_id)
        return None if call is None else self._read_one(call)

    def create(self, request: Request, *, fault: str | None = None) -> AcceptedCall | Reply:
        """Creates a call: when this returns, its phone rings and the truth log has it, unless it is refused.

        Raises:
            TruthError: the truth could not be written; the call was not made.
        """
        sent = self._checked(request)
        if isinstance(sent, Reply):
            return sent
        ring = _ring(sent, at=self._config.clock(), fault=fault)
        if self._truth is not None:
            self._truth.write(ring)
        call = self._fated(_call(sent, ring))
        return AcceptedCall(call, self.calls.add(call), created(call))

    def _fated(self, call: Call) -> Call:
        """The call with its own end, where that is not the end of every first call to its number."""
        self._made[call.phone] += 1
        number, script = self._made[call.phone], self._config.script.get(call.phone)
        if script:
            return replace(call, fate=script[min(number, len(script)) - 1])
        return call if number == 1 else replace(call, fate=fate_of(call.phone, seed=self._config.seed, call=number))

    def _checked(self, request: Request) -> CallRequest | Reply:
        if refused := self._stranger(request):
            return refused
        if urlsplit(request.target).path != CREATE_CALL_PATH:
            return Reply(404, refusal(404, f"Cannot POST {urlsplit(request.target).path}"))
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return Reply(400, refusal(400, "Content-Type must be application/json"))
        try:
            # Only the documented spelling of a property is taken.
            sent = CallRequest.model_validate_json(request.body, by_alias=True, by_name=False)
        except ValidationError as error:
            return Reply(400, refusal(400, *_complaints(error)))
        return self._permitted(sent)

    def _permitted(self, sent: CallRequest) -> CallRequest | Reply:
        if messages := [*_nulls(sent), *_bad_time(sent)]:
            return Reply(400, refusal(400, *messages))
        if self._config.team_id not in (None, sent.team_id):
            return Reply(403, refusal(403, "Forbidden resource"))
        if self._config.call_template_id not in (None, sent.call_template_id):
            return Reply(404, refusal(404, "Call template not found"))
        return sent

    def _stranger(self, request: Request) -> Reply | None:
        key = request.headers.get(KEY_HEADER, "")
        if key and self._config.api_key in (None, key):
            return None
        return Reply(401, refusal(401, "Unauthorized"))

    def _listed(self, body: bytes) -> Reply:
        self._lists += 1
        return Reply(200, body, self._config.listing.played(self._lists - 1, body))

    def _list(self, template: str | None) -> Iterator[bytes]:
        listing = self._config.listing
        calls = [call for call in self.calls if template in (None, call.template)]
        for call in listing.chosen(calls, now=self._config.clock()):
            yield from listing.written(self._read(call))

    def _read_one(self, call: Call) -> bytes:
        """The call as it is read by its id, which its request's fault may make say another's."""
        fault = FAULTS.get(call.fault or "")
        if fault is None or fault.misread is None:
            return self._read(call)
        self._misreads[call.id] += 1
        return fault.misread.applied(self._read(call), reads=self._misreads[call.id] - 1)

    def _read(self, call: Call) -> bytes:
        return read(call, now=self._config.clock(), seed=self._config.seed, speed=self._config.speed)


def _ring(sent: CallRequest, *, at: float, fault: str | None) -> Ring:
    variables = tuple((variable.key, variable.value) for variable in sent.prompt_variable_values)
    more = sent.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=_TOLD_OTHERWISE)
    return Ring(
        at=instant(at),
        phone=sent.to_phone_number,
        id=secrets.token_hex(12),
        name=sent.name_of_human,
        team=sent.team_id,
        template=sent.call_template_id,
        variables=variables,
        fault=fault,
        more=more,
    )


def _remembered(ring: Ring) -> Call:
    request = {
        "teamId": ring.team,
        "callTemplateId": ring.template,
        "nameOfHuman": ring.name,
        "toPhoneNumber": ring.phone,
        "promptVariableValues": [{"key": key, "value": value} for key, value in ring.variables],
        **ring.more,
    }
    return _call(CallRequest.model_validate_json(json.dumps(request)), ring)


def _call(sent: CallRequest, ring: Ring) -> Call:
    at = datetime.fromisoformat(ring.at).timestamp()
    due = sent.call_delayed_until
    return Call(
        id=ring.id,
        created_at=at,
        phone=ring.phone,
        template=ring.template,
        request=sent.to_body(),
        due_at=datetime.fromisoformat(due).timestamp() if due else at,
        record=bool(sent.record),
        fault=ring.fault,
    )


def _complaints(error: ValidationError) -> list[str]:
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    return [f"{'.'.join(map(str, problem['loc'])) or 'body'}: {problem['msg']}" for problem in problems]


def _nulls(sent: CallRequest) -> list[str]:
    nulls = [name for name in sent.model_fields_set if getattr(sent, name) is None]
    return [f"{CallRequest.model_fields[name].alias or name}: must not be null" for name in sorted(nulls)]


def _bad_time(sent: CallRequest) -> list[str]:
    if sent.call_delayed_until is None:
        return []
    try:
        moment = datetime.fromisoformat(sent.call_delayed_until)
    except ValueError:
        moment = datetime.min  # noqa: DTZ901 - stands for a time without a zone, refused below
    if moment.utcoffset() == timedelta(0):
        return []
    return ["callDelayedUntil: must be an ISO date in UTC"]
