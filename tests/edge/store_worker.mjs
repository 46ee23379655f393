// A Worker that verifies requests with the replay store from docs/edge.md. The store creates a Durable Object
// for each nonce.

import { DurableObject } from 'cloudflare:workers';
import { KeyRing } from 'sealwire';
import { hmacAuth } from 'sealwire/web';

export class Nonce extends DurableObject {
  async claim(expiresAtMs) {
    if (await this.ctx.storage.get('claimed')) return false;
    await this.ctx.storage.put('claimed', true);
    await this.ctx.storage.setAlarm(expiresAtMs + 5000);
    return true;
  }

  alarm() {
    return this.ctx.storage.deleteAll();
  }
}

let auth;

export default {
  fetch(request, env) {
    auth ??= hmacAuth({
      keys: new KeyRing({ clients: { gateway: env.SECRET } }),
      replay: { claim: (key, expiresAtMs) => env.NONCES.getByName(key).claim(expiresAtMs) },
    });
    return auth(request, (_request, identity) => new Response(`called by ${identity.sender}`));
  },
};
