"""Files that people give, sheets and templates: whether one is whole, and whether somebody writes it at this moment."""
