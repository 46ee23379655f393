'use strict';

const { inspect } = require('node:util');

// Who sent a request. Holds the verdict as it came (src/verdict.rs knows the order) and takes it apart when someone
// looks: most handlers never do, and taking it apart costs as much as verifying.
class Identity {
  #verdict;
  #fields;

  constructor(verdict) {
    this.#verdict = verdict;
  }

  get sender() {
    return this.#field(1);
  }

  get scheme() {
    return this.#field(2);
  }

  get keyVersion() {
    return Number(this.#field(3));
  }

  get ageMs() {
    return Number(this.#field(4));
  }

  get userId() {
    return this.#field(5) || undefined;
  }

  get nonce() {
    return this.#field(6) || undefined;
  }

  // For logs.
  toJSON() {
    const { sender, scheme, keyVersion, ageMs, userId, nonce } = this;
    return { sender, scheme, keyVersion, ageMs, userId, nonce };
  }

  [inspect.custom](_depth, options) {
    return `Identity ${inspect(this.toJSON(), options)}`;
  }

  #field(at) {
    this.#fields ??= this.#verdict.split('\n');
    return this.#fields[at];
  }
}

// An accepted request's verdict begins with a plus.
const ACCEPTED = '+'.charCodeAt(0);
const isAccepted = (verdict) => verdict.charCodeAt(0) === ACCEPTED;

module.exports = { Identity, isAccepted };
