"""What a workbook shows of a number, an amount, a day or a time, by the code of its cell's format."""
