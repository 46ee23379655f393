// Tests for `signatureBase` and `explain` in the edge build, which the playground in the documentation uses.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as sealwire from '../../bindings-node/edge/dist-explain/standalone/explain.mjs';
import { results } from '../conformance/node_results.mjs';

const { joinHead, KeyRing, signatureBase, Signer } = sealwire;

const SECRET = btoa('a secret of more than thirty-two bytes, for tests only');

test('the build with explanations shows the signature base', () => {
  const keys = new KeyRing({ pairs: { 'agent/practices': SECRET } });
  const signer = new Signer({ name: 'agent', keys, receiver: 'practices' });
  const headers = signer.sign({ method: 'POST', url: 'https://practices.test/items?id=1', body: '{"a":1}' });
  const lines = Object.entries(headers).flat();
  const head = joinHead(['POST', '/items?id=1', 'practices.test', 'https', ...lines]);
  const base = signatureBase(head, lines.length, headers['Signature-Input'], 'sealwire');
  assert.match(base, /^"@method": POST\n"@authority": practices.test\n"@path": \/items\n"@query": \?id=1\n/);
  assert.match(base, /"@signature-params": \("@method" .*;tag="sealwire"$/);
  assert.throws(() => signatureBase(head, lines.length, headers['Signature-Input'], 'other'), {
    code: 'SEALWIRE_SIGN',
  });
});

test('the build with explanations agrees with the vectors', async () => {
  const { cases } = JSON.parse(readFileSync(new URL('../vectors/explain.json', import.meta.url), 'utf8'));
  const lines = [];
  for await (const line of results({ sealwire }, 'explain', cases)) lines.push(line);
  const expected = cases.map(({ name, expect: { explained } }) => {
    if (explained === undefined) return `explain:${name} refused`;
    const { outcome, exit_code, reason, culprit, checks } = explained;
    const results = checks.join(',') || '-';
    return `explain:${name} explained ${outcome} exit=${exit_code} reason=${reason ?? '-'} culprit=${culprit ?? '-'} checks=${results}`;
  });
  assert.deepEqual(lines, expected);
});
