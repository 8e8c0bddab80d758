"""Who holds runs: worker rows and their heartbeat, the fence of claims, and what a dead worker leaves behind."""
