'use strict';

// Finds the `client` scheme's headers in a flat list of headers.

const { asKeys } = require('./head.js');
const native = require('./native.js');

const { clientSigned, maxHeaderParts } = native.catalog();

// Returns the first letter after "X-", which is different in each header name. The mask removes the bit that distinguishes
// upper and lower case.
const letterOf = (name) => name.charCodeAt(2) & 0x1f;
const LETTERS = 0x20;

// The header names by length and letter. A received name is compared only with the name that has the same length and letter.
const NAMES = [];
for (const [place, name] of asKeys(clientSigned).entries()) {
  NAMES[name.length] ??= new Array(LETTERS).fill(undefined);
  NAMES[name.length][letterOf(name)] = { name, lower: name.toLowerCase(), place };
}

const NONE = [];

// Returns the values in the order of `clientSigned`. A value is undefined if its header is missing. If a header is repeated or
// the list is too long, returns an empty list, and the caller must pass the complete list of headers to the verifier.
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
