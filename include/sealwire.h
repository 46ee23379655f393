/* Sealwire: signs and verifies service-to-service requests with HMAC.
 *
 * Generated from ffi-c/src by ffi-c/tests/header.rs: do not edit. ffi-c/README.md documents the conventions for status
 * codes, ownership and NULL. The comment of each function documents its thread safety. */

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
/** Increases when a symbol is removed, or a structure or a meaning changes. Part of the SONAME. */
#define SEALWIRE_ABI_VERSION 0

/* An ignored status would accept requests that must be rejected. */
#if defined(__GNUC__) || defined(__clang__)
#define SEALWIRE_MUST_USE __attribute__((warn_unused_result))
#else
#define SEALWIRE_MUST_USE
#endif

/** The size of a buffer for the parts of a URL of this length, in bytes. */
#define SEALWIRE_URL_SIZE(length) (6 * (length) + 144)

/** The size of a key set with this number of versions, in bytes: a constant, for static arrays. */
#define SEALWIRE_KEY_SET_SIZE(versions) (SEALWIRE_KEY_SET_BASE_SIZE + (versions) * SEALWIRE_KEY_SIZE)

/**
 * The size of `sealwire_error.text`, including its NUL.
 */
#define SEALWIRE_ERROR_SIZE 512

/**
 * The size of the buffer for a nonce: 36 characters of a UUID and a NUL.
 */
#define SEALWIRE_NONCE_SIZE 37

/**
 * The largest number of header lines. Pass one more if there are more, so that the request is rejected.
 */
#define SEALWIRE_MAX_HEADERS 256

/**
 * The size of `sealwire_key_status.name`, including the NUL.
 */
#define SEALWIRE_KEY_NAME_SIZE 136

/**
 * The size of the buffer that a `sealwire_secret_resolver` writes a secret to.
 */
#define SEALWIRE_SECRET_SIZE 4096

/**
 * The size of a buffer for the signature headers of any request or response.
 */
#define SEALWIRE_SIGNATURE_SIZE 8192

/**
 * The number of headers for all schemes together.
 */
#define SEALWIRE_SIGNATURE_HEADERS 12

/**
 * The size of the key of a replay table.
 */
#define SEALWIRE_REPLAY_KEY_SIZE 16

/**
 * The size of the text arrays for a sender, a user or a nonce, including the NUL.
 */
#define SEALWIRE_ID_SIZE 129

/**
 * The size of `sealwire_rejection.public_text` and `.field`, including the NUL.
 */
#define SEALWIRE_PUBLIC_TEXT_SIZE 64

/**
 * The size of the key of a nonce in your own store.
 */
#define SEALWIRE_SHARED_KEY_SIZE 32

/**
 * The size of a buffer for any connection string with its NUL.
 */
#define SEALWIRE_TOKEN_SIZE 8193

/**
 * The size of a scratch buffer to verify any connection string.
 */
#define SEALWIRE_TOKEN_SCRATCH_SIZE 6144

/**
 * The size of a UUID as text, including its NUL.
 */
#define SEALWIRE_UUID_SIZE 37

/**
 * The size of one version, with reserve for later releases; part of `SEALWIRE_KEY_SET_SIZE`.
 */
#define SEALWIRE_KEY_SIZE 256

/**
 * The size of a key set without its versions, including alignment.
 */
#define SEALWIRE_KEY_SET_BASE_SIZE 256

/**
 * The reason why a request or token was rejected.
 *
 * Each reason has a stable number and a stable name. The C API uses the number. Metrics, logs, `code` in
 * Node.js and `.code` in Python use the name. Numbers are never reused. The tens digit of the number is the
 * group of the reason: 1 is malformed, 2 is identity, 3 is time, 4 is integrity, and 5 is replay.
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum sealwire_reason : uint8_t {
#else
enum {
#endif
    /**
     * A required header is missing or empty, or the request contains no headers of an accepted scheme.
     */
    SEALWIRE_REASON_MISSING_HEADERS = 10,
    /**
     * The value of a header is not valid in its scheme. The rejection contains the name of the header.
     */
    SEALWIRE_REASON_MALFORMED_HEADER = 11,
    /**
     * A header of the scheme occurs more than once, so two parsers could use different values.
     */
    SEALWIRE_REASON_DUPLICATE_HEADER = 12,
    /**
     * The syntax of a connection string is invalid.
     */
    SEALWIRE_REASON_MALFORMED_TOKEN = 13,
    /**
     * No key is configured for this sender.
     */
    SEALWIRE_REASON_UNKNOWN_CLIENT = 20,
    /**
     * The policy does not allow this sender to call this method and path.
     */
    SEALWIRE_REASON_SENDER_NOT_ALLOWED = 21,
    /**
     * The scheme requires a key version, but the request contains no key version.
     */
    SEALWIRE_REASON_MISSING_KEY_VERSION = 22,
    /**
     * The key set of the sender does not contain the key version of the request. The version was removed or
     * never added.
     */
    SEALWIRE_REASON_UNKNOWN_KEY_VERSION = 23,
    /**
     * The signed authority is not one of the authorities of this service.
     */
    SEALWIRE_REASON_AUTHORITY_NOT_SERVED = 24,
    /**
     * The timestamp is older than the window allows.
     */
    SEALWIRE_REASON_STALE_TIMESTAMP = 30,
    /**
     * The timestamp is further in the future than the window allows.
     */
    SEALWIRE_REASON_FUTURE_TIMESTAMP = 31,
    /**
     * The signature or the token has expired.
     */
    SEALWIRE_REASON_TOKEN_EXPIRED = 32,
    /**
     * The MAC does not match. The request was signed with a different key, or a signed part was changed.
     */
    SEALWIRE_REASON_SIGNATURE_MISMATCH = 40,
    /**
     * The body does not match its signed digest.
     */
    SEALWIRE_REASON_BODY_DIGEST_MISMATCH = 41,
    /**
     * The body is larger than the limit.
     */
    SEALWIRE_REASON_BODY_TOO_LARGE = 42,
    /**
     * The signature does not cover a component that the policy requires.
     */
    SEALWIRE_REASON_MISSING_COVERAGE = 43,
    /**
     * The body did not arrive in time.
     */
    SEALWIRE_REASON_BODY_TIMEOUT = 44,
    /**
     * The nonce is already claimed.
     */
    SEALWIRE_REASON_REPLAYED = 50,
    /**
     * The replay table has no free slot for this nonce. Live entries are never evicted.
     */
    SEALWIRE_REASON_REPLAY_STORE_FULL = 51,
    /**
     * The replay store did not respond.
     */
    SEALWIRE_REASON_REPLAY_STORE_UNAVAILABLE = 52,
    /**
     * This sender has used its share of the replay table.
     */
    SEALWIRE_REASON_SENDER_SHARE_EXCEEDED = 53,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sealwire_reason sealwire_reason;
