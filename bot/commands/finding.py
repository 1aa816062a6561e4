"""What `bieuquyet check` finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `advice` says what to do where it isn't `is_ok`."""

    subject: str
    text: str
    is_ok: bool = True
    advice: str = ""
