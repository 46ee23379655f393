/* Sealwire: signs and verifies service-to-service requests with HMAC.
 *
 * Made from the comments of ffi-c/src by ffi-c/tests/header.rs; edits are lost. ffi-c/README.md has the conventions on
 * one page: what a status is, who owns what, what may be NULL. Every call says how it may be used from threads. */

#ifndef SEALWIRE_H
#define SEALWIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SEALWIRE_VERSION "0.1.0"
#define SEALWIRE_VERSION_MAJOR 0
#define SEALWIRE_VERSION_MINOR 1
#define SEALWIRE_VERSION_PATCH 0
/** Raised when a symbol goes, or a structure or a meaning changes. The number in the SONAME. */
#define SEALWIRE_ABI_VERSION 0

/* A status that nobody looks at lets requests pass. */
#if defined(__GNUC__) || defined(__clang__)
#define SEALWIRE_MUST_USE __attribute__((warn_unused_result))
#else
#define SEALWIRE_MUST_USE
#endif

/** The bytes of memory that a key set of so many versions needs: a constant, for static arrays. */
#define SEALWIRE_KEY_SET_SIZE(versions) (SEALWIRE_KEY_SET_BASE_SIZE + (versions) * SEALWIRE_KEY_SIZE)

/**
 * The size of `sealwire_error.text`, its NUL included.
 */
#define SEALWIRE_ERROR_SIZE 512

/**
 * The size of the buffer for a nonce: 36 characters of a UUID and a NUL.
 */
#define SEALWIRE_NONCE_SIZE 37

/**
 * The most header lines a request may have. Hand over one more when there are more, so that the request is rejected.
 */
#define SEALWIRE_MAX_HEADERS 256

/**
 * The size of `sealwire_key_status.name`, its NUL included.
 */
#define SEALWIRE_KEY_NAME_SIZE 136

/**
 * A buffer of this size holds the signature headers of any request or answer.
 */
#define SEALWIRE_SIGNATURE_SIZE 8192

/**
 * An array of this many headers holds them, in all schemes at once.
 */
#define SEALWIRE_SIGNATURE_HEADERS 12

/**
 * The size of a replay table's key.
 */
#define SEALWIRE_REPLAY_KEY_SIZE 16

/**
 * The size of the text arrays for a sender, a user or a nonce, their NUL included.
 */
#define SEALWIRE_ID_SIZE 129

/**
 * The size of `sealwire_rejection.public_text` and `.field`, their NUL included.
 */
#define SEALWIRE_PUBLIC_TEXT_SIZE 64

/**
 * The size of the key of a nonce in a store of the caller's own.
 */
#define SEALWIRE_SHARED_KEY_SIZE 32

/**
 * A buffer of this size holds any connection string and its NUL.
 */
#define SEALWIRE_TOKEN_SIZE 8193

/**
 * A scratch buffer of this size is enough to verify any connection string.
 */
#define SEALWIRE_TOKEN_SCRATCH_SIZE 6144

/**
 * The size of a UUID's text, its NUL included.
 */
#define SEALWIRE_UUID_SIZE 37

/**
 * What one version takes, with room for later releases; `SEALWIRE_KEY_SET_SIZE` counts with it.
 */
#define SEALWIRE_KEY_SIZE 256

/**
 * What a key set takes beside its versions, and to be aligned in any memory.
 */
#define SEALWIRE_KEY_SET_BASE_SIZE 256

/**
 * The reason a request or token was rejected.
 *
 * The number goes to C, the name to metrics, logs, Node's `code` and Python's `.code`. Both are stable: a retired
 * reason keeps its number reserved. Families stand in tens: 10 malformed, 20 identity, 30 time, 40 integrity, 50 replay.
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum sealwire_reason : uint8_t {
#else
enum {
#endif
    /**
     * A header the scheme needs is absent or empty, or no accepted scheme is present at all.
     */
    SEALWIRE_REASON_MISSING_HEADERS = 10,
    /**
     * A header is present but not of the scheme's grammar; the rejection names the header.
     */
    SEALWIRE_REASON_MALFORMED_HEADER = 11,
    /**
     * A header the scheme reads was sent more than once, so that two readers could disagree on its value.
     */
    SEALWIRE_REASON_DUPLICATE_HEADER = 12,
    /**
     * A connection string does not parse.
     */
    SEALWIRE_REASON_MALFORMED_TOKEN = 13,
    /**
     * No key is configured for this sender.
     */
    SEALWIRE_REASON_UNKNOWN_CLIENT = 20,
    /**
     * The sender is known, but the policy does not let it call this method and path.
     */
    SEALWIRE_REASON_SENDER_NOT_ALLOWED = 21,
    /**
     * The scheme needs a key version and the sender named none.
     */
    SEALWIRE_REASON_MISSING_KEY_VERSION = 22,
    /**
     * The named key version is not in the sender's key set, never added or already retired.
     */
    SEALWIRE_REASON_UNKNOWN_KEY_VERSION = 23,
    /**
     * The timestamp is further back than the window allows.
     */
    SEALWIRE_REASON_STALE_TIMESTAMP = 30,
    /**
     * The timestamp is further ahead than the window allows.
     */
    SEALWIRE_REASON_FUTURE_TIMESTAMP = 31,
    /**
     * The signature's or token's own expiry has passed.
     */
    SEALWIRE_REASON_TOKEN_EXPIRED = 32,
    /**
     * The MAC does not match: another key, or something signed was changed on the way.
     */
    SEALWIRE_REASON_SIGNATURE_MISMATCH = 40,
    /**
     * The body does not match its signed digest.
     */
    SEALWIRE_REASON_BODY_DIGEST_MISMATCH = 41,
    /**
     * The body is larger than the verifier reads.
     */
    SEALWIRE_REASON_BODY_TOO_LARGE = 42,
    /**
     * The signature is sound in form but leaves out a component the policy requires.
     */
    SEALWIRE_REASON_MISSING_COVERAGE = 43,
    /**
     * The body did not arrive in the time that the server waits for it.
     */
    SEALWIRE_REASON_BODY_TIMEOUT = 44,
    /**
     * The nonce was claimed before.
     */
    SEALWIRE_REASON_REPLAYED = 50,
    /**
     * The replay table holds only live entries around this nonce; nothing live is forgotten to make room.
     */
    SEALWIRE_REASON_REPLAY_STORE_FULL = 51,
    /**
     * The replay store did not answer.
     */
    SEALWIRE_REASON_REPLAY_STORE_UNAVAILABLE = 52,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sealwire_reason sealwire_reason;
