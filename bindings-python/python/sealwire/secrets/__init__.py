"""Key rings from where secrets are kept: files that name them, and the environment, Vault or Google that hold them.

    keys = secrets.load("keys.toml", sources=[Vault(hvac.Client()), Env()])
    Reloader(keys, lambda: secrets.load("keys.toml", sources=...), path="keys.toml").start()

A key file (TOML, or JSON of the same shape) says which versions there are and which one signs; each secret is written
there, or is a reference to where it is kept:

    [pairs."agent/practices"]
    hmacPrimaryVersion = 2
    hmacSecrets = [
        { version = 1, secret = { env = "HMAC_SECRET_AGENT_PRACTICES" }, retireAfter = 2030-01-31 },
        { version = 2, secret = { vault = { path = "services/agent-practices", key = "v2" } } },
    ]

    [clients.billing-service]       # secrets of pairs are base64, of clients and of the issuer plain text
    [issuer]

The same file, or one of its own, may say what becomes of rejected requests, so that it can be changed while a service
runs: `mode = "observe"`, and `senders = { agent = "enforce" }` for single senders. `load_modes` reads it:

    modes = load_modes("modes.toml")            # HMACAuthMiddleware(..., modes=modes)
    Reloader(modes, lambda: load_modes("modes.toml"), path="modes.toml").on_signal().start()

Everything is read before anything starts: a secret that is unset or cannot be read raises `ConfigError`, whose sentence
names the entry and the reference, never the secret.
"""

from sealwire.secrets._file import load, load_dotenv
from sealwire.secrets._modes import load_modes
from sealwire.secrets._reload import Reloader
from sealwire.secrets._sources import Env, Google, Source, Vault
from sealwire.secrets._status import StatusFile

__all__ = ["Env", "Google", "Reloader", "Source", "StatusFile", "Vault", "load", "load_dotenv", "load_modes"]
