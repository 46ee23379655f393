// Replacements for the Node.js globals `process` and `Buffer`, which some runtimes do not have. They implement only the parts
// that the shared JavaScript uses.

export const process = {
  // This is a getter, because Nitro sets the environment after this module has been loaded.
  get env() {
    return globalThis.process?.env ?? {};
  },
  get versions() {
    return globalThis.process?.versions ?? {};
  },
  emitWarning(message, { type, code }) {
    console.warn(`[${code}] ${type}: ${message}`);
  },
};

const encoder = new TextEncoder();

export const Buffer = {
  alloc: (length) => new Uint8Array(length),
  allocUnsafeSlow: (length) => new Uint8Array(length),
  from: (source) => (typeof source === 'string' ? encoder.encode(source) : new Uint8Array(source)),
  concat(parts) {
    const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  },
};
