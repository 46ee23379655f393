'use strict';

const { inspect } = require('node:util');
const { failure, RejectedError } = require('./errors.js');
const { isWide } = require('./head.js');
const { isAccepted } = require('./identity.js');
const { KeyRing } = require('./key-ring.js');
const native = require('./native.js');

const { tokenHeader, tokenFailedField } = native.catalog();

// Where the roles begin among a token's fields (src/token.rs), and how one that may write is marked.
const ROLES_AT = 6;
const WRITE = '1';

// A verified connection string. Takes the token apart when someone looks.
class ConnectionString {
  static HEADER = tokenHeader;

  #token;
  #fields;

  constructor(token, keyVersion) {
    this.#token = token;
    this.keyVersion = keyVersion;
  }

  get account() {
    return this.#field(1);
  }

  // As written in the token.
  get expires() {
    return this.#field(2);
  }

  get expiresAt() {
    return new Date(Number(this.#field(3)) * 1000);
  }

  get tenant() {
    return this.#field(4) || undefined;
  }

  get subscription() {
    return this.#field(5) || undefined;
  }

  get roles() {
    const roles = [];
    for (let at = ROLES_AT; at < this.#all().length; at += 2) {
      roles.push({ name: this.#field(at), write: this.#field(at + 1) === WRITE });
    }
    return roles;
  }

  // For logs: never the token itself.
  toJSON() {
    const { account, expires, tenant, subscription, roles, keyVersion } = this;
    return { account, expires, tenant, subscription, roles, keyVersion };
  }

  [inspect.custom](_depth, options) {
    return `ConnectionString ${inspect(this.toJSON(), options)}`;
  }

  #field(at) {
    return this.#all()[at];
  }

  #all() {
    this.#fields ??= native.readToken(this.#token).split('\n');
    return this.#fields;
  }

  // Signs with the issuer's primary key.
  static issue(keys, { account, expires, offsetMinutes = 0, roles = [], tenant, subscription }) {
    const expiresS = Math.floor(new Date(expires).getTime() / 1000);
    if (!Number.isSafeInteger(expiresS)) throw failure('TOKEN', 'expires: give a date');
    const granted = roles.map(({ name, write = false }) => ({ name, write }));
    const spec = { account, expiresS, offsetMinutes, roles: granted, tenant, subscription };
    return native.issueToken(KeyRing.handle(keys), spec);
  }

  // A `ConnectionString`, or a `RejectedError` thrown. `now` is for tests.
  static verify(keys, token, { ignoreExpiry = false, now } = {}) {
    // A value that is not text, or has a character beyond latin-1, is not a token: converted to latin-1 it
    // could look like one.
    const text = typeof token === 'string' && !isWide(token) ? token : '';
    const verdict = KeyRing.tokenVerifier(keys)(text, !ignoreExpiry, now);
    if (isAccepted(verdict)) return new ConnectionString(text, Number(verdict.slice(2)));
    throw rejected(verdict);
  }
}

function rejected(verdict) {
  const [, code, status, publicText, nativeCode, responseBody] = verdict.split('\n');
  const error = new RejectedError({ code, status: Number(status), publicText, message: publicText });
  return Object.assign(error, {
    nativeCode: nativeCode || undefined,
    responseBody,
    logFields: { [tokenFailedField]: true, code: nativeCode || undefined },
  });
}

module.exports = { ConnectionString };
