"""Notebook: from a sheet to a DataFrame, cell by cell; no phone rings."""

# %% What would be done
import campaign

checked = campaign.check("people.csv", "visits.toml", sandbox=True)
print(checked.calls, "calls", dict(checked.skipped))

# %% The calls, at the stand-in
end = campaign.start("people.csv", "visits.toml", sandbox=True, name="notebook", same_sheet="resume")

# %% What came of them
frame = campaign.results(end.run).to_dataframe()
print(frame["_status"].value_counts())
print(frame.loc[frame["_error"].notna(), ["Name", "_row", "_error"]])
