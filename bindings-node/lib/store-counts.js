'use strict';

// Latency and failure metrics for a shared replay store.

// The histogram buckets, in seconds. A round trip within a data centre takes less than a millisecond. The default timeout of a
// claim is half a second.
const BUCKETS = [1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25, 0.5, 1];

class StoreCounts {
  #latency;
  #errors;
  #fallbacks;
  #nearHits;

  constructor(client, registers) {
    const counter = (what, help) =>
      new client.Counter({ name: `hmac_auth_replay_store_${what}_total`, help, registers });
    this.#latency = new client.Histogram({
      name: 'hmac_auth_replay_store_latency_seconds',
      help: 'Time until the shared replay store responded to a claim, or the time-out',
      buckets: BUCKETS,
      registers,
    });
    this.#errors = counter('errors', 'Claims without a response from the shared replay store');
    const fallbacks = "Claims without a response, decided by this process's own table";
    this.#fallbacks = counter('fallbacks', fallbacks);
    const nearHits = "Replays found in this process's own table, without a request to the store";
    this.#nearHits = counter('near_hits', nearHits);
  }

  responded(seconds) {
    this.#latency.observe(seconds);
  }

  failed(seconds, fellBack) {
    this.#latency.observe(seconds);
    this.#errors.inc();
    if (fellBack) this.#fallbacks.inc();
  }

  spared() {
    this.#nearHits.inc();
  }
}

module.exports = { StoreCounts };
