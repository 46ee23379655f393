'use strict';

// Prometheus metrics about verification decisions. They are created with prom-client.

const { checkSettings } = require('./lib/check-settings.js');
const native = require('./lib/native.js');
const { failure } = require('./lib/errors.js');
const { ReplayTable } = require('./lib/replay-table.js');
const { Senders } = require('./lib/senders.js');
const { StoreCounts } = require('./lib/store-counts.js');

const { modes: words, reasons, schemes } = native.catalog();

// The buckets in seconds. Verification takes microseconds, but receiving a body can take much longer.
const LATENCY_BUCKETS = [1e-6, 2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 1e-3, 5e-3, 2.5e-2, 0.1, 0.5];
const AGE_BUCKETS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 240];

// Counts verification decisions. An application creates one object per process and passes it to all middleware:
// `hmacAuth({ metrics })`.
class Metrics {
  #client;
  #register;
  #success;
  #failure;
  #observed;
  #latency;
  #age;
  #senders;
  #store;

  constructor(options = {}) {
    checkSettings('metrics', options, 'new Metrics()');
    const { client = require('prom-client'), register = client.register } = options;
    this.#client = client;
    this.#register = register;
    const counter = (name, help, label) =>
      new client.Counter({ name, help, labelNames: [label], registers: [register] });
    const histogram = (name, help, buckets) =>
      new client.Histogram({ name, help, buckets, registers: [register] });
    this.#success = counter('hmac_auth_success_total', 'Accepted requests', 'scheme');
    this.#failure = counter('hmac_auth_failure_total', 'Rejected requests', 'reason');
    const observed = 'Requests accepted in observe mode that enforcement would reject';
    this.#observed = counter('hmac_auth_observed_total', observed, 'reason');
    const latency = 'Time to verify, including receipt of the body';
    this.#latency = histogram('hmac_auth_latency_seconds', latency, LATENCY_BUCKETS);
    const age = 'Age of accepted requests';
    this.#age = histogram('hmac_auth_timestamp_age_seconds', age, AGE_BUCKETS);
    const since = 'Start of counting, Unix time';
    new client.Gauge({
      name: 'hmac_auth_counting_since_seconds',
      help: since,
      registers: [register],
    }).set(Date.now() / 1000);
    this.#senders = new Senders(client, [register]);
    this.#store = new StoreCounts(client, [register]);
    this.#beginAtZero();
  }

  // Records an accepted request. `seconds` is the verification time.
  accepted({ scheme, ageMs, sender }, seconds) {
    this.#success.inc({ scheme });
    this.#latency.observe(seconds);
    this.#age.observe(Math.abs(ageMs) / 1000);
    this.#senders.accepted(sender);
  }

  // Records a request that was rejected, or that would be rejected in `enforce` mode.
  rejected({ code: reason, sender }, seconds, enforced) {
    (enforced ? this.#failure : this.#observed).inc({ reason });
    this.#latency.observe(seconds);
    this.#senders.refused(sender, enforced ? 'rejected' : 'observed', reason);
  }

  // Records the time that a shared store took to respond to a claim.
  storeResponded(seconds) {
    this.#store.responded(seconds);
  }

  // Records a claim that the store did not respond to in time. `fellBack` is true if this process's table was used instead.
  storeFailed(seconds, fellBack) {
    this.#store.failed(seconds, fellBack);
  }

  // Records a replay that this process detected without a request to the store.
  storeSpared() {
    this.#store.spared();
  }

  // Adds gauges for a replay table's fill level, for the last use of each key version, and for the modes. The key names become
  // sender labels, even before a sender's first accepted request.
  watch(options = {}) {
    checkSettings('watch', options, 'watch()');
    const { replay, keys, modes } = options;
    if (replay && !ReplayTable.handle(replay)) throw failure('CONFIG', NOT_A_TABLE);
    if (replay)
      this.#gauge('hmac_auth_replay_fill_ratio', 'Fraction of the replay table in use', [], fillOf(replay));
    if (modes) this.#watchModes(modes);
    if (keys) this.#watchKeys(keys);
  }

  // Uses the names in a key ring as sender labels, even before a sender's first accepted request. The server adapters call this
  // method.
  know(keys) {
    this.#senders.know(keys);
  }

  #watchKeys(keys) {
    this.know(keys);
    const labels = ['name', 'version', 'primary'];
    const accepted = 'Requests accepted with a key version';
    this.#gauge('hmac_auth_key_accepted', accepted, labels, useOf(keys, 'accepted'));
    this.#gauge(
      'hmac_auth_key_primary',
      'Processes that sign with a key version',
      ['name', 'version'],
      signingOf(keys),
    );
    const last = 'Time of the last acceptance, Unix time';
    this.#gauge('hmac_auth_key_last_accepted_seconds', last, labels, useOf(keys, 'lastAcceptedS'));
  }

  #watchModes(modes) {
    const mode = '1 for the current mode, 0 for the others';
    this.#gauge('hmac_auth_mode', mode, ['sender', 'mode'], modesOf(modes));
    new this.#client.Counter({
      name: 'hmac_auth_mode_changes_total',
      help: 'Changes of modes while the service ran',
      registers: [this.#register],
      collect() {
        this.reset();
        this.inc(modes.changes);
      },
    });
  }

  // Creates the counters for all labels with the value zero, because alert rules need a value before the first request.
  #beginAtZero() {
    for (const scheme of schemes) this.#success.inc({ scheme }, 0);
    for (const { code: reason } of reasons) {
      this.#failure.inc({ reason }, 0);
      this.#observed.inc({ reason }, 0);
    }
  }

  #gauge(name, help, labelNames, read) {
    const registers = [this.#register];
    // prom-client calls this function with the gauge as `this`.
    const collect = function () {
      this.reset();
      for (const [labels, value] of read()) this.set(labels, value);
    };
    return new this.#client.Gauge({ name, help, labelNames, registers, collect });
  }
}

const NOT_A_TABLE = 'watch: pass a ReplayTable; for a store that hosts share, pass `metrics` to the store';

const fillOf = (replay) => () => {
  const { live, slots } = replay.fill();
  return [[{}, live / slots]];
};

// Returns a function that reads the modes. The service mode has an empty `sender` label.
const modesOf = (modes) => () =>
  Object.entries({ '': modes.mode, ...modes.senders }).flatMap(([sender, held]) =>
    words.map((mode) => [{ sender, mode }, Number(mode === held)]),
  );

const signingOf = (keys) => () =>
  keys.status().map(({ name, version, primary }) => [{ name, version }, Number(primary)]);

const useOf = (keys, field) => () => {
  const used = keys.status().filter((key) => key[field] !== undefined);
  return used.map((key) => [
    { name: key.name, version: key.version, primary: String(key.primary) },
    key[field],
  ]);
};

module.exports = { Metrics };
