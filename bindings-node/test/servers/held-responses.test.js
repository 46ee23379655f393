'use strict';

// Tests of signed responses with other middleware that also replaces response methods. The other middleware is mounted before
// and after hmacAuth.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const compression = require('compression');
const cookieSession = require('cookie-session');
const session = require('express-session');
const helmet = require('helmet');
const responseTime = require('response-time');

const { hmacAuth } = require('../../express.js');
const { signedFetch } = require('../../fetch.js');
const { CONFIG, SIGNERS } = require('../support/calls.js');
const { EXPRESS, serving } = require('../support/serve.js');

const SIGNING = { ...CONFIG, authorities: 'any', signResponses: true };
const call = signedFetch(SIGNERS.message, { verifyResponses: true });
const unverified = signedFetch(SIGNERS.message);

const TEXT = 'a text that compresses well. '.repeat(200);

const OTHERS = {
  'cookie-session': {
    make: () => cookieSession({ name: 'session', keys: ['k'] }),
    leave: (req) => (req.session.user = 'ann'),
    check: (response) => assert.match(response.headers.getSetCookie().join(), /^session=.*session\.sig=/),
  },
  'express-session': {
    make: () => session({ secret: 'k', resave: false, saveUninitialized: false }),
    leave: (req) => (req.session.user = 'ann'),
    check: (response) => assert.match(response.headers.getSetCookie().join(), /^connect\.sid=/),
  },
  helmet: {
    make: () => helmet(),
    leave: () => {},
    check: (response) => assert.equal(response.headers.get('x-content-type-options'), 'nosniff'),
  },
  'response-time': {
    make: () => responseTime(),
    leave: () => {},
    check: (response) => assert.match(response.headers.get('x-response-time'), /ms$/),
  },
};

// The different ways to write a response in a handler.
const WRITING = {
  'res.send': (res) => res.send(TEXT),
  'res.end alone': (res) => res.end(TEXT),
  'write and end': (res) => {
    res.write(TEXT.slice(0, 1000));
    setTimeout(() => res.end(TEXT.slice(1000)), 2);
  },
  'writeHead and end': (res) => {
    res.writeHead(200, { 'Content-Type': 'text/plain' });
    res.end(TEXT);
  },
  'writeHead with a flat list': (res) => {
    res.writeHead(200, ['Content-Type', 'text/plain', 'X-Two', '1', 'X-Two', '2']);
    res.end(TEXT);
  },
};

