// Calls the functions of the WebAssembly module. src/lib.rs has the conventions.

import module from '#sealwire-wasm';
import { failure } from '../../lib/errors.js';

const { exports } = new WebAssembly.Instance(module);

// The error codes, in the order of src/error.rs.
const CODES = [undefined, 'CONFIG', 'KEYS', 'REPLAY', 'SIGN', 'TOKEN', 'STATE'];

const encoder = new TextEncoder();
const decoder = new TextDecoder();
let memory = new Uint8Array(exports.memory.buffer);

// The memory moves when it grows.
function bytes() {
  if (memory.buffer !== exports.memory.buffer) memory = new Uint8Array(exports.memory.buffer);
  return memory;
}

// Calls a function with arguments that cross as bytes: each is a string of latin-1 characters or an Uint8Array.
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

// The text that the last call wrote.
export function output() {
  const start = exports.sealwire_output();
  return decoder.decode(bytes().subarray(start, start + exports.sealwire_output_length()));
}

export const utf8 = (text) => encoder.encode(String(text));

export const objectCount = () => exports.sealwire_object_count();

// Frees the objects of the module that JavaScript no longer references, in the runtimes that report this.
const forgotten =
  typeof FinalizationRegistry === 'function'
    ? new FinalizationRegistry((number) => exports.sealwire_free(number))
    : undefined;

// An object of the module.
export class Held {
  constructor(number) {
    this.number = number;
    forgotten?.register(this, number, this);
  }

  // The number for a function that ends the object.
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
