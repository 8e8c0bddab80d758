"""What programs that keep people, and tools that call them, write above their columns; and five people in each.

Program -> "header=what stands below it|..."; the words for what are those of `PEOPLE`, and any other text is itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Export:
    """An export of one program.

    Attributes:
        columns: (name, what stands below it), in the program's order.
        found: use -> the columns that `init --yes` proposes for it, in order.
        refused: how many of the five people are not to be called.
        footer: lines below the people.
    """

    columns: tuple[tuple[str, str], ...]
    found: Mapping[str, Sequence[str]]
    refused: int = 0
    footer: tuple[str, ...] = field(default=())


def _of(written: str, *, refused: int = 0, footer: tuple[str, ...] = (), **found: str) -> Export:
    columns = tuple(part.strip().partition("=")[::2] for part in written.replace("\n", "").split("|"))
    listed = {use: names.split("|") for use, names in found.items()}
    return Export(columns, listed, refused, footer)


def _person(first: str, last: str, number: int, *, zone: str) -> dict[str, str]:
    area = ("415", "650", "212", "312", "303")[number]
    return {
        "first": first, "last": last, "full": f"{first} {last}", "turned": f"{last}, {first}",
        "mobile": f"+1{area}555011{number}", "home": f"({area}) 555-012{number}", "work": f"{area}-555-013{number}",
        "phone": f"+1{area}555011{number}", "bare": f"{area}555011{number}", "mail": f"{first.lower()}@example.org",
        "zone": zone, "state": ("CA", "CA", "NY", "IL", "CO")[number], "zip": ("94103", "94025", "10001", "60601",
        "80202")[number], "id": str(1001 + number), "out": "Yes" if number == 1 else "No",
        "bit": "1" if number == 1 else "0", "allow": "Do Not Allow" if number == 1 else "Allow",
        "tick": "checked" if number != 1 else "", "day": f"2026-12-0{number + 1}",
        "moment": f"2026-12-0{number + 1} 10:00:00",
    }  # fmt: skip


PEOPLE = [
    _person("Ada", "Lindqvist", 0, zone="America/Los_Angeles"),
    _person("Bo", "Marek", 1, zone="America/Los_Angeles"),
    _person("Cy", "Novak", 2, zone="America/New_York"),
    _person("Di", "Orr", 3, zone="America/Chicago"),
    _person("Ed", "Pratt", 4, zone="America/Denver"),
]

EXPORTS = {
    "Google Contacts": _of(
        "First Name=first|Middle Name=|Last Name=last|Phonetic First Name=|Phonetic Middle Name=|Phonetic Last Name=|"
        "Name Prefix=|Name Suffix=|Nickname=|File As=|Organization Name=Blue Heron|Organization Title=Buyer|"
        "Organization Department=|Birthday=|Notes=|Photo=|Labels=* myContacts|E-mail 1 - Label=* Home|"
        "E-mail 1 - Value=mail|Phone 1 - Label=Mobile|Phone 1 - Value=mobile|Phone 2 - Label=Work|"
        "Phone 2 - Value=work|Address 1 - Label=Home|Address 1 - Formatted=9 Elm St|Address 1 - City=Albany|"
        "Address 1 - Region=state|Address 1 - Postal Code=zip|Address 1 - Country=US",
        name="First Name|Last Name", phone="Phone 1 - Value|Phone 2 - Value", email="E-mail 1 - Value",
    ),
    "Google Contacts, old": _of(
        "Name=full|Given Name=first|Additional Name=|Family Name=last|Yomi Name=|Given Name Yomi=|"
        "Family Name Yomi=|Name Prefix=|Name Suffix=|Initials=|Nickname=|Short Name=|Maiden Name=|Birthday=|Gender=|"
        "Location=|Billing Information=|Directory Server=|Mileage=|Occupation=|Hobby=|Sensitivity=|Priority=|"
        "Subject=|Notes=|Language=|Photo=|Group Membership=* myContacts|E-mail 1 - Type=* |E-mail 1 - Value=mail|"
        "Phone 1 - Type=Mobile|Phone 1 - Value=mobile|Organization 1 - Type=|Organization 1 - Name=Blue Heron",
        name="Given Name|Family Name", phone="Phone 1 - Value", email="E-mail 1 - Value",
    ),
    "Outlook": _of(
        "First Name=first|Middle Name=|Last Name=last|Title=|Suffix=|Nickname=|Given Yomi=|Surname Yomi=|"
        "E-mail Address=mail|E-mail 2 Address=|E-mail 3 Address=|Home Phone=home|Home Phone 2=|Business Phone=work|"
        "Business Phone 2=|Mobile Phone=mobile|Car Phone=|Other Phone=|Primary Phone=|Pager=|Business Fax=|Home Fax=|"
        "Other Fax=|Company Main Phone=+12125550190|Callback=|Radio Phone=|Telex=|TTY/TDD Phone=|IMAddress=|"
        "Job Title=Buyer|Department=|Company=Blue Heron|Office Location=|Manager's Name=|Assistant's Name=|"
        "Assistant's Phone=+12125550191|Company Yomi=|Business Street=9 Elm St|Business City=Albany|"
        "Business State=state|Business Postal Code=zip|Business Country/Region=US|Birthday=|Anniversary=|Notes=",
        name="First Name|Last Name", phone="Mobile Phone|Home Phone|Business Phone", email="E-mail Address",
    ),
    "HubSpot": _of(
        "Record ID=id|First Name=first|Last Name=last|Email=mail|Phone Number=home|Mobile Phone Number=mobile|"
        "Contact owner=Olga Owner|Lead Status=New|Marketing contact status=Marketing contact|Create Date=moment|"
        "Last Activity Date=moment|Associated Company=Blue Heron|Unsubscribed from all email=false",
        name="First Name|Last Name", phone="Mobile Phone Number|Phone Number", email="Email",
    ),
    "Salesforce": _of(
        "First Name=first|Last Name=last|Title=Buyer|Account Name=Blue Heron|Mailing Street=9 Elm St|"
        "Mailing City=Albany|Mailing State/Province=state|Mailing Zip/Postal Code=zip|Mailing Country=US|Phone=home|"
        "Mobile=mobile|Fax=+12125550195|Email=mail|Account Owner=Olga Owner|Do Not Call=bit",
        name="First Name|Last Name", phone="Mobile|Phone", email="Email", opted_out="Do Not Call", refused=1,
        footer=(
            "", "Contacts report", "Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.",
            "Confidential Information - Do Not Distribute", "Generated By:  Olga Owner  11/23/2026 9:12 AM",
            "Blue Heron Inc",
        ),
    ),
    "Pipedrive": _of(
        "Person - ID=id|Person - Name=full|Person - Label=|Person - Organization=Blue Heron|"
        "Person - Phone - Work=work|Person - Phone - Home=home|Person - Phone - Mobile=mobile|Person - Phone - Other=|"
        "Person - Email - Work=mail|Person - Email - Home=|Person - Email - Other=|Person - Open deals=1|"
        "Person - Closed deals=0|Person - Next activity date=day|Person - Owner=Olga Owner|"
        "Person - Marketing status=subscribed",
        name="Person - Name", phone="Person - Phone - Mobile|Person - Phone - Home|Person - Phone - Work",
        email="Person - Email - Work",
    ),
    "Zoho": _of(
        "Record Id=zcrm_1|Contact Owner.id=zcrm_2|Contact Owner=Olga Owner|Lead Source=Web|First Name=first|"
        "Last Name=last|Account Name.id=zcrm_3|Account Name=Blue Heron|Email=mail|Title=|Department=|Phone=home|"
        "Home Phone=|Other Phone=|Fax=+12125550195|Mobile=mobile|Date of Birth=|Assistant=|Asst Phone=+12125550191|"
        "Email Opt Out=false|Skype ID=|Salutation=|Secondary Email=|Mailing Street=9 Elm St|Mailing City=Albany|"
        "Mailing State=state|Mailing Zip=zip|Mailing Country=US|Description=|Unsubscribed Mode=|Unsubscribed Time=",
        name="First Name|Last Name", phone="Mobile|Phone", email="Email",
        opted_out="Unsubscribed Mode|Unsubscribed Time",
    ),
    "Shopify": _of(
        "Customer ID='1001|First Name=first|Last Name=last|Email=mail|Accepts Email Marketing=yes|"
        "Default Address Company=|Default Address Address1=9 Elm St|Default Address Address2=|"
        "Default Address City=Albany|Default Address Province Code=state|Default Address Country Code=US|"
        "Default Address Zip=zip|Default Address Phone=home|Phone=mobile|Accepts SMS Marketing=no|Total Spent=29.90|"
        "Total Orders=3|Note=|Tax Exempt=no|Tags=",
        name="First Name|Last Name", phone="Phone|Default Address Phone", email="Email",
    ),
    "Mailchimp": _of(
        "Email Address=mail|First Name=first|Last Name=last|Address=9 Elm St  Albany NY 10001|Phone Number=phone|"
        "Birthday=|MEMBER_RATING=2|OPTIN_TIME=moment|OPTIN_IP=|CONFIRM_TIME=moment|CONFIRM_IP=212.67.45.19|"
        "LATITUDE=42.6|LONGITUDE=-73.7|GMTOFF=-5|DSTOFF=-4|TIMEZONE=zone|CC=US|REGION=NY|LAST_CHANGED=moment|"
        "LEID=51|EUID=a1b2|NOTES=|TAGS=",
        name="First Name|Last Name", phone="Phone Number", email="Email Address", timezone="TIMEZONE",
    ),
    "Airtable": _of(
        "Name=full|Notes=|Assignee=Olga Owner|Status=Todo|Phone=phone|Email=mail|Do not call=out",
        name="Name", phone="Phone", email="Email", opted_out="Do not call", refused=1,
    ),
    "Odoo": _of(
        "External ID=__export__.res_partner_7|Display Name=full|Phone=home|Mobile=mobile|Email=mail|"
        "Salesperson=Olga Owner|Activities=|City=Albany|Country=United States|Company=Blue Heron",
        name="Display Name", phone="Mobile|Phone", email="Email",
    ),
    "OpenDental": _of(
        "PatNum=id|LName=last|FName=first|MiddleI=|Preferred=|PatStatus=0|Gender=1|Position=0|Birthdate=1980-05-01|"
        "SSN=|Address=9 Elm St|Address2=|City=Albany|State=state|Zip=zip|HmPhone=home|WkPhone=work|"
        "WirelessPhone=mobile|Guarantor=1001|CreditType=|Email=mail|Salutation=|EstBalance=0|TxtMsgOk=1",
        name="FName|LName", phone="WirelessPhone|HmPhone|WkPhone", email="Email",
    ),
    "Dentrix": _of(
        "Patient Name=full|Chart #=LI0001|Status=Patient|Birthdate=05/14/1980|Street Address=9 Elm St|City=Albany|"
        "State=state|Zip Code=zip|Home Phone=home|Work Phone=work|Mobile Phone=mobile|E-mail=mail|"
        "Last Visit=05/14/2026|Provider=DDS1",
        name="Patient Name", phone="Mobile Phone|Home Phone|Work Phone", email="E-mail",
    ),
    "Calendly": _of(
        "Event Type Name=Intro|Start Date & Time=moment|End Date & Time=moment|Event Created Date & Time=moment|"
        "User Name=Olga Owner|User Email=olga@example.com|Invitee Name=full|Invitee First Name=|Invitee Last Name=|"
        "Invitee Email=mail|Invitee Time Zone=zone|Text Reminder Number=mobile|Canceled=false|"
        "Cancellation reason=|Location=|Question 1=Why?|Response 1=News|Marked as No-Show=No",
        name="Invitee Name", phone="Text Reminder Number", email="Invitee Email", timezone="Invitee Time Zone",
    ),
    "Chatwoot": _of(
        "id=id|name=full|email=mail|phone_number=phone|company_name=Blue Heron|city=Albany|country_code=US|"
        "blocked=false",
        name="name", phone="phone_number", email="email", opted_out="blocked",
    ),
    "Square": _of(
        "Reference ID=|First Name=first|Surname=last|Email Address=mail|Phone Number=phone|Nickname=|"
        "Company Name=Blue Heron|Street Address 1=9 Elm St|Street Address 2=|City=Albany|State=state|Postal Code=zip|"
        "Birthday=|Memo=|Square Customer ID=SQ1|Creation Source=Directory|First Visit=day|Last Visit=day|"
        "Transaction Count=3|Lifetime Spend=$29.90|Email Subscription Status=subscribed|Instant Profile=No",
        name="First Name|Surname", phone="Phone Number", email="Email Address",
    ),
    "Dynamics 365": _of(
        "(Do Not Modify) Contact=a1b2|(Do Not Modify) Row Checksum=c3d4|(Do Not Modify) Modified On=moment|"
        "Full Name=full|Email=mail|Company Name=Blue Heron|Business Phone=work|Mobile Phone=mobile|"
        "Do not allow Phone Calls=allow|Do not allow Emails=Allow|Status=Active",
        name="Full Name", phone="Mobile Phone|Business Phone", email="Email",
        opted_out="Do not allow Phone Calls", refused=1,
    ),
    "CiviCRM": _of(
        "Contact ID=id|Contact Type=Individual|Contact Subtype=|Do Not Email=0|Do Not Phone=bit|Do Not Mail=0|"
        "Do Not Sms=0|Do Not Trade=0|No Bulk Emails (User Opt Out)=0|Legal Identifier=|First Name=first|Middle Name=|"
        "Last Name=last|Street Address=9 Elm St|City=Albany|State=state|Postal Code=zip|Country=United States|"
        "Phone=phone|Email=mail",
        name="First Name|Last Name", phone="Phone", email="Email", opted_out="Do Not Phone", refused=1,
    ),
    "vicidial": _of(
        "vendor_lead_code=id|source_id=|list_id=101|phone_code=1|phone_number=bare|title=|first_name=first|"
        "middle_initial=|last_name=last|address1=9 Elm St|address2=|address3=|city=Albany|state=state|province=|"
        "postal_code=zip|country_code=USA|gender=|date_of_birth=|alt_phone=|email=mail|security_phrase=|comments=|"
        "rank=0|owner=",
        name="first_name|last_name", phone="phone_number", email="email",
    ),
    "ElevenLabs": _of(
        "phone_number=phone|name=full|language=en|first_message=Hello|city=Albany", name="name", phone="phone_number"
    ),
    "Vapi": _of(
        "number=phone|name=full|account_tier=premium|renewal_date=day|account_owner=Jordan",
        name="name", phone="number",
    ),
    "Retell": _of(
        "phone number=phone|first_name=first|last_name=last|appointment=day|ignore e164 validation=false",
        name="first_name|last_name", phone="phone number",
    ),
    "Bolna": _of(
        "contact_number=phone|first_name=first|last_name=last", name="first_name|last_name", phone="contact_number"
    ),
    "Twilio": _of("To=phone|Name=full|Body=Hello", name="Name", phone="To"),
}  # fmt: skip
