'use strict';

// Converts an h3 2 handler's result to a Response, in the same way as h3. On hosts without a Node.js response, the signature
// must be added to this Response.

const { isUint8Array } = require('./brands.js');
const { bytesHeaders } = require('./content-type.js');

const HTTP_RESPONSE = Symbol.for('h3.HTTPResponse');
const TEXT_TYPE = 'text/plain;charset=UTF-8';
const JSON_TYPE = 'application/json;charset=UTF-8';
const ERROR_STATUS = 400;
const BODILESS = [101, 204, 205, 304];
// The types of handler results that only h3 can convert, such as its symbol for a missing route.
const UNKNOWN = ['symbol', 'function'];

function responseOf(event, result) {
  if (UNKNOWN.includes(typeof result)) return undefined;
  const {
    body,
    headers,
    status = event.res.status,
    statusText = event.res.statusText,
  } = partsOf(event, result);
  const isError = result instanceof Response && status >= ERROR_STATUS;
  const all = new Headers(headers);
  moveHeaders(isError ? event.res.errHeaders : event.res.headers, all);
  const isBodiless = event.req.method === 'HEAD' || BODILESS.includes(status);
  return new Response(isBodiless ? null : body, { status, statusText, headers: all });
}

// Returns the response to an error that a handler threw. Returns undefined if the application or h3 must handle the error.
function errorResponseOf(event, error) {
  const { onError, debug } = event.app?.config ?? {};
  if (error?.name !== 'HTTPError' || error.unhandled || onError || debug) return undefined;
  const { status, statusText, headers = [] } = error;
  const all = new Headers({ 'Content-Type': JSON_TYPE });
  for (const [name, value] of headers) all.set(name, value);
  return responseOf(event, new Response(JSON.stringify(error), { status, statusText, headers: all }));
}

// Moves the headers that were set on the event to the Response. If the headers remained on the event, h3 would add them a
// second time.
function moveHeaders(prepared, all) {
  for (const [name, value] of [...(prepared ?? [])]) {
    if (name === 'set-cookie') all.append(name, value);
    else all.set(name, value);
    prepared.delete(name);
  }
}

function partsOf(event, result) {
  if (result === null || result === undefined) return { body: '', headers: { 'Content-Length': '0' } };
  if (result instanceof Response || result[HTTP_RESPONSE]) return result;
  if (!isData(result)) return { body: result, headers: headersOf(result) };
  return { body: asJson(result, event.app?.config?.debug), headers: { 'Content-Type': JSON_TYPE } };
}

function headersOf(body) {
  if (typeof body === 'string') return { 'Content-Type': TEXT_TYPE };
  if (body instanceof Blob) return { 'Content-Type': body.type };
  return isUint8Array(body) ? bytesHeaders() : {};
}

const asJson = (data, isIndented) =>
  typeof data === 'bigint' ? String(data) : JSON.stringify(data, undefined, isIndented ? 2 : undefined);

function isData(result) {
  if (typeof result !== 'object') return typeof result !== 'string';
  if (isUint8Array(result) || result instanceof Blob) return false;
  const prototype = Object.getPrototypeOf(result);
  const isPlain = prototype === null || prototype === Object.prototype;
  return isPlain || Array.isArray(result) || typeof result.toJSON === 'function';
}

module.exports = { errorResponseOf, responseOf };
