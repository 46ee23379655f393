// A replay store in Redis or Valkey over HTTP, for edge runtimes without sockets. It uses the Upstash protocol: the request
// contains a command as a JSON array, and the response contains a result or an error. Copy this file and adapt it.
//
// Use a single primary server, and do not read from replicas. Set maxmemory-policy to noeviction, because a request whose nonce
// was evicted could be accepted again.

// A stored claim is kept for this additional time, because the clocks of the hosts can differ.
const MARGIN_MS = 5000;

export function redisHttpStore({ url, token, prefix = 'sealwire:replay:', timeoutMs = 500 }) {
  async function ask(command) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(command),
      redirect: 'manual', // a redirect could leak the token to another origin
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
      // Any other result does not show whether the key is new, so the request must be rejected.
      throw new Error(`the replay store cannot decide: ${error ?? 'the response has no result'}`);
    },
  };
}
