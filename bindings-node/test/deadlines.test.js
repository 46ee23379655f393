'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { setTimeout: sleep } = require('node:timers/promises');
const { Deadlines } = require('../lib/deadlines.js');

const never = () => new Promise(() => {});
const deadlines = (timeoutMs) => new Deadlines(timeoutMs, () => new Error('late'));

test('a promise that settles in time has its own result', async () => {
  const limits = deadlines(1000);
  assert.equal(await limits.limit(Promise.resolve(7)), 7);
  await assert.rejects(limits.limit(Promise.reject(new Error('its own'))), /its own/);
});

test('each promise has a separate timeout', async () => {
  const limits = deadlines(100);
  const started = performance.now();
  const first = limits.limit(never()).catch(() => performance.now() - started);
  await sleep(60);
  const second = limits.limit(never()).catch(() => performance.now() - started);
  const [one, other] = await Promise.all([first, second]);
  assert.ok(one >= 99 && one < 155, `${one}`);
  assert.ok(other >= 159, `${other}`);
});

test('a promise that settles after the timeout has no effect', async () => {
  const limits = deadlines(20);
  await assert.rejects(limits.limit(sleep(60, 'late')), /late/);
  await sleep(60);
  assert.equal(await limits.limit(Promise.resolve('next')), 'next');
});

test('a timeout that is longer than the longest timer does not make the timer fire early', async () => {
  const warnings = [];
  const onWarning = ({ name }) => warnings.push(name);
  process.on('warning', onWarning);
  const limits = deadlines(2 ** 31);
  assert.equal(await limits.limit(sleep(60, 'in time')), 'in time');
  process.off('warning', onWarning);
  assert.deepEqual(warnings, []); // Node.js emits TimeoutOverflowWarning when it shortens a delay
});

test('many promises share one timer, which does not prevent the exit of the process', async () => {
  const limits = deadlines(60_000);
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const all = Array.from({ length: 1000 }, () => limits.limit(sleep(5)));
  assert.equal(timers(), before + 1001);
  await Promise.all(all);
  assert.equal(timers(), before);
});
