// Creates the signature headers for all schemes with node:crypto, without Sealwire.

import { createHash, createHmac } from 'node:crypto';

const seconds = (now) => String(Math.floor(now / 1000));
const mac = (key, ...parts) =>
  parts.reduce((hmac, part) => hmac.update(part, 'latin1'), createHmac('sha256', key));

export function pairwise({ method, target, body, userId, now }, key) {
  const head = [seconds(now), 'agent', 'practices', method.toUpperCase(), target.split('?', 1)[0]];
  const headers = {
    'X-Service-Name': 'agent',
    'X-Service-Timestamp': seconds(now),
    'X-Service-Signature': mac(key, `${head.join('.')}.`, body).digest('hex'),
  };
  return userId === undefined ? headers : { ...headers, 'X-User-ID': userId };
}

export function client({ method, target, nonce, now }, key) {
  return {
    'X-Client-Id': 'billing-service',
    'X-Timestamp': String(now),
    'X-Signature': mac(key, ['billing-service', now, method, target, nonce].join(':')).digest('hex'),
    'X-Request-ID': nonce,
  };
}

// Returns the signature base for components without parameters (RFC 9421 section 2.5).
export function message({ method, target, authority, body, userId, nonce, now }, key) {
  const [path] = target.split('?', 1);
  const values = {
    '@method': method,
    '@authority': authority.toLowerCase().replace(/:443$/, ''),
    '@path': path,
    '@query': `?${target.slice(path.length + 1)}`,
  };
  const sent = {};
  if (body.length > 0)
    sent['Content-Digest'] = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
  if (userId !== undefined) sent['X-User-ID'] = userId;
  for (const [name, value] of Object.entries(sent)) values[name.toLowerCase()] = value;
  const list = Object.keys(values).map((name) => `"${name}"`);
  const input = `(${list.join(' ')});created=${seconds(now)};nonce="${nonce}";alg="hmac-sha256";keyid="agent/practices#1";tag="sealwire"`;
  const lines = Object.entries(values).map(([name, value]) => `"${name}": ${value}\n`);
  const signature = mac(key, `${lines.join('')}"@signature-params": ${input}`).digest('base64');
  return { ...sent, 'Signature-Input': `sealwire=${input}`, Signature: `sealwire=:${signature}:` };
}

const base64 = (text) => Buffer.from(text).toString('base64');

export function token(secret, beans) {
  const signature = createHmac('sha512', secret)
    .update(base64(beans.join(';')))
    .digest('hex');
  return base64([...beans, `sig=${signature}`].join(';'));
}