#else
typedef uint8_t sealwire_reason;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A wire format for signed requests. Connection strings are not a scheme, because they are tokens. See
 * `sealwire_connection_string`.
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum sealwire_scheme : uint8_t {
#else
enum {
#endif
    /**
     * HTTP Message Signatures (RFC 9421) with `hmac-sha256`. This is the default.
     */
    SEALWIRE_SCHEME_MESSAGE = 1,
    /**
     * The format of the FastAPI services, with a key for each pair of services.
     */
    SEALWIRE_SCHEME_PAIRWISE = 2,
    /**
     * The format of the Express IAM and the Nuxt gateway, with a key for each client id.
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
 * The result of a call: 0 for success, a positive `sealwire_reason` for a request or token that was rejected,
 * and one of these negative values for a call that could not be carried out.
 *
 * Values are stable. The value of a retired status stays reserved.
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum sealwire_status : int32_t {
#else
enum {
#endif
    /**
     * Success.
     */
    SEALWIRE_STATUS_OK = 0,
    /**
     * A pointer that must not be NULL was NULL.
     */
    SEALWIRE_STATUS_NULL_POINTER = -1,
    /**
     * A value is out of range: an unknown number, text that is not UTF-8, a length larger than memory, a
     * misaligned pointer.
     */
    SEALWIRE_STATUS_INVALID_ARGUMENT = -2,
    /**
     * A buffer is too small. It was not written to.
     */
    SEALWIRE_STATUS_BUFFER_TOO_SMALL = -3,
    /**
     * A bug in the library. The process continues. Free the handles that were passed to the call.
     */
    SEALWIRE_STATUS_PANIC = -4,
    /**
     * A key or key set is invalid; the error contains the entry and the reason.
     */
    SEALWIRE_STATUS_INVALID_KEY = -5,
    /**
     * A setting is invalid; the error contains the setting and the reason.
     */
    SEALWIRE_STATUS_INVALID_CONFIGURATION = -6,
    /**
     * The request or token cannot be signed; the error contains the reason.
     */
    SEALWIRE_STATUS_CANNOT_SIGN = -7,
    /**
     * The key ring has no key to sign with for this sender and receiver.
     */
    SEALWIRE_STATUS_NO_KEY = -8,
    /**
     * The operating system failed: no random bytes, or a file that cannot be opened or mapped.
     */
    SEALWIRE_STATUS_SYSTEM = -9,
    /**
     * The handle is of another type, or was freed.
     */
    SEALWIRE_STATUS_WRONG_HANDLE = -10,
    /**
     * The handle is in the wrong state for this call: a verification that has ended, or a builder that was
     * built.
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
 * The effect of a rejection.
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum sealwire_mode : int32_t {
#else
enum {
#endif
    /**
     * The mode of the verifier applies. Allowed in the rules of a sender only.
     */
    SEALWIRE_MODE_INHERIT = -1,
    /**
     * Requests are accepted without verification.
     */
    SEALWIRE_MODE_OFF = 0,
    /**
     * Rejected requests are accepted without an identity; count and log them.
     */
    SEALWIRE_MODE_OBSERVE = 1,
    /**
     * Rejected requests are not accepted. Respond with the status and the body of the rejection.
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
 * The result of a claim in your own store.
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum sealwire_outcome : int32_t {
#else
enum {
#endif
    /**
     * The key was new and is now stored.
     */
    SEALWIRE_OUTCOME_FIRST = 0,
    /**
     * The key was already stored.
     */
    SEALWIRE_OUTCOME_SEEN = 1,
    /**
     * The store is full.
     */
    SEALWIRE_OUTCOME_FULL = 2,
    /**
     * The store did not respond.
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
 * The explanation of a rejected request. Any number of threads may use it.
 */
typedef struct sealwire_explanation sealwire_explanation;

/**
 * A key file and the key ring that it describes. Any number of threads may use it.
 */
typedef struct sealwire_key_file sealwire_key_file;

/**
 * A key ring, shared by the signers and verifiers that were built with it. Any number of threads may use it.
 */
typedef struct sealwire_key_ring sealwire_key_ring;

/**
 * Collects the entries of a key ring. Must be used by one thread at a time.
 */
typedef struct sealwire_key_ring_builder sealwire_key_ring_builder;

/**
 * The versions of one secret, in memory of the caller. Any number of threads may use it.
 */
typedef struct sealwire_key_set sealwire_key_set;

/**
 * A mode file and the modes that it sets. Any number of threads may use it.
 */
typedef struct sealwire_mode_file sealwire_mode_file;

/**
 * The modes of a service and of single senders, shared by the verifiers that were built with them. Any number of
 * threads may use and change them; a rejection uses the modes at that time.
 */
typedef struct sealwire_modes sealwire_modes;

/**
 * A verification of a request whose body has not arrived yet. Must be used by one thread at a time.
 */
typedef struct sealwire_pending sealwire_pending;

/**
 * Stores nonces, so that a request is accepted once. Any number of threads and verifiers may use it.
 */
typedef struct sealwire_replay_table sealwire_replay_table;

/**
 * Signs requests of one service or client. Immutable; any number of threads may use it.
 */
typedef struct sealwire_signer sealwire_signer;

/**
 * Collects the settings of a signer. Must be used by one thread at a time.
 */
typedef struct sealwire_signer_builder sealwire_signer_builder;

/**
 * Verifies requests with a policy, a key ring and a replay table. Immutable except for its counters; any
 * number of threads may use it.
 */
typedef struct sealwire_verifier sealwire_verifier;

/**
 * Collects the settings of a verifier. Must be used by one thread at a time.
 */
typedef struct sealwire_verifier_builder sealwire_verifier_builder;

/**
 * Bytes with their number. A final NUL is not needed, and any byte is allowed. `data` may be NULL if `length`
 * is 0. Borrowed for the duration of the call, unless the function documents otherwise. `sealwire_text_of`
 * creates one from a C string.
 */
typedef struct sealwire_text {
    /**
     * The bytes.
     */
    const char *data;
    /**
     * The number of bytes.
     */
    size_t length;
} sealwire_text;

/**
 * The parts of an absolute URL. Each text ends in a NUL.
 */
typedef struct sealwire_url {
    /**
     * The whole URL, without a fragment. Pass it to your HTTP client, because it is the URL that was signed.
     */
    struct sealwire_text url;
    /**
     * `http` or `https`. Static text.
     */
    struct sealwire_text scheme;
    /**
     * The host in lower case, and the port unless it is the default of the scheme.
     */
    struct sealwire_text authority;
    /**
     * The path, at least `/`, and the query unless it is empty.
     */
    struct sealwire_text target;
} sealwire_url;

/**
 * An error message for the operator: the cause and the remedy. It never contains a secret.
 *
 * The argument may be NULL. A message is written for every negative status, and only then.
 */
typedef struct sealwire_error {
    /**
     * The message with a NUL at the end. A longer message is truncated.
     */
    char text[SEALWIRE_ERROR_SIZE];
} sealwire_error;

/**
 * One version of a secret.
 */
typedef struct sealwire_key_version {
    /**
     * The number of the version, unique in its set. `message` signatures and connection strings contain it.
     */
    uint32_t version;
    /**
     * The decoded bytes of the secret. They are copied; wipe yours with `sealwire_memzero` afterwards.
     */
    const void *secret;
    /**
     * The number of bytes: 32 or more, unless weak secrets are allowed.
     */
    size_t secret_size;
} sealwire_key_version;

/**
 * The usage of a key version.
 */
typedef struct sealwire_key_status {
    /**
     * The number of requests accepted with this version.
     */
    uint64_t accepted;
    /**
     * The time of the last accepted request in Unix seconds; 0 if there was none. If it stays constant for an
     * old version, the version can be retired.
     */
    uint64_t last_accepted_s;
    /**
     * The version.
     */
    uint32_t version;
    /**
     * The entry: `agent/practices`, a client id, or `issuer`; with a final NUL.
     */
    char name[SEALWIRE_KEY_NAME_SIZE];
    /**
     * True for the primary version, which signs requests.
     */
    bool primary;
    /**
     * Zero, instead of padding.
     */
    uint8_t reserved[3];
} sealwire_key_status;

/**
 * A reference of a key file, such as `{ vault = { path = "services/agent", key = "v2" } }`. Every text ends in a
 * NUL. It is valid during the call of the resolver only.
 */
typedef struct sealwire_secret_reference {
    /**
     * The entry and version, for error messages: `agent/practices version 2`.
     */
    struct sealwire_text label;
    /**
     * The kind of the store: `vault`, `google`, or your own kind.
     */
    struct sealwire_text kind;
    /**
     * The location in the store, as JSON: `{"path":"services/agent","key":"v2"}`.
     */
    struct sealwire_text value;
} sealwire_secret_reference;

/**
 * Reads the secret of a reference. Writes the text of the secret to `secret`, and its length to `*length`: base64
 * for a pair, the secret itself for a client and the issuer. A final NUL is allowed and not part of the length.
 *
 * Returns 0 on success. With any other number the key file is rejected; write the cause, without the
 * secret, to the empty string `error`. The library wipes `secret`. The thread that opens or reloads the key file
 * calls the function. It must return, and must not use the key file of the call.
 */
typedef int32_t (*sealwire_secret_resolver)(void *context,
                                            const struct sealwire_secret_reference *reference,
                                            char *secret,
                                            size_t secret_size,
                                            size_t *length,
                                            struct sealwire_error *error);

/**
 * The options of a key file. Start with zeroed memory: members that stay 0 have their defaults.
 */
typedef struct sealwire_key_file_options {
    /**
     * The service that loads the file. The pairs of other services are omitted, so that this process does not
     * contain their secrets. Empty text loads all pairs.
     */
    struct sealwire_text service;
    /**
     * The table of a larger configuration file that contains the issuer's keys, such as
     * `core.accountLifeCycle`. Use empty text for a key file of Sealwire.
     */
    struct sealwire_text table;
    /**
     * Reads the secrets that the file only refers to. NULL if the file has no references besides `env`.
     */
    sealwire_secret_resolver resolver;
    /**
     * Passed to `resolver`. It must stay valid until the key file is freed.
     */
    void *context;
    /**
     * Whether secrets under 32 bytes are accepted, for tests and until short secrets are rotated.
     */
    bool allow_weak;
    /**
     * Zero, instead of padding.
     */
    uint8_t reserved[7];
} sealwire_key_file_options;

/**
 * A header field line. Names are compared case-insensitively.
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
 * The head of a request.
 */
typedef struct sealwire_request {
    /**
     * The method, in its original case.
     */
    struct sealwire_text method;
    /**
     * The target as sent or received: the raw path, never percent-decoded, with `?query` if there is one. The
     * verifying functions also accept the absolute form, `http://host/path`.
     */
    struct sealwire_text target;
    /**
     * To sign: the authority of the URL, see `sealwire_url_split`. To verify: `:authority` of HTTP/2 and HTTP/3;
     * empty for HTTP/1, because the library then uses the target and the `Host` header.
     */
    struct sealwire_text authority;
    /**
     * `http` or `https`, as used by the sender.
     */
    struct sealwire_text scheme;
    /**
     * The header lines as received, including repeated ones. NULL if `header_count` is 0.
     */
    const struct sealwire_header *headers;
    /**
     * The number of header lines; a request with more than `SEALWIRE_MAX_HEADERS` is rejected.
     */
    size_t header_count;
} sealwire_request;

/**
 * The data of a signature besides the head of the request.
 */
typedef struct sealwire_signing {
    /**
     * The receiving service: the other half of a pair. Not needed for client keys.
     */
    struct sealwire_text receiver;
    /**
     * The user of the request; empty for none.
     */
    struct sealwire_text user_id;
    /**
     * The nonce, which is also the request id: unique per request and sender. `sealwire_fresh_nonce` creates
     * one.
     */
    struct sealwire_text nonce;
    /**
     * The body, exactly as it is sent; NULL when `body_size` is 0.
     */
    const void *body;
    /**
     * The number of bytes.
     */
    size_t body_size;
    /**
     * The time, in milliseconds since the Unix epoch: `sealwire_now_ms`. A time in another unit is
     * `SEALWIRE_STATUS_INVALID_ARGUMENT`.
     */
    uint64_t now_ms;
} sealwire_signing;

/**
 * The verified sender of a request. A copy: it stays valid after the request and the verifier are freed. Every
 * array ends in a NUL.
 */
typedef struct sealwire_identity {
    /**
     * The age of the request in milliseconds; negative if its clock was ahead.
     */
    int64_t age_ms;
    /**
     * The `sealwire_scheme` that was verified.
     */
    int32_t scheme;
    /**
     * The key version that matched.
     */
    uint32_t key_version;
    /**
     * The sender's canonical name: a service name or a client id, without the suffix `_service`.
     */
    char sender[SEALWIRE_ID_SIZE];
    /**
     * The sender's name as sent, which the MAC covers.
     */
    char name_as_sent[SEALWIRE_ID_SIZE];
    /**
     * The user of the request; empty if there is none, or if it is not trusted.
     */
    char user_id[SEALWIRE_ID_SIZE];
    /**
     * The nonce or request id; empty if none is claimed.
     */
    char nonce[SEALWIRE_ID_SIZE];
    /**
     * Zero, instead of padding, so that equal identities are equal for `memcmp`.
     */
    uint8_t reserved[4];
} sealwire_identity;

/**
 * A rejected request, written if the status is positive. Contains no signature, secret or body. Every array
 * ends in a NUL.
 *
 * Send only `http_status` and `public_text` to the peer; the other members are for the log. Check `mode`
 * first: reject the request only if it is `SEALWIRE_MODE_ENFORCE`.
 */
typedef struct sealwire_rejection {
    /**
     * The claimed age of the request in milliseconds; negative if its timestamp is in the future.
     */
    int64_t age_ms;
    /**
     * The reason: a `sealwire_reason`, equal to the status of the call.
     */
    int32_t reason;
    /**
     * The `sealwire_mode` for this sender.
     */
    int32_t mode;
    /**
     * The HTTP status of the response.
     */
    int32_t http_status;
    /**
     * The `sealwire_scheme` that was checked; the most preferred one if none was present.
     */
    int32_t scheme;
    /**
     * The claimed key version.
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
     * The body of the response: the public text of the scheme.
     */
    char public_text[SEALWIRE_PUBLIC_TEXT_SIZE];
    /**
     * The header or component at fault; may be empty.
     */
    char field[SEALWIRE_PUBLIC_TEXT_SIZE];
    /**
     * The claimed sender, not authenticated, with all characters except visible ASCII replaced by `?`; may be
     * empty.
     */
    char sender[SEALWIRE_ID_SIZE];
    /**
     * Whether the MAC of the request was valid. Sign the response to a rejected request only in this case:
     * otherwise the signature shows which senders exist.
     */
    bool mac_was_valid;
} sealwire_rejection;

/**
 * A request with its caller and its service.
 */
typedef struct sealwire_exchange {
    /**
     * The sender of the request: a service name or a client id.
     */
    struct sealwire_text caller;
    /**
     * The responding service; empty for a client key.
     */
    struct sealwire_text service;
    /**
     * The `sealwire_scheme` of the request.
     */
    int32_t scheme;
    /**
     * The request as sent, including its signature headers.
     */
    const struct sealwire_request *request;
} sealwire_exchange;

/**
 * A response, as received or to be sent.
 */
typedef struct sealwire_response {
    /**
     * The HTTP status, 100 to 599.
     */
    int32_t http_status;
    /**
     * The received header lines; ignored when signing.
     */
    const struct sealwire_header *headers;
    /**
     * The number of header lines.
     */
    size_t header_count;
    /**
     * The body, exactly as it is sent; NULL when `body_size` is 0.
     */
    const void *body;
    /**
     * The number of bytes.
     */
    size_t body_size;
} sealwire_response;

/**
 * The contents of a verified response.
 */
typedef struct sealwire_verified_response {
    /**
     * The clock of the server, in Unix seconds. A client may correct its own clock with it.
     */
    uint64_t server_time_s;
    /**
     * The version of the signing key.
     */
    uint32_t key_version;
} sealwire_verified_response;

/**
 * A role with its permission.
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
 * The contents of a connection string to issue.
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
     * The expiry in Unix seconds; the last second in which it is valid.
     */
    int64_t expires_s;
    /**
     * The time zone of the expiry: minutes east of UTC.
     */
    int32_t offset_minutes;
    /**
     * The roles; NULL when `role_count` is 0.
     */
    const struct sealwire_role *roles;
    /**
     * The number of roles.
     */
    size_t role_count;
} sealwire_connection_string_draft;

/**
 * The contents of a verified connection string. Text ends in a NUL, and is empty if the token does not contain
 * it.
 */
typedef struct sealwire_connection_string {
    /**
     * The expiry in Unix seconds.
     */
    int64_t expires_s;
    /**
     * The time zone of the expiry: minutes east of UTC.
     */
    int32_t offset_minutes;
    /**
     * The version of the signing key.
     */
    uint32_t key_version;
    /**
     * The number of roles written to the caller's array.
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
     * Zero, instead of padding.
     */
    uint8_t reserved[1];
} sealwire_connection_string;

/**
 * The owner of a key set.
 */
typedef struct sealwire_static_entry {
    /**
     * A client id, or one of two services in any order.
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
 * The settings of a signer, for programs without a heap. The caller owns all memory. After it is filled in,
 * any number of threads may use it.
 */
typedef struct sealwire_static_signer {
    /**
     * The sender: a service name or a client id.
     */
    struct sealwire_text name;
    /**
     * The `sealwire_scheme`s to sign with, all together.
     */
    const int32_t *schemes;
    /**
     * The number of schemes; 0 for `message` only.
     */
    size_t scheme_count;
    /**
     * The keys.
     */
    const struct sealwire_static_entry *entries;
    /**
     * The number of entries.
     */
    size_t entry_count;
} sealwire_static_signer;

/**
 * The settings of a verifier, for programs without a heap. The caller owns all memory. After it is filled in, any
 * number of threads may use it. Start with zeroed memory: members that stay 0 have their defaults. `message` requests
 * that are signed with a client key are rejected, because such a key does not identify a receiver and no authorities
 * can be set here.
 */
typedef struct sealwire_static_verifier {
    /**
     * The name of this service; may be empty if only `client` is accepted.
     */
    struct sealwire_text service;
    /**
     * The `sealwire_scheme`s accepted, most preferred first.
     */
    const int32_t *schemes;
    /**
     * The number of schemes; 0 for `message` only.
     */
    size_t scheme_count;
    /**
     * The keys.
     */
    const struct sealwire_static_entry *entries;
    /**
     * The number of entries.
     */
    size_t entry_count;
    /**
     * The accepted age of timestamps in milliseconds; 0 for the default of each scheme.
     */
    uint64_t past_ms;
    /**
     * The accepted difference into the future, in milliseconds; used only if `past_ms` is not 0.
     */
    uint64_t future_ms;
    /**
     * The largest body in bytes; 0 for 1 MiB.
     */
    uint64_t max_body_bytes;
    /**
     * Memory for a replay table, as for `sealwire_replay_table_in_memory`. With NULL, requests with a nonce are
     * rejected unless `accept_replays` is true.
     */
    void *replay_memory;
    /**
     * The size of that memory.
     */
    size_t replay_memory_size;
    /**
     * 16 random bytes.
     */
    uint8_t replay_key[SEALWIRE_REPLAY_KEY_SIZE];
    /**
     * Requests signed before this time, in Unix seconds, are rejected. Set it to the time when the memory was
     * zeroed. 0 accepts them, and with them any request that was accepted before a restart.
     */
    uint64_t refuses_before_s;
    /**
     * Whether requests with a nonce are accepted without replay memory, so that a repeated request is accepted too.
     */
    bool accept_replays;
} sealwire_static_verifier;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Returns the version of the library, for comparison with `SEALWIRE_VERSION` of the header. Never NULL. The
 * string is static: do not free it. Thread-safe.
 */
SEALWIRE_MUST_USE
const char *sealwire_version(void);

/**
 * Returns the ABI version of the library. A program compiled with another `SEALWIRE_ABI_VERSION` must not use
 * the library. The SONAME of the shared library ensures this. Thread-safe.
 */
SEALWIRE_MUST_USE
uint32_t sealwire_abi_version(void);

/**
 * Returns the name of a status in `snake_case`, for logs and metrics. Returns `"unknown"` for an unknown
 * number, never NULL. The string is static: do not free it. Thread-safe.
 */
const char *sealwire_status_name(int32_t status);

/**
 * Returns the HTTP status for the response: 401, 408, 413 or 503 for a rejection, 200 for success, and 500 for
 * every other status, because a server that cannot verify a request must not accept it. Thread-safe.
 */
int32_t sealwire_status_http(int32_t status);

/**
 * Returns the time in milliseconds since the Unix epoch. Thread-safe.
 */
SEALWIRE_MUST_USE
uint64_t sealwire_now_ms(void);

/**
 * Writes a new nonce, a random UUID with a final NUL, to `buffer` of at least `SEALWIRE_NONCE_SIZE` bytes. Use
 * it for one request only. In the `client` scheme it is also the request id. Thread-safe, and safe after
 * `fork`.
 *
 * Returns `SEALWIRE_STATUS_SYSTEM` if the operating system has no random bytes: do not sign then.
 */
SEALWIRE_MUST_USE
int32_t sealwire_fresh_nonce(char *buffer,
                             size_t buffer_size);

/**
 * Discards the random bytes that the threads have read in advance for nonces. Call it in each copy after the memory
 * of the process was copied without `fork`, such as by a restored snapshot or a raw `clone`. Thread-safe.
 */
void sealwire_discard_nonces(void);

/**
 * Overwrites `size` bytes with zeros. The compiler cannot remove the write. Use it for secrets in your own
 * buffers after a key ring is built. NULL and 0 are allowed. Thread-safe for memory that no other thread uses.
 */
void sealwire_memzero(void *memory,
                      size_t size);

/**
 * Splits an absolute `http` or `https` URL into the parts of a request, in the form in which browsers and `fetch` send
 * it: without dot segments, fragment and default port, with other characters percent-encoded. All languages sign this
 * form. The strings of `parts` are in `buffer`; keep it as long as you use them. `SEALWIRE_URL_SIZE(url.length)` bytes are
 * always sufficient.
 *
 * Returns `SEALWIRE_STATUS_CANNOT_SIGN` with the reason in `error` if the URL is not absolute, contains a user name or
 * password, or if its host or port is invalid; and `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if the
 * parts do not fit. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_url_split(struct sealwire_text url,
                           char *buffer,
                           size_t buffer_size,
                           struct sealwire_url *parts,
                           struct sealwire_error *error);

/**
 * Decodes a secret in padded standard base64 (RFC 4648 section 4) to `buffer`, in constant time for its
 * content, and writes its size to `*secret_size`. Surrounding whitespace is ignored.
 *
 * Returns `SEALWIRE_STATUS_INVALID_KEY` if the text is not base64 or contains more than 4096 bytes, and
 * `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if the secret is larger than `buffer`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_decode_secret(struct sealwire_text base64,
                               void *buffer,
                               size_t buffer_size,
                               size_t *secret_size,
                               struct sealwire_error *error);

/**
 * Creates a builder. With `allow_weak`, secrets under 32 bytes are accepted, for tests and until short secrets
 * are rotated. Free the builder with `sealwire_key_ring_builder_free`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_builder_new(bool allow_weak,
                                      struct sealwire_key_ring_builder **builder);

/**
 * Adds the keys of a pair of services, for both directions. The order of the names does not matter. `primary`
 * is the version that signs. Secrets are copied.
 *
 * Returns `SEALWIRE_STATUS_INVALID_KEY` if the entry is invalid; the error contains the entry and the reason, and the
 * builder is unchanged. Must be used by one thread at a time.
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
 * Adds the keys of a client id. Otherwise like `sealwire_key_ring_builder_add_pair`. Must be used by one
 * thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_builder_add_client(struct sealwire_key_ring_builder *builder,
                                             struct sealwire_text id,
                                             const struct sealwire_key_version *versions,
                                             size_t version_count,
                                             uint32_t primary,
                                             struct sealwire_error *error);

/**
 * Sets the keys that sign connection strings. Otherwise like `sealwire_key_ring_builder_add_pair`. Must be
 * used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_builder_set_issuer(struct sealwire_key_ring_builder *builder,
                                             const struct sealwire_key_version *versions,
                                             size_t version_count,
                                             uint32_t primary,
                                             struct sealwire_error *error);

/**
 * Builds the key ring, which may be empty. The ring is independent of the builder. A builder can build once.
 * Free the ring with `sealwire_key_ring_free`, and the builder too. Must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_builder_build(struct sealwire_key_ring_builder *builder,
                                        struct sealwire_key_ring **ring);

/**
 * Frees a builder, before or after the build; NULL is allowed. No thread may use it afterwards.
 */
void sealwire_key_ring_builder_free(struct sealwire_key_ring_builder *builder);

/**
 * Creates a key ring of all pairs with `service` that have a base64 secret in the environment:
 * `HMAC_SECRET_<A>_<B>`, the two names sorted and upper-cased, with `_V<n>` for further versions.
 * `HMAC_PRIMARY_<A>_<B>` selects the version that signs.
 *
 * Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if there is no such variable or one is invalid; the error
 * contains the variable. Free the ring with `sealwire_key_ring_free`. Thread-safe while no other thread changes
 * the environment.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_from_env(struct sealwire_text service,
                                   bool allow_weak,
                                   struct sealwire_key_ring **ring,
                                   struct sealwire_error *error);

/**
 * Replaces all keys of `ring` by those of `source`, atomically. Signers and verifiers built with `ring` use
 * them from the next request on. Requests that have begun keep the old keys. Versions in both rings keep their
 * counts.
 *
 * `source` is not changed. You still own it and must free it. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_replace(const struct sealwire_key_ring *ring,
                                  const struct sealwire_key_ring *source);

/**
 * Writes the usage of each key version to `statuses`, and their number to `*count`. A `capacity` of 0 only
 * counts. Returns `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if there are more than `capacity`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_status(const struct sealwire_key_ring *ring,
                                 struct sealwire_key_status *statuses,
                                 size_t capacity,
                                 size_t *count);

/**
 * Frees a key ring; NULL is allowed. Signers and verifiers built with it keep working. No thread may use the
 * handle afterwards.
 */
void sealwire_key_ring_free(struct sealwire_key_ring *ring);

/**
 * Writes the text of a field of `reference.value` to `buffer` with a final NUL, so that a resolver needs no JSON
 * parser. An empty `field` is the whole reference, if that is text. `*length` does not include the NUL.
 *
 * Returns `SEALWIRE_STATUS_INVALID_ARGUMENT` if there is no such text, and `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if it does not
 * fit.
 * Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_secret_reference_text(const struct sealwire_secret_reference *reference,
                                       struct sealwire_text field,
                                       char *buffer,
                                       size_t buffer_size,
                                       size_t *length);

/**
 * Loads a key file and keeps it, so that it can be reloaded: TOML or JSON by its name, otherwise lines of
 * variables as in `.env`. `options` may be NULL. `{ env = "NAME" }` is read from the environment of the process,
 * other references by the resolver of the options. Secrets that were read are wiped.
 *
 * Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if the file cannot be read or is invalid; the error contains the
 * file or the entry, never a secret. Free it with `sealwire_key_file_free`. Thread-safe while no other thread
 * changes the environment.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_file_open(struct sealwire_text path,
                               const struct sealwire_key_file_options *options,
                               struct sealwire_key_file **file,
                               struct sealwire_error *error);

/**
 * Writes a handle of the key ring. Signers and verifiers that are built with it use the reloaded keys from the
 * next request on. Free it with `sealwire_key_ring_free`; it stays valid after the key file is freed.
 * Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_file_ring(const struct sealwire_key_file *file,
                               struct sealwire_key_ring **ring);

/**
 * Loads the file again and replaces all keys atomically, while the service runs. Versions that are kept retain their counts.
 *
 * Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if the file cannot be read or is invalid: the current keys stay
 * active. Thread-safe. One thread reloads at a time, and that thread calls the resolver.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_file_reload(const struct sealwire_key_file *file,
                                 struct sealwire_error *error);

/**
 * Loads the file again, as `sealwire_key_file_reload`, if it has changed since it was last read. Call it about
 * once a second; it costs one `stat`. `*reloaded` is written on success. A rejected file is reported once, not
 * at every call. A secret store does not change the file: call `sealwire_key_file_reload` for it. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_file_reload_if_changed(const struct sealwire_key_file *file,
                                            bool *reloaded,
                                            struct sealwire_error *error);

/**
 * Writes whether the file contains secrets and other users than its owner have any permission on it: log a
 * warning then. Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if the file cannot be read or is invalid.
 * Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_file_is_exposed(const struct sealwire_key_file *file,
                                     bool *exposed,
                                     struct sealwire_error *error);

/**
 * Frees a key file; NULL is allowed. The key ring stays valid and keeps its keys. No thread may use the handle
 * afterwards.
 */
void sealwire_key_file_free(struct sealwire_key_file *file);

/**
 * Creates a builder for the service or client id `name`. Without schemes the signer uses `message`. Free the
 * builder with `sealwire_signer_builder_free`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_signer_builder_new(struct sealwire_text name,
                                    struct sealwire_signer_builder **builder);

/**
 * Adds a `sealwire_scheme`. Requests are signed in all added schemes, so that a fleet can migrate. Must be
 * used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_signer_builder_add_scheme(struct sealwire_signer_builder *builder,
                                           int32_t scheme);

/**
 * Adds a header field that `message` signatures cover if it is present. Must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_signer_builder_cover(struct sealwire_signer_builder *builder,
                                      struct sealwire_text field);

/**
 * Sets whether `message` signatures cover the authority. On by default; switch it off only if a proxy rewrites
 * the authority. Must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_signer_builder_cover_authority(struct sealwire_signer_builder *builder,
                                                bool cover);

/**
 * Builds the signer. It shares `ring`, whose handle may be freed. A builder can build once. If the
 * configuration is invalid, the builder is unchanged. Free the signer with `sealwire_signer_free`, and the
 * builder too. Must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_signer_builder_build(struct sealwire_signer_builder *builder,
                                      const struct sealwire_key_ring *ring,
                                      struct sealwire_signer **signer,
                                      struct sealwire_error *error);

/**
 * Frees a builder, before or after the build; NULL is allowed. No thread may use it afterwards.
 */
void sealwire_signer_builder_free(struct sealwire_signer_builder *builder);

/**
 * Signs a request. Writes the headers to send to `headers` and their number to `*header_count`. Their names
 * and values are in `buffer`, each with a final NUL that its length does not include. Keep `buffer` as long as
 * you use the headers.
 *
 * A `buffer` of `SEALWIRE_SIGNATURE_SIZE` and `SEALWIRE_SIGNATURE_HEADERS` headers are always sufficient.
 * Returns `SEALWIRE_STATUS_NO_KEY`, `SEALWIRE_STATUS_CANNOT_SIGN` with the reason in `error`, or
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
 * Frees a signer; NULL is allowed. No thread may use it afterwards.
 */
void sealwire_signer_free(struct sealwire_signer *signer);

/**
 * Returns the number of slots for `requests_per_second`, with each nonce stored for `window_seconds`, the past
 * and the future window together. It is twice the number of live entries, so that a claim finds a free slot. 0
 * for either is the default of every language: 200 requests a second over the widest default windows.
 * Processes that map one file must use the same number. Thread-safe.
 */
SEALWIRE_MUST_USE
size_t sealwire_replay_slots(uint32_t requests_per_second,
                             uint32_t window_seconds);

/**
 * Returns the size of a table of `slots` slots, in bytes. Thread-safe.
 */
SEALWIRE_MUST_USE
size_t sealwire_replay_memory_size(size_t slots);

/**
 * Creates a table on the heap, for one process. Requests signed before `refuses_before_s` are rejected,
 * because a new table has no record of them. Pass the current Unix time. 0 accepts them, and with
 * them any request that was accepted before a restart. Free it with `sealwire_replay_table_free`.
 *
 * From 2 MiB on it uses huge pages on Linux. Returns `SEALWIRE_STATUS_SYSTEM` without random bytes or memory.
 * Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_replay_table_new(size_t slots,
                                  uint64_t refuses_before_s,
                                  struct sealwire_replay_table **table);

/**
 * Opens or creates a table in the file `path`, which all processes of a service map and which outlives them.
 * All must use the same number of slots. Requests signed before the creation of the file are rejected unless
 * `accept_older`. The file is accessible to this user only. Free the handle with `sealwire_replay_table_free`;
 * the file is kept.
 *
 * Returns `SEALWIRE_STATUS_SYSTEM` with the reason in `error`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_replay_table_map(struct sealwire_text path,
                                  size_t slots,
                                  bool accept_older,
                                  struct sealwire_replay_table **table,
                                  struct sealwire_error *error);

/**
 * Creates a table in memory of the caller, static or shared between processes. The memory is zeroed, or
 * contains an earlier table with the same key. `memory_size` is a multiple of 64 and at least 128
 * (`sealwire_replay_memory_size` returns a valid size). The memory is aligned to 8 bytes, better to 64. `key`
 * has 16 random bytes, equal for all processes that share the memory.
 *
 * The table uses the memory until the handle and all verifiers built with it are freed. Requests signed before
 * `refuses_before_s` are rejected; 0 accepts them. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_replay_table_in_memory(void *memory,
                                        size_t memory_size,
                                        const uint8_t *key,
                                        uint64_t refuses_before_s,
                                        struct sealwire_replay_table **table);

/**
 * Claims a nonce for a sender until `expires_s`, both times in Unix seconds. Returns 0 for the first of any
 * number of equal claims, otherwise a `sealwire_reason`. Use it for your own protocols; verifiers claim
 * nonces themselves. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_replay_table_claim(const struct sealwire_replay_table *table,
                                    struct sealwire_text sender,
                                    struct sealwire_text nonce,
                                    uint64_t expires_s,
                                    uint64_t now_s);

/**
 * Writes the number of slots with a live entry at `now_s`, estimated from a sample, and the number of all
 * slots. Keep at most half in use: at 75 %, one claim in a hundred finds no free slot. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_replay_table_fill(const struct sealwire_replay_table *table,
                                   uint64_t now_s,
                                   size_t *live,
                                   size_t *slots);

/**
 * Frees a handle; NULL is allowed. Verifiers built with the table keep using it. No thread may use the handle
 * afterwards.
 */
void sealwire_replay_table_free(struct sealwire_replay_table *table);

/**
 * Creates modes with one `sealwire_mode` for all senders. Pass them to `sealwire_verifier_builder_set_modes`.
 * Free them with `sealwire_modes_free`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_modes_new(int32_t mode_number,
                           struct sealwire_modes **modes);

/**
 * Sets the `sealwire_mode` of the service, which senders without their own mode have. Takes effect for the next
 * rejection. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_modes_set(const struct sealwire_modes *modes,
                           int32_t mode_number);

/**
 * Sets the `sealwire_mode` of one sender. `SEALWIRE_MODE_INHERIT` removes it, so that the sender has the mode of
 * the service. A name has at most 128 characters. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_modes_set_sender(const struct sealwire_modes *modes,
                                  struct sealwire_text sender,
                                  int32_t mode_number);

/**
 * Writes the `sealwire_mode` for the requests of a sender. An empty `sender` stands for the service. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_modes_get(const struct sealwire_modes *modes,
                           struct sealwire_text sender,
                           int32_t *found);

/**
 * Turns every `SEALWIRE_MODE_ENFORCE` into `SEALWIRE_MODE_OBSERVE`, now and after each later change, if the
 * variable `HMAC_AUTH_ENABLED` of the environment is `false`. Call it at the start, so that an operator can
 * switch enforcement off without the mode file.
 *
 * Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if the value is neither true nor false. Thread-safe while no
 * other thread changes the environment.
 */
SEALWIRE_MUST_USE
int32_t sealwire_modes_apply_env(const struct sealwire_modes *modes,
                                 struct sealwire_error *error);

/**
 * Frees a handle; NULL is allowed. Verifiers built with the modes keep using them. No thread may use the handle
 * afterwards.
 */
void sealwire_modes_free(struct sealwire_modes *modes);

/**
 * Loads a mode file and keeps it, so that it can be reloaded: `mode`, `senders` and `observeOnly` of a TOML or
 * JSON file, which may be the key file, or `HMAC_AUTH_ENABLED` of a `.env` file. A mode that the file omits is
 * `enforce`. Invalid keys in the same file do not matter, so that they cannot stop a rollback.
 *
 * Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if the file cannot be read or is invalid; the error contains the
 * file and the setting. Free it with `sealwire_mode_file_free`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_mode_file_open(struct sealwire_text path,
                                struct sealwire_mode_file **file,
                                struct sealwire_error *error);

/**
 * Writes a handle of the modes, for `sealwire_verifier_builder_set_modes`. Free it with `sealwire_modes_free`; it
 * stays valid after the mode file is freed. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_mode_file_modes(const struct sealwire_mode_file *file,
                                 struct sealwire_modes **modes);

/**
 * Loads the file again and replaces all modes atomically, also those set with `sealwire_modes_set`, while requests
 * run.
 *
 * Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if the file cannot be read or is invalid: the current modes stay
 * active. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_mode_file_reload(const struct sealwire_mode_file *file,
                                  struct sealwire_error *error);

/**
 * Loads the file again, as `sealwire_mode_file_reload`, if it has changed since it was last read. Call it about
 * once a second; it costs one `stat`. `*reloaded` is written on success. A rejected file is reported once, not
 * at every call. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_mode_file_reload_if_changed(const struct sealwire_mode_file *file,
                                             bool *reloaded,
                                             struct sealwire_error *error);

/**
 * Frees a mode file; NULL is allowed. The modes stay valid. No thread may use the handle afterwards.
 */
void sealwire_mode_file_free(struct sealwire_mode_file *file);

/**
 * Creates a builder for the service with this name, which is the receiver in signatures. The name may
 * be empty if only the `client` scheme is accepted. By default the verifier accepts `message` only, enforces,
 * and reads bodies of up to 1 MiB. Free the builder with `sealwire_verifier_builder_free`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_new(struct sealwire_text service,
                                      struct sealwire_verifier_builder **builder);

/**
 * Adds an accepted `sealwire_scheme`. Only one scheme of a request is checked: of the schemes that are present,
 * the one that was added first. Must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_accept(struct sealwire_verifier_builder *builder,
                                         int32_t scheme);

/**
 * Sets the accepted age of timestamps and their accepted difference into the future, in milliseconds,
 * boundaries included. Defaults: 300 000 and 5 000; 300 000 both ways for `client`. Must be used by one thread
 * at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_set_window(struct sealwire_verifier_builder *builder,
                                             uint64_t past_ms,
                                             uint64_t future_ms);

/**
 * Sets the `sealwire_mode`: the effect of a rejection. Must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_set_mode(struct sealwire_verifier_builder *builder,
                                           int32_t mode_number);

/**
 * Shares modes that can be changed while the service runs, in place of `sealwire_verifier_builder_set_mode` and of the
 * modes of `sealwire_verifier_builder_add_sender`; if both are set, the build fails. The handle may be freed. Must
 * be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_set_modes(struct sealwire_verifier_builder *builder,
                                            const struct sealwire_modes *modes);

/**
 * Sets the largest body in bytes; the default is 1 MiB. Must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_set_max_body_bytes(struct sealwire_verifier_builder *builder,
                                                     uint64_t max_body_bytes);

/**
 * Sets whether the user id of `pairwise` is reported. That scheme does not sign it, so any intermediary can
 * change it. Off by default. Must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_trust_unsigned_user_id(struct sealwire_verifier_builder *builder,
                                                         bool trust);

/**
 * Sets whether `pairwise` signatures are claimed as nonces, which rejects the second of two equal requests in
 * one second. Off by default. Must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_claim_pairwise(struct sealwire_verifier_builder *builder,
                                                 bool claim);

/**
 * Sets whether `message` signatures must cover the authority. On by default; switch it off only if a proxy
 * rewrites the authority. Must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_require_authority(struct sealwire_verifier_builder *builder,
                                                    bool require);

/**
 * Adds a header field that `message` signatures must cover if it is present. Must be used by one thread at a
 * time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_require_field(struct sealwire_verifier_builder *builder,
                                                struct sealwire_text field);

/**
 * Sets whether senders without rules are rejected. Off by default. Must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_listed_senders_only(struct sealwire_verifier_builder *builder,
                                                      bool only);

/**
 * Sets the share of the replay table that one sender may use, above 0 and up to 1; the default is 0.5. Requests
 * of a sender above this share are rejected with `SEALWIRE_REASON_SENDER_SHARE_EXCEEDED`. The limit applies if
 * the key ring contains two senders or more; 1 means no limit. Must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_set_max_sender_share(struct sealwire_verifier_builder *builder,
                                                       double share);

/**
 * Sets whether a verifier without a replay table accepts requests with a nonce, including repeated requests. Off by
 * default: such a verifier then rejects them with `SEALWIRE_REASON_REPLAY_STORE_UNAVAILABLE`, unless they are
 * claimed in your own store with `sealwire_pending_prove` and `sealwire_pending_settle`. Must be used by one
 * thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_accept_replays(struct sealwire_verifier_builder *builder,
                                                 bool accept);

/**
 * Adds rules for one sender: its `sealwire_mode` (`SEALWIRE_MODE_INHERIT` for that of the verifier), the
 * allowed methods, and the allowed paths with everything below them. An empty list allows all. Must be used by
 * one thread at a time.
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
 * Adds an authority that the service serves: a host with an optional port and scheme, such as `api.test` or
 * `https://api.test:8443`; or `any` alone. A `message` request with another authority is rejected with
 * `authority_not_served`. Required if `message` accepts client keys. Must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_add_authority(struct sealwire_verifier_builder *builder,
                                                struct sealwire_text authority);

/**
 * Sets the URL scheme that callers use, `https` or `http`, if a proxy terminates TLS. By default it is the
 * scheme of the request. Must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_set_url_scheme(struct sealwire_verifier_builder *builder,
                                                 struct sealwire_text scheme);

/**
 * Sets the path where the application is mounted, such as `/api`. Exempt paths and path rules of senders are
 * compared with the rest of the path. Signatures cover the whole path. Must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_set_root_path(struct sealwire_verifier_builder *builder,
                                                struct sealwire_text root_path);

/**
 * Adds a path that needs no signature. With a final `*`, all paths with that prefix. Query it with
 * `sealwire_verifier_is_exempt`. Must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_exempt_path(struct sealwire_verifier_builder *builder,
                                              struct sealwire_text path);

/**
 * Builds the verifier. It shares `ring` and `table`, whose handles may be freed. Without a table (NULL) it rejects
 * requests with a nonce: use `sealwire_pending_prove` with your own store, or see
 * `sealwire_verifier_builder_accept_replays`.
 *
 * Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` with the setting in `error`; the builder is then unchanged.
 * A builder can build once. Free the verifier with `sealwire_verifier_free`, and the builder too. Must be used
 * by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_build(struct sealwire_verifier_builder *builder,
                                        const struct sealwire_key_ring *ring,
                                        const struct sealwire_replay_table *table,
                                        struct sealwire_verifier **verifier,
                                        struct sealwire_error *error);

/**
 * Frees a builder, before or after the build; NULL is allowed. No thread may use it afterwards.
 */
void sealwire_verifier_builder_free(struct sealwire_verifier_builder *builder);

/**
 * Verifies a complete request. Writes `*identity` on success. A positive status is a `sealwire_reason`: it
 * writes `*rejected`, whose `mode` decides whether to reject the request. Both may be NULL.
 *
 * `now_ms` is the current time in milliseconds since the Unix epoch: `sealwire_now_ms`. A request never causes
 * a negative status. Only the first call of a thread may allocate. Thread-safe.
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
 * Writes whether a request is exempt from verification: its path is one of the exempt paths, is unambiguous, and no
 * header overrides the method or the path. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_is_exempt(const struct sealwire_verifier *verifier,
                                    const struct sealwire_request *request,
                                    bool *exempt);

/**
 * Writes a handle of the verifier's modes, to change them while the service runs. Free it with `sealwire_modes_free`.
 * Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_modes(const struct sealwire_verifier *verifier,
                                struct sealwire_modes **modes);

/**
 * Writes warnings for the operator to `buffer`, one in each line, with a final NUL: keys that cannot be used with the
 * settings, and senders without keys. Log them at the start. `*length` does not include the NUL and is 0 without
 * warnings. A `buffer_size` of 0 only writes `*length`. Returns `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if the buffer is
 * too small. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_warnings(const struct sealwire_verifier *verifier,
                                   char *buffer,
                                   size_t buffer_size,
                                   size_t *length);

/**
 * Writes the number of accepted requests of a `sealwire_scheme`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_accepted(const struct sealwire_verifier *verifier,
                                   int32_t scheme_number,
                                   uint64_t *accepted);

/**
 * Writes the number of requests rejected for a `sealwire_reason`, and the number accepted in observe mode that
 * enforcement would reject. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_rejected(const struct sealwire_verifier *verifier,
                                   int32_t reason,
                                   uint64_t *enforced,
                                   uint64_t *observed);

/**
 * Frees a verifier; NULL is allowed. Pending verifications continue. No thread may use the handle afterwards.
 */
void sealwire_verifier_free(struct sealwire_verifier *verifier);

/**
 * Returns whether a request is a health check from this machine, which the `client` scheme accepts unsigned.
 * `peer` is the remote address of the socket as text, never one from a header. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_is_local_health_check(struct sealwire_text method,
                                       struct sealwire_text target,
                                       const char *peer,
                                       bool *local);

/**
 * Verifies the head of a request before its body is read. On success it writes `*pending`: pass the body to
 * `sealwire_pending_update`, and free it with `sealwire_pending_free` in all cases. A positive status writes
 * `*rejected`, which may be NULL. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_begin(const struct sealwire_verifier *verifier,
                                const struct sealwire_request *request,
                                uint64_t now_ms,
                                struct sealwire_pending **pending,
                                struct sealwire_rejection *rejected);

/**
 * Adds the next piece of the body, as received. A positive status ends the verification: send the response and
 * free `pending`. Must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_pending_update(struct sealwire_pending *pending,
                                const void *chunk,
                                size_t chunk_size,
                                struct sealwire_rejection *rejected);

/**
 * Ends the body, claims the nonce in the replay table of the verifier and accepts the request. Read `now_ms`
 * after the body: the request is rejected if its window has closed. A verifier without a table rejects
 * requests with a nonce here; use `sealwire_pending_prove` instead. The verification has ended, with any
 * status. Must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_pending_finish(struct sealwire_pending *pending,
                                uint64_t now_ms,
                                struct sealwire_identity *identity,
                                struct sealwire_rejection *rejected);

/**
 * Ends the body and leaves the claim to your own store, such as Redis. If `*has_key` is true, claim
 * `shared_key`, which is equal on all hosts, until `*expires_s` (Unix seconds), atomically and only if it is
 * not stored yet. Then call `sealwire_pending_settle`. Must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_pending_prove(struct sealwire_pending *pending,
                               uint8_t *shared_key,
                               size_t shared_key_size,
                               bool *has_key,
                               uint64_t *expires_s,
                               struct sealwire_rejection *rejected);

/**
 * Accepts or rejects a request with the result of your own store, a `sealwire_outcome`. Pass
 * `SEALWIRE_OUTCOME_FIRST` if there was no key to claim. The verification has ended, with any status, unless
 * the outcome is an unknown number. Must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_pending_settle(struct sealwire_pending *pending,
                                int32_t outcome,
                                uint64_t now_ms,
                                struct sealwire_identity *identity,
                                struct sealwire_rejection *rejected);

/**
 * Frees a verification, before or after its end; NULL is allowed. No thread may use it afterwards.
 */
void sealwire_pending_free(struct sealwire_pending *pending);

/**
 * Writes the metrics of a verifier to `buffer`, in the text format of Prometheus with a final NUL: the body of the
 * response at `/metrics`, with the type `text/plain; version=0.0.4`. `docs/operations.md` describes the metrics. If
 * `key_file` or `mode_file` is not NULL, the metrics of its reloads are included. `now_ms` is in milliseconds since
 * the Unix epoch.
 *
 * `*length` does not include the NUL. A `buffer_size` of 0 only writes `*length`. Returns
 * `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if the buffer is too small; it grows with senders and key versions only. If a
 * process exports several verifiers, add a label to the metrics of each. A forked process starts with the counts of
 * its parent. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_metrics_text(const struct sealwire_verifier *verifier,
                              const struct sealwire_key_file *key_file,
                              const struct sealwire_mode_file *mode_file,
                              uint64_t now_ms,
                              char *buffer,
                              size_t buffer_size,
                              size_t *length);

/**
 * Writes the value of the header `WWW-Authenticate` for the response to a rejected request to `buffer`, with a final
 * NUL. A response with the HTTP status 401 must have this header (RFC 9110 section 11.6.1). `*length` does not include
 * the NUL and is 0 for a status with another HTTP status. A `buffer_size` of 0 only writes `*length`; 128 bytes are
 * always sufficient. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_challenge(const struct sealwire_verifier *verifier,
                                    int32_t status,
                                    char *buffer,
                                    size_t buffer_size,
                                    size_t *length);

/**
 * Returns the value of the header `Cache-Control` for the response, so that no shared cache sends it to another peer:
 * `private` for a verified request, unless the application sets its own, and `no-store` for a rejected one. The text
 * is static: do not free it. Thread-safe.
 */
SEALWIRE_MUST_USE
struct sealwire_text sealwire_cache_control(int32_t status);

/**
 * Signs a response. Sign rejections too, so that a caller with a wrong clock learns the time. The headers are
 * written as by `sealwire_signer_sign`. `now_ms` is in milliseconds since the Unix epoch. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_response_sign(const struct sealwire_key_ring *ring,
                               const struct sealwire_exchange *exchange,
                               const struct sealwire_response *response,
                               uint64_t now_ms,
                               char *buffer,
                               size_t buffer_size,
                               struct sealwire_header *headers,
                               size_t header_capacity,
                               size_t *header_count,
                               struct sealwire_error *error);

/**
 * Verifies the signer, the request, the status and the body of a response. Writes `*verified` on success, and
 * `*rejected` if the returned status is positive. Both may be NULL. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_response_verify(const struct sealwire_key_ring *ring,
                                 const struct sealwire_exchange *exchange,
                                 const struct sealwire_response *response,
                                 struct sealwire_verified_response *verified,
                                 struct sealwire_rejection *rejected);

/**
 * Issues a connection string, signed with the primary issuer key of the ring, to `buffer` with a final NUL.
 * `*length` does not include the NUL. A buffer of `SEALWIRE_TOKEN_SIZE` is always sufficient.
 *
 * Returns `SEALWIRE_STATUS_NO_KEY` without an issuer key; `SEALWIRE_STATUS_CANNOT_SIGN` with the reason in
 * `error` for an invalid role name or a token that is too long; `SEALWIRE_STATUS_INVALID_ARGUMENT` for an
 * invalid UUID, time or permission. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_connection_string_issue(const struct sealwire_key_ring *ring,
                                         const struct sealwire_connection_string_draft *draft,
                                         char *buffer,
                                         size_t buffer_size,
                                         size_t *length,
                                         struct sealwire_error *error);

/**
 * Verifies a connection string and writes its contents. `now_s` is in Unix seconds. An expired token is
 * accepted only with `ignore_expiry`, which is for tools that inspect a token, never for requests.
 *
 * `scratch` is memory for the decoded token: 3 bytes for every 4 of the token, at most
 * `SEALWIRE_TOKEN_SCRATCH_SIZE`. The names of `roles` point into it, each with a final NUL, so keep it as long
 * as you use the roles. Returns `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if `scratch` or `roles` is too small, and
 * `SEALWIRE_STATUS_NO_KEY` if the ring has no issuer key. A positive status is a `sealwire_reason`;
 * `sealwire_connection_string_response` returns the response body. Thread-safe.
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
 * Returns the public code of a rejection, `MYC` and five digits, or empty text if there is none. The text is
 * static: do not free it. Thread-safe.
 */
SEALWIRE_MUST_USE
struct sealwire_text sealwire_connection_string_code(int32_t status);

/**
 * Returns the JSON body of the response to a rejected connection string, for HTTP status 401 with the type
 * `application/json`. Empty if the status is not a rejection. The text is static: do not free it. Thread-safe.
 */
SEALWIRE_MUST_USE
struct sealwire_text sealwire_connection_string_response(int32_t status);

/**
 * Returns the name of the header for connection strings. The text is static: do not free it. Thread-safe.
 */
SEALWIRE_MUST_USE
struct sealwire_text sealwire_connection_string_header(void);

/**
 * Creates a key set in `memory` with the signing version `primary`, and writes its address. Needs no heap.
 * `memory` has `SEALWIRE_KEY_SET_SIZE(version_count)` bytes with any alignment, for example a static array.
 * The secrets are not stored: wipe yours with `sealwire_memzero`, and finally wipe `memory`.
 *
 * Returns `SEALWIRE_STATUS_INVALID_KEY` if there is no version, a version is repeated, the primary is missing,
 * or a secret is empty, one repeated byte, or under 32 bytes without `allow_weak`. Must be used by one thread
 * at a time.
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
 * Signs a request like `sealwire_signer_sign`, without a heap and with at most 48 KiB of stack. Thread-safe.
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
 * Explains why a request was rejected. `input` is a JSON object: `capture` (raw HTTP/1, the output of `curl -v`, a HAR file, JSON,
 * "copy as cURL" or "copy as fetch" of a browser, or a log record of a verifier) or `captureBase64`, `service`, and optionally `sent` or
 * `sentBase64`, `entry`, `log`, `at` (Unix milliseconds, or text), `prefix`, `hosts`, and the settings `schemes`, `past` and `future` in
 * seconds, `authorities` and `scheme` of the verifier. A cause is reported only if the MAC proves it, or if the capture shows it.
 *
 * Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` for a capture in no accepted form and for an invalid member; the error contains its name.
 * Free the explanation with `sealwire_explanation_free`. Thread-safe. Takes up to a second for a large capture.
 */
SEALWIRE_MUST_USE
int32_t sealwire_explain(const struct sealwire_key_ring *keys,
                         struct sealwire_text input,
                         struct sealwire_explanation **explanation,
                         struct sealwire_error *error);

/**
 * Writes the explanation as JSON, which is the same in all languages. The text ends with a NUL, and is valid until the explanation
 * is freed. It contains no secrets, signatures or bodies. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_explanation_json(const struct sealwire_explanation *explanation,
                                  const char **json);

/**
 * Like `sealwire_explanation_json`, but writes the explanation as text in lines, as the command prints it. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_explanation_text(const struct sealwire_explanation *explanation,
                                  const char **text);

/**
 * Writes the exit code of the command: 0 if the cause is proven, 1 if it was not found. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_explanation_exit_code(const struct sealwire_explanation *explanation,
                                       int32_t *exit_code);

/**
 * Frees an explanation; NULL is allowed. No thread may use it afterwards.
 */
void sealwire_explanation_free(struct sealwire_explanation *explanation);

/**
 * Verifies a complete request like `sealwire_verifier_verify`, without a heap and with at most 48 KiB of
 * stack. Thread-safe.
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

/** Returns the text of a C string without its NUL, or empty text for NULL. It is valid as long as the string exists. */
static inline sealwire_text sealwire_text_of(const char *string) {
    sealwire_text text;
    text.data = string;
    text.length = string == NULL ? 0 : strlen(string);
    return text;
}

#endif  /* SEALWIRE_H */