#else
typedef uint8_t sealwire_reason;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A wire format for requests. Connection strings are tokens, not request signatures: see
 * `sealwire_connection_string`.
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum sealwire_scheme : uint8_t {
#else
enum {
#endif
    /**
     * RFC 9421 with `hmac-sha256`: the default.
     */
    SEALWIRE_SCHEME_MESSAGE = 1,
    /**
     * What the FastAPI services speak: a key per pair of services.
     */
    SEALWIRE_SCHEME_PAIRWISE = 2,
    /**
     * What the Express IAM and the Nuxt gateway speak: a key per client id.
     */
    SEALWIRE_SCHEME_CLIENT = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sealwire_scheme sealwire_scheme;
#else
typedef uint8_t sealwire_scheme;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a call returns: 0 for success, a positive `sealwire_reason` for a request or token that was judged
 * and refused, and one of these negative numbers for a call that could not be carried out.
 *
 * Numbers are stable; that of a retired status stays reserved.
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum sealwire_status : int32_t {
#else
enum {
#endif
    /**
     * Done.
     */
    SEALWIRE_STATUS_OK = 0,
    /**
     * A pointer that must not be NULL was NULL.
     */
    SEALWIRE_STATUS_NULL_POINTER = -1,
    /**
     * A value is out of range: an unknown number, text that is not UTF-8, a length no memory can have, a
     * misaligned pointer.
     */
    SEALWIRE_STATUS_INVALID_ARGUMENT = -2,
    /**
     * A buffer is too small. Nothing was written to it.
     */
    SEALWIRE_STATUS_BUFFER_TOO_SMALL = -3,
    /**
     * The library failed: a bug in it, which the process survives. The handles involved should be freed.
     */
    SEALWIRE_STATUS_PANIC = -4,
    /**
     * A key or key set was refused; the error says which and why.
     */
    SEALWIRE_STATUS_INVALID_KEY = -5,
    /**
     * A setting was refused; the error says which and why.
     */
    SEALWIRE_STATUS_INVALID_CONFIGURATION = -6,
    /**
     * The request or token cannot be signed as it is; the error says why.
     */
    SEALWIRE_STATUS_CANNOT_SIGN = -7,
    /**
     * The key ring holds no key to sign with for this sender and receiver.
     */
    SEALWIRE_STATUS_NO_KEY = -8,
    /**
     * The operating system refused: no random bytes, or a file that cannot be opened or mapped.
     */
    SEALWIRE_STATUS_SYSTEM = -9,
    /**
     * The handle is of another type, or was freed.
     */
    SEALWIRE_STATUS_WRONG_HANDLE = -10,
    /**
     * The handle is past the state this call is for: a verification that has ended, a builder that has built.
     */
    SEALWIRE_STATUS_WRONG_STATE = -11,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sealwire_status sealwire_status;
#else
typedef int32_t sealwire_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What happens to rejected requests.
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum sealwire_mode : int32_t {
#else
enum {
#endif
    /**
     * For a sender's rules only: the verifier's mode.
     */
    SEALWIRE_MODE_INHERIT = -1,
    /**
     * They pass, unseen.
     */
    SEALWIRE_MODE_OFF = 0,
    /**
     * They pass without an identity; count and log them.
     */
    SEALWIRE_MODE_OBSERVE = 1,
    /**
     * They are turned away.
     */
    SEALWIRE_MODE_ENFORCE = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sealwire_mode sealwire_mode;
#else
typedef int32_t sealwire_mode;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What became of a claim in a store of the caller's own.
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum sealwire_outcome : int32_t {
#else
enum {
#endif
    /**
     * The key was not there, and is now.
     */
    SEALWIRE_OUTCOME_FIRST = 0,
    /**
     * The key was there.
     */
    SEALWIRE_OUTCOME_SEEN = 1,
    /**
     * The store has no room.
     */
    SEALWIRE_OUTCOME_FULL = 2,
    /**
     * The store did not answer.
     */
    SEALWIRE_OUTCOME_UNAVAILABLE = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sealwire_outcome sealwire_outcome;
#else
typedef int32_t sealwire_outcome;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A ring of key sets, shared by the signers and verifiers made with it. Any number of threads may use one.
 */
typedef struct sealwire_key_ring sealwire_key_ring;

/**
 * Gathers the entries of a key ring. For one thread at a time.
 */
typedef struct sealwire_key_ring_builder sealwire_key_ring_builder;

/**
 * Versions of one secret in memory of the caller's own: static, on a stack, anywhere. Any number of threads may use one.
 */
typedef struct sealwire_key_set sealwire_key_set;

/**
 * A verification whose head is in order and whose body is still to come. For one thread at a time.
 */
typedef struct sealwire_pending sealwire_pending;

/**
 * Remembers nonces, so that a request passes once. Any number of threads and verifiers may use one.
 */
typedef struct sealwire_replay_table sealwire_replay_table;

/**
 * Signs requests in the name of one service or client. Immutable; any number of threads may use one.
 */
typedef struct sealwire_signer sealwire_signer;

/**
 * Gathers how a signer signs. For one thread at a time.
 */
typedef struct sealwire_signer_builder sealwire_signer_builder;

/**
 * Judges requests by a policy, a key ring and a replay table. Immutable but for its counters; any number of
 * threads may use one.
 */
typedef struct sealwire_verifier sealwire_verifier;

/**
 * Gathers what a verifier asks of requests. For one thread at a time.
 */
typedef struct sealwire_verifier_builder sealwire_verifier_builder;

/**
 * Bytes and how many there are. No NUL is needed at the end, and none is special. `data` may be NULL when
 * `length` is 0. Borrowed for the call it is passed to, unless a function says otherwise. `sealwire_text_of`
 * makes one of a C string.
 */
typedef struct sealwire_text {
    /**
     * Where the bytes are.
     */
    const char *data;
    /**
     * How many there are.
     */
    size_t length;
} sealwire_text;

/**
 * One header field line. Names compare without regard to case.
 */
typedef struct sealwire_header {
    /**
     * The field name.
     */
    struct sealwire_text name;
    /**
     * The value, without surrounding whitespace.
     */
    struct sealwire_text value;
} sealwire_header;

/**
 * An error message for the operator: what is wrong and what to do. It never contains a secret.
 *
 * The argument may be NULL. A message is written for every negative status, and only then.
 */
typedef struct sealwire_error {
    /**
     * The message, cut to fit, with a NUL at the end.
     */
    char text[SEALWIRE_ERROR_SIZE];
} sealwire_error;

/**
 * One version of a secret.
 */
typedef struct sealwire_key_version {
    /**
     * The version's number, unique in its set. It is what `message` signatures and connection strings name.
     */
    uint32_t version;
    /**
     * The secret's bytes, already decoded. Copied; wipe yours with `sealwire_memzero` afterwards.
     */
    const void *secret;
    /**
     * How many bytes: 32 or more, unless weak secrets are allowed.
     */
    size_t secret_size;
} sealwire_key_version;

/**
 * How one key version has been used.
 */
typedef struct sealwire_key_status {
    /**
     * Requests accepted under it.
     */
    uint64_t accepted;
    /**
     * When the last one was, in Unix seconds; 0 when there was none. An old version whose second no longer moves is
     * safe to retire.
     */
    uint64_t last_accepted_s;
    /**
     * The version.
     */
    uint32_t version;
    /**
     * The entry: `agent/practices`, a client id, or `issuer`; ended by a NUL.
     */
    char name[SEALWIRE_KEY_NAME_SIZE];
    /**
     * Whether it is the one that signs.
     */
    bool primary;
    /**
     * Zero, in place of padding.
     */
    uint8_t reserved[3];
} sealwire_key_status;

/**
 * A request's head, as received or about to be sent. Everything is bytes as they are on the wire; nothing is
 * decoded.
 */
typedef struct sealwire_request {
    /**
     * The method, in the case it is sent.
     */
    struct sealwire_text method;
    /**
     * The target in origin-form: the raw path, never a percent-decoded one, and `?query` if there is one.
     */
    struct sealwire_text target;
    /**
     * The `Host` header or `:authority`.
     */
    struct sealwire_text authority;
    /**
     * `http` or `https`, as the sender sees it.
     */
    struct sealwire_text scheme;
    /**
     * The header lines, each as it came: one sent twice is there twice. NULL when `header_count` is 0.
     */
    const struct sealwire_header *headers;
    /**
     * How many there are; a request with more than `SEALWIRE_MAX_HEADERS` is rejected.
     */
    size_t header_count;
} sealwire_request;

/**
 * What is signed beside a request's head.
 */
typedef struct sealwire_signing {
    /**
     * The service called: the other half of a pair. Not needed for client keys.
     */
    struct sealwire_text receiver;
    /**
     * The user the request is made for; empty for none.
     */
    struct sealwire_text user_id;
    /**
     * The nonce, which is also the request id: unique per request and sender. `sealwire_fresh_nonce` makes
     * one.
     */
    struct sealwire_text nonce;
    /**
     * The body, exactly as it is sent; NULL when `body_size` is 0.
     */
    const void *body;
    /**
     * How many bytes.
     */
    size_t body_size;
    /**
     * The time, in milliseconds since the Unix epoch: `sealwire_now_ms`. A time in another unit is
     * `SEALWIRE_STATUS_INVALID_ARGUMENT`.
     */
    uint64_t now_ms;
} sealwire_signing;

/**
 * Who sent a request, as verified. A copy: it outlives the request and the verifier. Every array ends in a
 * NUL.
 */
typedef struct sealwire_identity {
    /**
     * How old the request was, in milliseconds; negative when its clock ran ahead.
     */
    int64_t age_ms;
    /**
     * The `sealwire_scheme` that proved it.
     */
    int32_t scheme;
    /**
     * The key version that matched.
     */
    uint32_t key_version;
    /**
     * The sender: a service name or a client id.
     */
    char sender[SEALWIRE_ID_SIZE];
    /**
     * The user the request is made for; empty when there is none, or none that may be believed.
     */
    char user_id[SEALWIRE_ID_SIZE];
    /**
     * The nonce or request id; empty where nothing is claimed.
     */
    char nonce[SEALWIRE_ID_SIZE];
    /**
     * Zero. In place of padding, so that two equal identities are equal to `memcmp`.
     */
    uint8_t reserved[5];
} sealwire_identity;

/**
 * A rejected request, written when a status is positive. Holds no signature, secret or body. Every array ends
 * in a NUL.
 *
 * The peer is told `http_status` and `public_text` and nothing else; the rest is for the log. Look at `mode`
 * first: only `SEALWIRE_MODE_ENFORCE` turns the request away.
 */
typedef struct sealwire_rejection {
    /**
     * How old the request says it is, in milliseconds; negative when it lies ahead.
     */
    int64_t age_ms;
    /**
     * Why: a `sealwire_reason`, the status of the call.
     */
    int32_t reason;
    /**
     * The `sealwire_mode` for this sender.
     */
    int32_t mode;
    /**
     * The HTTP status to answer with.
     */
    int32_t http_status;
    /**
     * The `sealwire_scheme` it was judged by; the most preferred one when none was present.
     */
    int32_t scheme;
    /**
     * The key version as claimed.
     */
    uint32_t key_version;
    /**
     * Whether `key_version` is known.
     */
    bool has_key_version;
    /**
     * Whether `age_ms` is known.
     */
    bool has_age;
    /**
     * The body to answer with, in the scheme's own words.
     */
    char public_text[SEALWIRE_PUBLIC_TEXT_SIZE];
    /**
     * The header or component at fault; may be empty.
     */
    char field[SEALWIRE_PUBLIC_TEXT_SIZE];
    /**
     * The sender as claimed, not authenticated, with everything but visible ASCII shown as `?`; may be empty.
     */
    char sender[SEALWIRE_ID_SIZE];
    /**
     * Zero, in place of padding.
     */
    uint8_t reserved[1];
} sealwire_rejection;

/**
 * A request and the two who exchange it: what both ends of an answer know.
 */
typedef struct sealwire_exchange {
    /**
     * Who sent the request: a service name or a client id.
     */
    struct sealwire_text caller;
    /**
     * The service that answers; empty where a client key is used.
     */
    struct sealwire_text service;
    /**
     * The `sealwire_scheme` the request was signed in.
     */
    int32_t scheme;
    /**
     * The request as sent, its signature headers included.
     */
    const struct sealwire_request *request;
} sealwire_exchange;

/**
 * A response, as received or about to be sent.
 */
typedef struct sealwire_response {
    /**
     * The HTTP status, 100 to 599.
     */
    int32_t http_status;
    /**
     * The header lines received; not looked at when signing.
     */
    const struct sealwire_header *headers;
    /**
     * How many there are.
     */
    size_t header_count;
    /**
     * The body, exactly as it is sent; NULL when `body_size` is 0.
     */
    const void *body;
    /**
     * How many bytes.
     */
    size_t body_size;
} sealwire_response;

/**
 * What a verified answer says.
 */
typedef struct sealwire_verified_response {
    /**
     * The server's clock when it answered, in Unix seconds: where a caller may learn that its own is wrong.
     */
    uint64_t server_time_s;
    /**
     * The version of the key that signed.
     */
    uint32_t key_version;
} sealwire_verified_response;

/**
 * One role and what its holder may do.
 */
typedef struct sealwire_role {
    /**
     * The name: not empty, without `; = : ,` and control characters.
     */
    struct sealwire_text name;
    /**
     * 0 to read, 1 to write.
     */
    int32_t permission;
} sealwire_role;

/**
 * What a connection string is to say.
 */
typedef struct sealwire_connection_string_draft {
    /**
     * The account: a UUID.
     */
    struct sealwire_text account;
    /**
     * The tenant: a UUID, or empty.
     */
    struct sealwire_text tenant;
    /**
     * The subscription: a UUID, or empty.
     */
    struct sealwire_text subscription;
    /**
     * When it expires, in Unix seconds; it is good up to and including that second.
     */
    int64_t expires_s;
    /**
     * How the expiry is written: minutes east of UTC.
     */
    int32_t offset_minutes;
    /**
     * The roles; NULL when `role_count` is 0.
     */
    const struct sealwire_role *roles;
    /**
     * How many there are.
     */
    size_t role_count;
} sealwire_connection_string_draft;

/**
 * What a verified connection string says. Text ends in a NUL, and is empty where the token says nothing.
 */
typedef struct sealwire_connection_string {
    /**
     * When it expires, in Unix seconds.
     */
    int64_t expires_s;
    /**
     * How the expiry was written: minutes east of UTC.
     */
    int32_t offset_minutes;
    /**
     * The version of the key that signed.
     */
    uint32_t key_version;
    /**
     * How many roles were written to the caller's array.
     */
    size_t role_count;
    /**
     * The account.
     */
    char account[SEALWIRE_UUID_SIZE];
    /**
     * The tenant.
     */
    char tenant[SEALWIRE_UUID_SIZE];
    /**
     * The subscription.
     */
    char subscription[SEALWIRE_UUID_SIZE];
    /**
     * Zero, in place of padding.
     */
    uint8_t reserved[1];
} sealwire_connection_string;

/**
 * Whose a key set is.
 */
typedef struct sealwire_static_entry {
    /**
     * A client id; or one of two services, in any order.
     */
    struct sealwire_text name;
    /**
     * The other service; empty for a client id.
     */
    struct sealwire_text peer;
    /**
     * The keys.
     */
    const struct sealwire_key_set *keys;
} sealwire_static_entry;

/**
 * What a signer is made of, for programs without a heap. All memory is the caller's; once filled in, any
 * number of threads may use it.
 */
typedef struct sealwire_static_signer {
    /**
     * The sender: a service name or a client id.
     */
    struct sealwire_text name;
    /**
     * The `sealwire_scheme`s to sign in, all at once.
     */
    const int32_t *schemes;
    /**
     * How many; 0 for `message` alone.
     */
    size_t scheme_count;
    /**
     * The keys.
     */
    const struct sealwire_static_entry *entries;
    /**
     * How many entries.
     */
    size_t entry_count;
} sealwire_static_signer;

/**
 * What a verifier is made of, for programs without a heap. All memory is the caller's; once filled in, any
 * number of threads may use it. Start from zeroed memory: what stays 0 has its default.
 */
typedef struct sealwire_static_verifier {
    /**
     * The service's own name; may be empty where only `client` is accepted.
     */
    struct sealwire_text service;
    /**
     * The `sealwire_scheme`s accepted, most preferred first.
     */
    const int32_t *schemes;
    /**
     * How many; 0 for `message` alone.
     */
    size_t scheme_count;
    /**
     * The keys.
     */
    const struct sealwire_static_entry *entries;
    /**
     * How many entries.
     */
    size_t entry_count;
    /**
     * How far back timestamps may lie, in milliseconds; 0 for each scheme's default.
     */
    uint64_t past_ms;
    /**
     * How far ahead; looked at only when `past_ms` is not 0.
     */
    uint64_t future_ms;
    /**
     * The most body bytes; 0 for 1 MiB.
     */
    uint64_t max_body_bytes;
    /**
     * Memory for a replay table, as `sealwire_replay_table_in_memory` takes it; NULL for none.
     */
    void *replay_memory;
    /**
     * Its size.
     */
    size_t replay_memory_size;
    /**
     * 16 random bytes.
     */
    uint8_t replay_key[SEALWIRE_REPLAY_KEY_SIZE];
    /**
     * Requests signed before this Unix second are refused: the time at which the table's memory was zeroed. 0
     * accepts them.
     */
    uint64_t refuses_before_s;
} sealwire_static_verifier;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The library's version, as `SEALWIRE_VERSION` in the header of the same release. Never NULL, never to be
 * freed. Thread-safe.
 */
SEALWIRE_MUST_USE
const char *sealwire_version(void);

/**
 * The library's ABI version. A program whose header has another `SEALWIRE_ABI_VERSION` must not use the
 * library; a shared library's SONAME sees to that by itself. Thread-safe.
 */
SEALWIRE_MUST_USE
uint32_t sealwire_abi_version(void);

/**
 * The name of a status, in `snake_case`, for logs and metrics; `"unknown"` for a number that is none. Never
 * NULL, never to be freed. Thread-safe.
 */
const char *sealwire_status_name(int32_t status);

/**
 * The HTTP status to answer a rejection with: 401, 413 or 503. 200 for success, and 500 for every other
 * status: a server that cannot verify must not let the request pass. Thread-safe.
 */
int32_t sealwire_status_http(int32_t status);

/**
 * The time in milliseconds since the Unix epoch. Thread-safe.
 */
SEALWIRE_MUST_USE
uint64_t sealwire_now_ms(void);

/**
 * Writes a fresh nonce, a random UUID ended by a NUL, into `buffer` of at least `SEALWIRE_NONCE_SIZE` bytes.
 * Use it for one request only; with the `client` scheme it is the request id too. Thread-safe, and safe after
 * `fork`.
 *
 * Fails with `SEALWIRE_STATUS_SYSTEM` when the operating system has no random bytes: do not sign then.
 */
SEALWIRE_MUST_USE
int32_t sealwire_fresh_nonce(char *buffer,
                             size_t buffer_size);

/**
 * Overwrites `size` bytes with zeros, in a way no compiler leaves out: for secrets in the caller's own buffers
 * once a key ring is built. NULL and 0 are fine. Thread-safe for memory no other thread uses.
 */
void sealwire_memzero(void *memory,
                      size_t size);

/**
 * Splits an absolute URL, as a client is about to send it, into a request's scheme, authority and target,
 * without decoding anything. A `Host` header among `headers` names the authority before the URL does. What is
 * written points into `url`, into the headers, or to text of the library's own. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_url_split(struct sealwire_text url,
                           const struct sealwire_header *headers,
                           size_t header_count,
                           struct sealwire_text *scheme,
                           struct sealwire_text *authority,
                           struct sealwire_text *target);

/**
 * Finds the authority a server was asked for: its `Host` header. No text when there is none, or when two could
 * be believed. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_authority(const struct sealwire_header *headers,
                           size_t header_count,
                           struct sealwire_text *found);

/**
 * Decodes a secret that is kept as padded standard base64 (RFC 4648 section 4) into `buffer`, in constant time
 * over its content, and writes its size to `*secret_size`. Surrounding whitespace is not part of it.
 *
 * `SEALWIRE_STATUS_INVALID_KEY` when the text is not base64, or holds more than 4096 bytes;
 * `SEALWIRE_STATUS_BUFFER_TOO_SMALL` when the secret is larger than `buffer`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_decode_secret(struct sealwire_text base64,
                               void *buffer,
                               size_t buffer_size,
                               size_t *secret_size,
                               struct sealwire_error *error);

/**
 * Begins a key ring. With `allow_weak`, secrets under 32 bytes are taken: for tests, and for fleets whose
 * secrets are shorter until they are rotated. Free the builder with `sealwire_key_ring_builder_free`.
 * Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_builder_new(bool allow_weak,
                                      struct sealwire_key_ring_builder **builder);

/**
 * Adds the keys two services share, in both directions; the order of the names does not matter. `primary` is
 * the version that signs. Secrets are copied.
 *
 * `SEALWIRE_STATUS_INVALID_KEY` when the entry is refused; the error names it and says why, and the builder
 * stays as it was. For one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_builder_add_pair(struct sealwire_key_ring_builder *builder,
                                           struct sealwire_text one,
                                           struct sealwire_text other,
                                           const struct sealwire_key_version *versions,
                                           size_t version_count,
                                           uint32_t primary,
                                           struct sealwire_error *error);

/**
 * Adds the keys of a client id. As `sealwire_key_ring_builder_add_pair` otherwise. For one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_builder_add_client(struct sealwire_key_ring_builder *builder,
                                             struct sealwire_text id,
                                             const struct sealwire_key_version *versions,
                                             size_t version_count,
                                             uint32_t primary,
                                             struct sealwire_error *error);

/**
 * Sets the keys that sign connection strings. As `sealwire_key_ring_builder_add_pair` otherwise. For one
 * thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_builder_set_issuer(struct sealwire_key_ring_builder *builder,
                                             const struct sealwire_key_version *versions,
                                             size_t version_count,
                                             uint32_t primary,
                                             struct sealwire_error *error);

/**
 * Makes the ring, which is then free of the builder; it may even be empty. A builder builds once. Free the
 * ring with `sealwire_key_ring_free`, and the builder too. For one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_builder_build(struct sealwire_key_ring_builder *builder,
                                        struct sealwire_key_ring **ring);

/**
 * Frees a builder, whether it has built or not; NULL is fine. No other thread may use it any more.
 */
void sealwire_key_ring_builder_free(struct sealwire_key_ring_builder *builder);

/**
 * Makes a ring of every pair with `service` that the environment holds a base64 secret for:
 * `HMAC_SECRET_<A>_<B>` with the two names sorted and upper-cased, `_V<n>` behind it for versions,
 * `HMAC_PRIMARY_<A>_<B>` for the one that signs.
 *
 * `SEALWIRE_STATUS_INVALID_CONFIGURATION` when there is none or one is not fit; the error names the variable.
 * Free the ring with `sealwire_key_ring_free`. Thread-safe while no other thread changes the environment.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_from_env(struct sealwire_text service,
                                   bool allow_weak,
                                   struct sealwire_key_ring **ring,
                                   struct sealwire_error *error);

/**
 * Puts the keys of `source` into `ring`, at once and as a whole: every signer and verifier made with `ring`
 * uses them from the next request on, and requests under way end with the keys they began with. Versions that
 * stay keep their counts.
 *
 * `source` stays the caller's, unchanged; free it. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_replace(const struct sealwire_key_ring *ring,
                                  const struct sealwire_key_ring *source);

/**
 * Writes how each key version has been used to `statuses`, and how many there are to `*count`. With a
 * `capacity` of 0 only counts. `SEALWIRE_STATUS_BUFFER_TOO_SMALL` when there are more than `capacity`.
 * Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_status(const struct sealwire_key_ring *ring,
                                 struct sealwire_key_status *statuses,
                                 size_t capacity,
                                 size_t *count);

/**
 * Frees a ring; NULL is fine. Signers and verifiers made with it go on working. No other thread may use the
 * handle any more.
 */
void sealwire_key_ring_free(struct sealwire_key_ring *ring);

/**
 * Begins a signer for the service or client id `name`. Unless schemes are named it signs `message`. Free the
 * builder with `sealwire_signer_builder_free`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_signer_builder_new(struct sealwire_text name,
                                    struct sealwire_signer_builder **builder);

/**
 * Adds a `sealwire_scheme`. Requests are signed in all of them at once, so that a fleet can move from one to
 * the next. For one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_signer_builder_add_scheme(struct sealwire_signer_builder *builder,
                                           int32_t scheme);

/**
 * Adds a header field that `message` signatures cover whenever it is sent. For one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_signer_builder_cover(struct sealwire_signer_builder *builder,
                                      struct sealwire_text field);

/**
 * Says whether `message` signatures cover the authority: they do, unless a proxy on the way rewrites it. For
 * one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_signer_builder_cover_authority(struct sealwire_signer_builder *builder,
                                                bool cover);

/**
 * Makes the signer. It shares `ring`, whose handle may be freed. A builder builds once; a configuration that
 * is refused leaves it as it was. Free the signer with `sealwire_signer_free`, and the builder too. For one
 * thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_signer_builder_build(struct sealwire_signer_builder *builder,
                                      const struct sealwire_key_ring *ring,
                                      struct sealwire_signer **signer,
                                      struct sealwire_error *error);

/**
 * Frees a builder, whether it has built or not; NULL is fine. No other thread may use it any more.
 */
void sealwire_signer_builder_free(struct sealwire_signer_builder *builder);

/**
 * Signs a request. Writes the headers to send to `headers` and how many there are to `*header_count`; their
 * names and values lie in `buffer`, each ended by a NUL that its length does not count. Keep `buffer` as long
 * as the headers.
 *
 * A `buffer` of `SEALWIRE_SIGNATURE_SIZE` and `SEALWIRE_SIGNATURE_HEADERS` headers are always enough.
 * `SEALWIRE_STATUS_NO_KEY`, `SEALWIRE_STATUS_CANNOT_SIGN` with the reason in `error`,
 * `SEALWIRE_STATUS_BUFFER_TOO_SMALL`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_signer_sign(const struct sealwire_signer *signer,
                             const struct sealwire_request *request,
                             const struct sealwire_signing *signing,
                             char *buffer,
                             size_t buffer_size,
                             struct sealwire_header *headers,
                             size_t header_capacity,
                             size_t *header_count,
                             struct sealwire_error *error);

/**
 * Frees a signer; NULL is fine. No other thread may use it any more.
 */
void sealwire_signer_free(struct sealwire_signer *signer);

/**
 * The slots to make a table of: for `requests_per_second`, each remembered for `window_seconds`, the past and the future
 * window together. Twice the live entries, so that a claim finds room. 0 for either is the default of every language, which
 * processes that map one file must agree on: 200 requests a second over the widest default windows. Thread-safe.
 */
SEALWIRE_MUST_USE
size_t sealwire_replay_slots(uint32_t requests_per_second,
                             uint32_t window_seconds);

/**
 * The bytes a table of `slots` slots takes. Thread-safe.
 */
SEALWIRE_MUST_USE
size_t sealwire_replay_memory_size(size_t slots);

/**
 * Makes a table on the heap: for one process, and gone with it. It cannot know what passed before it existed,
 * so requests signed before the Unix second `refuses_before_s`, the time now, are refused; 0 accepts them.
 * Free it with `sealwire_replay_table_free`.
 *
 * From 2 MiB on it lies in huge pages where Linux has them. `SEALWIRE_STATUS_SYSTEM` without random bytes, or where the system
 * refuses the memory: make it smaller. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_replay_table_new(size_t slots,
                                  uint64_t refuses_before_s,
                                  struct sealwire_replay_table **table);

/**
 * Opens, or makes, a table in the file `path` that every process of a service maps, and that outlives them.
 * All have to name the same number of slots. Requests signed before the file was made are refused unless
 * `accept_older`. The file may be readable by this user alone. Free the handle with
 * `sealwire_replay_table_free`; the file stays.
 *
 * `SEALWIRE_STATUS_SYSTEM` with the reason in `error`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_replay_table_map(struct sealwire_text path,
                                  size_t slots,
                                  bool accept_older,
                                  struct sealwire_replay_table **table,
                                  struct sealwire_error *error);

/**
 * Makes a table of the caller's own memory: static, or shared between processes. It is zeroed, or left by an
 * earlier table under the same key; `memory_size` is a multiple of 64 and at least 128
 * (`sealwire_replay_memory_size` fits), and the memory is aligned to 8 bytes, better to 64. `key` has 16
 * random bytes, the same for all who share the memory.
 *
 * The memory belongs to the table until the handle and every verifier made with it are freed. Requests signed
 * before `refuses_before_s` are refused; 0 accepts them. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_replay_table_in_memory(void *memory,
                                        size_t memory_size,
                                        const uint8_t *key,
                                        uint64_t refuses_before_s,
                                        struct sealwire_replay_table **table);

/**
 * Claims a nonce for a sender until `expires_s`, both times in Unix seconds: 0 for the first of any number of
 * equal claims, else a `sealwire_reason`. For protocols of the caller's own; verifiers claim by themselves.
 * Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_replay_table_claim(const struct sealwire_replay_table *table,
                                    struct sealwire_text sender,
                                    struct sealwire_text nonce,
                                    uint64_t expires_s,
                                    uint64_t now_s);

/**
 * Writes how many slots hold a live entry at `now_s`, estimated from a sample, and how many there are. Plan
 * for half of them: at three quarters, one claim in a hundred finds no room. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_replay_table_fill(const struct sealwire_replay_table *table,
                                   uint64_t now_s,
                                   size_t *live,
                                   size_t *slots);

/**
 * Frees a handle; NULL is fine. Verifiers made with the table go on using it. No other thread may use the
 * handle any more.
 */
void sealwire_replay_table_free(struct sealwire_replay_table *table);

/**
 * Begins a verifier for the service of this name: the one that signatures must name as their receiver. May be
 * empty where only the `client` scheme is accepted. Unless told otherwise it accepts `message` only, enforces,
 * and reads bodies of up to 1 MiB. Free the builder with `sealwire_verifier_builder_free`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_new(struct sealwire_text service,
                                      struct sealwire_verifier_builder **builder);

/**
 * Adds a `sealwire_scheme` to those accepted. The first one added that a request carries is judged, and no
 * other. For one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_accept(struct sealwire_verifier_builder *builder,
                                         int32_t scheme);

/**
 * Sets how far back and ahead of the clock timestamps may lie, in milliseconds, boundaries included. Defaults:
 * 300 000 back and 5 000 ahead; 300 000 both ways for `client`. For one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_set_window(struct sealwire_verifier_builder *builder,
                                             uint64_t past_ms,
                                             uint64_t future_ms);

/**
 * Sets the `sealwire_mode`: what happens to rejected requests. For one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_set_mode(struct sealwire_verifier_builder *builder,
                                           int32_t mode_number);

/**
 * Sets the most body bytes read; the default is 1 MiB. For one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_set_max_body_bytes(struct sealwire_verifier_builder *builder,
                                                     uint64_t max_body_bytes);

/**
 * Says whether the user id of `pairwise` is believed, which that scheme does not sign: whoever stands between
 * sender and receiver can set it. Off by default. For one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_trust_unsigned_user_id(struct sealwire_verifier_builder *builder,
                                                         bool trust);

/**
 * Says whether `pairwise` signatures are claimed as nonces, which refuses two equal requests in one second.
 * Off by default. For one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_claim_pairwise(struct sealwire_verifier_builder *builder,
                                                 bool claim);

/**
 * Says whether `message` signatures must cover the authority: they must, unless a proxy on the way rewrites
 * it. For one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_require_authority(struct sealwire_verifier_builder *builder,
                                                    bool require);

/**
 * Adds a header field that `message` signatures must cover when it is sent. For one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_require_field(struct sealwire_verifier_builder *builder,
                                                struct sealwire_text field);

/**
 * Says whether senders without rules of their own are refused. Off by default. For one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_listed_senders_only(struct sealwire_verifier_builder *builder,
                                                      bool only);

/**
 * Adds rules for one sender: its `sealwire_mode` (`SEALWIRE_MODE_INHERIT` for the verifier's), the methods it
 * may use and the paths it may call, each with all below it. An empty list allows all. For one thread at a
 * time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_add_sender(struct sealwire_verifier_builder *builder,
                                             struct sealwire_text name,
                                             int32_t mode_number,
                                             const struct sealwire_text *methods,
                                             size_t method_count,
                                             const struct sealwire_text *path_prefixes,
                                             size_t path_prefix_count);

/**
 * Adds a path that needs no signature; with a `*` at its end, all paths that begin so. Ask with
 * `sealwire_verifier_is_exempt`. For one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_exempt_path(struct sealwire_verifier_builder *builder,
                                              struct sealwire_text path);

/**
 * Makes the verifier. It shares `ring` and `table`, whose handles may be freed. Without a table (NULL) no
 * nonce is claimed here, and only `sealwire_pending_prove` with a store of the caller's own protects against
 * replays.
 *
 * `SEALWIRE_STATUS_INVALID_CONFIGURATION` with the setting in `error`; the builder is then as it was. A
 * builder builds once. Free the verifier with `sealwire_verifier_free`, and the builder too. For one thread at
 * a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_build(struct sealwire_verifier_builder *builder,
                                        const struct sealwire_key_ring *ring,
                                        const struct sealwire_replay_table *table,
                                        struct sealwire_verifier **verifier,
                                        struct sealwire_error *error);

/**
 * Frees a builder, whether it has built or not; NULL is fine. No other thread may use it any more.
 */
void sealwire_verifier_builder_free(struct sealwire_verifier_builder *builder);

/**
 * Verifies a whole request. 0 writes `*identity`; a positive status, a `sealwire_reason`, writes
 * `*rejected`, whose `mode` says whether to turn the request away. Either may be NULL.
 *
 * `now_ms` counts milliseconds since the Unix epoch: `sealwire_now_ms`. Nothing in a request leads to a negative
 * status. Only a thread's first call may allocate. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_verify(const struct sealwire_verifier *verifier,
                                 const struct sealwire_request *request,
                                 const void *body,
                                 size_t body_size,
                                 uint64_t now_ms,
                                 struct sealwire_identity *identity,
                                 struct sealwire_rejection *rejected);

/**
 * Whether `path`, the raw path without the query, needs no signature by this verifier's configuration.
 * Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_is_exempt(const struct sealwire_verifier *verifier,
                                    struct sealwire_text path,
                                    bool *exempt);

/**
 * Writes how many requests of a `sealwire_scheme` were accepted. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_accepted(const struct sealwire_verifier *verifier,
                                   int32_t scheme_number,
                                   uint64_t *accepted);

/**
 * Writes how many requests were turned away for a `sealwire_reason`, and how many were let through that
 * enforcing would have turned away. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_rejected(const struct sealwire_verifier *verifier,
                                   int32_t reason,
                                   uint64_t *enforced,
                                   uint64_t *observed);

/**
 * Frees a verifier; NULL is fine. Verifications under way go on. No other thread may use the handle any more.
 */
void sealwire_verifier_free(struct sealwire_verifier *verifier);

/**
 * Whether a request is a health probe from the machine itself, which the `client` scheme lets pass unsigned.
 * `peer` is the socket's remote address as text, never one taken from a header. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_is_local_health_check(struct sealwire_text method,
                                       struct sealwire_text target,
                                       const char *peer,
                                       bool *local);

/**
 * Judges a request's head before a byte of its body is read. 0 writes `*pending`, to be fed the body by
 * `sealwire_pending_update` and freed with `sealwire_pending_free` in any case; a positive status writes
 * `*rejected`, which may be NULL. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_begin(const struct sealwire_verifier *verifier,
                                const struct sealwire_request *request,
                                uint64_t now_ms,
                                struct sealwire_pending **pending,
                                struct sealwire_rejection *rejected);

/**
 * Takes the next piece of the body, as received. A positive status ends the verification: answer the request
 * and free `pending`. For one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_pending_update(struct sealwire_pending *pending,
                                const void *chunk,
                                size_t chunk_size,
                                struct sealwire_rejection *rejected);

/**
 * Ends the body, claims the nonce in the verifier's replay table and accepts the request. Read `now_ms` anew,
 * after the body: a window that closed meanwhile rejects. A verifier without a table rejects here what carries
 * a nonce, for it cannot tell; use `sealwire_pending_prove` then. The verification is over whatever the
 * status. For one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_pending_finish(struct sealwire_pending *pending,
                                uint64_t now_ms,
                                struct sealwire_identity *identity,
                                struct sealwire_rejection *rejected);

/**
 * Ends the body and leaves the claim to a store of the caller's own, such as Redis. Where `*has_key` is true,
 * claim `shared_key`, the same on every host, until `*expires_s` (Unix seconds): atomically, and only if it is
 * not there. Then call `sealwire_pending_settle`. For one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_pending_prove(struct sealwire_pending *pending,
                               uint8_t *shared_key,
                               size_t shared_key_size,
                               bool *has_key,
                               uint64_t *expires_s,
                               struct sealwire_rejection *rejected);

/**
 * Accepts or rejects a request on the word of the caller's own store: a `sealwire_outcome`;
 * `SEALWIRE_OUTCOME_FIRST` where there was nothing to claim. The verification is over whatever the status,
 * unless the outcome is no such number. For one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_pending_settle(struct sealwire_pending *pending,
                                int32_t outcome,
                                uint64_t now_ms,
                                struct sealwire_identity *identity,
                                struct sealwire_rejection *rejected);

/**
 * Frees a verification, whether it has ended or not; NULL is fine. No other thread may use it any more.
 */
void sealwire_pending_free(struct sealwire_pending *pending);

/**
 * Signs an answer; rejections too, so that a caller whose clock is wrong learns the right time. The headers
 * come as from `sealwire_signer_sign`. `now_ms` counts milliseconds since the Unix epoch. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_response_sign(const struct sealwire_key_ring *ring,
                               const struct sealwire_exchange *exchange,
                               const struct sealwire_response *answer,
                               uint64_t now_ms,
                               char *buffer,
                               size_t buffer_size,
                               struct sealwire_header *headers,
                               size_t header_capacity,
                               size_t *header_count,
                               struct sealwire_error *error);

/**
 * Verifies an answer: who signed it, that it is to this request, and that status and body are as signed. 0
 * writes `*answered`, a positive status `*rejected`; either may be NULL. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_response_verify(const struct sealwire_key_ring *ring,
                                 const struct sealwire_exchange *exchange,
                                 const struct sealwire_response *answer,
                                 struct sealwire_verified_response *answered,
                                 struct sealwire_rejection *rejected);

/**
 * Issues a connection string, signed by the ring's primary issuer key, into `buffer`, ended by a NUL;
 * `*length` does not count it. A buffer of `SEALWIRE_TOKEN_SIZE` is always enough.
 *
 * `SEALWIRE_STATUS_NO_KEY` without an issuer; `SEALWIRE_STATUS_CANNOT_SIGN` with the reason in `error`: a
 * role's name that cannot be carried, a token that would be too long; `SEALWIRE_STATUS_INVALID_ARGUMENT` for
 * what is no UUID, time or permission. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_connection_string_issue(const struct sealwire_key_ring *ring,
                                         const struct sealwire_connection_string_draft *draft,
                                         char *buffer,
                                         size_t buffer_size,
                                         size_t *length,
                                         struct sealwire_error *error);

/**
 * Verifies a connection string and writes what it says. `now_s` counts Unix seconds; an expired token passes
 * only with `ignore_expiry`, for tools that look at a token, never to admit a request.
 *
 * `scratch` is the caller's memory to decode into; 3 bytes for every 4 of the token, at most
 * `SEALWIRE_TOKEN_SCRATCH_SIZE`. The roles written to `roles` have their names in it, each with a NUL at the
 * end: keep it as long as them.
 * `SEALWIRE_STATUS_BUFFER_TOO_SMALL` when either is too small. A positive status is a `sealwire_reason`;
 * `sealwire_connection_string_response` has what to tell the peer. `SEALWIRE_STATUS_NO_KEY` when the ring has no
 * issuer. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_connection_string_verify(const struct sealwire_key_ring *ring,
                                          struct sealwire_text token,
                                          uint64_t now_s,
                                          bool ignore_expiry,
                                          void *scratch,
                                          size_t scratch_size,
                                          struct sealwire_role *roles,
                                          size_t role_capacity,
                                          struct sealwire_connection_string *claims);

/**
 * The code that the peer is told of a rejection, `MYC` and five digits; empty where there is none. Never to be
 * freed. Thread-safe.
 */
SEALWIRE_MUST_USE
struct sealwire_text sealwire_connection_string_code(int32_t status);

/**
 * The JSON body to answer a rejected connection string with, of the type `application/json` and under HTTP
 * status 401. Empty for a status that is no rejection. Never to be freed. Thread-safe.
 */
SEALWIRE_MUST_USE
struct sealwire_text sealwire_connection_string_response(int32_t status);

/**
 * The name of the header that carries a connection string. Never to be freed. Thread-safe.
 */
SEALWIRE_MUST_USE
struct sealwire_text sealwire_connection_string_header(void);

/**
 * Keys a set of versions, of which `primary` signs, in `memory`, and writes where the set lies in it. Needs no heap. A static array
 * of `SEALWIRE_KEY_SET_SIZE(version_count)` bytes is enough, of whatever alignment. The secrets are not kept: wipe yours with
 * `sealwire_memzero`, and in the end `memory`.
 *
 * `SEALWIRE_STATUS_INVALID_KEY` for no version, one given twice, a primary that is not there, and secrets that are empty, one
 * byte repeated, or under 32 bytes unless `allow_weak`. For one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_set_init(void *memory,
                              size_t memory_size,
                              const struct sealwire_key_version *versions,
                              size_t version_count,
                              uint32_t primary,
                              bool allow_weak,
                              const struct sealwire_key_set **set,
                              struct sealwire_error *error);

/**
 * Signs a request as `sealwire_signer_sign` does, without a heap, and with at most 24 KiB of stack. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_static_sign(const struct sealwire_static_signer *signer,
                             const struct sealwire_request *request,
                             const struct sealwire_signing *signing,
                             char *buffer,
                             size_t buffer_size,
                             struct sealwire_header *headers,
                             size_t header_capacity,
                             size_t *header_count,
                             struct sealwire_error *error);

/**
 * Verifies a whole request as `sealwire_verifier_verify` does, without a heap, and with at most 24 KiB of stack.
 * Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_static_verify(const struct sealwire_static_verifier *verifier,
                               const struct sealwire_request *request,
                               const void *body,
                               size_t body_size,
                               uint64_t now_ms,
                               struct sealwire_identity *identity,
                               struct sealwire_rejection *rejected);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

/** The text of a C string, without its NUL; no text for NULL. Borrowed: it lives as long as the string. */
static inline sealwire_text sealwire_text_of(const char *string) {
    sealwire_text text;
    text.data = string;
    text.length = string == NULL ? 0 : strlen(string);
    return text;
}

#endif  /* SEALWIRE_H */
