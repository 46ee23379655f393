import { KeyRing, ReplayTable } from 'sealwire';

// The gateway's service name, which is also its client id.
export const NAME = 'gateway';

export const keys = new KeyRing({ pairs: pairs(), clients: { [NAME]: process.env.CLIENT_SECRET_GATEWAY } });

// A plugin loads this file at startup, so the table exists before the first request. A route would load it at
// its first request, and the new table would reject requests that were signed just before.
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
