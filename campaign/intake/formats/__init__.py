"""What each workbook format needs to be read truly."""
