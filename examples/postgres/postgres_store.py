"""A replay store in PostgreSQL, for services that have no Redis. It keeps the contract in docs/replay.md.

    create table sealwire_replay (key bytea primary key, expires timestamptz not null);
    create index on sealwire_replay (expires);

Delete expired claims from time to time: `delete from sealwire_replay where expires < now() - interval '1 minute'`.
"""

from datetime import UTC, datetime, timedelta

from psycopg import Error
from psycopg_pool import AsyncConnectionPool, PoolTimeout

# Verifiers of several hosts have clocks that differ a little.
MARGIN = timedelta(seconds=5)

CLAIM = """
    insert into sealwire_replay as claimed (key, expires) values (%s, %s)
    on conflict (key) do update set expires = excluded.expires where claimed.expires < now() - interval '1 minute'
    returning true
"""


class PostgresStore:
    """Claims nonces in a table. For ASGI servers: `HMACAuthMiddleware(app, "practices", replay=PostgresStore(pool))`."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        """`pool` has a `timeout`, and its connections have a `statement_timeout`, because each request waits for its claim."""
        self._pool = pool

    async def claim(self, key: bytes, expires: int) -> bool | None:
        """Returns True for a new key, False for a claimed key, and None if the database does not respond."""
        until = datetime.fromtimestamp(expires, UTC) + MARGIN
        try:
            async with self._pool.connection() as connection:
                cursor = await connection.execute(CLAIM, (key, until))
                return await cursor.fetchone() is not None
        except (Error, PoolTimeout, OSError):
            return None
