'use strict';

const { checkSettings } = require('./check-settings.js');

// The verifier options that are handled in JavaScript. All other options are passed to the native addon.
const OWN = ['keys', 'replay', 'modes', 'clock'];

// Validates a verifier's options and returns the options for the native addon.
function settings(options) {
  checkSettings('verifier', options, 'new Verifier()');
  const given = Object.entries(options).filter(([name, value]) => value !== undefined && !OWN.includes(name));
  const { senders = {}, authorities = [], ...rest } = Object.fromEntries(given);
  const hosts = typeof authorities === 'string' ? [authorities] : [...authorities];
  return {
    ...rest,
    authorities: hosts,
    senders: Object.entries(senders).map(([name, rules]) => ({ name, ...rules })),
  };
}

module.exports = { settings };
