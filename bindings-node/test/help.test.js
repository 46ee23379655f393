'use strict';

const assert = require('node:assert/strict');
const { existsSync } = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { hmacAuth } = require('../express.js');

const PAGES = 'https://github.com/sealwire/sealwire/blob/main/';
const ROOT = path.join(__dirname, '../..');

test('the log record of a rejection contains the URL of the page about its reason', async () => {
  const records = [];
  const logger = { info() {}, warn: (record) => records.push(record) };
  const guard = hmacAuth({
    clientId: 'cli',
    sharedSecret: 'a secret of thirty-two bytes and more',
    replay: 'heap',
    logger,
  });
  const request = { method: 'GET', url: '/x', originalUrl: '/x', headers: {}, rawHeaders: [], socket: {} };
  const response = {
    setHeader() {},
    writeHead() {
      return this;
    },
    end() {},
    on() {},
    once() {},
    statusCode: 0,
  };
  await guard.admit(request, response).catch(() => undefined);
  const [{ code, help }] = records.map((each) => (typeof each === 'object' ? each : {}));
  assert.equal(help, `${PAGES}docs/reasons/${code}.md`);
  assert.ok(existsSync(path.join(ROOT, help.slice(PAGES.length))), help);
});
