// Type tests for `sealwire/testing`. This file is compiled, but not run. Each line below `@ts-expect-error` must fail to
// compile.

import type { Express } from 'express';
import request from 'supertest';
import { hmacAuth } from '../../express.js';
import { Signer } from '../../index.js';
import {
  credentials,
  identity,
  keyRing,
  manualClock,
  replayTable,
  signedInject,
  signing,
} from '../../testing.js';

declare const app: Express;
declare const server: { inject(options: { url: string } | string): Promise<{ statusCode: number }> };

const clock = manualClock();
const keys = keyRing(['agent', 'practices'], { clients: ['billing'], issuer: true });
const signer = new Signer({ name: 'agent', keys, receiver: 'practices', clock });
hmacAuth({ keys, service: 'practices', schemes: ['message'], replay: replayTable(), clock });
hmacAuth({ ...credentials('billing'), replay: replayTable() });

export const status: Promise<request.Response> = request(app).get('/items').use(signing(signer));
export const agent = request.agent(app).use(signing(credentials(), { userId: 'alice' }));
export const code: Promise<{ statusCode: number }> = signedInject(server, signer)('/items');
export const sender: string = identity('agent', { scheme: 'pairwise' }).sender;
clock.advance(1000);

// @ts-expect-error -- a clock must return a number
new Signer({ name: 'agent', keys, clock: () => '1' });
// @ts-expect-error -- the name of the setting is misspelt
signing(signer, { userID: 'alice' });
// @ts-expect-error -- services must be a list
keyRing('agent', 'practices');
