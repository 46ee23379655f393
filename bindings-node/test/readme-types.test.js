'use strict';

// Compiles the code in the README and in the migration guide with strict TypeScript.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');

const ROOT = path.join(__dirname, '..');
const TSC = require.resolve('typescript/bin/tsc');

// Types for the variables that the samples use but do not declare.
const DECLARED = {
  app: "import('express').Express",
  guard: "import('sealwire/express').HmacAuth",
  method: 'string',
  req: "import('node:http').IncomingMessage",
  server: "import('node:http').Server",
  signer: "import('sealwire').Signer",
  sockets:
    '{ handleUpgrade(req: unknown, socket: unknown, head: unknown, done: (connection: { send(text: string): void }) => void): void }',
  url: 'string',
  WebSocket: 'new (url: string, options: { headers: Record<string, string> }) => object',
};

// Declarations for packages whose types are not installed.
const AMBIENT = `declare module '@nestjs/core' {
  type Application = { use(handler: unknown): void; useBodyParser(type: string): void; listen(port: number): Promise<void> };
  export const NestFactory: { create(module: unknown, options: { bodyParser: boolean }): Promise<Application> };
}
declare module 'koa' {
  type Context = { req: import('node:http').IncomingMessage; res: import('node:http').ServerResponse; originalUrl: string; respond: boolean };
  export default class Koa {
    use(middleware: (ctx: Context, next: () => Promise<void>) => unknown): this;
  }
}
`;

const CONFIG = {
  extends: '../../tsconfig.json',
  compilerOptions: { lib: ['es2023', 'dom', 'dom.iterable'], skipLibCheck: true },
  include: ['*.mts', '*.d.ts'],
};

test('the code of the README is valid under strict TypeScript', () => {
  const folder = mkdtempSync(path.join(__dirname, 'readme-types-'));
  try {
    const blocks = ['README.md', 'docs/migration.md'].flatMap((file) => samples(path.join(ROOT, file)));
    assert.ok(blocks.length > 8, `${blocks.length} samples`);
    blocks.forEach((code, at) => writeFileSync(path.join(folder, `sample-${at}.mts`), complete(code)));
    writeFileSync(path.join(folder, 'ambient.d.ts'), AMBIENT);
    writeFileSync(path.join(folder, 'app.module.d.ts'), 'export declare class AppModule {}\n');
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(CONFIG));
    execFileSync(process.execPath, [TSC, '-p', folder], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    assert.fail(error.stdout ?? error.message);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const samples = (file) =>
  [...readFileSync(file, 'utf8').matchAll(/^```(?:js|ts)\n(.*?)^```/gms)].map(([, code]) => code);

function complete(code) {
  const used = Object.entries(DECLARED).filter(
    ([name]) => new RegExp(`\\b${name}\\b`).test(code) && !isDeclared(name, code),
  );
  return [...used.map(([name, type]) => `declare const ${name}: ${type};`), code, 'export {};'].join('\n');
}

const isDeclared = (name, code) =>
  new RegExp(`(?:const|let|class|function) (?:\\{[^}]*)?\\b${name}\\b|import [^;]*\\b${name}\\b`).test(code);
