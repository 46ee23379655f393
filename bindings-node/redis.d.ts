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

export interface RedisStoreOptions {
  /** The prefix of all keys in the store. Give a string. Default: `"sealwire:replay:"`. */
  prefix?: string;
  /** The maximum time of a claim. Give a number of milliseconds above 0. Default: `500`. */
  timeoutMs?: number;
  /** A local table in front of the server. Give a ReplayTable. Default: a heap table. */
  near?: ReplayTable;
  /** Claims in the local table while the server does not respond; error responses do not have this effect. Give true or false. Default: `false`. */
  fallBack?: boolean;
  /** Accepts a server whose `maxmemory-policy` evicts nonces. Give true or false. Default: `false`. */
  allowEviction?: boolean;
  /** Receives each failure. Give a function (error). */
  onError?: (error: unknown) => void;
  /** Counts claims and failures. Give a Metrics object. */
  metrics?: Pick<Metrics, 'storeResponded' | 'storeFailed' | 'storeSpared'>;
}

/**
 * Claims nonces in Redis 2.6.12 or newer, or in Valkey, for services on several hosts. A table of
 * this process is checked first, so that a replay to this process costs no round trip.
 *
 * The server is checked at once, with a trial claim. A warning is logged if its clock differs by more than one second.
 * Its `maxmemory-policy` must be `noeviction`. While the server is unsuitable or does not respond, requests are
 * rejected with 503.
 */
export declare function redisStore(
  client: RedisClient,
  options?: RedisStoreOptions,
): SharedStore & {
  /** Checks the server again. Rejects with the required fix, or if the server does not respond.
   * Await it before the service listens. */
  check(): Promise<void>;
  /** Claims that failed. */
  readonly errors: number;
  /** The errors that an operator must fix, such as a wrong password. They are included in `errors`. */
  readonly faults: number;
  /** Claims that this process's own table decided, because the server did not respond. */
  readonly fallbacks: number;
  /** Replays found in this process's own table, without a request to the server. */
  readonly nearHits: number;
};
