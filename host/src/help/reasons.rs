//! The cause and the fix for each rejection reason.

use sealwire_core::Reason;

use super::Help;

/// Returns the cause and the fix for a rejection reason.
#[must_use]
pub const fn help_for(reason: Reason) -> Help {
    match reason {
        Reason::MissingHeaders => Help {
            cause: "a required header is missing or empty, or the request uses no accepted scheme",
            remedy: "sign the request, or configure the proxy to forward the headers",
            fix: &[
                "Check that the sender uses a signing client, and that the client signs requests to this URL.",
                "Check that no proxy removes headers: log the header names that the service receives, and compare them with \
                 [the headers of the scheme](../schemes.md).",
                "Check that the verifier accepts the sender's scheme. It must be listed in the setting `schemes`.",
                "If the request is a health check or goes to a public path, add the path to `exempt_paths`.",
            ],
        },
        Reason::MalformedHeader => Help {
            cause: "a header does not match the grammar of its scheme; the log contains the header name",
            remedy: "correct the sender",
            fix: &[
                "Read `sealwire_field` (`field` in Node.js) in the log record. It contains the name of the header.",
                "Compare the value with [the wire format](../schemes.md). Common mistakes are a timestamp in the wrong unit, \
                 upper-case hex digits, and characters that the scheme does not allow in names.",
                "If the sender's code is handwritten, replace it with a Sealwire client, or test it with \
                 [the vectors](../../tests/vectors/README.md).",
            ],
        },
        Reason::DuplicateHeader => Help {
            cause: "a header that the scheme uses was sent more than once",
            remedy: "find the component that adds the second header",
            fix: &[
                "Check that the request is signed only once, either by the client or by middleware or an interceptor.",
                "Check whether a retry copies the headers of the first attempt and adds a second signature. Instead, sign a new request without these headers.",
                "Check whether a proxy adds one of the headers that the scheme uses.",
            ],
        },
        Reason::MalformedToken => Help {
            cause: "a connection string cannot be parsed",
            remedy: "correct the issuer",
            fix: &[
                "Check that the service receives the complete token. A token is padded standard base64 without line breaks.",
                "Compare its parts with [the format](../schemes.md), or with a token that Sealwire issues.",
            ],
        },
        Reason::UnknownClient => Help {
            cause: "the service has no key for this sender",
            remedy: "add the key, or correct the sender's name",
            fix: &[
                "Read the sender's name in the log record.",
                "If the name is wrong, correct it at the sender. It is the first argument of `Signer`, or the setting `clientId`.",
                "If the name is right, add its key to this service, either in the variable `HMAC_SECRET_<A>_<B>` with the two \
                 names in alphabetical order, or as an entry in the key file.",
                "`sealwire check` lists the names in a key file.",
            ],
        },
        Reason::SenderNotAllowed => Help {
            cause: "the policy does not allow this method and path for the sender",
            remedy: "extend the sender's entry in `senders`",
            fix: &[
                "Read the method and the path in the log record.",
                "Compare them with `methods` and `path_prefixes` of the sender's entry in `senders`.",
                "With `listed_senders_only`, a sender without an entry is rejected: add an entry.",
                "If the application is mounted below a prefix, set `root_path`. Paths are compared without this prefix.",
                "A path with `//`, dot segments or encoded separators matches no prefix. Send it in its plain form.",
            ],
        },
        Reason::MissingKeyVersion => Help {
            cause: "the scheme requires a key version, but the sender sent none",
            remedy: "correct the sender",
            fix: &[
                "For a connection string, the issuer must include the version of its key as `kvr`.",
                "For `message`, `keyid` must end with `#` and the version.",
            ],
        },
        Reason::UnknownKeyVersion => Help {
            cause: "the key set does not contain this version: it was never added, or it has been retired",
            remedy: "distribute the key, or [restore the version](../key-rotation.md#undo)",
            fix: &[
                "Compare the versions of both services with `sealwire keys status`.",
                "If this service lacks a new version, distribute the key file to it. A version must be known everywhere before \
                 it is promoted: see [the schedule](../key-rotation.md#schedule).",
                "If the version was retired too early, [restore it](../key-rotation.md#undo).",
            ],
        },
        Reason::AuthorityNotServed => Help {
            cause: "the signature covers a host that this service does not serve",
            remedy: "add the host to `authorities`, or correct the URL that the sender uses",
            fix: &[
                "If the URL that the sender uses contains the host of another service, the request was not meant for this service. Correct the URL.",
                "If this service has several names, list all of them in `authorities`. Include the port if it is not the default port.",
                "If a proxy rewrites `Host`, see [proxies](../proxies.md).",
            ],
        },
        Reason::StaleTimestamp => Help {
            cause: "the timestamp is older than the window allows, or older than the replay table",
            remedy: "synchronise the clocks, and look for queues that delay requests",
            fix: &[
                "Read `sealwire_age_ms` (`ageMs` in Node.js) in the log record. A constant age indicates a wrong clock; a varying age indicates a queue.",
                "Synchronise both hosts with NTP, and restart containers that were suspended.",
                "If requests wait before they are sent, sign them after the wait. Sign each retry again.",
                "If long transfers or queues are normal, raise `past`.",
                "A service without a replay file rejects requests that were signed before it started. See [new tables](../replay.md#new-tables).",
            ],
        },
        Reason::FutureTimestamp => Help {
            cause: "the timestamp is too far in the future",
            remedy: "synchronise the clocks",
            fix: &[
                "Read `sealwire_age_ms` (`ageMs` in Node.js) in the log record: it is negative, and shows how far the sender's clock is ahead.",
                "Synchronise both hosts with NTP.",
                "If the sender's code is handwritten, check the unit of its timestamps: `pairwise` and `message` use seconds, `client` uses milliseconds.",
            ],
        },
        Reason::TokenExpired => Help {
            cause: "the signature or the token has expired",
            remedy: "sign again, or get a new token",
            fix: &[
                "Sign each request immediately before it is sent, and sign each retry again.",
                "For a connection string, get a new token. `sealwire token inspect` shows when it expires.",
            ],
        },
        Reason::SignatureMismatch => Help {
            cause: "a different key was used, or a signed part of the request was changed in transit",
            remedy: "run `sealwire explain`",
            fix: &[
                "Capture the request as the service received it, and run [`sealwire explain`](../operations.md#explain-a-rejection) \
                 or paste it into the [playground](../playground.md). These tools recompute the MAC for other keys, hosts, paths and bodies, \
                 and report a cause only if the MAC proves it.",
                "Check that both services have the same secret. To compare the secrets, hash each of them: `printf %s \"$HMAC_SECRET_AGENT_PRACTICES\" | sha256sum`.",
                "Check the proxies between the two services: one of them may change the path, the query or `Host`, or \
                 compress the body. See [proxies](../proxies.md).",
                "Check that the client sends the same bytes that it signed: serialise JSON only once.",
            ],
        },
        Reason::BodyDigestMismatch => Help {
            cause: "the body was changed in transit",
            remedy: "sign the bytes that are sent",
            fix: &[
                "Serialise the body only once, and pass the same bytes to the signer and to the client.",
                "Check whether a proxy compresses or rewrites bodies.",
                "Check that no middleware reads or parses the body before the verifier. Mount the verifier first.",
            ],
        },
        Reason::BodyTooLarge => Help {
            cause: "the body is larger than `max_body_bytes`",
            remedy: "raise the limit, or send less",
            fix: &[
                "Raise `max_body_bytes` for services that receive uploads. A verifier buffers a body up to this limit.",
                "Split the upload, or upload it elsewhere and send only its address in the signed request.",
            ],
        },
        Reason::MissingCoverage => Help {
            cause: "the signature omits a component that the policy requires; the log contains its name",
            remedy: "add it to the components that the signer covers",
            fix: &[
                "Read `sealwire_field` (`field` in Node.js) in the log record. It contains the name of the component.",
                "If it is a header field, add it to the signer's setting `cover`. `@method`, `@authority`, `@path`, `@query` and the digest of a body \
                 are covered by default.",
                "If the sender omits `@authority` because a proxy rewrites `Host`, set `ignore_authority` on the verifier.",
            ],
        },
        Reason::BodyTimeout => Help {
            cause: "the body did not arrive within `body_timeout`",
            remedy: "send the body faster, or raise the time-out",
            fix: &[
                "Check the connection between sender and service, and look for proxies that forward bodies slowly.",
                "Raise `body_timeout` for services that receive large uploads over slow connections.",
            ],
        },
        Reason::Replayed => Help {
            cause: "a request with the same nonce was already accepted",
            remedy: "sign each retry again",
            fix: &[
                "Check whether the client or a proxy retries requests. Each retry needs a new signature. Sealwire clients sign each \
                 attempt: see [retries](../retries.md).",
                "Check that the middleware is mounted only once. If two verifiers use one replay table, the second one rejects each nonce.",
                "If the sender chooses the request ids, check that they are unique within the time window.",
                "If none of these applies, someone replayed a captured request, and the replay was rejected.",
            ],
        },
        Reason::ReplayStoreFull => Help {
            cause: "the replay table has no free slot",
            remedy: "[enlarge the table](../replay.md#size)",
            fix: &[
                "Calculate the size from the requests per second and the time window: see [size](../replay.md#size).",
                "Create the table with `requests_per_second` or `slots`. To change the size of a mapped file, stop all workers, delete the file, and start them again.",
                "The caller may try again with a new signature.",
            ],
        },
        Reason::ReplayStoreUnavailable => Help {
            cause: "the replay store does not respond, or its file was deleted or replaced",
            remedy: "see the [alerts](../operations.md#hmacauthreplayrefusals)",
            fix: &[
                "For Redis or Valkey, check that the server is reachable and that its memory is not full.",
                "For a mapped file, check whether a job deletes old files in its directory. Restart the workers, so that they share \
                 a new file.",
                "The caller may retry the request with a new signature.",
            ],
        },
        Reason::SenderShareExceeded => Help {
            cause: "this sender uses more than `max_sender_share` of the replay table",
            remedy: "find the cause of the many requests of this sender, or enlarge the table",
            fix: &[
                "Check the request rate of this sender. The usual cause is a loop or a retry storm.",
                "If the rate is expected, [enlarge the table](../replay.md#size), or raise `max_sender_share`.",
                "The caller may retry the request with a new signature.",
            ],
        },
        // `Reason` is non-exhaustive outside of the core crate. The test of the help pages ensures that no
        // reason is missing above.
        _ => Help { cause: "", remedy: "", fix: &[] },
    }
}
