'use strict';

const { checkSettings } = require('../check-settings.js');
const { failure } = require('../errors.js');
const { retireDates } = require('./file.js');

// Adds metrics for a key file and its reloads to the metrics of `sealwire/metrics`.
function reloadMetrics(reloader, options = {}) {
  checkSettings('reload_metrics', options, 'reloadMetrics()');
  if (typeof reloader?.what !== 'string') throw failure('CONFIG', 'reloadMetrics(): pass a Reloader first');
  const { path, client = require('prom-client'), register = client.register } = options;
  const registers = [register];
  const { what } = reloader;
  const name = `hmac_auth_${what.slice(0, -1)}_reload`;
  new client.Counter({
    name: `${name}_total`,
    help: `Reloads of the ${what}, accepted and rejected`,
    labelNames: ['result'],
    registers,
    collect() {
      this.reset();
      this.inc({ result: 'accepted' }, reloader.reloaded);
      this.inc({ result: 'refused' }, reloader.refused);
    },
  });
  new client.Gauge({
    name: `${name}_in_order`,
    help: `0 while old ${what} are in use because new ones were rejected`,
    registers,
    collect() {
      this.set(Number(reloader.inOrder));
    },
  });
  if (path) dates(path, client, registers);
}

function dates(path, client, registers) {
  return new client.Gauge({
    name: 'hmac_auth_key_retire_after_seconds',
    help: 'Planned retirement of a key version, Unix time',
    labelNames: ['name', 'version'],
    registers,
    collect() {
      this.reset();
      for (const { name, version, seconds } of datesIn(path)) this.set({ name, version }, seconds);
    },
  });
}

// Returns an empty list if the file is invalid. The `hmac_auth_key_reload_in_order` gauge reports an invalid file.
function datesIn(path) {
  try {
    return retireDates(path);
  } catch {
    return [];
  }
}

module.exports = { reloadMetrics };
