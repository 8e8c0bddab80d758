"""A region is written where a country code may be missing after a +, so that each check can ask."""

from campaign.intake.proposal.region_guess import region_of_twins


def test_numbers_that_are_numbers_of_the_region_of_most_others_name_it() -> None:
    assert region_of_twins(["+3235550142", "+4795550142", "+16505550112"]) == ("US", 2)


def test_where_most_are_elsewhere_or_none_has_a_twin_there_is_none() -> None:
    assert region_of_twins(["+3235550142", "+4930901820", "+4930901821", "+16505550112"]) is None
    assert region_of_twins(["+16505550112", "+4930901820"]) is None
    assert region_of_twins(["(650) 555-0112"]) is None
