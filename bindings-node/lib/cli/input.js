'use strict';

// Reads the files and the standard input of a command, up to a limit, because a device or a pipe can be endless.

const { createReadStream } = require('node:fs');
const { stat } = require('node:fs/promises');
const { failure } = require('../errors.js');

const MIB = 1024 * 1024;
const MAX_MIB = 16;

// Resolves to the content of a file. `-` is standard input.
async function contentOf(file, argument) {
  const [stream, name] =
    file === '-' ? [process.stdin, 'standard input'] : [createReadStream(file, { end: MAX_MIB * MIB }), file];
  const parts = [];
  let length = 0;
  for await (const part of stream) {
    parts.push(part);
    length += part.length;
    if (length > MAX_MIB * MIB) {
      const advice = 'pass only the part that the command needs';
      throw failure('CONFIG', `${argument}: ${name} has more than ${MAX_MIB} MiB; ${advice}`);
    }
  }
  return Buffer.concat(parts);
}

// Resolves to the last line of a file. Reads only the last MiB of a large file.
async function lastLineOf(file, argument) {
  const { size } = await stat(file);
  const start = Math.max(size - MIB, 0);
  const parts = start === 0 ? [await contentOf(file, argument)] : [];
  if (start > 0) for await (const part of createReadStream(file, { start, end: size - 1 })) parts.push(part);
  const lines = Buffer.concat(parts).toString().trimEnd().split('\n');
  if (start > 0 && lines.length === 1) {
    const problem = `the last line of ${file} has more than 1 MiB; pass a single log line`;
    throw failure('CONFIG', `${argument}: ${problem}`);
  }
  return lines.at(-1).trim();
}

module.exports = { contentOf, lastLineOf };
