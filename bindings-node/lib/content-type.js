'use strict';

const { isUtf8 } = require('node:buffer');

const CONTENT_TYPE = 'Content-Type';
const TEXT = 'text/plain;charset=utf-8';
const BYTES = 'application/octet-stream';

// Returns whether the runtime adds the type of a text when it sends the response, as Bun does. It would not add it to the bytes of the
// text. The test environments of Jest may have no Response when this module is loaded.
const hidesType = () => !new Response('').headers.has(CONTENT_TYPE);

// Adds the content type that such a runtime would send.
function addHiddenType(headers, bytes) {
  if (!headers.has(CONTENT_TYPE) && hidesType()) headers.set(CONTENT_TYPE, isUtf8(bytes) ? TEXT : BYTES);
}

// Returns the headers of a body of bytes.
const bytesHeaders = () => (hidesType() ? { [CONTENT_TYPE]: BYTES } : {});

module.exports = { addHiddenType, bytesHeaders, CONTENT_TYPE };
