'use strict';

const { inspect } = require('node:util');
const { checkSettings } = require('./check-settings.js');
const { failure, RejectedError } = require('./errors.js');
const { isWide } = require('./head.js');
const { isAccepted } = require('./identity.js');
const { KeyRing } = require('./key-ring.js');
const native = require('./native.js');

const { tokenHeader, tokenFailedField } = native.catalog();

// The index of the first role in a token's fields (src/shared/token.rs).
const ROLES_AT = 6;
// The value of the field that grants write permission.
const WRITE = '1';
// The default options. Default options are not validated, so that verification with them is fast.
const NO_OPTIONS = Object.freeze({});

// A verified connection string. The contents are parsed when a property is read.
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

  // The expiry as written in the token.
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

  // Returns the contents for logs, but not the token itself.
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

  // Issues a token, signed with the primary version of the issuer key.
  static issue(keys, parts) {
    checkSettings('token', parts, 'ConnectionString.issue()');
    const { account, expires, offsetMinutes = 0, roles = [], tenant, subscription } = parts;
    for (const role of roles) checkSettings('role', role, 'ConnectionString.issue(): roles');
    const expiresS = Math.floor(new Date(expires).getTime() / 1000);
    if (!Number.isSafeInteger(expiresS)) throw failure('TOKEN', 'expires: pass a date');
    const granted = roles.map(({ name, write = false }) => ({ name, write }));
    const spec = { account, expiresS, offsetMinutes, roles: granted, tenant, subscription };
    return native.issueToken(KeyRing.handle(keys), spec);
  }

  // Returns a `ConnectionString`, or throws a `RejectedError`. The `now` option is for tests.
  static verify(keys, token, options = NO_OPTIONS) {
    if (options !== NO_OPTIONS) checkSettings('token_check', options, 'ConnectionString.verify()');
    const { ignoreExpiry = false, now } = options;
    // A value that is not a string, or contains characters outside Latin-1, cannot be a token. It is replaced with an empty
    // string, because a conversion to Latin-1 could turn it into a valid token.
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
