'use strict';

// Configuration errors and API misuse have a `code` that starts with SEALWIRE_. A rejection's `code` is the name of the reason.

function failure(code, message) {
  return Object.assign(new Error(message), { code: `SEALWIRE_${code}` });
}

function warn(message) {
  process.emitWarning(message, { type: 'SealwireWarning' });
}

const said = new Set();

// Emits a warning, but only once per process for each code.
function warnOnce(code, message) {
  if (said.has(code)) return;
  said.add(code);
  process.emitWarning(message, { type: 'SealwireWarning', code: `SEALWIRE_${code}` });
}

// A rejected request. The constructor parses the verdict, whose fields src/shared/verdict.rs defines.
class Rejection {
  constructor(verdict) {
    const [, code, status, publicText, mode, scheme, sender, version, age, field, message, proven] =
      verdict.split('\n');
    this.code = code;
    this.status = Number(status);
    this.publicText = publicText;
    this.mode = mode;
    this.scheme = scheme;
    this.sender = sender;
    this.keyVersion = version === '' ? undefined : Number(version);
    this.ageMs = age === '' ? undefined : Number(age);
    this.field = field === '' ? undefined : field;
    this.message = message;
    this.macWasValid = proven === '1';
  }
}

const REJECTED = Symbol.for('sealwire.RejectedError');

class RejectedError extends Error {
  // `instanceof` is also true for errors from another copy of this package.
  static [Symbol.hasInstance](error) {
    return this === RejectedError ? error?.[REJECTED] === true : super[Symbol.hasInstance](error);
  }

  constructor(rejection) {
    super(rejection.message);
    Object.assign(this, rejection);
  }
}
RejectedError.prototype.name = 'RejectedError';
RejectedError.prototype[REJECTED] = true;

module.exports = { failure, warn, warnOnce, Rejection, RejectedError };
