import type { SharedStore } from './index.js';

/** A connected client of `redis` or `ioredis`. */
export type RedisClient =
  | { sendCommand(command: string[]): Promise<unknown> }
  | { call(command: string, ...args: string[]): Promise<unknown> };

/** Claims nonces in Redis or Valkey, for services on several hosts. Without an answer within `timeoutMs` (default 500)
 * requests are turned away. */
export declare function redisStore(
  client: RedisClient,
  options?: { prefix?: string; timeoutMs?: number; onError?: (error: unknown) => void },
): SharedStore;
