"""The exports of programs that keep people: name, numbers in order and address are found by the headers they have."""

from random import Random

import pytest

from campaign.domain.model import Row
from campaign.intake.proposal.column_profile import profiles_of
from campaign.intake.proposal.propose import propose

ADA = {
    "first": "Ada", "last": "Lindqvist", "full": "Ada Lindqvist", "mobile": "+14155550111", "home": "+12125550113",
    "work": "+12125550119", "phone": "+14155550111", "mail": "ada@example.org", "zone": "America/Chicago", "no": "Yes",
}  # fmt: skip
BO = {
    "first": "Bo", "last": "Marek", "full": "Bo Marek", "mobile": "+16505550112", "home": "+12125550117",
    "work": "+12125550118", "phone": "+16505550112", "mail": "bo@example.org", "zone": "America/New_York", "no": "No",
}  # fmt: skip

# Program -> "header = what stands in it", and by use the columns in order.
EXPORTS = {
    "Google Contacts": (
        (
            "First Name=first|Middle Name=|Last Name=last|Organization Name=Heron|E-mail 1 - Label=* |"
            "E-mail 1 - Value=mail|Phone 1 - Label=|Phone 1 - Value=mobile|Phone 2 - Label=Work|Phone 2 - Value=work"
        ),
        {
            "name": ["First Name", "Last Name"],
            "phone": ["Phone 1 - Value", "Phone 2 - Value"],
            "email": ["E-mail 1 - Value"],
        },
    ),
    "Google Contacts, old": (
        (
            "Name=full|Given Name=first|Family Name=last|Group Membership=* myContacts|E-mail 1 - Type=*|"
            "E-mail 1 - Value=mail|Phone 1 - Type=Mobile|Phone 1 - Value=mobile"
        ),
        {"phone": ["Phone 1 - Value"], "email": ["E-mail 1 - Value"]},
    ),
    "Outlook": (
        (
            "First Name=first|Middle Name=|Last Name=last|Title=|Company=Heron|E-mail Address=mail|Home Phone=home|"
            "Business Phone=work|Mobile Phone=mobile|Business Fax="
        ),
        {
            "name": ["First Name", "Last Name"],
            "phone": ["Mobile Phone", "Home Phone", "Business Phone"],
            "email": ["E-mail Address"],
        },
    ),
    "HubSpot": (
        "Record ID=51|First Name=first|Last Name=last|Email=mail|Phone Number=phone|Mobile Phone Number=mobile",
        {
            "name": ["First Name", "Last Name"],
            "phone": ["Mobile Phone Number", "Phone Number"],
            "email": ["Email"],
        },
    ),
    "Salesforce": (
        "First Name=first|Last Name=last|Phone=phone|Mobile=mobile|Email=mail|Do Not Call=no",
        {"name": ["First Name", "Last Name"], "phone": ["Mobile", "Phone"], "opted_out": ["Do Not Call"]},
    ),
    "Pipedrive": (
        (
            "Person - Name=full|Person - Organization=Heron|Person - Phone - Work=work|Person - Phone - Mobile=mobile|"
            "Person - Email - Work=mail"
        ),
        {
            "name": ["Person - Name"],
            "phone": ["Person - Phone - Mobile", "Person - Phone - Work"],
            "email": ["Person - Email - Work"],
        },
    ),
    "Zoho": (
        "First Name=first|Last Name=last|Phone=phone|Mobile=mobile|Home Phone=home|Email=mail",
        {"name": ["First Name", "Last Name"], "phone": ["Mobile", "Phone", "Home Phone"]},
    ),
    "Shopify": (
        "First Name=first|Last Name=last|Email=mail|Default Address Phone=home|Phone=phone|Total Orders=3",
        {"name": ["First Name", "Last Name"], "phone": ["Phone", "Default Address Phone"], "email": ["Email"]},
    ),
    "Mailchimp": (
        "Email Address=mail|First Name=first|Last Name=last|Phone Number=phone|MEMBER_RATING=2",
        {"name": ["First Name", "Last Name"], "phone": ["Phone Number"], "email": ["Email Address"]},
    ),
    "Odoo": (
        "Display Name=full|Phone=phone|Mobile=mobile|Email=mail",
        {"name": ["Display Name"], "phone": ["Mobile", "Phone"], "email": ["Email"]},
    ),
    "OpenDental": (
        "PatNum=1001|LName=last|FName=first|HmPhone=home|WkPhone=work|WirelessPhone=mobile|Email=mail",
        {"name": ["FName", "LName"], "phone": ["WirelessPhone", "HmPhone", "WkPhone"], "email": ["Email"]},
    ),
    "Calendly": (
        "Event Type Name=Intro|Invitee Name=full|Invitee Email=mail|Text Reminder Number=mobile|Invitee Time Zone=zone",
        {
            "name": ["Invitee Name"],
            "phone": ["Text Reminder Number"],
            "email": ["Invitee Email"],
            "timezone": ["Invitee Time Zone"],
        },
    ),
    "Chatwoot": ("id=7|name=full|email=mail|phone_number=phone", {"name": ["name"], "phone": ["phone_number"]}),
    "Square": (
        "First Name=first|Surname=last|Email Address=mail|Phone Number=phone|Reference ID=",
        {"name": ["First Name", "Surname"], "phone": ["Phone Number"]},
    ),
    "Dynamics 365": (
        "Full Name=full|Email=mail|Mobile Phone=mobile|Business Phone=work|Do not allow Phone Calls=no",
        {
            "name": ["Full Name"],
            "phone": ["Mobile Phone", "Business Phone"],
            "opted_out": ["Do not allow Phone Calls"],
        },
    ),
    "vicidial": (
        "vendor_lead_code=5|phone_number=phone|first_name=first|last_name=last|alt_phone=home|email=mail",
        {"name": ["first_name", "last_name"], "phone": ["phone_number", "alt_phone"]},
    ),
}


