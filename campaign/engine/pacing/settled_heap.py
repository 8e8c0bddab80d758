"""Settled heap: what was there before the calls is not looked through for garbage while they are on their way."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def settled_heap() -> Iterator[None]:
    """While the block lasts, the garbage collector leaves alone what was there when it began.

    A full collection looks at all that the process has loaded, a hundred thousand objects and more: the event loop
    stands still for a twentieth of a second and longer, and answers, deadlines and a stop wait. Where something was
    left out already, by the program's start or for another run, all of that stays so.
    """
    is_first = not gc.get_freeze_count()
    gc.freeze()
    try:
        yield
    finally:
        if is_first:
            gc.unfreeze()
