// Calls the functions of the WebAssembly module. src/lib.rs describes the conventions.

import module from '#sealwire-wasm';
import { failure } from '../../lib/errors.js';

const { exports } = new WebAssembly.Instance(module);

// The error codes. The index is the error number in src/error.rs.
const CODES = [undefined, 'CONFIG', 'KEYS', 'REPLAY', 'SIGN', 'TOKEN', 'STATE'];

const encoder = new TextEncoder();
const decoder = new TextDecoder();
let memory = new Uint8Array(exports.memory.buffer);

// Returns the module's memory. The buffer is replaced when the memory grows.
function bytes() {
  if (memory.buffer !== exports.memory.buffer) memory = new Uint8Array(exports.memory.buffer);
  return memory;
}

// Calls a function of the module. `input` contains the arguments to pass in the input buffer. Each is a Uint8Array, or a string
// of Latin-1 characters. `numbers` contains the other arguments.
export function call(name, input, ...numbers) {
  let length = 0;
  for (const part of input) length += part.length;
  const start = exports.sealwire_input(length);
  if (start === 0) throw failure('STATE', `there is no memory for ${length} bytes`);
  let at = start;
  for (const part of input) {
    if (typeof part === 'string') writeLatin1(part, at);
    else bytes().set(part, at);
    at += part.length;
  }
  return checked(exports[name](...numbers));
}

function writeLatin1(text, at) {
  const target = bytes().subarray(at, at + text.length);
  const { read, written } = encoder.encodeInto(text, target);
  if (read === text.length && written === text.length) return;
  for (let index = 0; index < text.length; index++) target[index] = text.charCodeAt(index);
}

function checked(number) {
  if (number < 0) throw failure(CODES[-number], output());
  return number;
}

// Returns the string that the last call wrote to the output buffer.
export function output() {
  const start = exports.sealwire_output();
  return decoder.decode(bytes().subarray(start, start + exports.sealwire_output_length()));
}

export const utf8 = (text) => encoder.encode(String(text));

export const objectCount = () => exports.sealwire_object_count();

// Frees module objects that are no longer referenced from JavaScript. In runtimes without FinalizationRegistry, these objects
// are not freed.
const forgotten =
  typeof FinalizationRegistry === 'function'
    ? new FinalizationRegistry((number) => exports.sealwire_free(number))
    : undefined;

// A reference to an object in the module.
export class Held {
  constructor(number) {
    this.number = number;
    forgotten?.register(this, number, this);
  }

  // Returns the object's number, to pass to a function that frees the object. This reference cannot be used afterwards.
  take() {
    const { number } = this;
    this.number = 0;
    forgotten?.unregister(this);
    return number;
  }

  free() {
    if (this.number !== 0) exports.sealwire_free(this.take());
  }
}
