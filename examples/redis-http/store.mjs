// A replay store in Redis or Valkey over HTTP, for edge runtimes without sockets. It speaks the protocol of Upstash: the command is a
// JSON array, and the response has a result or an error. Copy it and adapt it.
//
// Use one primary without replica reads, and set maxmemory-policy to noeviction: an evicted nonce could be accepted again.

// Claims are kept longer, because the clocks of hosts differ.
const MARGIN_MS = 5000;

export function redisHttpStore({ url, token, prefix = 'sealwire:replay:', timeoutMs = 500 }) {
  async function ask(command) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(command),
      redirect: 'manual', // another origin must not receive the token
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new Error(`the replay store responded with status ${response.status}`);
    return response.json();
  }

  return {
    async claim(key, expiresAtMs) {
      const keptMs = Math.max(1, Math.ceil(expiresAtMs - Date.now())) + MARGIN_MS;
      const { result, error } = await ask(['SET', prefix + key, '1', 'NX', 'PX', String(keptMs)]);
      if (result === 'OK') return true;
      if (result === null) return false;
      // With any other result it is unknown whether the key is new, so the request must be rejected.
      throw new Error(`the replay store cannot decide: ${error ?? 'the response has no result'}`);
    },
  };
}
