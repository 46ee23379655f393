import { KeyRing, ReplayTable } from 'sealwire';

// The name of the gateway, as a service and as a client.
export const NAME = 'gateway';

export const keys = new KeyRing({ pairs: pairs(), clients: { [NAME]: process.env.CLIENT_SECRET_GATEWAY } });

// Created in this file, which a plugin loads at the start. Nitro loads a route with its first request, and a
// table created then would reject requests that were signed in the second before.
export const replay = ReplayTable.heap();

function pairs() {
  const named = Object.entries(process.env).map(([name, secret]) => [
    name.match(/^HMAC_SECRET_([A-Z]+)_([A-Z]+)$/),
    secret,
  ]);
  return Object.fromEntries(
    named
      .filter(([match]) => match)
      .map(([[, one, other], secret]) => [`${one}/${other}`.toLowerCase(), secret]),
  );
}
