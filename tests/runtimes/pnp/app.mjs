// Imports both the package and its edge build, which is available only as an ES module.
import assert from 'node:assert/strict';
import * as edge from 'sealwire/edge';
import { KeyRing, Verifier } from 'sealwire';

const settings = { clients: { gateway: 'a secret of more than thirty-two bytes, for tests only' } };
const signer = new edge.Signer({ name: 'gateway', keys: new edge.KeyRing(settings), schemes: ['client'] });
const verifier = new Verifier({ keys: new KeyRing(settings), schemes: ['client'], replay: 'heap' });
const headers = signer.sign({ method: 'GET', url: '/items' });
assert.equal(verifier.verify({ method: 'GET', url: '/items', headers }).sender, 'gateway');
console.log('verified');
