import type { Identity, KeyRing, Modes, RejectionCode, ReplayTable } from './index.js';

/** The part of the package prom-client that is used. */
export interface PromClient {
  register: any;
  Counter: new (options: any) => any;
  Gauge: new (options: any) => any;
  Histogram: new (options: any) => any;
}

/** Prometheus metrics of decisions. Create one object per process and pass it to `hmacAuth({
 * metrics })`. */
export declare class Metrics {
  /** Default: the package prom-client and its default registry. */
  constructor(options?: { client?: PromClient; register?: any });
  /** Adds gauges for how full a replay table is, for when each key version was last used, and for the modes. */
  watch(options: { replay?: ReplayTable; keys?: KeyRing; modes?: Modes }): void;
  accepted(identity: Pick<Identity, 'scheme' | 'ageMs' | 'sender'>, seconds: number): void;
  rejected(rejection: { code: RejectionCode; sender: string }, seconds: number, enforced: boolean): void;
  /** Records the time in which a shared store responded to a claim. */
  storeAnswered(seconds: number): void;
  /** Records a claim without a response in time. With `fellBack`, this process's own table
   * decided instead. */
  storeFailed(seconds: number, fellBack: boolean): void;
  /** Records a replay that this process knew, without a request to the store. */
  storeSpared(): void;
}
