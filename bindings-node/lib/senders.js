'use strict';

const UNKNOWN = 'unknown';
const ACCEPTED = 'accepted';
// The interval at which the names in the key rings are read again, because a reload can add names.
const LIST_EVERY_MS = 10_000;

// Counts decisions by sender, for Prometheus. A sender's name is used as a label only if there is a key with this name, or if a
// request from this sender was accepted. All other senders share the label `unknown`, so that requests with made-up names
// cannot create new labels.
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
      aggregator: 'max', // cluster workers report the latest time
      registers,
    });
  }

  // Adds the names in a key ring.
  know(ring) {
    if (!this.#rings.includes(ring)) this.#rings.push(ring);
    this.#list();
  }

  // Records an accepted request from a sender.
  accepted(sender) {
    this.#known.add(sender);
    this.#count(sender, ACCEPTED, '');
  }

  // Records a request that was rejected, or that would be rejected in `enforce` mode. `sender` is not authenticated.
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
