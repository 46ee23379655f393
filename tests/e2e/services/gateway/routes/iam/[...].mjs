// Forwards a request to the service `iam`. The signing middleware stores the signature headers in the event
// context.

import { defineEventHandler } from 'h3';
import { defineSignedEventHandler } from 'sealwire/h3';

const PREFIX = '/iam';

const behind = (event) => ({ method: event.method, path: event.path.slice(PREFIX.length) });

export default defineEventHandler(
  defineSignedEventHandler(async (event) => {
    const { method, path } = behind(event);
    const started = performance.now();
    const response = await fetch(process.env.IAM_ORIGIN + path, {
      method,
      headers: event.context.authHeaders,
    });
    const text = await response.text();
    return { status: response.status, text, ms: performance.now() - started };
  }, behind),
);
