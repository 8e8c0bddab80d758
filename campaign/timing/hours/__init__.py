"""When a phone may ring: calling hours, local days, holidays, the law of the United States."""
