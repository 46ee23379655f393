import type { ReplayTable, SharedStore } from './index.js';
import type { Metrics } from './metrics.js';

/** A connected client of `redis` or `ioredis`, or a cluster of either. */
export type RedisClient =
  | { sendCommand(command: string[]): Promise<unknown> }
  | {
      sendCommand(key: string | undefined, isReadonly: boolean, command: string[]): Promise<unknown>;
      getSlotMaster(slot: number): unknown;
    }
  | { call(command: string, ...args: string[]): Promise<unknown> };

/**
 * Claims nonces in Redis 2.6.12 or newer, or in Valkey, for services on several hosts. A table of
 * this process is checked first, so that a replay to this process costs no round trip.
 *
 * The server is checked at once: by a trial claim, its clock (a warning beyond one second) and
 * its `maxmemory-policy`, which must be `noeviction`. While the server is unsuitable or silent,
 * requests are rejected with a 503.
 */
export declare function redisStore(
  client: RedisClient,
  options?: {
    /** The prefix of the keys. */
    prefix?: string;
    /** The time that a claim waits for the server; default 500. */
    timeoutMs?: number;
    /** The table that is checked first. */
    near?: ReplayTable;
    /**
     * While the server is silent, claims in this process's table alone, which stops replays to
     * this process only. A server that responds with an error (wrong password, missing
     * permission, read-only replica) never
     * causes a fallback.
     */
    fallBack?: boolean;
    /** Accepts a server that evicts keys when memory runs out: an evicted nonce can be accepted
     * again. */
    allowEviction?: boolean;
    /** Called with each failure of a check or of a claim. */
    onError?: (error: unknown) => void;
    /** Reports how long claims take and how many failed. */
    metrics?: Pick<Metrics, 'storeAnswered' | 'storeFailed' | 'storeSpared'>;
  },
): SharedStore & {
  /** Checks the server again. Rejects with the required fix, or if the server does not respond.
   * Await it before the service listens. */
  check(): Promise<void>;
  /** Claims that failed. */
  readonly errors: number;
  /** The number of those to which the server responded with an error that needs a fix. */
  readonly faults: number;
  /** Claims that this process's own table decided, because the server was silent. */
  readonly fallbacks: number;
  /** Replays that this process knew, without a request to the server. */
  readonly nearHits: number;
};
