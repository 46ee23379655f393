'use strict';

const { checkSettings } = require('./check-settings.js');

// Options of a verifier that this package handles itself; the native side gets the others.
const OWN = ['keys', 'replay', 'modes', 'scheme'];

// Checks the options of a verifier and returns those for the native side.
function settings(options) {
  checkSettings('verifier', options, 'new Verifier()');
  const given = Object.entries(options).filter(([name, value]) => value !== undefined && !OWN.includes(name));
  const { senders = {}, ...rest } = Object.fromEntries(given);
  return { ...rest, senders: Object.entries(senders).map(([name, rules]) => ({ name, ...rules })) };
}

module.exports = { settings };
