// Opens the files of the built site in Chromium. Tests the search and the dark mode, and that no page sends a
// request to another host.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, pageOf } from './browser.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

// Search terms, each with a page that must appear in the results.
const SEARCHES = [
  ['signature_mismatch', 'reasons'],
  ['max_body_bytes', 'reference/python/sealwire.html'],
  ['promote', 'key-rotation'],
  ['ServiceIdentity', 'fastapi'],
  ['sealwire_verifier_begin', 'reference/c'],
  ['hmacAuth', 'express'],
];

for (const [term, page] of SEARCHES) {
  test(`the search for ${term} lists ${page}`, async () => {
    const { tab, external } = await pageOf(browser, 'index.html');
    await tab.keyboard.press('Control+k');
    await tab.keyboard.type(term);
    await tab.locator(`a[href*="${page}"][href*="?h="]`).first().waitFor({ timeout: 60_000 });
    assert.deepEqual(external, []);
  });
}

test('the site follows the colour scheme of the system', async () => {
  for (const scheme of ['light', 'dark']) {
    const { tab } = await pageOf(browser, 'index.html', { colorScheme: scheme });
    const background = await tab.evaluate(
      () => globalThis.getComputedStyle(globalThis.document.body).backgroundColor,
    );
    const [red] = background.match(/\d+/g).map(Number);
    assert.equal(red > 128, scheme === 'light', `${scheme}: ${background}`);
  }
});
