//! The cause and the fix for each start-up error.

use super::Help;

/// A configuration error that prevents the start of a service.
#[derive(Clone, Copy, Debug)]
pub struct StartupError {
    /// The stable name of the error, which is also the file name of its page.
    pub name: &'static str,
    /// Parts of error messages that identify the error. A message that contains one of them belongs to this error.
    pub messages: &'static [&'static str],
    /// The cause and the fix.
    pub help: Help,
}

/// All start-up errors. A message belongs to the first error that matches it. The last error matches every
/// message.
pub const STARTUP_ERRORS: &[StartupError] = &[
    StartupError {
        name: "unknown_setting",
        messages: &["no such setting"],
        help: Help {
            cause: "a setting has an unknown name",
            remedy: "correct the name",
            fix: &[
                "The message suggests the nearest name. [Settings](../settings.md) lists all names.",
                "Names differ between the languages: `snake_case` in Python, and `camelCase` with a unit such as `Ms` in Node.js.",
            ],
        },
    },
    StartupError {
        name: "conflicting_settings",
        messages: &["not in both", "remove it, or remove"],
        help: Help {
            cause: "two settings contradict each other, or set the same value",
            remedy: "keep one of them",
            fix: &[
                "The message contains both settings. Keep the one that you need.",
                "`authorities` and `ignore_authority` cannot be combined, because a host that is not signed cannot be checked.",
                "`modes` replaces `mode` and the modes in `senders`, because it can change while the service runs.",
            ],
        },
    },
    StartupError {
        name: "secret_not_set",
        messages: &["is not set; set it to 32", "set a base64 secret for each service"],
        help: Help {
            cause: "the environment contains no secret for a pair of this service",
            remedy: "set the variable",
            fix: &[
                "Create a secret with `openssl rand -base64 32`.",
                "Set it as `HMAC_SECRET_<A>_<B>` for both services, with the names in alphabetical order, in upper case, and \
                 with `_` instead of `-`.",
                "Check that the variable is set in the environment of the process. Service managers and containers do not inherit the environment of your shell.",
            ],
        },
    },
    StartupError {
        name: "variable_order",
        messages: &[
            "alphabetical order",
            "must be in upper case",
            "must end in the number of a version",
            "has no version in its name",
            "is set, but HMAC_SECRET_",
        ],
        help: Help {
            cause: "the name of a variable is misspelt, or a variable or an entry contains the two services of a pair in the wrong order",
            remedy: "rename it",
            fix: &[
                "Write the version as `_V2` at the end of `HMAC_SECRET_<A>_<B>`, without leading zeros. `HMAC_PRIMARY_<A>_<B>` contains the version as its value, and has the same names as the secret.",
                "Write the names in alphabetical order: `HMAC_SECRET_AGENT_PRACTICES`, or `agent/practices` in a key file. Both \
                 services use the same name.",
            ],
        },
    },
    StartupError {
        name: "secret_too_short",
        messages: &["fewer than 32", "the secret is empty"],
        help: Help {
            cause: "a secret is empty or has fewer than 32 bytes",
            remedy: "generate a longer secret",
            fix: &[
                "Create a secret of 32 random bytes with `openssl rand -base64 32`, and distribute it to both services.",
                "The setting `allow_weak` accepts an existing short secret until you [rotate it](../key-rotation.md).",
            ],
        },
    },
    StartupError {
        name: "secret_is_a_placeholder",
        messages: &["a placeholder"],
        help: Help {
            cause: "a secret repeats one byte or a short pattern, as placeholders do",
            remedy: "generate a random one",
            fix: &["Replace it with the output of `openssl rand -base64 32`, in both services."],
        },
    },
    StartupError {
        name: "secret_not_base64",
        messages: &["padded standard base64"],
        help: Help {
            cause: "a pair secret is not padded standard base64",
            remedy: "encode its bytes in base64",
            fix: &[
                "Pair secrets are base64 with the alphabet `A-Z a-z 0-9 + /` and `=` at the end. The URL-safe alphabet and a \
                 missing `=` are rejected.",
                "Remove line breaks: `base64 -w0` writes one line.",
                "Client secrets are plain text: put them below `clients`, not `pairs`.",
            ],
        },
    },
    StartupError {
        name: "secret_with_white_space",
        messages: &["around it", "ends in a line break", "contains a control character"],
        help: Help {
            cause: "a secret starts or ends with white space, a quote or a line break",
            remedy: "remove them",
            fix: &[
                "Quotes usually come from a shell or from another tool's `.env` file. A line break usually comes from `echo`: use `printf '%s'` instead.",
                "If the characters belong to the secret, pass it as bytes, or write `raw = true` next to it in a key file.",
            ],
        },
    },
    StartupError {
        name: "key_versions",
        messages: &[
            "is given twice; versions",
            "among the versions",
            "key set is empty",
            "has no version",
            "needs a version",
        ],
        help: Help {
            cause: "the versions of a key are invalid: one is repeated or missing, or the primary version does not exist",
            remedy: "correct the versions",
            fix: &[
                "Each version needs a different number. `hmacPrimaryVersion` or `HMAC_PRIMARY_<A>_<B>` selects the version that \
                 signs requests.",
                "Change key files with `sealwire keys rotate`, `promote` and `retire`, which keep the versions valid.",
            ],
        },
    },
    StartupError {
        name: "duplicate_name",
        messages: &[
            "is the same name",
            "it is given twice",
            "keep one of the two entries",
            "a name is given twice",
        ],
        help: Help {
            cause: "two entries are for the same service or sender",
            remedy: "keep one of them",
            fix: &[
                "`agent` and `agent_service` are the same sender. Keep one entry with all its versions or rules.",
            ],
        },
    },
    StartupError {
        name: "variable_clash",
        messages: &["is also that of"],
        help: Help {
            cause: "two pairs use the same environment variable",
            remedy: "rename one of the services",
            fix: &[
                "The pairs `a_b/c` and `a/b_c` both use the variable `HMAC_SECRET_A_B_C`. Rename one service, or use a key file.",
            ],
        },
    },
    StartupError {
        name: "invalid_name",
        messages: &["name is not valid", "pass the name of a service", "A-Z a-z 0-9 _ -", "two services"],
        help: Help {
            cause: "the name of a service or client is missing or contains characters that are not allowed",
            remedy: "rename it",
            fix: &[
                "A service name has 1 to 64 characters from `A-Z a-z 0-9 _ -`. A client id has 1 to 128 visible ASCII characters except `:`, `,`, `\"` and backslash.",
                "A pair consists of two different services, such as `agent/practices`.",
            ],
        },
    },
    StartupError {
        name: "service_not_named",
        messages: &["set the name of this service"],
        help: Help {
            cause: "the verifier has no name, but an accepted scheme signs the receiver's name",
            remedy: "set the name of the service",
            fix: &[
                "Set the name that callers use as `receiver`. A verifier that accepts only `client` does not need a name.",
            ],
        },
    },
    StartupError {
        name: "authorities_required",
        messages: &["list the hosts that this service serves"],
        help: Help {
            cause: "the verifier accepts `message` signatures with client keys, but no setting identifies the receiver of a request",
            remedy: "set `authorities`",
            fix: &[
                "List the hosts that callers use: `authorities=[\"api.test\"]`. Otherwise a request that was signed for one service would also be valid at another service that shares the key.",
                "`authorities=\"any\"` accepts every host.",
            ],
        },
    },
    StartupError {
        name: "ambiguous_path",
        messages: &["matches no request"],
        help: Help {
            cause: "a path in the settings cannot match any request, because ambiguous paths are never exempt or allowed",
            remedy: "write the plain path",
            fix: &[
                "Remove dot segments, `//`, backslashes, the query and encoded separators. `*` is allowed only at the end.",
            ],
        },
    },
    StartupError {
        name: "key_file_unreadable",
        messages: &[
            "cannot be read as",
            "byte order mark",
            "is not UTF-8",
            "must be a TOML or JSON",
            "is larger than",
            "quoted value does not end",
            "cannot be opened",
        ],
        help: Help {
            cause: "a key or mode file is missing, or is not valid TOML, JSON or `.env`",
            remedy: "correct the file",
            fix: &[
                "The message contains the file and the line. `sealwire check FILE` reports the same error without starting a service.",
                "A relative path is resolved against the working directory of the process.",
            ],
        },
    },
    StartupError {
        name: "key_file_reference",
        messages: &["reference was not resolved", "one reference such as", "secret must be a string"],
        help: Help {
            cause: "a secret in a key file refers to a source that was not passed",
            remedy: "pass the source",
            fix: &[
                "Pass clients for the secret stores as `sources`: `Env()`, `Vault(client)`, `Google(client)`.",
                "A reference has one of the forms `{ env = \"NAME\" }`, `{ vault = { path, key } }` and `{ google = { secret, version } }`.",
            ],
        },
    },
    StartupError {
        name: "key_file_without_keys",
        messages: &["contains no keys", "no pair contains the service"],
        help: Help {
            cause: "a key file contains no keys for this service",
            remedy: "add the pair, or correct the service name",
            fix: &["The message lists the services in the file. Compare them with `service`."],
        },
    },
    StartupError {
        name: "replay_file_open_to_others",
        messages: &["is accessible to other users", "others can write it", "belongs to user"],
        help: Help {
            cause: "another user can change the replay file and could cause a request to be accepted twice",
            remedy: "restrict the file to the user of the service",
            fix: &[
                "Run all workers as the same user.",
                "If no other user could have changed the file, run `chmod 600` on it. Otherwise stop the workers and delete it.",
            ],
        },
    },
    StartupError {
        name: "replay_file_damaged",
        messages: &[
            "is not a replay table",
            "is damaged",
            "another version of Sealwire",
            "is a link, directory or device",
        ],
        help: Help {
            cause: "this version cannot use the replay file",
            remedy: "stop all workers, delete the file, and start the workers again",
            fix: &[
                "Check that the path refers to the replay file, and not to another file.",
                "Stop all workers that use it, delete it, and start them again. After that, requests that were signed before the restart are rejected as `stale_timestamp`.",
            ],
        },
    },
    StartupError {
        name: "replay_file_size",
        messages: &["slots and"],
        help: Help {
            cause: "the number of slots in the replay file differs from the configured number",
            remedy: "configure the same size everywhere, or replace the file",
            fix: &[
                "Configure the same size for all workers of a service.",
                "To change the size, stop all workers, delete the file, and start them again.",
            ],
        },
    },
    StartupError {
        name: "replay_file_place",
        messages: &[
            "no directory is usable",
            "is not a directory",
            "mapped files work",
            "a service name for a file",
            "replay table",
        ],
        help: Help {
            cause: "the replay file cannot be created",
            remedy: "choose a directory to which the service can write",
            fix: &[
                "Set `RUNTIME_DIRECTORY` (systemd: `RuntimeDirectory=`) to a directory that this user owns, or pass a file to \
                 `ReplayTable.mapped`.",
                "A service that runs in a single process can use `replay=\"heap\"`. Services on several hosts use [Redis](../replay.md#redis-and-valkey).",
            ],
        },
    },
    StartupError {
        name: "invalid_mode",
        messages: &[
            "off, observe, enforce",
            "\"off\", \"observe\", \"enforce\"",
            "has no mode for the sender",
            "write the mode as a string",
            "neither true nor false",
        ],
        help: Help {
            cause: "a mode, or the variable `HMAC_AUTH_ENABLED`, has an unknown value",
            remedy: "write `off`, `observe` or `enforce`",
            fix: &[
                "Set `HMAC_AUTH_ENABLED` to `true` or `false`. With an unknown value, the service does not start, so that a typing error does not disable verification.",
                "See [the modes of a rollout](../rollout.md).",
            ],
        },
    },
    StartupError {
        name: "invalid_setting",
        messages: &[""],
        help: Help {
            cause: "a setting has the wrong type, is missing, or has a value outside its range",
            remedy: "set the value that the message describes",
            fix: &[
                "The message contains the setting and the valid values. [Settings](../settings.md) lists them all.",
                "`sealwire check --settings server FILE` checks each setting in a file without starting a service.",
            ],
        },
    },
];

/// Returns the start-up error to which an error message belongs.
#[must_use]
pub fn startup_error(message: &str) -> &'static StartupError {
    let matches = |error: &&StartupError| error.messages.iter().any(|part| message.contains(part));
    // The last error matches every message.
    STARTUP_ERRORS.iter().find(matches).unwrap_or(&LAST)
}

const LAST: StartupError = match STARTUP_ERRORS.last() {
    Some(last) => *last,
    None => StartupError { name: "", messages: &[], help: Help { cause: "", remedy: "", fix: &[] } },
};
