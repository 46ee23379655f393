import type { ReplayTable, SharedStore } from './index.js';
import type { Metrics } from './metrics.js';

/** A connected client of `redis` or `ioredis`, or a cluster of either. */
export type RedisClient =
  | { sendCommand(command: string[]): Promise<unknown> }
  | {
      sendCommand(key: string, isReadonly: boolean, command: string[]): Promise<unknown>;
      getSlotMaster(slot: number): unknown;
    }
  | { call(command: string, ...args: string[]): Promise<unknown> };

/** Claims nonces in Redis or Valkey, for services on several hosts, with a table of this process in front, so that a replay
 * to it costs no round trip. Without an answer within `timeoutMs` (default 500) requests are turned away with a 503, or,
 * with `fallBack`, claimed in this process's table alone. */
export declare function redisStore(
  client: RedisClient,
  options?: {
    prefix?: string;
    timeoutMs?: number;
    near?: ReplayTable;
    fallBack?: boolean;
    onError?: (error: unknown) => void;
    /** Shows how long the server takes, and what it did not answer. */
    metrics?: Pick<Metrics, 'storeAnswered' | 'storeFailed' | 'storeSpared'>;
  },
): SharedStore & {
  /** Claims that the server did not answer. */
  readonly errors: number;
  /** Of those, how many this process's own table decided. */
  readonly fallbacks: number;
  /** Replays that this process knew, so that the server was not asked. */
  readonly nearHits: number;
};
