"""Lost answers, settled by reading AICaller's list: before, during and after a run."""
