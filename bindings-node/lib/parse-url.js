'use strict';

// Parses a URL. Returns undefined for text that is not a URL. `URL.canParse` is not used, because it rejects non-ASCII Latin-1 text
// after V8 has optimised its caller.
function parseUrl(text, base) {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

module.exports = { parseUrl };
