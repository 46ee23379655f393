'use strict';

const { brandOf, handleOf } = require('./brands.js');
const { checkSettings, CLASS } = require('./check-settings.js');
const { failure } = require('./errors.js');
const native = require('./native.js');

const MODES = brandOf('Modes');

// The mode of a service, and the modes of individual senders. Several verifiers and middleware functions can share this object.
class Modes {
  #native;
  #logger;
  static [CLASS] = 'Modes';

  constructor(modes = {}, options = {}) {
    checkSettings('modes_log', options, 'new Modes()');
    const { logger = console } = options;
    if (typeof logger.warn !== 'function')
      throw failure('CONFIG', 'logger: pass a logger with the method warn');
    this.#native = native.newModes(spec(modes));
    this.#logger = logger;
  }

  get mode() {
    return native.modesNow(this.#native).mode;
  }

  get senders() {
    return Object.fromEntries(native.modesNow(this.#native).senders);
  }

  // The number of times the modes were changed.
  get changes() {
    return native.modeChanges(this.#native);
  }

  // Replaces the modes atomically. Each change is logged as a warning, because it can enable or disable enforcement.
  replace(modes) {
    const before = native.replaceModes(this.#native, spec(modes));
    if (before) this.#logger.warn(...changed(before, native.modesNow(this.#native)));
  }

  // Returns the native handle, for use by other classes in this package.
  static handle(modes) {
    if (modes === undefined) return undefined;
    const handle = handleOf(modes, MODES);
    if (handle === undefined) {
      throw failure('CONFIG', "modes: pass a Modes, made with new Modes({ mode: 'observe' })");
    }
    return handle;
  }

  // Returns whether an object is a Modes object from this or another copy of the package.
  static is(object) {
    return handleOf(object, MODES) !== undefined;
  }

  [MODES]() {
    return this.#native;
  }

  static of(verifier) {
    const modes = new Modes();
    modes.#native = native.modesOf(verifier);
    return modes;
  }
}

function spec(modes) {
  checkSettings('modes', modes, 'new Modes()');
  const { mode, senders = {}, observeOnly = false } = modes;
  return { mode: mode ?? undefined, senders: Object.entries(senders), observeOnly };
}

function changed(before, after) {
  const [own, ownBefore] = [after, before].map(({ senders }) => Object.fromEntries(senders));
  const lines = [...new Set([...Object.keys(ownBefore), ...Object.keys(own)])]
    .filter((sender) => ownBefore[sender] !== own[sender])
    .map(
      (sender) => `${sender} ${ownBefore[sender] ?? 'as the service'} -> ${own[sender] ?? 'as the service'}`,
    );
  if (before.mode !== after.mode) lines.unshift(`the service ${before.mode} -> ${after.mode}`);
  const fields = { mode: after.mode, modeBefore: before.mode, senders: own, sendersBefore: ownBefore };
  return [{ event: 'modes_changed', ...fields }, `sealwire: modes changed: ${lines.join(', ')}`];
}

module.exports = { Modes };
