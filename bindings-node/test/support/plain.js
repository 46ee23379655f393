'use strict';

// An implementation of the `client` scheme that uses only node:crypto, without Sealwire.

const { createHmac, randomUUID, timingSafeEqual } = require('node:crypto');

const CLIENT = 'billing-service';
const SECRET = 'a client secret of more than thirty-two bytes';

const mac = (secret, parts) => createHmac('sha256', secret).update(parts.join(':')).digest('hex');

// Returns the headers of a signed request. Values in `override` override the defaults and are signed and sent.
function plainHeaders(method, url, override = {}) {
  const { id = CLIENT, secret = SECRET, timestamp = String(Date.now()), requestId = randomUUID() } = override;
  const signature = override.signature ?? mac(secret, [id, timestamp, method, url, requestId]);
  return { 'X-Client-Id': id, 'X-Timestamp': timestamp, 'X-Request-ID': requestId, 'X-Signature': signature };
}

// Returns whether the headers contain a signature that is valid for the request under this scheme.
function plainVerifies(method, url, headers, secret = SECRET) {
  const sent = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const parts = [sent['x-client-id'], sent['x-timestamp'], method, url, sent['x-request-id']];
  const expected = Buffer.from(mac(secret, parts), 'hex');
  const received = Buffer.from(sent['x-signature'], 'hex');
  return expected.length === received.length && timingSafeEqual(expected, received);
}

module.exports = { CLIENT, SECRET, plainHeaders, plainVerifies };
