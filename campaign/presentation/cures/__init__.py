"""Cures in the words of the command line."""

from campaign.presentation.cures.terminal import (
    error_line,
    terminal_name,
    terminal_option,
    terminal_text,
    terminal_words,
)

__all__ = ["error_line", "terminal_name", "terminal_option", "terminal_text", "terminal_words"]
