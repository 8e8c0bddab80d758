"""Words for the questions about a sheet's columns, and what each of them means; for all fronts."""

from collections.abc import Mapping

COLUMN_QUESTIONS: Mapping[str, str] = {
    "name": "Which column holds the name of the person who is called?",
    "phone": "Which column holds the number to call?",
    "consent": "Which column says whether the person agreed to be called?",
    "country": "Which column says the country of numbers without one?",
    "call_at": "Which column says when to call?",
    "timezone": "Which column says in which time zone the person is?",
}
ABOUT_USE: Mapping[str, str] = {
    "name": "The call asks for this person by name. A clinic's, a company's or a doctor's name is not meant.",
    "phone": "This number rings. An emergency contact's, a fax or a company's number is not meant.",
    "consent": "Only rows that say yes in it are called. A column of those who must not be called is no consent.",
    "country": "Two letters or a name; it decides in which country 020 7946 0101 rings.",
    "call_at": "A date with a time of day, on the clock of the person: their phone rings then, and not at once.",
    "timezone": "A name such as America/Chicago or EST: by it no phone rings at night.",
}
"""What a use means, for each question."""
ABOUT_REGION = (
    "The same digits ring different people in different countries: US and CA share +1, GB is +44. "
    "A number with + in front is not touched by it."
)
ABOUT_LANGUAGE = "The names of days and months are said in it, as in the call: en, en-GB, de, fr, es, ..."
ABOUT_ORDER = "03/04/2026 is 3 April with the day first, and March 4 with the month first. It is kept in the template."
