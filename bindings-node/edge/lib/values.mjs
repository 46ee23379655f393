// Encodes settings for the WebAssembly module. src/values.rs describes the format.

const encoder = new TextEncoder();

// Encodes a plain object. Its values are `undefined`, null, Booleans, numbers, strings, arrays and plain objects.
export function settingsBytes(settings) {
  const writer = new Writer();
  writer.value(settings);
  return writer.joined();
}

// Encodes the descriptions of options that lib/check-settings.js creates.
export function describedBytes(options) {
  const writer = new Writer();
  writer.described({ map: options });
  return writer.joined();
}

class Writer {
  #parts = [];
  #length = 0;

  value(value) {
    switch (typeof value) {
      case 'boolean':
        return this.#tag(value ? 't' : 'f');
      case 'number':
        return this.#number(value);
      case 'string':
        return this.#tagged('s', value);
      case 'object':
        return value === null ? this.#tag('u') : this.#object(value);
      default:
        return this.#tag('u');
    }
  }

  #object(value) {
    if (Array.isArray(value)) return this.#list('l', value, (each) => this.value(each));
    return this.#list('m', Object.entries(value), ([name, each]) => {
      this.#text(name);
      this.value(each);
    });
  }

  described({ flag, number, text, list, map, class: name, methods }) {
    if (flag !== undefined) this.value(flag);
    else if (number !== undefined) this.#number(number);
    else if (text !== undefined) this.value(text);
    else if (list !== undefined) this.#list('l', list, (each) => this.described(each));
    else if (map !== undefined) this.#list('m', map, (each) => this.#property(each));
    else if (name !== undefined) this.#instance(name, methods);
    else this.#tag('u');
  }

  #property(each) {
    this.#text(each.name);
    this.described(each);
  }

  #instance(name, methods = []) {
    this.#tagged('o', name);
    this.#count(methods.length);
    for (const method of methods) this.#text(method);
  }

  #number(number) {
    this.#tag('n');
    const bytes = new DataView(new ArrayBuffer(8));
    bytes.setFloat64(0, number, true);
    this.#push(new Uint8Array(bytes.buffer));
  }

  #list(tag, list, write) {
    this.#tag(tag);
    this.#count(list.length);
    for (const each of list) write(each);
  }

  #tagged(tag, text) {
    this.#tag(tag);
    this.#text(text);
  }

  #text(text) {
    const bytes = encoder.encode(text);
    this.#count(bytes.length);
    this.#push(bytes);
  }

  #tag(tag) {
    this.#push(encoder.encode(tag));
  }

  #count(count) {
    const bytes = new DataView(new ArrayBuffer(4));
    bytes.setUint32(0, count, true);
    this.#push(new Uint8Array(bytes.buffer));
  }

  #push(bytes) {
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }

  joined() {
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}
