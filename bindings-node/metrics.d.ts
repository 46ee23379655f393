import type { Identity, KeyRing, Modes, RejectionCode, ReplayTable } from './index.js';

/** The parts of prom-client that `Metrics` uses. */
export interface PromClient {
  register: any;
  Counter: new (options: any) => any;
  Gauge: new (options: any) => any;
  Histogram: new (options: any) => any;
}

/** Prometheus metrics about verification decisions. Create one object per process and pass it to `hmacAuth({ metrics })`. */
export declare class Metrics {
  /** By default, uses the prom-client package and its default registry. */
  constructor(options?: { client?: PromClient; register?: any });
  /** Adds gauges for a replay table's fill level, for the last use of each key version, and for the modes. */
  watch(options: { replay?: ReplayTable; keys?: KeyRing; modes?: Modes }): void;
  accepted(identity: Pick<Identity, 'scheme' | 'ageMs' | 'sender'>, seconds: number): void;
  rejected(rejection: { code: RejectionCode; sender: string }, seconds: number, enforced: boolean): void;
  /** Records the time that a shared store took to respond to a claim. */
  storeResponded(seconds: number): void;
  /** Records a claim that the store did not respond to in time. `fellBack` is true if this process's table was used instead. */
  storeFailed(seconds: number, fellBack: boolean): void;
  /** Records a replay that this process detected without a request to the store. */
  storeSpared(): void;
}