@pytest.mark.parametrize("seed", [None, 1, 2])
@pytest.mark.parametrize("program", EXPORTS)
def test_the_columns_of_a_known_export_are_found_in_any_order(program: str, seed: int | None) -> None:
    written, expected = EXPORTS[program]
    columns = [part.partition("=")[::2] for part in written.split("|")]
    if seed is not None:
        Random(seed).shuffle(columns)
    header = tuple(name for name, _ in columns)
    rows = [
        Row(number, tuple(who.get(what, what) for _, what in columns)) for number, who in enumerate((ADA, BO), start=2)
    ]
    proposal = propose(profiles_of(header, rows, region=None), rows, region=None, said={})
    found = {use: [header[index] for index in proposal.of(use).indices] for use in expected}
    if program == "Google Contacts, old":
        assert proposal.name.indices
    # Of columns of one kind, the sheet's own order counts, and the kinds have theirs.
    assert {use: sorted(names) for use, names in found.items()} == {use: sorted(each) for use, each in expected.items()}
    if seed is None or program != "Google Contacts":
        assert found == expected


@pytest.mark.parametrize("header", ["ip_address", "id", "Invoice Number", "Number", "Fax", "Doctor Phone"])
def test_what_only_looks_like_a_number_is_never_taken_unasked(header: str) -> None:
    rows = [Row(2, ("Ada Lindqvist", "2126745199")), Row(3, ("Bo Marek", "2014862115"))]
    proposal = propose(profiles_of(("Name", header), rows, region=None), rows, region=None, said={})
    assert not proposal.phone.indices


def test_dotted_quads_are_no_numbers_whatever_their_column_is_called() -> None:
    rows = [Row(2, ("Ada", "212.67.45.199")), Row(3, ("Bo", "201.48.62.115"))]
    proposal = propose(profiles_of(("Name", "Phone"), rows, region=None), rows, region=None, said={})
    assert not proposal.phone.indices