for (const [version, express] of Object.entries(EXPRESS)) {
  for (const [name, { make, leave, check }] of Object.entries(OTHERS)) {
    for (const order of ['before', 'after']) {
      for (const [way, write] of Object.entries(WRITING)) {
        test(`${version}: ${name} mounted ${order} it keeps its headers with ${way}`, async () => {
          const app = express();
          const [guard, other] = [hmacAuth(SIGNING), make()];
          app.use(...(order === 'before' ? [other, guard] : [guard, other]));
          app.get('/', (req, res) => {
            leave(req);
            write(res);
          });
          await serving(app, async (origin) => {
            const response = await call(origin);
            assert.equal(await response.text(), TEXT);
            check(response);
          });
        });
      }
    }
  }

  for (const order of ['before', 'after']) {
    test(`${version}: compression mounted ${order} it leaves responses that verify`, async () => {
      const app = express();
      const [guard, compress] = [hmacAuth(SIGNING), compression({ threshold: 0 })];
      app.use(...(order === 'before' ? [compress, guard] : [guard, compress]));
      app.get('/', (_req, res) => res.type('text').send(TEXT));
      await serving(app, async (origin) => {
        // This test reads the signed bytes directly, because fetch would decode the body.
        const http = require('node:http');
        const headers = SIGNERS.message.sign({ method: 'GET', url: `${origin}/` });
        const [response, body] = await new Promise((resolve) => {
          http.get(origin, { headers: { ...headers, 'Accept-Encoding': 'gzip' } }, (answer) => {
            const chunks = [];
            answer.on('data', (chunk) => chunks.push(chunk));
            answer.on('end', () => resolve([answer, Buffer.concat(chunks)]));
          });
        });
        assert.equal(response.headers['content-encoding'], order === 'after' ? 'gzip' : undefined);
        SIGNERS.message.verifyResponse(
          { method: 'GET', url: `${origin}/`, headers },
          { status: response.statusCode, headers: response.rawHeaders, body },
        );
      });
    });
  }

  describe(`${version}: responses that are not signed`, () => {
    const app = (settings, handler) => {
      const made = express();
      made.use(hmacAuth({ ...SIGNING, ...settings }));
      return made.use(handler);
    };

    test('an event stream is not buffered', async () => {
      const events = (_req, res) => {
        res.setHeader('Content-Type', 'text/event-stream');
        res.flushHeaders();
        res.write('data: one\n\n');
      };
      await serving(app({}, events), async (origin) => {
        const response = await unverified(origin);
        const { value } = await response.body.getReader().read();
        assert.equal(Buffer.from(value).toString(), 'data: one\n\n');
        assert.equal(response.headers.get('signature'), null);
      });
    });

    test('an endless response is buffered only up to the limit', async () => {
      let written = 0;
      const endless = (_req, res) => {
        const more = () => {
          while (!res.destroyed && res.write(Buffer.alloc(65_536))) written += 65_536;
          if (!res.destroyed) res.once('drain', more);
        };
        more();
      };
      await serving(app({}, endless), async (origin) => {
        const response = await unverified(origin);
        assert.equal(response.headers.get('signature'), null);
        await new Promise((resolve) => setTimeout(resolve, 200));
        assert.ok(written < 16 << 20, `${written} bytes were taken from the handler`);
        await response.body.cancel();
      });
    });

    test('a longer response is sent unsigned, or replaced by a signed error', async () => {
      const long = (_req, res) => res.type('text').send(TEXT);
      const settings = { maxSignedResponseBytes: 1000 };
      await serving(app(settings, long), async (origin) => {
        const response = await unverified(origin);
        assert.deepEqual([response.status, await response.text()], [200, TEXT]);
        assert.equal(response.headers.get('signature'), null);
      });
      await serving(app({ ...settings, oversizeResponses: 'reject' }, long), async (origin) => {
        const response = await call(origin);
        assert.deepEqual([response.status, await response.text()], [500, 'The response is too long to sign']);
      });
    });

    test('responses for a path in unsignedResponsePaths are not signed', async () => {
      const settings = { unsignedResponsePaths: ['/files/*'] };
      await serving(
        app(settings, (_req, res) => res.send('ok')),
        async (origin) => {
          assert.equal((await unverified(`${origin}/files/a?b`)).headers.get('signature'), null);
          assert.notEqual((await unverified(`${origin}/file`)).headers.get('signature'), null);
        },
      );
    });
  });

  test(`${version}: an error after the first write closes the connection, as without signatures`, async () => {
    const made = express();
    made.use(hmacAuth(SIGNING), (_req, res, next) => {
      res.write('half');
      next(new Error('broken'));
    });
    made.set('env', 'test');
    await serving(made, async (origin) => {
      await assert.rejects(async () => (await unverified(origin)).text());
    });
  });
}

test('an invalid setting of responses stops the start', () => {
  for (const [settings, message] of [
    [{ signResponses: 'yes' }, /^signResponses: pass true or false/],
    [{ maxSignedResponseBytes: -1 }, /^maxSignedResponseBytes: pass/],
    [{ oversizeResponses: 'drop' }, /^oversizeResponses: "drop" is not one of/],
    [{ unsignedResponsePaths: '/x' }, /^unsignedResponsePaths: pass a list/],
  ]) {
    assert.throws(() => hmacAuth({ ...CONFIG, ...settings }), { code: 'SEALWIRE_CONFIG', message });
  }
});
