import express from 'express';
import { type Identity, KeyRing, type Mode, RejectedError, type RejectionCode, Verifier } from 'sealwire';
import { hmacAuth, type HmacAuthOptions } from 'sealwire/express';
import { signedFetch } from 'sealwire/fetch';
import { defineVerifiedEventHandler } from 'sealwire/h3';

const secret: string = 'a client secret of more than thirty-two bytes';
const mode: Mode = 'enforce';
const options: HmacAuthOptions = {
  clients: { 'billing-service': { primary: 1, versions: { 1: secret } } },
  mode,
};
const app = express().use(hmacAuth(options), (req, res) => {
  const identity: Identity | undefined = req.sealwire;
  res.send(identity?.sender);
});

const keys = new KeyRing({ clients: { 'billing-service': secret } });
try {
  new Verifier({ keys, schemes: ['client'] }).verify({ method: 'GET', url: '/' });
} catch (error) {
  const code: RejectionCode | undefined = error instanceof RejectedError ? error.code : undefined;
  console.log(code);
}

// @ts-expect-error -- the name of the scheme is misspelt
new Verifier({ keys, schemes: ['clients'] });

const handler = defineVerifiedEventHandler(options, () => 7);
const answer: Promise<number> = handler({ context: {} }).catch(() => 7);
export { answer, app, signedFetch };
