// Tests the playground in Chromium: signing, verification, changed requests, explanations, and the content security policy.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import path from 'node:path';
import { IMAGES, launch, pageOf } from './browser.mjs';

let browser;
let opened;
let tab;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
beforeEach(async () => {
  opened = await pageOf(browser, 'playground/index.html');
  tab = opened.tab;
  await tab.locator('html[data-ready]').waitFor();
});

const verdict = () => tab.locator('#verdict').textContent();
const resultOf = (check) =>
  tab.locator('#result table').first().locator('tr', { hasText: check }).locator('td').nth(1).textContent();

async function sign(settings = {}) {
  for (const [id, content] of Object.entries(settings)) {
    if (id === 'kind' || id === 'scheme') await tab.selectOption(`#${id}`, content);
    else await tab.fill(`#${id}`, content);
  }
  await tab.click('#sign');
}

async function picture(name, section) {
  if (!process.env.SEALWIRE_WRITE_IMAGES) return;
  mkdirSync(IMAGES, { recursive: true });
  await tab.setViewportSize({ width: 820, height: 900 });
  const box = await tab.locator(`section[aria-labelledby="${section}-title"]`).boundingBox();
  const clip = { ...box, height: Math.min(box.height, 860) };
  await tab.screenshot({ path: path.join(IMAGES, name), fullPage: true, clip });
  await tab.setViewportSize({ width: 1280, height: 900 });
}

const SIGNED = [
  ['message of a pair', { kind: 'pair', scheme: 'message' }],
  ['pairwise', { kind: 'pair', scheme: 'pairwise' }],
  ['client', { kind: 'client', scheme: 'client', sender: 'billing-service' }],
  ['message without a body', { kind: 'pair', scheme: 'message', method: 'GET', body: '' }],
];

for (const [name, settings] of SIGNED) {
  test(`a signed request is valid: ${name}`, async () => {
    await sign(settings);
    await tab.click('#check');
    assert.equal(await verdict(), 'The signature is valid.');
    assert.equal(await resultOf('mac'), 'passed');
    assert.deepEqual([opened.external, opened.errors], [[], []]);
  });
}

test('a changed path is the culprit, and the signature base is shown line by line', async () => {
  await sign();
  await picture('playground-sign.png', 'sign');
  await tab.click('#tamper');
  assert.match(await verdict(), /^The culprit is proven: .*path/);
  assert.equal(await resultOf('mac'), 'failed');
  const base = await tab.locator('#base td:nth-child(2)').allTextContents();
  assert.deepEqual(base.slice(0, 2), ['"@method": POST', '"@authority": 127.0.0.1:8000']);
  assert.match(base.at(-1), /^"@signature-params": \("@method" .*;tag="sealwire"$/);
  assert.equal(await tab.locator('#result a', { hasText: 'signature_mismatch' }).count(), 1);
  await picture('playground-explain.png', 'check');
});

test('a changed body is the culprit', async () => {
  await sign();
  const capture = await tab.inputValue('#capture');
  await tab.fill(
    '#capture',
    `${capture}\n`.replace(/Content-Length: \d+/, (line) => line.replace(/\d+/, (n) => Number(n) + 1)),
  );
  await tab.click('#check');
  assert.match(await verdict(), /^The culprit is proven: .*body/);
});

test('a request that is signed with another secret has no culprit', async () => {
  await sign();
  await tab.click('#generate');
  await tab.click('#check');
  assert.equal(await verdict(), 'No culprit was proven.');
});

test('an unsigned request and an invalid secret have an explanation', async () => {
  await tab.fill('#capture', 'GET /items HTTP/1.1\nHost: api.test\nAccept: */*\n\n');
  await tab.click('#check');
  assert.equal(await tab.locator('#result a', { hasText: 'missing_headers' }).count(), 1);
  await tab.fill('#secret', 'not base64!');
  await tab.click('#check');
  assert.match(await verdict(), /base64/);
});

test('the reasons link to their pages', async () => {
  await tab.fill('#capture', 'GET /items HTTP/1.1\nHost: api.test\nAccept: */*\n\n');
  await tab.click('#check');
  const address = await tab
    .locator('#result a')
    .first()
    .evaluate((link) => link.href);
  assert.ok(existsSync(new URL(address)), address);
});

test('a request can be copied as a curl command, and the log of curl is a valid capture', async () => {
  await sign();
  await tab.getByRole('tab', { name: 'curl' }).click();
  const command = await tab.locator('#signed').textContent();
  await tab.fill('#capture', command.replace(/^#.*\n/, ''));
  await tab.click('#check');
  assert.equal(await verdict(), 'The signature is valid.');
});

test('the policy of the page forbids every connection', async () => {
  let reached = 0;
  const server = createServer(() => reached++).listen(0, '127.0.0.1');
  server.on('connection', () => reached++);
  await once(server, 'listening');
  const address = `127.0.0.1:${server.address().port}`;
  const blocked = await tab.evaluate(async (host) => {
    const { document, fetch, Image, WebSocket } = globalThis;
    const directives = [];
    document.addEventListener('securitypolicyviolation', (event) =>
      directives.push(event.effectiveDirective),
    );
    await fetch(`http://${host}/`).catch(() => undefined);
    new Image().src = `http://${host}/a.png`;
    try {
      new WebSocket(`ws://${host}/`);
    } catch {
      // The page reports this failure as a violation of the policy.
    }
    document.body.append(Object.assign(document.createElement('script'), { src: `http://${host}/a.js` }));
    await new Promise((resolve) => setTimeout(resolve, 500));
    return directives.sort();
  }, address);
  server.close();
  assert.deepEqual(blocked, ['connect-src', 'connect-src', 'img-src', 'script-src-elem']);
  assert.equal(reached, 0);
});
