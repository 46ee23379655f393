'use strict';

const { retireDates } = require('./file.js');

// Gauges of what a key file and its reloading say, beside those of `sealwire/metrics`.
function reloadMetrics(reloader, { path, client = require('prom-client'), register = client.register } = {}) {
  const registers = [register];
  new client.Counter({
    name: 'hmac_auth_key_reload_total',
    help: 'Attempts to put new keys in place',
    labelNames: ['result'],
    registers,
    collect() {
      this.reset();
      this.inc({ result: 'accepted' }, reloader.reloaded);
      this.inc({ result: 'refused' }, reloader.refused);
    },
  });
  new client.Gauge({
    name: 'hmac_auth_key_reload_in_order',
    help: 'Whether the last attempt succeeded; 0 while old keys are in use instead',
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
    help: 'When a key version was to be retired by, Unix time',
    labelNames: ['name', 'version'],
    registers,
    collect() {
      this.reset();
      for (const { name, version, seconds } of datesIn(path)) this.set({ name, version }, seconds);
    },
  });
}

// Nothing while the file is not in order, which the gauge above tells.
function datesIn(path) {
  try {
    return retireDates(path);
  } catch {
    return [];
  }
}

module.exports = { reloadMetrics };
