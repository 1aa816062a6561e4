"""Columns as all tables have them."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Enum, ForeignKey, Integer
from sqlalchemy.types import TypeEngine
from sqlmodel import Field, SQLModel

from storage.database import Instant

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def word(kind: type[StrEnum], *, nullable: bool = False, index: bool = False, is_open: bool = False) -> Any:  # noqa: ANN401 - as Field()
    """A column of one of these words; `is_open`: releases add to them, so the database takes any."""
    words = Enum(
        kind,
        native_enum=False,
        length=32,
        values_callable=lambda words: [word.value for word in words],
        create_constraint=not is_open,
        name=kind.__name__.lower(),
    )
    return Field(sa_column=Column(words, nullable=nullable, index=index))


def column(
    kind: type[TypeEngine[Any]] | TypeEngine[Any], *, nullable: bool = False, index: bool = False
) -> Any:  # noqa: ANN401 - as Field()
    """A column of a type."""
    return Field(default=None if nullable else ..., sa_column=Column(kind, nullable=nullable, index=index))


def instant(*, nullable: bool = False, index: bool = False) -> Any:  # noqa: ANN401 - as Field()
    """A column of an aware instant."""
    return column(Instant(), nullable=nullable, index=index)


def link(target: str, *, nullable: bool = False, index: bool = True) -> Any:  # noqa: ANN401 - as Field()
    """A column of the id of another table's row."""
    key: Column[int] = Column(Integer, ForeignKey(f"{target}.id"), nullable=nullable, index=index)
    return Field(default=None if nullable else ..., sa_column=key)
