"""From sheet and template to a draft of a run, with its questions, summary and forecast."""
