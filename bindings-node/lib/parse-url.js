'use strict';

// A parsed URL, or undefined for text that is none. Not `URL.canParse`: it refuses Latin-1 text beyond ASCII once V8 has optimised
// its caller.
function parseUrl(text, base) {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

module.exports = { parseUrl };
