// Sends requests to an application in three ways: over a socket, by calling its fetch function, or as a cloud
// function event.

import { Buffer } from 'node:buffer';
import net from 'node:net';
import calls from '../../../bindings-node/test/support/calls.js';

const { sendOne, sendTwo } = calls;

// Both start functions take the settings and resolve to `{ origin, close }`. `readsFirst` is true if the
// server reads the whole body before it calls the application.
export function overSockets(startOne, startTwo, { readsFirst = false } = {}) {
  return async (config) => {
    const one = await startOne(config);
    const two = startTwo && (await startTwo(config));
    return {
      send: (request) => sendOne(one.origin, request),
      sendTwo: two && ((request) => sendTwo(two.origin, request)),
      sendHead: readsFirst ? undefined : (request, length) => sendHead(one.origin, request, length),
      sendHeadTwo: two && ((request) => sendTwo(two.origin, request, { isOpen: true })),
      close: async () => {
        await one.close();
        await two?.close();
      },
    };
  };
}

export const overFetch = (make) => async (config) => {
  const fetch = make(config);
  return {
    send: async ({ method, path, headers, body }) => {
      const { Host: host, ...rest } = headers;
      const response = await fetch(new Request(`http://${host}${path}`, { method, headers: rest, body }));
      return { status: response.status, text: await response.text() };
    },
    close: () => undefined,
  };
};

// `losesQuery` is true if AWS decodes the query and the adapter encodes it again.
export const overLambda =
  (make, toEvent, { losesQuery = false } = {}) =>
  async (config) => {
    const handler = await make(config);
    return {
      send: async (request) => {
        const { statusCode, body, isBase64Encoded } = await handler(toEvent(request), {});
        const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
        return { status: statusCode, text };
      },
      losesQuery,
      close: () => undefined,
    };
  };

const withLength = ({ headers, body }) =>
  body === undefined ? headers : { ...headers, 'Content-Length': String(Buffer.byteLength(body)) };

const base64 = (body) => (body === undefined ? null : Buffer.from(body).toString('base64'));

// Returns an object with a list of values for each query parameter.
function multiple(query) {
  const parameters = new URLSearchParams(query);
  return Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name)]));
}

export const gatewayEvent = {
  one: (request) => {
    const [path, query = ''] = request.path.split('?');
    return {
      version: '1.0',
      httpMethod: request.method,
      path,
      queryStringParameters: Object.fromEntries(new URLSearchParams(query)),
      multiValueQueryStringParameters: multiple(query),
      headers: withLength(request),
      multiValueHeaders: Object.fromEntries(
        Object.entries(withLength(request)).map(([name, value]) => [name, [value]]),
      ),
      requestContext: { identity: { sourceIp: '192.0.2.1' } },
      body: base64(request.body),
      isBase64Encoded: request.body !== undefined,
    };
  },
  two: (request) => {
    const [rawPath, rawQueryString = ''] = request.path.split('?');
    return {
      version: '2.0',
      rawPath,
      rawQueryString,
      queryStringParameters: Object.fromEntries(new URLSearchParams(rawQueryString)),
      headers: withLength(request),
      requestContext: { http: { method: request.method, path: rawPath, sourceIp: '192.0.2.1' } },
      body: base64(request.body),
      isBase64Encoded: request.body !== undefined,
    };
  },
};

// Sends a request head with `Content-Length`, but no body. Resolves to the response status.
function sendHead(origin, { method, path, headers }, length) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(new URL(origin).port, '127.0.0.1');
    const lines = Object.entries({ ...headers, 'Content-Length': length });
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    socket.write(`${method} ${path} HTTP/1.1\r\n${head}\r\n`);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed without a response')));
    socket.once('data', (data) => {
      socket.destroy();
      resolve({ status: Number(data.toString('latin1', 9, 12)) });
    });
  });
}
