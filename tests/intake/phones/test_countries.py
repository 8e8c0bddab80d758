"""A country cell names one region, or none: a guess would ring the same digits in another country."""

import phonenumbers
import pytest

from campaign.intake.phones.regions import _codes, _folded, _lines, _names, region_of


@pytest.mark.parametrize(
    ("region", "cells"),
    [
        ("GB", "GB|gb|UK|U.K.|u.k.|GBR|England|Scotland|Wales|Northern Ireland|United Kingdom|Great Britain|Britain"),
        ("GB", "Großbritannien|GROSSBRITANNIEN|Royaume-Uni|royaume uni|Reino Unido|Regno Unito|Verenigd Koninkrijk"),
        ("GB", "+44|0044|44|(+44)|+ 44|00 44"),
        ("US", "US|USA|U.S.|U.S.A.|usa|United States|United States of America|the United States|America|+1"),
        ("US", "Vereinigte Staaten|États-Unis|Etats Unis|Estados Unidos|Stati Uniti|Verenigde Staten|EE.UU.|EUA"),
        ("DE", "DE|DEU|Germany|Deutschland|Allemagne|Alemania|Germania|Alemanha|Duitsland|+49|49| deutschland "),
        ("FR", "FR|FRA|France|Frankreich|Francia|França|Frankrijk|33"),
        ("ES", "ES|ESP|Spain|España|espana|Spanien|Espagne|Spagna|Espanha|Spanje|+34"),
        ("IT", "IT|ITA|Italy|Italia|Italien|Italie|Itália|Italië|+39"),
        ("PT", "PT|PRT|Portugal|Portogallo|+351|00351"),
        ("NL", "NL|NLD|Netherlands|the Netherlands|Nederland|Holland|Niederlande|Pays-Bas|Países Bajos|Paesi Bassi|31"),
        ("CH", "CH|CHE|Switzerland|Schweiz|Suisse|Svizzera|Svizra|Suiza|Suíça|Zwitserland|41"),
        ("AT", "AT|AUT|Austria|Österreich|OESTERREICH|Autriche|Oostenrijk|Áustria"),
        ("TR", "TR|Turkey|Türkiye|TÜRKİYE|Türkei|Turquie|90"),
        ("JP", "日本|Japan|JP"),
        ("CN", "中国|China|CN|CHN|86"),
        ("RU", "Россия|Russia|Russian Federation|+7"),
        ("GR", "Ελλάδα|ΕΛΛΑΔΑ|Greece|EL|GR"),
        ("CI", "Côte d'Ivoire|Côte d\u2019Ivoire|Cote d'Ivoire|Ivory Coast|Elfenbeinküste"),
        ("KR", "South Korea|Korea, Republic of|KR|KOR|Südkorea|+82"),
        ("CD", "DR Congo|DRC|Congo - Kinshasa|Democratic Republic of the Congo|CD"),
        ("CG", "Republic of the Congo|Congo-Brazzaville|CG|COG"),
        ("GE", "Georgia|GE|Georgien"),
        ("GN", "Guinea|GN"),
        ("GW", "Guinea-Bissau|GW"),
        ("GQ", "Equatorial Guinea|GQ"),
        ("PG", "Papua New Guinea|PG"),
        ("NE", "Niger|NE"),
        ("NG", "Nigeria|NG"),
        ("DM", "Dominica|DM"),
        ("DO", "Dominican Republic|República Dominicana"),
        ("IE", "Ireland|Éire|Irland|IE"),
        ("NA", "Namibia|NAM"),
        ("XK", "Kosovo|XK"),
        ("TT", "Trinidad and Tobago|Trinidad & Tobago"),
        ("LC", "St. Lucia|St Lucia|Saint Lucia"),
        ("US", "\uff35\uff33\uff21"),  # full-width USA
    ],
)
def test_a_country_is_known_by_its_codes_and_names(region: str, cells: str) -> None:
    """As people in a dozen countries fill in a form."""
    assert {cell: region_of(cell) for cell in cells.split("|")} == dict.fromkeys(cells.split("|"), region)


NO_COUNTRY = (
    "|-|?|n/a|N/A|NA|N.A.|na|none|unknown|null|0|1|7|001|007|999|+999|+0|00|+|800|+800|+870|380|250|044|ZZ|XX|EU|EUR"
    "|Europe|Earth|Congo|Kongo|Korea|Corea|Virgin Islands|Germany, France|DE/AT|DE FR|New York|Antarctica|+49 30"
    "|447911123456|Deutschland (DE) oder Polen|\0|\ud800|\u0661"
)


@pytest.mark.parametrize("cell", [*NO_COUNTRY.split("|"), " ", "a" * 9999])
def test_what_names_no_country_or_two_is_not_guessed(cell: str) -> None:
    """NA is what programs write for nothing known; 380 is Italy to the ISO, and Ukraine to a telephone."""
    assert region_of(cell) is None


def test_every_region_has_its_codes_and_names_and_shares_no_name() -> None:
    """Two countries of one name would ring each other's people."""
    assert {region for region, _, _ in _lines()} == set(phonenumbers.SUPPORTED_REGIONS)
    every = [(_folded(name), region) for region, _, names in _lines() for name in names.split("|")]
    assert len({name for name, _ in every}) == len(every)
    assert all(_names()[name] == region for name, region in every)
    assert not {name for name, _ in every} & set(_codes())
    assert len({three for _, three, _ in _lines() if three != "-"}) == len([1 for _, t, _ in _lines() if t != "-"])


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_every_region_is_found_by_all_its_names(region: str) -> None:
    """In any case, and with spaces around."""
    three, names = next((three, names) for code, three, names in _lines() if code == region)
    cells = [*names.split("|"), *([region] if region != "NA" else []), *([three] if three != "-" else [])]
    for cell in cells:
        assert {region_of(form) for form in (cell, cell.upper(), cell.lower(), f" {cell} ")} == {region}, cell


@pytest.mark.parametrize("code", sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
def test_a_calling_code_with_a_sign_is_its_first_country(code: int) -> None:
    """Those that share a code share its numbers."""
    first = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code][0]
    assert region_of(f"+{code}") == (first if first in phonenumbers.SUPPORTED_REGIONS else None)
