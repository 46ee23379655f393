// Type tests for `event.context`. This file is compiled, but not run. Each line below `@ts-expect-error` must fail to compile.

import { defineEventHandler, type H3Event } from 'h3';
import { defineEventHandler as defineHandler2, type H3Event as H3Event2 } from 'h3v2';
import { defineSignedEventHandler, defineVerifiedEventHandler, hmacAuthMiddleware } from '../../../h3.js';
import type { Identity, Rejection } from '../../../index.js';

const credentials = { clientId: 'billing', sharedSecret: 'a client secret of more than thirty-two bytes' };

// Handlers of h3 1. This package adds its types to the event context of both versions.
export const handler: unknown = defineEventHandler((event): Identity | undefined => event.context.sealwire);
export const reason: unknown = defineEventHandler(
  (event): Rejection | undefined => event.context.sealwireRejection,
);
// @ts-expect-error -- an identity has no such property, so the type of the context is known
export const wrong: unknown = defineEventHandler((event) => event.context.sealwire.sendr);

// Handlers of this package.
export const verified: unknown = defineVerifiedEventHandler(credentials, (event): string => {
  const sender: string | undefined = event.context.sealwire?.sender;
  return sender ?? 'unsigned';
});
export const ofEvent: unknown = defineVerifiedEventHandler(
  credentials,
  (event: H3Event): string | undefined => event.context.sealwire?.sender,
);
export const ofEvent2: unknown = defineVerifiedEventHandler(
  credentials,
  (event: H3Event2) => event.url.pathname,
);
export const signed: unknown = defineSignedEventHandler(
  (event): Record<string, string> | undefined => event.context.authHeaders,
);
export const signed2: unknown = defineHandler2(
  defineSignedEventHandler((event: H3Event2) => event.url.pathname),
);
export const middleware: unknown = defineEventHandler(hmacAuthMiddleware(credentials));
// @ts-expect-error -- an identity has no such property
defineVerifiedEventHandler(credentials, (event) => event.context.sealwire?.sendr);
// @ts-expect-error -- keys can be specified in only one way
defineVerifiedEventHandler({ ...credentials, clients: {} }, () => 'x');
// @ts-expect-error -- the name of the setting is misspelt
hmacAuthMiddleware({ ...credentials, maxClockskew: 1 });
