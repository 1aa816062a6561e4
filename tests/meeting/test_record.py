import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting.record import FIRST, Entry, commitment, entry_after, first_break

START = datetime(2026, 1, 8, 7, 0, tzinfo=UTC)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
all_facts = st.lists(st.dictionaries(st.text(max_size=8), values, max_size=4), min_size=1, max_size=8)


def chain(facts: list[dict[str, Any]]) -> list[Entry]:
    entries: list[Entry] = []
    for place, fact in enumerate(facts):
        entries.append(
            entry_after(entries[-1] if entries else None, START + timedelta(minutes=place), "act", fact)
        )
    return entries


@given(all_facts)
def test_a_record_as_it_was_written_has_no_break(facts: list[dict[str, Any]]) -> None:
    entries = chain(facts)
    assert first_break(entries) is None
    assert entries[0].previous_hash == FIRST
    assert [entry.number for entry in entries] == list(range(1, len(facts) + 1))


@given(all_facts, st.data())
def test_a_changed_fact_breaks_the_record_at_its_entry(
    facts: list[dict[str, Any]], data: st.DataObject
) -> None:
    entries = chain(facts)
    place = data.draw(st.integers(0, len(entries) - 1))
    entries[place] = dataclasses.replace(entries[place], facts={**entries[place].facts, "added later": 1})
    assert first_break(entries) == place + 1


@pytest.mark.parametrize(
    "change",
    [
        {"act": "other"},
        {"at": START - timedelta(days=1)},
        {"number": 7},
        {"previous_hash": "1" * 64},
        {"hash": "1" * 64},
    ],
)
def test_any_other_change_breaks_it_too(change: dict[str, Any]) -> None:
    entries = chain([{"vote": 1}, {"vote": 2}, {"vote": 3}])
    entries[1] = dataclasses.replace(entries[1], **change)
    assert first_break(entries) == entries[1].number


@given(st.lists(st.dictionaries(st.text(max_size=4), st.integers()), min_size=3, max_size=8), st.data())
def test_an_entry_that_was_taken_out_is_missed(facts: list[dict[str, Any]], data: st.DataObject) -> None:
    entries = chain(facts)
    place = data.draw(st.integers(0, len(entries) - 2))
    del entries[place]
    assert first_break(entries) == place + 2


def test_the_hash_is_that_of_canonical_json_so_that_others_can_verify_it() -> None:
    entry = entry_after(
        None, START, "vote_closed", {"vote": 5, "tally": {"yes": 45, "no": 0}, "đơn vị": "Sở Nội vụ"}
    )
    import hashlib

    body = (
        '{"act":"vote_closed","at":"2026-01-08T07:00:00+00:00","facts":{"tally":{"no":0,"yes":45},"vote":5,'
        f'"đơn vị":"Sở Nội vụ"}},"number":1,"previous":"{"0" * 64}"}}'
    )
    assert entry.hash == hashlib.sha256(body.encode()).hexdigest()


def test_a_commitment_hides_a_name_and_is_bound_to_it() -> None:
    assert commitment("salt", "Trần Văn Lịch") == commitment("salt", "Trần Văn Lịch")
    assert commitment("salt", "Trần Văn Lịch") != commitment("other", "Trần Văn Lịch")
    assert commitment("salt", "Trần Văn Lịch") != commitment("salt", "Trần Văn Lịc")
    assert "Trần" not in commitment("salt", "Trần Văn Lịch")
