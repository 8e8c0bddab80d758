"""Writes the references that are made from the code: `python -m tests.docs.making`.

The tests compare them with what stands in docs/reference, so a key, a flag or a field that is new is never missing.
"""

from tests.docs.making.pages import REFERENCE, made_pages

if __name__ == "__main__":
    REFERENCE.mkdir(exist_ok=True)
    for name, text in made_pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8", newline="\n")
