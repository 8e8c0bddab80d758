"""Whatever a sheet holds: a body that AICaller's document accepts, or a problem that says why there is none."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from campaign.aicaller.compose import Composer, compose, plan_fault
from campaign.config.run_plan import CallPlan
from campaign.config.template import Template
from campaign.domain.api_schema import CallRequest
from campaign.domain.errors import SheetError
from campaign.domain.model import Contact, Problem, Row
from campaign.intake.contacts.columns import match_columns
from campaign.intake.contacts.screen import screen
from tests.apidoc import validate_request

PHONE = "+12025550143"
SECRETS = {"HOOK_SECRET": "whsec-5c0f"}
PLAN = CallPlan(team_id="team-1", call_template_id="template-1")
FULL = CallPlan(
    team_id="team-1",
    call_template_id="template-1",
    record=False,
    phone_number_id="number-1",
    from_phone_number="+12025550100",
    telephony_provider="twilio",
    webhooks=(
        ("https://hooks.example/a", "phoneCall.completed", "HOOK_SECRET"),
        ("https://hooks.example/b", "x", None),
    ),
)

# Every text that Python can hold, lone surrogates too.
texts = st.text(st.characters(exclude_categories=()), max_size=40)
phones = st.one_of(st.just(PHONE), st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True), texts)
contacts = st.builds(
    Contact,
    row=st.integers(2, 10_000_000),
    name=texts,
    phone=phones,
    email=st.none() | texts,
    variables=st.lists(st.tuples(texts, texts), max_size=5).map(tuple),
)
plans = st.builds(
    CallPlan,
    team_id=texts,
    call_template_id=texts,
    record=st.none() | st.booleans(),
    phone_number_id=st.none() | texts,
    from_phone_number=st.none() | texts,
    telephony_provider=st.none() | st.sampled_from(["twilio", "plivo", "telnyx", "vonage", ""]),
    webhooks=st.lists(st.tuples(texts, texts, st.none() | st.just("HOOK_SECRET")), max_size=2).map(tuple),
)


def written(contact: Contact, plan: CallPlan = PLAN) -> Any:
    """The body as it would be read at the other end, or the problem."""
    made = compose(contact, plan=plan, secret=SECRETS.__getitem__)
    return made if isinstance(made, Problem) else json.loads(made.decode("utf-8"), parse_constant=_refuse)


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


def contact(**changes: Any) -> Contact:
    return Contact(**{"row": 2, "name": "Ada Example", "phone": PHONE, **changes})


def leaves(value: Any) -> list[Any]:
    """All values in it that hold no others."""
    if isinstance(value, dict | list):
        return [leaf for part in (value.values() if isinstance(value, dict) else value) for leaf in leaves(part)]
    return [value]


def assert_sound(body: dict[str, Any]) -> None:
    validate_request(body)
    assert "status" not in body
    assert "callDelayedUntil" not in body
    assert all(isinstance(leaf, str | bool) for leaf in leaves(body))
    required = {"teamId", "callTemplateId", "nameOfHuman", "toPhoneNumber", "promptVariableValues"}
    assert all(value not in ("", None, [], {}) for key, value in body.items() if key not in required)


@given(contact=contacts, plan=plans)
@settings(max_examples=300, deadline=None)
def test_any_contact_makes_a_sound_body_or_a_problem(contact: Contact, plan: CallPlan) -> None:
    """A body that AICaller refuses is found before the first call, not at the thousandth."""
    body = written(contact, plan)
    if isinstance(body, Problem):
        assert body.row == contact.row
        assert "\n" not in str(body)
        return
    assert_sound(body)
    assert body["nameOfHuman"] == contact.name
    assert body["toPhoneNumber"] == contact.phone
    assert [(one["key"], one["value"]) for one in body["promptVariableValues"]] == list(contact.variables)
    assert body.get("toEmailAddress", "") == (contact.email or "")


@given(contact=contacts, plan=plans, delayed=st.none() | st.just("2026-12-01T09:00:00.000Z") | st.just(""))
@settings(max_examples=400, deadline=None)
def test_a_body_written_without_the_model_is_the_models_to_the_byte(
    contact: Contact, plan: CallPlan, delayed: str | None
) -> None:
    """Two ways to one body: where they part, a call says something that nobody has checked."""
    try:
        composer = Composer(plan.model_copy(update={"reference": "ref"}), secret=SECRETS.__getitem__)
    except ValueError:
        return
    body = composer.compose(contact, delayed_until=delayed, reference="r-1")
    try:
        expected: bytes | None = composer.to_request(contact, delayed_until=delayed, reference="r-1").to_body()
    except ValueError:
        expected = None
    assert (None if isinstance(body, Problem) else body) == expected


nasty = texts | st.sampled_from(
    [
        "\u202eeinÄ",
        "Zoe\u0308",
        "👩\u200d🚀",
        "\ufeffAnn",
        "a\x00b",
        "\ufffe",
        "Ann\u2028Lee",
        "{{x}}",
        "#N/A",
        "null",
        '"\\\x7f',
    ],
)
addresses = st.none() | nasty | st.sampled_from(["ann@example.com", "ä@exämple.com", " a+b@example.com ", "@"])
numbers = nasty | st.sampled_from(
    [PHONE, "(202) 555-0143", "\u202a+12025550143", "+494931234567890123", "+2904000", "+12"]
)
no_halves = st.text(min_size=1, max_size=20)  # a template, TOML, holds none


@given(name=nasty, phone=numbers, email=addresses, values=st.tuples(nasty, nasty), key=no_halves, fixed=no_halves)
@settings(max_examples=400, deadline=None)
def test_whatever_screening_lets_through_can_be_written(
    *, name: str, phone: str, email: str | None, values: tuple[str, str], key: str, fixed: str
) -> None:
    """So `check` need not write a million bodies to see that it can, and no row fails after it was promised."""
    variables = {"a": "A", "b": {"column": "B", "optional": True}} | {key: {"value": fixed}}
    columns = {"name": "Name", "phone": "Phone"} | ({} if email is None else {"email": "Email"})
    template = Template.model_validate({"columns": columns, "variables": variables, "phone": {"region": "US"}})
    row = Row(2, (name, phone, email or "", *values))
    header = ("Name", "Phone", "Email", "A", "B")
    try:
        [screened] = screen([row], match_columns(header, template), template)
    except SheetError:
        return  # A row that says what the header says, in another order.
    if not isinstance(screened.verdict, Contact):
        return
    body = written(screened.verdict, FULL)
    assert not isinstance(body, Problem), body
    assert_sound(body)
    assert body["nameOfHuman"] == screened.verdict.name
    assert body["toPhoneNumber"] == screened.verdict.phone
    assert body.get("toEmailAddress") == screened.verdict.email
    assert [(one["key"], one["value"]) for one in body["promptVariableValues"]] == list(screened.verdict.variables)


@given(name=st.text(min_size=1, max_size=60), values=st.lists(st.text(max_size=60), max_size=5))
@settings(max_examples=200, deadline=None)
def test_every_text_that_can_be_written_is_written_as_it_is(name: str, values: list[str]) -> None:
    """Names of people are not to be cleaned, and templates' braces are not to be filled in here."""
    variables = tuple((f"key-{number}", value) for number, value in enumerate(values))
    body = written(contact(name=name, variables=variables))
    assert body["nameOfHuman"] == name
    assert [one["value"] for one in body["promptVariableValues"]] == values


