"""Files of sheets: type detection, private copies, our own results, and the owner's read options."""
