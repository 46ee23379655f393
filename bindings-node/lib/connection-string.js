'use strict';

const { failure, RejectedError } = require('./errors.js');
const { isAccepted } = require('./identity.js');
const { KeyRing } = require('./key-ring.js');
const native = require('./native.js');

const { tokenHeader, tokenFailedField } = native.catalog();

// A verified connection string.
class ConnectionString {
  static HEADER = tokenHeader;

  constructor(fields) {
    const [, account, expires, expiresS, tenant, subscription, version, ...roles] = fields;
    this.account = account;
    this.expires = expires;
    this.expiresAt = new Date(Number(expiresS) * 1000);
    this.tenant = tenant || undefined;
    this.subscription = subscription || undefined;
    this.keyVersion = Number(version);
    this.roles = [];
    for (let at = 0; at < roles.length; at += 2)
      this.roles.push({ name: roles[at], write: roles[at + 1] === '1' });
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
    const text = typeof token === 'string' ? token : '';
    const verdict = native.verifyToken(KeyRing.handle(keys), text, !ignoreExpiry, now);
    if (isAccepted(verdict)) return new ConnectionString(verdict.split('\n'));
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