@pytest.mark.parametrize("plan", [PLAN, FULL], ids=["least", "most"])
def test_the_least_and_the_most_that_a_plan_can_say_are_documented(plan: CallPlan) -> None:
    """Only documented properties are sent, and an empty optional one is left out."""
    body = written(contact(email="ada@example.com", variables=(("doctor", ""),)), plan)
    assert_sound(body)
    assert set(body) == {"teamId", "callTemplateId", "nameOfHuman", "toPhoneNumber", "promptVariableValues"} | {
        "toEmailAddress"
    } | (
        {"phoneNumberId", "fromPhoneNumber", "telephonyProvider", "record", "phoneCallWebhooks"}
        if plan is FULL
        else set()
    )


def test_what_is_not_to_be_recorded_says_so() -> None:
    """False is not empty: without it, AICaller's own template decides."""
    assert written(contact(), FULL)["record"] is False
    assert "record" not in written(contact())


@pytest.mark.parametrize("email", [None, ""])
def test_an_empty_email_is_left_out(email: str | None) -> None:
    """The document knows an address or none, not an empty one."""
    assert "toEmailAddress" not in written(contact(email=email))


def test_a_webhooks_secret_stands_in_the_body_and_nowhere_else() -> None:
    """The plan is kept in the ledger; a problem is shown and kept."""
    body = written(contact(), FULL)
    assert body["phoneCallWebhooks"] == [
        {"url": "https://hooks.example/a", "subscribedEvent": "phoneCall.completed", "secret": "whsec-5c0f"},
        {"url": "https://hooks.example/b", "subscribedEvent": "x"},
    ]
    assert "whsec" not in FULL.model_dump_json() + repr(FULL)
    for broken in (contact(name=""), contact(phone="1"), contact(name="\ud800"), contact(variables=(("", "x"),))):
        assert "whsec" not in repr(written(broken, FULL))


def test_a_webhooks_secret_that_cannot_be_written_is_a_problem_that_does_not_show_it() -> None:
    """It comes from the environment, where any bytes may stand."""
    made = compose(contact(), plan=FULL, secret=lambda _: "whsec-\udcff")
    assert isinstance(made, Problem)
    assert "whsec" not in repr(made)


