import inspect
from collections.abc import Callable
from enum import StrEnum
from typing import Any

import pytest

from bot.wording import labels
from bot.wording.voice import Voice
from meeting.voting import Option

SPOKEN = [
    function
    for name, function in inspect.getmembers(labels, inspect.isfunction)
    if name.endswith("_text") and function.__module__ == labels.__name__ and name != "language_text"
]


def kind_of(function: Callable[..., str]) -> type[StrEnum]:
    kind: Any = list(inspect.signature(function).parameters.values())[1].annotation
    assert isinstance(kind, type)
    assert issubclass(kind, StrEnum)
    return kind


@pytest.mark.parametrize("function", SPOKEN, ids=lambda function: function.__name__)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_value_has_words_of_its_own(function: Callable[..., str], language: str) -> None:
    words = [function(Voice(language), value) for value in kind_of(function)]
    assert all(words)
    assert len(set(words)) == len(words)


def test_options_stand_on_the_ballot_as_the_glossary_has_them() -> None:
    assert [labels.option_text(Voice(), option) for option in Option] == [
        "Tán thành",
        "Không tán thành",
        "Ý kiến khác",
        "Không có ý kiến",
    ]


def test_languages_name_themselves() -> None:
    assert [labels.language_text(language) for language in ("vi", "en")] == ["Tiếng Việt", "English"]
