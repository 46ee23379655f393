'use strict';

const { inspect } = require('node:util');
const native = require('./native.js');

const { ages, clientScheme } = native.catalog();

// The sender of a request. It parses the verdict (src/verdict.rs defines the order) on access, because most
// handlers never read it and parsing costs as much as verifying. With a numeric verdict, the sender and nonce
// come from the headers.
class Identity {
  #verdict;
  #sender;
  #nonce;
  #fields = undefined;

  constructor(verdict, sender = '', nonce = '') {
    this.#verdict = verdict;
    this.#sender = sender;
    this.#nonce = nonce;
  }

  get sender() {
    return this.#field(1);
  }

  get nameAsSent() {
    return this.#field(7);
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

  // Returns the properties for logs.
  toJSON() {
    const { sender, nameAsSent, scheme, keyVersion, ageMs, userId, nonce } = this;
    return { sender, nameAsSent, scheme, keyVersion, ageMs, userId, nonce };
  }

  [inspect.custom](_depth, options) {
    return `Identity ${inspect(this.toJSON(), options)}`;
  }

  #field(at) {
    this.#fields ??= typeof this.#verdict === 'number' ? this.#unpacked() : this.#verdict.split('\n');
    return this.#fields[at];
  }

  #unpacked() {
    const version = Math.floor(this.#verdict / ages);
    const ageMs = (this.#verdict % ages) - ages / 2;
    return ['', this.#sender, clientScheme, version, ageMs, '', this.#nonce, this.#sender];
  }
}

// The verdict of an accepted request is a number or starts with a plus.
const ACCEPTED = '+'.charCodeAt(0);
const isAccepted = (verdict) => typeof verdict === 'number' || verdict.charCodeAt(0) === ACCEPTED;

module.exports = { Identity, isAccepted };
