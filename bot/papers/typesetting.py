"""Typesetting with typst: a template of ours, filled with data that is never read as markup."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_DOTS_PER_INCH = 144.0


def typeset_picture(template: str, data: Mapping[str, Any]) -> bytes:
    """Give a PNG of a template beside this module; it finds the data as JSON in `sys.inputs.data`.

    Only typst's own fonts are used, of which Libertinus Serif has all Vietnamese letters: the picture is the
    same on every machine. Takes a while: not for the event loop.
    """
    import typst

    return typst.compile(
        _HERE / template,
        root=_HERE,
        format="png",
        ppi=_DOTS_PER_INCH,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )


def typeset_document(template: str, data: Mapping[str, Any]) -> bytes:
    """Give a PDF of a template, as `typeset_picture`; the fonts are in it."""
    import typst

    return typst.compile(
        _HERE / template,
        root=_HERE,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
