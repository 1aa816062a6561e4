"""Who speaks: requests for the floor, and what was said from the lectern."""

from enum import StrEnum


class FloorState(StrEnum):
    """waiting → speaking → done; or withdrawn by who asked, passed over by who presides."""

    WAITING = "waiting"
    SPEAKING = "speaking"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    PASSED_OVER = "passed_over"


class SpeechKind(StrEnum):
    """*Phát biểu chỉ đạo* or *kết luận*."""

    DIRECTIVE = "directive"
    CONCLUSION = "conclusion"
