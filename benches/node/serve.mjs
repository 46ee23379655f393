// Runs the Express application on loopback, with one of the middleware implementations or without
// verification. Usage: node serve.mjs KIND PORT

import express from 'express';
import * as byHand from './by-hand.mjs';
import { CLIENT, SECRET, TARGET, hmacAuth } from './samples.mjs';

const GUARDS = {
  sealwire: () => hmacAuth({ clientId: CLIENT, sharedSecret: SECRET, replay: 'heap' }),
  'node:crypto + lru-cache': () => byHand.middleware(CLIENT, SECRET),
  none: () => (_req, _res, next) => next(),
};

const [kind, port] = process.argv.slice(2);
const app = express();
app.disable('x-powered-by');
app.use(GUARDS[kind]());
app.use(express.json());
app.post(TARGET, (req, res) => res.status(200).send({ fields: Object.keys(req.body).length }));
app.listen(Number(port), '127.0.0.1');
