from campaign.intake.unseen import Unseen
def scan_sheets(data): return ()
