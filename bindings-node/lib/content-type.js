'use strict';

const { isUtf8 } = require('node:buffer');

const CONTENT_TYPE = 'Content-Type';
const TEXT = 'text/plain;charset=utf-8';
const BYTES = 'application/octet-stream';

// Returns true in runtimes, such as Bun, that set the content type of a text body only when they send the response. If the text
// is replaced with its bytes, such a runtime never adds the content type. This is a function, because in Jest environments the
// global Response may not exist when this module is loaded.
const hidesType = () => !new Response('').headers.has(CONTENT_TYPE);

// Adds the content type that such a runtime would have sent.
function addHiddenType(headers, bytes) {
  if (!headers.has(CONTENT_TYPE) && hidesType()) headers.set(CONTENT_TYPE, isUtf8(bytes) ? TEXT : BYTES);
}

// Returns the headers for a body that consists of bytes.
const bytesHeaders = () => (hidesType() ? { [CONTENT_TYPE]: BYTES } : {});

module.exports = { addHiddenType, bytesHeaders, CONTENT_TYPE };
