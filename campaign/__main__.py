"""`python -m campaign` is `campaign`: loads the program, and runs it."""

import signal


def start() -> None:
    """Runs the program. An interrupt while it loads ends it at once and silently: nothing has been done yet."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from campaign.cli.main import main  # noqa: PLC0415 - start-up: an interrupt from here on leaves no traceback

    main()


if __name__ == "__main__":
    start()
