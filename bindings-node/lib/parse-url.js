'use strict';

// Parses a URL. Returns undefined if the text is not a URL. `URL.canParse` is not used, because it has a bug: after V8 has
// optimised the caller, it returns false for URLs with non-ASCII Latin-1 characters.
function parseUrl(text, base) {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

module.exports = { parseUrl };
