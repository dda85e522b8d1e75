from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

import psycopg


@dataclass(frozen=True)
class Database:
    """A database of its own beside the tests' one, for processes that cannot share a test's transaction."""

    url: str
    name: str

    @classmethod
    def beside(cls, url: str, name: str) -> Database:
        return cls(urlunsplit(urlsplit(url)._replace(path=f"/{name}")), name)

    def connect(self, name: str | None = None, **options: Any) -> psycopg.Connection[Any]:
        url = urlsplit(self.url)
        query = parse_qs(url.query)
        return psycopg.connect(
            host=query.get("host", [url.hostname or ""])[0], port=query.get("port", [str(url.port or 5432)])[0],
            user=unquote(url.username or ""), password=unquote(url.password or ""), dbname=name or self.name, **options,
        )  # fmt: skip

    def create(self) -> None:
        self.drop()
        with self.connect("postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{self.name}"')

    def drop(self) -> None:
        with self.connect("postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def rows(self, sql: str, *params: Any) -> list[Any]:
        with self.connect() as connection:
            return connection.execute(sql, params).fetchall()  # type: ignore[arg-type]
