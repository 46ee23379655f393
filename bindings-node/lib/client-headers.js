'use strict';

// Finds the headers of the `client` scheme in a flat list, as most requests hold others beside them.

const { asKeys } = require('./head.js');
const native = require('./native.js');

const { clientSigned, maxHeaderParts } = native.catalog();

// By the length of a name, which few others share: its spelling, the same in lower case, and its place among them.
const BY_LENGTH = [];
for (const [place, name] of asKeys(clientSigned).entries()) {
  (BY_LENGTH[name.length] ??= []).push({ name, lower: name.toLowerCase(), place });
}

const NONE = [];

// The values in the order of `clientSigned`, where each came once. Nothing where the list must be judged as a whole.
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
  const candidates = BY_LENGTH[name.length];
  if (candidates === undefined) return undefined;
  for (const each of candidates) if (name === each.name || name === each.lower) return each.place;
  // Other spellings are rare.
  const lower = name.toLowerCase();
  return candidates.find((each) => each.lower === lower)?.place;
}

module.exports = { clientValues };