NO_TEXTS = [
    float("nan"), float("inf"), 1.5, 7, True, None, Decimal(1), date(2026, 12, 1), datetime(2026, 12, 1, tzinfo=UTC),
    b"x", ["x"], {"x": "y"}, object(), "\ud800", "a\udfffb",
]  # fmt: skip


@pytest.mark.parametrize("value", NO_TEXTS, ids=lambda value: ascii(type(value).__name__ + " " + str(value)[:20]))
@pytest.mark.parametrize("where", ["value", "key", "name", "phone"])
def test_what_is_no_text_is_a_problem_before_any_promise(where: str, value: Any) -> None:
    """It fails before the row is claimed: what is claimed and cannot be written is a row of unknown ending."""
    broken = {
        "value": lambda: contact(variables=(("doctor", value),)),
        "key": lambda: contact(variables=((value, "x"),)),
        "name": lambda: contact(name=value),
        "phone": lambda: contact(phone=value),
    }[where]()
    problem = written(broken)
    assert isinstance(problem, Problem)
    assert problem.row == 2


@pytest.mark.parametrize("value", [float("nan"), 7, date(2026, 12, 1), ["x"], "\ud800"], ids=ascii)
def test_an_email_that_is_no_text_is_a_problem(value: Any) -> None:
    """Likewise."""
    assert isinstance(written(contact(email=value)), Problem)


@pytest.mark.parametrize(
    "phone",
    [
        "",
        "12025550143",
        "+02025550143",
        "+120255",
        "+1202555014300000",
        "+1 202 555 0143",
        PHONE + "\n",
        "+1202555\u0966143",
    ],
    ids=ascii,
)
def test_a_phone_that_is_not_e164_is_never_sent(phone: str) -> None:
    """The last look before the wire, whatever the stages before it have done."""
    assert isinstance(written(contact(phone=phone)), Problem)


def test_status_is_not_ours_to_send() -> None:
    """The document has it on create; a call that is created as `completed` is never made."""
    assert "status" not in CallRequest.model_json_schema(by_alias=True)["properties"]


def test_the_same_contact_makes_the_same_bytes() -> None:
    """The ledger keeps their hash."""
    composer = Composer(FULL, secret=SECRETS.__getitem__)
    made = composer.compose(contact())
    assert made == composer.compose(contact()) == compose(contact(), plan=FULL, secret=SECRETS.__getitem__)


def test_the_bytes_are_what_they_were_when_the_first_ledgers_were_written() -> None:
    """A row that was claimed before a new version was installed is sent as it was promised."""
    full = contact(name='Zoë "Z" \x7f\u2028', email="ada@example.com", variables=(("doctor", "Dr. Ü\t"), ("day", "")))
    assert (
        Composer(FULL, secret=SECRETS.__getitem__).compose(full)
        == (
            '{"teamId":"team-1","callTemplateId":"template-1","nameOfHuman":"Zoë \\"Z\\" \x7f\u2028",'
            '"toPhoneNumber":"+12025550143","promptVariableValues":[{"key":"doctor","value":"Dr. Ü\\t"},'
            '{"key":"day","value":""}],"phoneNumberId":"number-1","fromPhoneNumber":"+12025550100",'
            '"toEmailAddress":"ada@example.com","telephonyProvider":"twilio","record":false,"phoneCallWebhooks":'
            '[{"url":"https://hooks.example/a","subscribedEvent":"phoneCall.completed","secret":"whsec-5c0f"},'
            '{"url":"https://hooks.example/b","subscribedEvent":"x"}]}'
        ).encode()
    )


@pytest.mark.parametrize(
    ("changed", "named"),
    [({"team_id": ""}, "team"), ({"telephony_provider": "pigeon"}, "telephony"), ({"from_phone_number": ""}, "from")],
)
def test_what_ails_every_call_of_a_plan_is_found_without_any_contact(changed: dict[str, str], named: str) -> None:
    """It is nobody's row that must be corrected then."""
    assert plan_fault(FULL, secret=SECRETS.__getitem__) is None
    fault = plan_fault(FULL.model_copy(update=changed), secret=SECRETS.__getitem__)
    assert fault is not None
    assert named in fault
    assert "whsec" not in fault


@pytest.mark.parametrize("cell", ['{"day": 1}', "[1, 2]", "12", "3.50", "true", "null ", "0042"])
def test_d7_what_looks_like_json_is_spoken_as_the_text_that_it_is(cell: str) -> None:
    """A number that JSON made of 0042 is another one, and the API takes strings only."""
    body = written(Contact(2, "Ada Example", PHONE, variables=(("code", cell),)))
    assert body["promptVariableValues"] == [{"key": "code", "value": cell}]
