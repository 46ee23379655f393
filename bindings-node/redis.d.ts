import type { ReplayTable, SharedStore } from './index.js';
import type { Metrics } from './metrics.js';

/** A connected `redis` or `ioredis` client, or a cluster client from one of these packages. */
export type RedisClient =
  | { sendCommand(command: string[]): Promise<unknown> }
  | {
      sendCommand(key: string | undefined, isReadonly: boolean, command: string[]): Promise<unknown>;
      getSlotMaster(slot: number): unknown;
    }
  | { call(command: string, ...args: string[]): Promise<unknown> };

export interface RedisStoreOptions {
  /** The prefix of all keys in the store. Value: a string. Default: `"sealwire:replay:"`. */
  prefix?: string;
  /** The maximum time that a request waits for the store to record its nonce. Value: a number of milliseconds above 0. Default: `500`. */
  timeoutMs?: number;
  /** A local table that is checked before the server. Value: a ReplayTable. Default: a heap table. */
  near?: ReplayTable;
  /** Stores nonces only in the local table while the server does not respond. Error responses do not have this effect. Value: true or false. Default: `false`. */
  fallBack?: boolean;
  /** Allows a server whose `maxmemory-policy` evicts nonces. Value: true or false. Default: `false`. */
  allowEviction?: boolean;
  /** Receives each failure. Value: a function (error). */
  onError?: (error: unknown) => void;
  /** Measures claims and counts failures. Value: a Metrics object. */
  metrics?: Pick<Metrics, 'storeResponded' | 'storeFailed' | 'storeSpared'>;
}

/**
 * Returns a replay store that claims nonces in Redis 2.6.12 or newer, or in Valkey, for services on several hosts. The store
 * also has a table in this process. It checks this table first, so a replay to the same process is detected without a round
 * trip.
 *
 * The store checks the server immediately with a trial claim. It emits a warning if the clocks of the server and of this host
 * differ by more than one second. The server's `maxmemory-policy` must be `noeviction`. While the server is misconfigured or does
 * not respond, requests are rejected with 503.
 */
export declare function redisStore(
  client: RedisClient,
  options?: RedisStoreOptions,
): SharedStore & {
  /** Checks the server again. Rejects if the server does not respond or is misconfigured. The error message then describes the
   * required fix. Await this method before the service accepts requests. */
  check(): Promise<void>;
  /** The number of claims that failed. */
  readonly errors: number;
  /** The number of failed claims with a cause that an operator must fix, such as a wrong password. They are also counted in
   * `errors`. */
  readonly faults: number;
  /** The number of claims that were decided by this process's table, because the server did not respond. */
  readonly fallbacks: number;
  /** The number of replays that were found in this process's table, without a request to the server. */
  readonly nearHits: number;
};
