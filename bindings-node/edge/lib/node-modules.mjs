// Replacements for the parts of Node.js modules that the shared JavaScript imports. Some are empty, because Node.js requests,
// responses and streams are not used in edge runtimes.

const custom = Symbol.for('nodejs.util.inspect.custom');
export const inspect = Object.assign((value) => JSON.stringify(value), { custom });

export const STATUS_CODES = {};
export const setImmediate = () => new Promise((resolve) => setTimeout(resolve));
export const isWorker = false;
export const isMainThread = true;
export const PassThrough = undefined;

const isNamed = (value, name) => Object.prototype.toString.call(value) === `[object ${name}]`;
export const types = {
  isArrayBuffer: (value) => isNamed(value, 'ArrayBuffer'),
  isUint8Array: (value) => ArrayBuffer.isView(value) && isNamed(value, 'Uint8Array'),
};

export function isUtf8(bytes) {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
