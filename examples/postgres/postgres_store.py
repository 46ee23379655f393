"""A replay store in PostgreSQL, for services that have no Redis. It satisfies the replay-store contract in docs/replay.md.

    create table sealwire_replay (key bytea primary key, expires timestamptz not null);
    create index on sealwire_replay (expires);

Delete expired claims periodically: `delete from sealwire_replay where expires < now() - interval '1 minute'`.
"""

from datetime import UTC, datetime, timedelta

from psycopg import Error
from psycopg_pool import AsyncConnectionPool, PoolTimeout

# A stored claim is kept for this additional time, because the clocks of the hosts can differ.
MARGIN = timedelta(seconds=5)

CLAIM = """
    insert into sealwire_replay as claimed (key, expires) values (%s, %s)
    on conflict (key) do update set expires = excluded.expires where claimed.expires < now() - interval '1 minute'
    returning true
"""


class PostgresStore:
    """A store that claims nonces in a table, for ASGI servers: `HMACAuthMiddleware(app, "practices", replay=PostgresStore(pool))`."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        """Creates the store.

        Each request waits for its claim, so set a `timeout` on `pool` and a `statement_timeout` on its connections.
        """
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
