from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DBAPIError

from storage import people
from storage.database import Database

NOW = datetime(2026, 12, 30, 7, tzinfo=UTC)


async def test_an_error_that_may_be_logged_names_nobody(database: Database) -> None:
    with pytest.raises(DBAPIError) as raised:
        async with database.transaction() as tx:
            await people.add_person(tx, 404, "Nguyễn Thị Mẫu An", "+84100000001", NOW)
    text = str(raised.value)
    assert "INSERT INTO person" in text
    assert "Nguyễn" not in text
    assert "+84100000001" not in text
