'use strict';

// Finds the headers of the `client` scheme in a flat list with other headers.

const { asKeys } = require('./head.js');
const native = require('./native.js');

const { clientSigned, maxHeaderParts } = native.catalog();

// Returns the first letter after "X-", where the names differ, without its case bit.
const letterOf = (name) => name.charCodeAt(2) & 0x1f;
const LETTERS = 0x20;

// The names by length and letter, because comparing with names that cannot match would be slower.
const NAMES = [];
for (const [place, name] of asKeys(clientSigned).entries()) {
  NAMES[name.length] ??= new Array(LETTERS).fill(undefined);
  NAMES[name.length][letterOf(name)] = { name, lower: name.toLowerCase(), place };
}

const NONE = [];

// Returns the values in the order of `clientSigned` if each occurs once. Otherwise returns undefined, and the
// complete list must be verified.
function clientValues(flat) {
  if (flat.length > maxHeaderParts) return NONE;
  const values = [undefined, undefined, undefined, undefined];
  for (let at = 0; at < flat.length; at += 2) {
    const place = placeOf(flat[at]);
    if (place === undefined) continue;
    if (values[place] !== undefined || typeof flat[at + 1] !== 'string') return NONE;
    values[place] = flat[at + 1];
  }
  return values;
}

function placeOf(name) {
  const known = NAMES[name.length]?.[letterOf(name)];
  if (known === undefined) return undefined;
  const same = name === known.name || name === known.lower || name.toLowerCase() === known.lower;
  return same ? known.place : undefined;
}

module.exports = { clientValues };
