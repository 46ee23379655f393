'use strict';

const { inspect } = require('node:util');
const native = require('./native.js');

const { ages, clientScheme } = native.catalog();

// The verified sender of a request. The verdict (src/shared/verdict.rs) is parsed when a property is read. Most handlers read
// no properties, and parsing takes as long as verification. A numeric verdict does not contain the sender and the nonce, so
// they are passed to the constructor.
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

// The verdict of an accepted request is a number, or a string that starts with a plus sign.
const ACCEPTED = '+'.charCodeAt(0);
const isAccepted = (verdict) => typeof verdict === 'number' || verdict.charCodeAt(0) === ACCEPTED;

module.exports = { Identity, isAccepted };
