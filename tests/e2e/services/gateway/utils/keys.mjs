import { KeyRing } from 'sealwire';

// The gateway's name, as a service and as a client.
export const NAME = 'gateway';

export const keys = new KeyRing({ pairs: pairs(), clients: { [NAME]: process.env.CLIENT_SECRET_GATEWAY } });

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
