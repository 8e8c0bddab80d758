"""Calling hours: when a phone may ring. Local days, holidays, the law of the United States."""
