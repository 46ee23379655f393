'use strict';

const { isUtf8 } = require('node:buffer');

const CONTENT_TYPE = 'Content-Type';
const TEXT = 'text/plain;charset=utf-8';
const BYTES = 'application/octet-stream';

// Whether the runtime adds the type of a text when it sends the response, as Bun does. It would not add it to the bytes of the text.
const HIDES_TYPE = !new Response('').headers.has(CONTENT_TYPE);

// Adds the content type that such a runtime would send.
function addHiddenType(headers, bytes) {
  if (HIDES_TYPE && !headers.has(CONTENT_TYPE)) headers.set(CONTENT_TYPE, isUtf8(bytes) ? TEXT : BYTES);
}

// The headers of a body of bytes.
const bytesHeaders = () => (HIDES_TYPE ? { [CONTENT_TYPE]: BYTES } : {});

module.exports = { addHiddenType, bytesHeaders, CONTENT_TYPE, HIDES_TYPE };
