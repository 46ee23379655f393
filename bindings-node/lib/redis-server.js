'use strict';

// Checks whether a Redis or Valkey server can store claims, and interprets the errors that it returns.

// The error codes of a server that is temporarily unavailable.
const NOT_READY = ['LOADING', 'CLUSTERDOWN', 'MASTERDOWN', 'TRYAGAIN'];
const CREDENTIALS = 'rejects the user or the password; set username and password of the client';
const ADVICE = {
  NOAUTH: CREDENTIALS,
  WRONGPASS: CREDENTIALS,
  NOPERM: 'does not let this user run SET on these keys; grant it, e.g. ACL SETUSER <user> +set ~{prefix}*',
  READONLY: 'is a read-only replica; connect to the primary',
  OOM: 'has no memory left; raise maxmemory',
};
const KEEPS_EVERY_KEY = 'noeviction';

// Returns a description of the fault and how to fix it. Returns undefined if the server did not respond or is not ready,
// because these conditions may be temporary.
function faultOf(error, prefix) {
  const code = codeOf(error);
  if (code === undefined || NOT_READY.includes(code)) return undefined;
  const other = `responds with the error ${code}; Redis 2.6.12 or newer, or Valkey, is needed`;
  return (ADVICE[code] ?? other).replace('{prefix}', prefix);
}

// Returns the code at the start of a server error response. Returns undefined for other errors, such as connection errors.
function codeOf(error) {
  const isReply = /Reply|^SimpleError|^BlobError/.test(`${error?.constructor?.name} ${error?.name}`);
  const code = /^[A-Z][A-Z0-9]{1,31}(?= )/.exec(String(error?.message ?? ''))?.[0];
  return code !== undefined && (isReply || Object.hasOwn(ADVICE, code)) ? code : undefined;
}

// Returns the smallest possible difference between the server's clock and this host's clock, in milliseconds. It is negative if
// the server's clock is behind. `reply` is the response to TIME. `before` and `after` are this host's times before and after
// the command.
function skewOf(reply, before, after) {
  if (!Array.isArray(reply)) return 0;
  const server = Number(reply[0]) * 1000 + Number(reply[1]) / 1000;
  if (server > after) return server - after;
  return server < before ? server - before : 0;
}

// Returns the `maxmemory-policy` in the response to INFO, or undefined if the response does not contain it.
const policyOf = (reply) => /^maxmemory_policy:(\S+)/m.exec(String(reply))?.[1];

module.exports = { faultOf, KEEPS_EVERY_KEY, policyOf, skewOf };
