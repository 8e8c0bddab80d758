"""What `?` says of those questions of `init` whose answers are typed in a way of the terminal's own."""

LEAVE_OUT = "-"
ABOUT_KEY = (
    "The key is the name under which the prompt of your AICaller template uses the column: {{appointment}} in the "
    f"prompt is the key appointment. Letters, digits and _; return takes the one shown; {LEAVE_OUT} leaves the column "
    "out: it is not sent, and stays in the template as a comment."
)
ABOUT_FORMAT = (
    "%A and %B are the names of day and month (%a, %b short), %-d the day, %Y the year, %-I:%M %p or %-H:%M the time; "
    f"all else is said as it stands. {LEAVE_OUT} says the cell as it is written, with no check that it is a date."
)
