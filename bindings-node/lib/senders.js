'use strict';

// Which senders are fully signed: decisions by sender, with labels that senders cannot multiply.

const UNKNOWN = 'unknown';
const ACCEPTED = 'accepted';
// A reload may bring new names; a flood of unknown ones must not make us list the ring for each.
const LIST_EVERY_MS = 10_000;

// Counts decisions by sender. A name is a label once a key is held for it or it has proven itself; until then the name
// is only claimed, and counts as unknown.
class Senders {
  #requests;
  #last;
  #rings = [];
  #known = new Set();
  #listedAt = -Infinity;

  constructor(client, registers) {
    this.#requests = new client.Counter({
      name: 'hmac_auth_sender_requests_total',
      help: 'Decisions by sender; observed ones would be rejected under enforce',
      labelNames: ['sender', 'verdict', 'reason'],
      registers,
    });
    this.#last = new client.Gauge({
      name: 'hmac_auth_sender_last_seconds',
      help: "When a sender's requests last came to each verdict, Unix time",
      labelNames: ['sender', 'verdict'],
      aggregator: 'max', // over the workers of a cluster
      registers,
    });
  }

  // Takes the names that a ring holds keys for.
  know(ring) {
    if (!this.#rings.includes(ring)) this.#rings.push(ring);
    this.#list();
  }

  // A sender has proven itself.
  accepted(sender) {
    this.#known.add(sender);
    this.#count(sender, ACCEPTED, '');
  }

  // A request with this claimed sender was rejected, or would be under `enforce`.
  refused(sender, verdict, reason) {
    this.#count(this.#isKnown(sender) ? sender : UNKNOWN, verdict, reason);
  }

  #isKnown(sender) {
    if (!this.#known.has(sender) && performance.now() - this.#listedAt > LIST_EVERY_MS) this.#list();
    return this.#known.has(sender);
  }

  #list() {
    this.#listedAt = performance.now();
    for (const ring of this.#rings)
      for (const { name } of ring.status()) for (const each of name.split('/')) this.#known.add(each);
  }

  #count(sender, verdict, reason) {
    this.#requests.inc({ sender, verdict, reason });
    this.#last.set({ sender, verdict }, Date.now() / 1000);
  }
}

module.exports = { Senders };
