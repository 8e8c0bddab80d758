"""Reserved numbers: ranges kept for films, examples and trials, at which no person answers.

Only ranges whose regulator publishes them: NANPA 555-01XX; Ofcom; ACMA; ARCEP; ComReg; Bundesnetzagentur.
"""

import re

_RANGES = {
    # Toll-free 555-01XX is somebody's, but for one number.
    "+1": r"(?!8(?:00|22|33|44|55|66|77|88))[2-9]\d\d55501\d\d|8005550199",
    "+44": r"1632960\d{3}|2079460\d{3}|7700900\d{3}|8081570\d{3}|9098790\d{3}|3069990\d{3}"
    r"|11[3-8]4960\d{3}|1[2-6]14960\d{3}|1914980\d{3}|2896496\d{3}|2920180\d{3}",
    "+61": r"[2378](?:5550|7010)\d{4}|1800160401|1[38]00975(?:70[789]|71[01])|1900654321"
    r"|491(?:570(?:006|110|15[6-9]|313|737)|571(?:266|491|804)|572(?:549|665|983)|573770)",
    "+33": r"(?:19900|26191|35301|46571|53649|63998)\d{4}",
    "+353": r"2091\d{5}",
    "+49": r"3023125\d{3}|6990009\d{3}|4066969\d{3}|2214710\d{3}|8999998\d{3}|17139200\d\d|176040690\d\d",
}
_FICTITIOUS = re.compile("|".join(rf"\{code}(?:{ranges})" for code, ranges in _RANGES.items()), re.ASCII)


def is_fictitious(e164: str) -> bool:
    """Whether a number that was read is reserved; the caller decides what follows."""
    # All of North America's have these digits; a text is searched faster than an expression begins.
    if e164.startswith("+1") and "55501" not in e164:
        return False
    return _FICTITIOUS.fullmatch(e164) is not None
