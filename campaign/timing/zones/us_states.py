"""Time zones of US states, ZIP codes and Canadian provinces. States, not counties: there is no county data."""

import re

_EASTERN, _CENTRAL, _MOUNTAIN, _PACIFIC = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
)
_STATES: dict[str, tuple[str, ...]] = {
    "AL Alabama": (_CENTRAL,),
    "AK Alaska": ("America/Anchorage", "America/Adak"),
    "AZ Arizona": ("America/Phoenix", _MOUNTAIN),  # the Navajo Nation changes its clocks
    "AR Arkansas": (_CENTRAL,),
    "CA California": (_PACIFIC,),
    "CO Colorado": (_MOUNTAIN,),
    "CT Connecticut": (_EASTERN,),
    "DE Delaware": (_EASTERN,),
    "DC District of Columbia": (_EASTERN,),
    "FL Florida": (_EASTERN, _CENTRAL),
    "GA Georgia": (_EASTERN,),
    "HI Hawaii": ("Pacific/Honolulu",),
    "ID Idaho": (_MOUNTAIN, _PACIFIC),
    "IL Illinois": (_CENTRAL,),
    "IN Indiana": (_EASTERN, _CENTRAL),
    "IA Iowa": (_CENTRAL,),
    "KS Kansas": (_CENTRAL, _MOUNTAIN),
    "KY Kentucky": (_EASTERN, _CENTRAL),
    "LA Louisiana": (_CENTRAL,),
    "ME Maine": (_EASTERN,),
    "MD Maryland": (_EASTERN,),
    "MA Massachusetts": (_EASTERN,),
    "MI Michigan": (_EASTERN, _CENTRAL),
    "MN Minnesota": (_CENTRAL,),
    "MS Mississippi": (_CENTRAL,),
    "MO Missouri": (_CENTRAL,),
    "MT Montana": (_MOUNTAIN,),
    "NE Nebraska": (_CENTRAL, _MOUNTAIN),
    "NV Nevada": (_PACIFIC, _MOUNTAIN),
    "NH New Hampshire": (_EASTERN,),
    "NJ New Jersey": (_EASTERN,),
    "NM New Mexico": (_MOUNTAIN,),
    "NY New York": (_EASTERN,),
    "NC North Carolina": (_EASTERN,),
    "ND North Dakota": (_CENTRAL, _MOUNTAIN),
    "OH Ohio": (_EASTERN,),
    "OK Oklahoma": (_CENTRAL,),
    "OR Oregon": (_PACIFIC, _MOUNTAIN),
    "PA Pennsylvania": (_EASTERN,),
    "RI Rhode Island": (_EASTERN,),
    "SC South Carolina": (_EASTERN,),
    "SD South Dakota": (_CENTRAL, _MOUNTAIN),
    "TN Tennessee": (_EASTERN, _CENTRAL),
    "TX Texas": (_CENTRAL, _MOUNTAIN),
    "UT Utah": (_MOUNTAIN,),
    "VT Vermont": (_EASTERN,),
    "VA Virginia": (_EASTERN,),
    "WA Washington": (_PACIFIC,),
    "WV West Virginia": (_EASTERN,),
    "WI Wisconsin": (_CENTRAL,),
    "WY Wyoming": (_MOUNTAIN,),
    "AS American Samoa": ("Pacific/Pago_Pago",),
    "GU Guam": ("Pacific/Guam",),
    "MP Northern Mariana Islands": ("Pacific/Saipan",),
    "PR Puerto Rico": ("America/Puerto_Rico",),
    "VI Virgin Islands": ("America/St_Thomas",),
    # Places that never change their clocks (Creston, Atikokan, Blanc-Sablon) keep one of their province's two times.
    "AB Alberta": ("America/Edmonton",),
    "BC British Columbia": ("America/Vancouver", "America/Edmonton", "America/Fort_Nelson"),
    "MB Manitoba": ("America/Winnipeg",),
    "NB New Brunswick": ("America/Halifax",),
    "NL Newfoundland and Labrador": ("America/St_Johns", "America/Halifax"),
    "NS Nova Scotia": ("America/Halifax",),
    "NT Northwest Territories": ("America/Edmonton",),
    "NU Nunavut": ("America/Toronto", "America/Winnipeg", "America/Edmonton"),
    "ON Ontario": ("America/Toronto", "America/Winnipeg"),
    "PE Prince Edward Island": ("America/Halifax",),
    "QC Quebec": ("America/Toronto", "America/Halifax"),
    "SK Saskatchewan": ("America/Regina", "America/Edmonton"),
    "YT Yukon": ("America/Whitehorse",),
}
_ZONES = {name[:2]: zones for name, zones in _STATES.items()}
_CODES = {key: name[:2] for name in _STATES for key in (name[:2].casefold(), name[3:].casefold())} | {
    "washington dc": "DC",
    "us virgin islands": "VI",
    "washington state": "WA",
    "québec": "QC",
    "newfoundland": "NL",
}
# The first three digits of a ZIP code, from and to. Left out: military mail (it goes round the world), 969 (several
# islands in several zones), and what is not in use.
_ZIP_RANGES = """
    005-005 NY  006-007 PR  008-008 VI  009-009 PR  010-027 MA  028-029 RI  030-038 NH  039-049 ME  050-054 VT
    055-055 MA  056-059 VT  060-069 CT  070-089 NJ  100-149 NY  150-196 PA  197-199 DE  200-200 DC  201-201 VA
    202-205 DC  206-212 MD  214-219 MD  220-246 VA  247-268 WV  270-289 NC  290-299 SC  300-319 GA  320-339 FL
    341-342 FL  344-344 FL  346-347 FL  349-349 FL  350-352 AL  354-369 AL  370-385 TN  386-397 MS  398-399 GA
    400-427 KY  430-459 OH  460-479 IN  480-499 MI  500-528 IA  530-532 WI  534-535 WI  537-549 WI  550-551 MN
    553-567 MN  570-577 SD  580-588 ND  590-599 MT  600-620 IL  622-629 IL  630-631 MO  633-641 MO  644-658 MO
    660-662 KS  664-679 KS  680-681 NE  683-693 NE  700-701 LA  703-708 LA  710-714 LA  716-729 AR  730-731 OK
    733-733 TX  734-741 OK  743-749 OK  750-799 TX  800-816 CO  820-831 WY  832-838 ID  840-847 UT  850-853 AZ
    855-857 AZ  859-860 AZ  863-865 AZ  870-871 NM  873-884 NM  885-885 TX  889-891 NV  893-895 NV  897-898 NV
    900-908 CA  910-928 CA  930-961 CA  967-968 HI  970-979 OR  980-986 WA  988-994 WA  995-999 AK
"""
_ZIP_STATES = {
    f"{prefix:03}": state
    for first, last, state in re.findall(r"(\d{3})-(\d{3}) ([A-Z]{2})", _ZIP_RANGES)
    for prefix in range(int(first), int(last) + 1)
}
# The area codes of states and provinces with several zones.
_AREA_CODES = {
    "AK": "907",
    "AZ": "480 520 602 623 928",
    "BC": "236 250 604 672 778",
    "FL": "239 305 321 324 352 386 407 448 561 645 656 689 727 728 754 772 786 813 850 863 904 941 954",
    "ID": "208 986",
    "IN": "219 260 317 463 574 765 812 930",
    "KS": "316 620 785 913",
    "KY": "270 364 502 606 859",
    "MI": "231 248 269 313 517 586 616 734 810 906 947 989",
    "ND": "701",
    "NE": "308 402 531",
    "NL": "709 879",
    "NV": "702 725 775",
    "ON": "226 249 289 343 365 382 416 437 519 548 613 647 683 705 742 753 807 905 942",
    "OR": "458 503 541 971",
    "QC": "263 273 354 367 418 438 450 468 514 579 581 819 873",
    "SD": "605",
    "SK": "306 474 639",
    "TN": "423 615 629 731 865 901 931",
    "TX": "210 214 254 281 325 346 361 409 430 432 469 512 682 713 726 737 806 817 830 832 903 915 936 940 945 956 972"
    " 979",
}
_PAGO_PAGO = "96799"
_ZIP = re.compile(r"([0-9]{5})(?:-?[0-9]{4})?")


def state_named(text: str) -> str | None:
    """The two-letter code of a state, territory or province written in full or short; None if it is none."""
    return _CODES.get(" ".join(text.replace(".", "").casefold().split()))


def state_of_zip(text: str) -> str | None:
    """The state of a ZIP code (5 or 9 digits); None if it is not known to be in exactly one state.

    Four digits are what a spreadsheet program leaves of a New England code: they are not filled up, but refused.
    """
    match = _ZIP.fullmatch(text.strip())
    if match is None:
        return None
    return "AS" if match[1] == _PAGO_PAGO else _ZIP_STATES.get(match[1][:3])


def is_from(area: str, state: str) -> bool:
    """Whether the area code belongs to the state; known only for states with several zones, else False."""
    return area in _AREA_CODES.get(state, "").split()


def zones_of_state(code: str) -> tuple[str, ...]:
    """All zones of the state with that two-letter code."""
    return _ZONES[code]
