'use strict';

// Counts decisions by sender, with labels that senders cannot create.

const UNKNOWN = 'unknown';
const ACCEPTED = 'accepted';
// The names in the key ring are listed again after this time, because a reload can add names.
const LIST_EVERY_MS = 10_000;

// Counts decisions by sender. A name becomes a label if there is a key for it or it was verified. All other
// names count as unknown.
class Senders {
  #requests;
  #last;
  #rings = [];
  #known = new Set();
  #listedAt = -Infinity;

  constructor(client, registers) {
    this.#requests = new client.Counter({
      name: 'hmac_auth_sender_requests_total',
      help: 'Decisions by sender; enforcement would reject the observed requests',
      labelNames: ['sender', 'verdict', 'reason'],
      registers,
    });
    this.#last = new client.Gauge({
      name: 'hmac_auth_sender_last_seconds',
      help: 'Time of the last decision per sender and verdict, Unix time',
      labelNames: ['sender', 'verdict'],
      aggregator: 'max', // combines the workers of a cluster
      registers,
    });
  }

  // Adds the names in a key ring.
  know(ring) {
    if (!this.#rings.includes(ring)) this.#rings.push(ring);
    this.#list();
  }

  // Records an accepted request of a sender.
  accepted(sender) {
    this.#known.add(sender);
    this.#count(sender, ACCEPTED, '');
  }

  // Records a request with this claimed sender that was rejected, or would be rejected under `enforce`.
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
