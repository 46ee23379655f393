/* Sealwire: signs and verifies service-to-service requests with HMAC.
 *
 * ffi-c/tests/header.rs generates this file from ffi-c/src. Do not edit it. ffi-c/README.md documents the conventions for status
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
/** The ABI version. It increases when a symbol is removed, or when a structure or the meaning of a function changes. */
#define SEALWIRE_ABI_VERSION 0

/* A program that ignores a status would accept requests that it must reject. */
#if defined(__GNUC__) || defined(__clang__)
#define SEALWIRE_MUST_USE __attribute__((warn_unused_result))
#else
#define SEALWIRE_MUST_USE
#endif

/** The size of a buffer for the parts of a URL of this length, in bytes. */
#define SEALWIRE_URL_SIZE(length) (6 * (length) + 144)

/** The size of a key set with this number of versions, in bytes. It can be the size of a static array. */
#define SEALWIRE_KEY_SET_SIZE(versions) (SEALWIRE_KEY_SET_BASE_SIZE + (versions) * SEALWIRE_KEY_SIZE)

/**
 * The size of `sealwire_error.text` in bytes, including the NUL.
 */
#define SEALWIRE_ERROR_SIZE 512

/**
 * The size of a buffer for a nonce, in bytes. A nonce is a UUID of 36 characters and a NUL.
 */
#define SEALWIRE_NONCE_SIZE 37

/**
 * The maximum number of header lines of a request. If a request has more header lines, pass one more than
 * this number. The library then rejects the request.
 */
#define SEALWIRE_MAX_HEADERS 256

/**
 * The size of `sealwire_key_status.name` in bytes, including the NUL.
 */
#define SEALWIRE_KEY_NAME_SIZE 136

/**
 * The size, in bytes, of the buffer that receives the secret from a `sealwire_secret_resolver`.
 */
#define SEALWIRE_SECRET_SIZE 4096

/**
 * The size of a buffer that is sufficient for the signature headers of every request and response, in bytes.
 */
#define SEALWIRE_SIGNATURE_SIZE 8192

/**
 * The maximum number of signature headers, which a request has if it is signed in all schemes.
 */
#define SEALWIRE_SIGNATURE_HEADERS 12

/**
 * The size of a replay-table key, in bytes.
 */
#define SEALWIRE_REPLAY_KEY_SIZE 16

/**
 * The size of a character array for a sender, a user or a nonce, in bytes, including the NUL.
 */
#define SEALWIRE_ID_SIZE 129

/**
 * The size of `sealwire_rejection.public_text` and `sealwire_rejection.field` in bytes, including the NUL.
 */
#define SEALWIRE_PUBLIC_TEXT_SIZE 64

/**
 * The size, in bytes, of the key that identifies a nonce in your own replay store.
 */
#define SEALWIRE_SHARED_KEY_SIZE 32

/**
 * The size of a buffer that is sufficient for every connection string and its NUL, in bytes.
 */
#define SEALWIRE_TOKEN_SIZE 8193

/**
 * The size of a scratch buffer that is sufficient to verify every connection string, in bytes.
 */
#define SEALWIRE_TOKEN_SCRATCH_SIZE 6144

/**
 * The size of a buffer for a UUID as text, including the NUL, in bytes.
 */
#define SEALWIRE_UUID_SIZE 37

/**
 * The size of one version in a key set, in bytes, including reserved space for later releases.
 * `SEALWIRE_KEY_SET_SIZE` uses this constant.
 */
#define SEALWIRE_KEY_SIZE 256

/**
 * The size of a key set without its versions, in bytes, including space for alignment.
 */
#define SEALWIRE_KEY_SET_BASE_SIZE 256

/**
 * The reason why a request or token was rejected.
 *
 * Each reason has a stable number and a stable name. The C API uses the number. Metrics, logs, `code` in
 * Node.js and `.code` in Python use the name. Numbers are never reused. The tens digit of the number is the
 * group of the reason: 1 for malformed requests, 2 for identity, 3 for time, 4 for integrity, and 5 for
 * replay.
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum sealwire_reason : uint8_t {
#else
enum {
#endif
    /**
     * A required header is missing or empty, or the request contains no signature headers for any accepted
     * scheme.
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
     * The policy does not allow this sender to use this method and path.
     */
    SEALWIRE_REASON_SENDER_NOT_ALLOWED = 21,
    /**
     * The scheme requires a key version, but the request contains no key version.
     */
    SEALWIRE_REASON_MISSING_KEY_VERSION = 22,
    /**
     * The sender's key set does not contain the key version in the request. The version was removed or never
     * added.
     */
    SEALWIRE_REASON_UNKNOWN_KEY_VERSION = 23,
    /**
     * The signed authority is not one of the authorities of this service.
     */
    SEALWIRE_REASON_AUTHORITY_NOT_SERVED = 24,
    /**
     * The timestamp is older than the time window allows.
     */
    SEALWIRE_REASON_STALE_TIMESTAMP = 30,
    /**
     * The timestamp is further in the future than the time window allows.
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
 * A wire format for signed requests. Connection strings are not a scheme, because they are tokens that are
 * not bound to a request. See `sealwire_connection_string`.
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
 * The result of a call. It is 0 for success. A positive value is the `sealwire_reason` for which a request
 * or token was rejected. Any of these negative values means that the call failed.
 *
 * The values are stable. The value of a retired status is not used again.
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum sealwire_status : int32_t {
#else
enum {
#endif
    /**
     * The call succeeded.
     */
    SEALWIRE_STATUS_OK = 0,
    /**
     * A pointer that must not be NULL was NULL.
     */
    SEALWIRE_STATUS_NULL_POINTER = -1,
    /**
     * An argument is invalid. For example, a number is unknown, a text is not UTF-8, a length exceeds the
     * address space, or a pointer is misaligned.
     */
    SEALWIRE_STATUS_INVALID_ARGUMENT = -2,
    /**
     * A buffer is too small. The call has not written to the buffer.
     */
    SEALWIRE_STATUS_BUFFER_TOO_SMALL = -3,
    /**
     * The library has a bug and panicked. The process continues. Free the handles that were passed to the
     * call.
     */
    SEALWIRE_STATUS_PANIC = -4,
    /**
     * A key or key set is invalid. The error contains the entry and the reason.
     */
    SEALWIRE_STATUS_INVALID_KEY = -5,
    /**
     * A setting is invalid. The error contains the setting and the reason.
     */
    SEALWIRE_STATUS_INVALID_CONFIGURATION = -6,
    /**
     * The request or token cannot be signed. The error contains the reason.
     */
    SEALWIRE_STATUS_CANNOT_SIGN = -7,
    /**
     * The key ring has no key for this sender and receiver.
     */
    SEALWIRE_STATUS_NO_KEY = -8,
    /**
     * The operating system returned an error. For example, it provides no random bytes, or a file cannot be
     * opened or mapped.
     */
    SEALWIRE_STATUS_SYSTEM = -9,
    /**
     * The handle has the wrong type, or it was freed.
     */
    SEALWIRE_STATUS_WRONG_HANDLE = -10,
    /**
     * The handle does not allow this call any more, because the verification has ended or the builder has
     * already built its object.
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
     * The mode of the verifier applies. This value is allowed only for the mode of a sender.
     */
    SEALWIRE_MODE_INHERIT = -1,
    /**
     * Requests are accepted without verification.
     */
    SEALWIRE_MODE_OFF = 0,
    /**
     * Rejected requests are accepted without an identity. Count and log them.
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
 * The result of claiming a key in your own replay store.
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
 * The keys of a service. Signers and verifiers that were built with the same key ring share its keys. Any
 * number of threads may use it.
 */
typedef struct sealwire_key_ring sealwire_key_ring;

/**
 * Collects the entries of a key ring. The builder must be used by one thread at a time.
 */
typedef struct sealwire_key_ring_builder sealwire_key_ring_builder;

/**
 * All versions of one secret, in the memory of the caller. Any number of threads may use a key set.
 */
typedef struct sealwire_key_set sealwire_key_set;

/**
 * A mode file and the modes that it sets. Any number of threads may use it.
 */
typedef struct sealwire_mode_file sealwire_mode_file;

/**
 * The modes of a service and of individual senders. Verifiers that were built with the same modes object
 * share its modes. Any number of threads may use and change the modes. Each rejection uses the modes that
 * are set at the time of the rejection.
 */
typedef struct sealwire_modes sealwire_modes;

/**
 * A verification of a request whose body has not arrived yet. The verification must be used by one thread at
 * a time.
 */
typedef struct sealwire_pending sealwire_pending;

/**
 * A table that stores the nonces of accepted requests. A verifier rejects a request whose nonce is in the
 * table. Any number of threads and verifiers may use a table.
 */
typedef struct sealwire_replay_table sealwire_replay_table;

/**
 * A signer for the requests of one service or client. It is immutable, and any number of threads may use it.
 */
typedef struct sealwire_signer sealwire_signer;

/**
 * Collects the settings of a signer. The builder must be used by one thread at a time.
 */
typedef struct sealwire_signer_builder sealwire_signer_builder;

/**
 * A verifier with a policy, a key ring and a replay table. After it is built, only its counters change.
 * Any number of threads may use it.
 */
typedef struct sealwire_verifier sealwire_verifier;

/**
 * Collects the settings of a verifier. The builder must be used by one thread at a time.
 */
typedef struct sealwire_verifier_builder sealwire_verifier_builder;

/**
 * A pointer to bytes, and the number of bytes. Every byte value is allowed, and a final NUL is not
 * required. `data` may be NULL if `length` is 0. A function borrows the bytes only for the duration of the
 * call, unless its comment states otherwise. `sealwire_text_of` creates a `sealwire_text` from a C string.
 */
typedef struct sealwire_text {
    /**
     * A pointer to the first byte.
     */
    const char *data;
    /**
     * The number of bytes.
     */
    size_t length;
} sealwire_text;

/**
 * The parts of an absolute URL. Each text ends with a NUL.
 */
typedef struct sealwire_url {
    /**
     * The whole URL without a fragment. Pass this URL to your HTTP client, because the signature covers its
     * parts.
     */
    struct sealwire_text url;
    /**
     * The URL scheme, `http` or `https`. The text is static.
     */
    struct sealwire_text scheme;
    /**
     * The host in lower case, followed by the port if it is not the default port of the scheme.
     */
    struct sealwire_text authority;
    /**
     * The path and the query. The path is at least `/`. An empty query is omitted.
     */
    struct sealwire_text target;
} sealwire_url;

/**
 * An error message for the operator, which states the cause of a failure and how to fix it. It never
 * contains a secret.
 *
 * A function writes a message if it returns a negative status, and only then. The `error` argument of a
 * function may be NULL.
 */
typedef struct sealwire_error {
    /**
     * The message, which ends with a NUL. A message that does not fit is truncated.
     */
    char text[SEALWIRE_ERROR_SIZE];
} sealwire_error;

/**
 * One version of a secret.
 */
typedef struct sealwire_key_version {
    /**
     * The number of the version. It must be unique in its key set. `message` signatures and connection
     * strings contain this number.
     */
    uint32_t version;
    /**
     * The decoded bytes of the secret. The library copies them. Wipe your copy with `sealwire_memzero`
     * afterwards.
     */
    const void *secret;
    /**
     * The size of the secret in bytes, which must be at least 32 unless weak secrets are allowed.
     */
    size_t secret_size;
} sealwire_key_version;

/**
 * The usage of a key version.
 */
typedef struct sealwire_key_status {
    /**
     * The number of accepted requests that were signed with this version.
     */
    uint64_t accepted;
    /**
     * The time of the last accepted request in Unix seconds, or 0 if there was none. If the time for an
     * old version no longer changes, this version can be retired.
     */
    uint64_t last_accepted_s;
    /**
     * The number of the key version.
     */
    uint32_t version;
    /**
     * The entry that contains the version, with a final NUL. An entry is a pair such as `agent/practices`,
     * a client id, or `issuer`.
     */
    char name[SEALWIRE_KEY_NAME_SIZE];
    /**
     * Whether this version is the primary version, which signs requests.
     */
    bool primary;
    /**
     * Always zero. This member occupies bytes that would otherwise be padding.
     */
    uint8_t reserved[3];
} sealwire_key_status;

/**
 * A reference in a key file, such as `{ vault = { path = "services/agent", key = "v2" } }`. Every string
 * ends with a NUL. The reference is valid only during the call of the resolver.
 */
typedef struct sealwire_secret_reference {
    /**
     * The entry and the version for error messages, such as `agent/practices version 2`.
     */
    struct sealwire_text label;
    /**
     * The kind of secret store, such as `vault`, `google` or a kind that your application defines.
     */
    struct sealwire_text kind;
    /**
     * The location of the secret in the store, as JSON. An example is
     * `{"path":"services/agent","key":"v2"}`.
     */
    struct sealwire_text value;
} sealwire_secret_reference;

/**
 * An application function that reads the secret for a reference. It writes the secret as text to `secret`,
 * and the length of the text to `*length`. For a pair, the text is base64. For a client or the issuer, the
 * text is the secret itself. The text may end with a NUL, which the length does not include.
 *
 * The function returns 0 on success. If it returns any other number, the library rejects the key file. The
 * function then writes the cause to `error`, but never the secret. `error` contains an empty string before
 * the call. The library wipes `secret`. The function is called on the thread that opens or reloads the key
 * file. It must return and must not use this key file.
 */
typedef int32_t (*sealwire_secret_resolver)(void *context,
                                            const struct sealwire_secret_reference *reference,
                                            char *secret,
                                            size_t secret_size,
                                            size_t *length,
                                            struct sealwire_error *error);

/**
 * The options of a key file. Start with zeroed memory, because a member that is 0 has its default value.
 */
typedef struct sealwire_key_file_options {
    /**
     * The name of the service that loads the file. The library skips the pair keys of other services, so
     * this process does not hold their secrets. An empty string loads all pair keys.
     */
    struct sealwire_text service;
    /**
     * The table of a larger configuration file that contains the issuer's keys, such as
     * `core.accountLifeCycle`. Use an empty string for a Sealwire key file.
     */
    struct sealwire_text table;
    /**
     * The function that reads secrets stored outside the file, or NULL if the file contains no references
     * other than `env`.
     */
    sealwire_secret_resolver resolver;
    /**
     * A pointer that the library passes to `resolver`. The pointer must stay valid until the key file is
     * freed.
     */
    void *context;
    /**
     * Whether secrets with fewer than 32 bytes are accepted. Use this option in tests, or until all short
     * secrets have been rotated.
     */
    bool allow_weak;
    /**
     * Always zero. This member occupies bytes that would otherwise be padding.
     */
    uint8_t reserved[7];
} sealwire_key_file_options;

/**
 * A header line. Names are compared case-insensitively.
 */
typedef struct sealwire_header {
    /**
     * The name of the header.
     */
    struct sealwire_text name;
    /**
     * The value of the header, without surrounding whitespace.
     */
    struct sealwire_text value;
} sealwire_header;

/**
 * A request without its body.
 */
typedef struct sealwire_request {
    /**
     * The HTTP method, in its original case.
     */
    struct sealwire_text method;
    /**
     * The request target, as it was sent. It is the raw path, followed by `?` and the query if there is a
     * query. It must not be percent-decoded. The functions that verify also accept the absolute form, such
     * as `http://host/path`.
     */
    struct sealwire_text target;
    /**
     * The authority of the request. To sign, set the authority of the URL, which `sealwire_url_split`
     * returns. To verify, set the pseudo-header `:authority` of HTTP/2 and HTTP/3. For HTTP/1, set an
     * empty string. The library then uses the target or the `Host` header.
     */
    struct sealwire_text authority;
    /**
     * The URL scheme that the sender used, `http` or `https`.
     */
    struct sealwire_text scheme;
    /**
     * The header lines as received, including repeated headers. The pointer may be NULL if `header_count` is
     * 0.
     */
    const struct sealwire_header *headers;
    /**
     * The number of header lines. A request with more than `SEALWIRE_MAX_HEADERS` lines is rejected.
     */
    size_t header_count;
} sealwire_request;

/**
 * The signature inputs that are not part of `sealwire_request`.
 */
typedef struct sealwire_signing {
    /**
     * The name of the service that receives the request. It is not required for client keys.
     */
    struct sealwire_text receiver;
    /**
     * The id of the user on whose behalf the request is sent. It is empty if there is no user.
     */
    struct sealwire_text user_id;
    /**
     * The nonce of the request. It is also the request id. A sender must use each nonce only once.
     * `sealwire_fresh_nonce` creates a nonce.
     */
    struct sealwire_text nonce;
    /**
     * The body, exactly as it is sent. The pointer may be NULL if `body_size` is 0.
     */
    const void *body;
    /**
     * The size of the body in bytes.
     */
    size_t body_size;
    /**
     * The current time in milliseconds since the Unix epoch, which `sealwire_now_ms` returns. A time in
     * any other unit is rejected with `SEALWIRE_STATUS_INVALID_ARGUMENT`.
     */
    uint64_t now_ms;
} sealwire_signing;

/**
 * The verified sender of a request. The structure is a copy, so it stays valid after the request and the verifier are freed.
 * Every array ends with a NUL.
 */
typedef struct sealwire_identity {
    /**
     * The age of the request in milliseconds, which is negative if the sender's clock was ahead.
     */
    int64_t age_ms;
    /**
     * The `sealwire_scheme` of the verified signature.
     */
    int32_t scheme;
    /**
     * The version of the key whose MAC matched.
     */
    uint32_t key_version;
    /**
     * The canonical name of the sender. It is a service name or a client id, without the suffix `_service`.
     */
    char sender[SEALWIRE_ID_SIZE];
    /**
     * The name that the sender used in the request. The MAC covers this spelling of the name.
     */
    char name_as_sent[SEALWIRE_ID_SIZE];
    /**
     * The user id of the request, which is empty if the request has no user id or if the id is not
     * trusted.
     */
    char user_id[SEALWIRE_ID_SIZE];
    /**
     * The nonce or request id, which is empty if there is no nonce to claim.
     */
    char nonce[SEALWIRE_ID_SIZE];
    /**
     * Always zero. This member occupies bytes that would otherwise be padding, so that `memcmp` can
     * compare identities.
     */
    uint8_t reserved[4];
} sealwire_identity;

/**
 * The reason why a request was rejected. It is written if the status is positive. It contains no signature,
 * secret or body. Every array ends with a NUL.
 *
 * Send only `http_status` and `public_text` to the peer. The other members are for the log. Check `mode`
 * first. Reject the request only if the mode is `SEALWIRE_MODE_ENFORCE`.
 */
typedef struct sealwire_rejection {
    /**
     * The age of the request in milliseconds, calculated from its timestamp. It is negative if the timestamp
     * is in the future.
     */
    int64_t age_ms;
    /**
     * The `sealwire_reason` of the rejection, which is the same as the status of the call.
     */
    int32_t reason;
    /**
     * The `sealwire_mode` that applies to this sender.
     */
    int32_t mode;
    /**
     * The HTTP status of the response.
     */
    int32_t http_status;
    /**
     * The `sealwire_scheme` that was checked. If the request contains no signature, this is the most
     * preferred scheme.
     */
    int32_t scheme;
    /**
     * The key version in the request, which is not authenticated.
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
     * The text for the body of the response.
     */
    char public_text[SEALWIRE_PUBLIC_TEXT_SIZE];
    /**
     * The name of the invalid header or component. It may be empty.
     */
    char field[SEALWIRE_PUBLIC_TEXT_SIZE];
    /**
     * The sender name in the request, which is not authenticated and may be empty. Every character that is
     * not visible ASCII is replaced with `?`.
     */
    char sender[SEALWIRE_ID_SIZE];
    /**
     * Whether the MAC of the request was checked and valid. If this is false, do not sign the response, because
     * the signature would reveal which senders exist.
     */
    bool mac_was_valid;
} sealwire_rejection;

/**
 * A request, the client that sends it, and the service that responds.
 */
typedef struct sealwire_exchange {
    /**
     * The sender of the request, which is a service name or a client id.
     */
    struct sealwire_text caller;
    /**
     * The name of the service that responds. It may be empty if the request is signed with a client key.
     */
    struct sealwire_text service;
    /**
     * The `sealwire_scheme` used to sign the request.
     */
    int32_t scheme;
    /**
     * The request as it was sent, including its signature headers.
     */
    const struct sealwire_request *request;
} sealwire_exchange;

/**
 * A response to sign or to verify.
 */
typedef struct sealwire_response {
    /**
     * The HTTP status, from 100 to 599.
     */
    int32_t http_status;
    /**
     * The received header lines. `sealwire_response_sign` ignores them.
     */
    const struct sealwire_header *headers;
    /**
     * The number of elements in `headers`.
     */
    size_t header_count;
    /**
     * The body, exactly as it is sent. The pointer may be NULL if `body_size` is 0.
     */
    const void *body;
    /**
     * The size of the body in bytes.
     */
    size_t body_size;
} sealwire_response;

/**
 * The contents of a verified response.
 */
typedef struct sealwire_verified_response {
    /**
     * The server's time, in Unix seconds. A client can use it to correct its own clock.
     */
    uint64_t server_time_s;
    /**
     * The version of the key that signed the response.
     */
    uint32_t key_version;
} sealwire_verified_response;

/**
 * A role and the permission that it grants.
 */
typedef struct sealwire_role {
    /**
     * The name of the role. It must not be empty and must not contain `;`, `=`, `:`, `,` or control
     * characters.
     */
    struct sealwire_text name;
    /**
     * The permission that the role grants: 0 to read, 1 to write.
     */
    int32_t permission;
} sealwire_role;

/**
 * The contents of a new connection string.
 */
typedef struct sealwire_connection_string_draft {
    /**
     * The id of the account, as a UUID.
     */
    struct sealwire_text account;
    /**
     * The id of the tenant, as a UUID. An empty string omits the tenant.
     */
    struct sealwire_text tenant;
    /**
     * The id of the subscription, as a UUID. An empty string omits the subscription.
     */
    struct sealwire_text subscription;
    /**
     * The last second of the connection string's validity, in Unix seconds.
     */
    int64_t expires_s;
    /**
     * The time zone of the expiry, in minutes east of UTC.
     */
    int32_t offset_minutes;
    /**
     * The roles. The pointer may be NULL if `role_count` is 0.
     */
    const struct sealwire_role *roles;
    /**
     * The number of elements in `roles`.
     */
    size_t role_count;
} sealwire_connection_string_draft;

/**
 * The contents of a verified connection string. Each string ends with a NUL, and is empty if the token
 * does not contain the value.
 */
typedef struct sealwire_connection_string {
    /**
     * The time at which the token expires, in Unix seconds.
     */
    int64_t expires_s;
    /**
     * The time zone of the expiry, in minutes east of UTC.
     */
    int32_t offset_minutes;
    /**
     * The version of the key that signed the token.
     */
    uint32_t key_version;
    /**
     * The number of roles that were written to the array of the caller.
     */
    size_t role_count;
    /**
     * The id of the account, as a UUID.
     */
    char account[SEALWIRE_UUID_SIZE];
    /**
     * The id of the tenant, as a UUID.
     */
    char tenant[SEALWIRE_UUID_SIZE];
    /**
     * The id of the subscription, as a UUID.
     */
    char subscription[SEALWIRE_UUID_SIZE];
    /**
     * Always zero. This member occupies bytes that would otherwise be padding.
     */
    uint8_t reserved[1];
} sealwire_connection_string;

/**
 * A key set, and the services or the client that use it.
 */
typedef struct sealwire_static_entry {
    /**
     * A client id, or the name of one of the two services.
     */
    struct sealwire_text name;
    /**
     * The name of the other service. It is empty for a client id.
     */
    struct sealwire_text peer;
    /**
     * The key set.
     */
    const struct sealwire_key_set *keys;
} sealwire_static_entry;

/**
 * The settings of a signer, for programs without a heap. The caller owns all memory. Once all members are
 * set, any number of threads may use the structure.
 */
typedef struct sealwire_static_signer {
    /**
     * The service name or the client id of the sender.
     */
    struct sealwire_text name;
    /**
     * An array of `sealwire_scheme` numbers. Each request gets one signature for every scheme in the
     * array.
     */
    const int32_t *schemes;
    /**
     * The number of schemes. If it is 0, only `message` is used.
     */
    size_t scheme_count;
    /**
     * An array of entries with the keys.
     */
    const struct sealwire_static_entry *entries;
    /**
     * The number of elements in `entries`.
     */
    size_t entry_count;
} sealwire_static_signer;

/**
 * The settings of a verifier, for programs without a heap. The caller owns all memory. Start with zeroed
 * memory, because a member that is 0 has its default value. Once all members are set, any number of
 * threads may use the structure. `message` requests that are signed with a client key are rejected.
 * Verifying them requires a list of authorities, because a client key does not identify the receiver. This
 * structure has no such list.
 */
typedef struct sealwire_static_verifier {
    /**
     * The name of this service. It may be empty if only `client` is accepted.
     */
    struct sealwire_text service;
    /**
     * An array of accepted `sealwire_scheme` numbers, in order of preference.
     */
    const int32_t *schemes;
    /**
     * The number of schemes. If it is 0, only `message` is accepted.
     */
    size_t scheme_count;
    /**
     * An array of entries with the keys.
     */
    const struct sealwire_static_entry *entries;
    /**
     * The number of elements in `entries`.
     */
    size_t entry_count;
    /**
     * The maximum age of a request in milliseconds. If it is 0, the default of each scheme applies.
     */
    uint64_t past_ms;
    /**
     * How far a sender's clock may be ahead, in milliseconds. This member is used only if `past_ms` is not
     * 0.
     */
    uint64_t future_ms;
    /**
     * The maximum size of a body in bytes. If it is 0, the maximum is 1 MiB.
     */
    uint64_t max_body_bytes;
    /**
     * Memory for a replay table. `sealwire_replay_table_in_memory` documents the requirements. If this pointer is NULL, requests
     * with a nonce are rejected unless `accept_replays` is true.
     */
    void *replay_memory;
    /**
     * The size of the memory at `replay_memory` in bytes.
     */
    size_t replay_memory_size;
    /**
     * The key of the replay table, which consists of 16 random bytes.
     */
    uint8_t replay_key[SEALWIRE_REPLAY_KEY_SIZE];
    /**
     * Requests that were signed before this time are rejected. The time is in Unix seconds. Set it to the
     * time at which the replay memory was zeroed. If it is 0, a request that was accepted before a restart
     * can be accepted again.
     */
    uint64_t refuses_before_s;
    /**
     * Whether requests with a nonce are accepted if there is no replay memory. Replayed requests are then
     * accepted too.
     */
    bool accept_replays;
} sealwire_static_verifier;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Returns the version of the library. Compare it with `SEALWIRE_VERSION` of the header. The result is never
 * NULL. The string is static. Do not free it. Thread-safe.
 */
SEALWIRE_MUST_USE
const char *sealwire_version(void);

/**
 * Returns the ABI version of the library. A program that was compiled with a different
 * `SEALWIRE_ABI_VERSION` must not use the library. The SONAME of the shared library prevents this.
 * Thread-safe.
 */
SEALWIRE_MUST_USE
uint32_t sealwire_abi_version(void);

/**
 * Returns the name of a status in `snake_case`, for logs and metrics. Returns `"unknown"` for an unknown
 * number, and never NULL. The string is static. Do not free it. Thread-safe.
 */
const char *sealwire_status_name(int32_t status);

/**
 * Returns the HTTP status for the response. It is 200 for success, and 401, 408, 413 or 503 for a rejection. It is 500 for every
 * other status, because a server must not accept a request that it cannot verify. Thread-safe.
 */
int32_t sealwire_status_http(int32_t status);

/**
 * Returns the time in milliseconds since the Unix epoch. Thread-safe.
 */
SEALWIRE_MUST_USE
uint64_t sealwire_now_ms(void);

/**
 * Creates a new nonce and writes it to `buffer`. The nonce is a random UUID with a final NUL.
 * `buffer_size` must be at least `SEALWIRE_NONCE_SIZE`. Use each nonce for only one request. In the
 * `client` scheme, the nonce is also the request id.
 *
 * Returns `SEALWIRE_STATUS_SYSTEM` if the operating system provides no random bytes. In this case, do not
 * sign the request. Thread-safe, and safe after `fork`.
 */
SEALWIRE_MUST_USE
int32_t sealwire_fresh_nonce(char *buffer,
                             size_t buffer_size);

/**
 * Discards the random bytes that the library has buffered for future nonces. Call this function in each copy
 * of the process that was not created by `fork`, such as a restored snapshot or a copy made with a raw `clone`
 * call. The copy contains the same random bytes as the original. Thread-safe.
 */
void sealwire_discard_nonces(void);

/**
 * Overwrites `size` bytes with zeros. The compiler cannot optimise the write away. Use this function to
 * wipe secrets in your own buffers after a key ring is built. NULL and a size of 0 are allowed.
 * Thread-safe for memory that no other thread uses.
 */
void sealwire_memzero(void *memory,
                      size_t size);

/**
 * Splits an absolute `http` or `https` URL into the parts of a request. The URL is first normalised in the
 * same way as in browsers and by `fetch`. This removes dot segments, the fragment and a default port, and
 * percent-encodes other characters. All languages sign this form. The strings of `parts` are stored in
 * `buffer`, so keep `buffer` as long as you use the parts. `SEALWIRE_URL_SIZE(url.length)` bytes are
 * always sufficient.
 *
 * Returns `SEALWIRE_STATUS_CANNOT_SIGN` with the reason in `error` if the URL is not absolute, contains a user name or password,
 * or has an invalid host or port. Returns `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if the parts do not fit. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_url_split(struct sealwire_text url,
                           char *buffer,
                           size_t buffer_size,
                           struct sealwire_url *parts,
                           struct sealwire_error *error);

/**
 * Decodes a secret from padded standard base64 (RFC 4648 section 4). Writes the secret to `buffer` and its
 * size in bytes to `*secret_size`. The running time does not depend on the content of the secret.
 * Surrounding whitespace is ignored.
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
 * Creates a builder. If `allow_weak` is true, secrets with fewer than 32 bytes are accepted. Use this
 * option in tests, or until all short secrets have been rotated. Free the builder with
 * `sealwire_key_ring_builder_free`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_builder_new(bool allow_weak,
                                      struct sealwire_key_ring_builder **builder);

/**
 * Adds the keys that two services share. The same keys sign requests in both directions, so the order of
 * the names does not matter. `primary` is the version that signs. The secrets are copied.
 *
 * Returns `SEALWIRE_STATUS_INVALID_KEY` if the entry is invalid. The error then contains the entry and the
 * reason, and the builder is unchanged. The builder must be used by one thread at a time.
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
 * Adds the keys of a client. The other arguments and the results are the same as for
 * `sealwire_key_ring_builder_add_pair`. The builder must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_builder_add_client(struct sealwire_key_ring_builder *builder,
                                             struct sealwire_text id,
                                             const struct sealwire_key_version *versions,
                                             size_t version_count,
                                             uint32_t primary,
                                             struct sealwire_error *error);

/**
 * Sets the keys that sign connection strings. The other arguments and the results are the same as for
 * `sealwire_key_ring_builder_add_pair`. The builder must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_builder_set_issuer(struct sealwire_key_ring_builder *builder,
                                             const struct sealwire_key_version *versions,
                                             size_t version_count,
                                             uint32_t primary,
                                             struct sealwire_error *error);

/**
 * Builds the key ring. A key ring may be empty. A builder can build only one key ring. Free the key ring
 * with `sealwire_key_ring_free`. The builder must be freed separately. The builder must be used by one
 * thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_builder_build(struct sealwire_key_ring_builder *builder,
                                        struct sealwire_key_ring **ring);

/**
 * Frees a builder. NULL is allowed. No thread may use the builder afterwards.
 */
void sealwire_key_ring_builder_free(struct sealwire_key_ring_builder *builder);

/**
 * Creates a key ring from the environment. It contains the keys of all pairs with `service`. The variable
 * `HMAC_SECRET_<A>_<B>` contains a base64 secret, where `<A>` and `<B>` are the two service names, sorted
 * and in upper case. Further versions have the suffix `_V<n>`. The variable `HMAC_PRIMARY_<A>_<B>` selects
 * the version that signs.
 *
 * Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if there is no such variable, or if one of them is
 * invalid. The error contains the name of the variable. Free the ring with `sealwire_key_ring_free`.
 * Thread-safe while no other thread changes the environment.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_from_env(struct sealwire_text service,
                                   bool allow_weak,
                                   struct sealwire_key_ring **ring,
                                   struct sealwire_error *error);

/**
 * Replaces all keys of `ring` atomically with the keys of `source`. Signers and verifiers that were built
 * with `ring` use the new keys from the next request on. A verification that has already begun uses the old
 * keys. A key version that exists in both rings keeps its usage counts.
 *
 * `source` is not changed. You still own `source` and must free it. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_replace(const struct sealwire_key_ring *ring,
                                  const struct sealwire_key_ring *source);

/**
 * Writes the usage of each key version to `statuses`, and the number of key versions to `*count`. If
 * `capacity` is 0, only `*count` is written. Returns `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if there are more
 * than `capacity` key versions. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_ring_status(const struct sealwire_key_ring *ring,
                                 struct sealwire_key_status *statuses,
                                 size_t capacity,
                                 size_t *count);

/**
 * Frees a handle to a key ring. NULL is allowed. Signers and verifiers that were built with the key ring
 * keep working. No thread may use the handle afterwards.
 */
void sealwire_key_ring_free(struct sealwire_key_ring *ring);

/**
 * Writes the text of a `reference.value` field to `buffer`, with a final NUL. A resolver that uses this
 * function needs no JSON parser. If `field` is empty, writes the whole value, which must be text.
 * `*length` does not include the NUL.
 *
 * Returns `SEALWIRE_STATUS_INVALID_ARGUMENT` if the field does not exist or is not text. Returns
 * `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if the text does not fit in the buffer. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_secret_reference_text(const struct sealwire_secret_reference *reference,
                                       struct sealwire_text field,
                                       char *buffer,
                                       size_t buffer_size,
                                       size_t *length);

/**
 * Loads a key file and writes a handle that can reload the file. A file name that ends with `.toml` or
 * `.json` selects that format. Any other file is read in `.env` format. `options` may be NULL. References
 * such as `{ env = "NAME" }` are read from the environment of the process. The resolver in the options
 * reads all other references. The library wipes its own copies of the secrets.
 *
 * Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if the file cannot be read or is invalid. The error
 * contains the file or the entry, but never a secret. Free the handle with `sealwire_key_file_free`.
 * Thread-safe while no other thread changes the environment.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_file_open(struct sealwire_text path,
                               const struct sealwire_key_file_options *options,
                               struct sealwire_key_file **file,
                               struct sealwire_error *error);

/**
 * Writes a handle to the key ring that the file defines. After a reload, signers and verifiers that were
 * built with this key ring use the new keys from the next request on. Free the handle with
 * `sealwire_key_ring_free`. It stays valid after the key file is freed. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_file_ring(const struct sealwire_key_file *file,
                               struct sealwire_key_ring **ring);

/**
 * Loads the file again and replaces all keys atomically. A key version that existed before keeps its usage
 * counts.
 *
 * Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if the file cannot be read or is invalid. The current keys
 * then stay active. Thread-safe. Only one thread reloads the file at a time, and this thread calls the
 * resolver.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_file_reload(const struct sealwire_key_file *file,
                                 struct sealwire_error *error);

/**
 * Reloads the file like `sealwire_key_file_reload` if it has changed since it was last read. Call this
 * function about once a second. If the file has not changed, the function calls only `stat`. `*reloaded`
 * is written on success. If the file is invalid, only the first call after the change returns the error.
 * This function does not detect changes in a secret store. After such a change, call
 * `sealwire_key_file_reload`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_file_reload_if_changed(const struct sealwire_key_file *file,
                                            bool *reloaded,
                                            struct sealwire_error *error);

/**
 * Writes whether users other than the owner can access secrets in the file. `*exposed` is true if the file
 * contains secrets and other users have any permission on it. Log a warning in this case. Returns
 * `SEALWIRE_STATUS_INVALID_CONFIGURATION` if the file cannot be read or is invalid. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_key_file_is_exposed(const struct sealwire_key_file *file,
                                     bool *exposed,
                                     struct sealwire_error *error);

/**
 * Frees a key file. NULL is allowed. The key ring stays valid and keeps its keys. No thread may use the handle afterwards.
 */
void sealwire_key_file_free(struct sealwire_key_file *file);

/**
 * Creates a builder. `name` is the service name or the client id of the sender. If no scheme is added, the
 * signer uses `message`. Free the builder with `sealwire_signer_builder_free`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_signer_builder_new(struct sealwire_text name,
                                    struct sealwire_signer_builder **builder);

/**
 * Adds a `sealwire_scheme`. The signer adds a signature of every added scheme to each request. Two schemes
 * are useful while receivers migrate to a new scheme. The builder must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_signer_builder_add_scheme(struct sealwire_signer_builder *builder,
                                           int32_t scheme);

/**
 * Adds the name of a header that `message` signatures cover if the request contains it. The builder must be used by one thread
 * at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_signer_builder_cover(struct sealwire_signer_builder *builder,
                                      struct sealwire_text field);

/**
 * Sets whether `message` signatures cover the authority. The default is true. Set it to false only if a proxy rewrites the
 * authority. The builder must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_signer_builder_cover_authority(struct sealwire_signer_builder *builder,
                                                bool cover);

/**
 * Builds the signer. The signer shares the keys of `ring`. The handle to the ring may be freed afterwards.
 * A builder can build only one signer. If a setting is invalid, the builder is unchanged. Free the signer
 * with `sealwire_signer_free`. The builder must be freed separately. The builder must be used by one
 * thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_signer_builder_build(struct sealwire_signer_builder *builder,
                                      const struct sealwire_key_ring *ring,
                                      struct sealwire_signer **signer,
                                      struct sealwire_error *error);

/**
 * Frees a builder. NULL is allowed. No thread may use the builder afterwards.
 */
void sealwire_signer_builder_free(struct sealwire_signer_builder *builder);

/**
 * Signs a request. Writes the signature headers to `headers`, and the number of headers to `*header_count`. Add these headers to
 * the request. Their names and values are stored in `buffer`. Each name and value ends with a NUL, which its length does not
 * include. Keep `buffer` as long as you use the headers.
 *
 * A `buffer_size` of `SEALWIRE_SIGNATURE_SIZE` and a `header_capacity` of `SEALWIRE_SIGNATURE_HEADERS` are
 * always sufficient. Returns `SEALWIRE_STATUS_NO_KEY`, `SEALWIRE_STATUS_CANNOT_SIGN` with the reason in
 * `error`, or `SEALWIRE_STATUS_BUFFER_TOO_SMALL`. Thread-safe.
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
 * Frees a signer. NULL is allowed. No thread may use the signer afterwards.
 */
void sealwire_signer_free(struct sealwire_signer *signer);

/**
 * Returns the number of slots that a table needs for `requests_per_second`. A table stores each nonce for
 * `window_seconds`, which is the sum of the past and future windows. The result is twice the expected
 * number of live entries, because a claim needs a free slot. If an argument is 0, the default is used,
 * which is the same in every language. The defaults are 200 requests per second and the longest default
 * windows. Processes that map the same file must use the same number of slots. Thread-safe.
 */
SEALWIRE_MUST_USE
size_t sealwire_replay_slots(uint32_t requests_per_second,
                             uint32_t window_seconds);

/**
 * Returns the size of a table with `slots` slots, in bytes. Thread-safe.
 */
SEALWIRE_MUST_USE
size_t sealwire_replay_memory_size(size_t slots);

/**
 * Creates a table on the heap, for one process. Requests that were signed before `refuses_before_s` are
 * rejected, because a new table has no record of them. Pass the current time in Unix seconds. If you pass
 * 0, a request that was accepted before a restart can be accepted again. Free the table with
 * `sealwire_replay_table_free`.
 *
 * On Linux, a table of 2 MiB or more uses huge pages. Returns `SEALWIRE_STATUS_SYSTEM` if the operating system provides no
 * random bytes or no memory. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_replay_table_new(size_t slots,
                                  uint64_t refuses_before_s,
                                  struct sealwire_replay_table **table);

/**
 * Opens or creates a table in the file `path`. All processes of a service map this file, which still
 * exists after they exit. All processes must use the same number of slots. Requests that were signed
 * before the creation of the file are rejected, unless `accept_older` is true. Only the current user can
 * access the file. Free the handle with `sealwire_replay_table_free`. This does not remove the file.
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
 * Creates a table in the memory of the caller. The memory can be static, or shared between processes. The
 * memory must be zeroed or contain an earlier table with the same key. `memory_size` must be a multiple of
 * 64 and at least 128. `sealwire_replay_memory_size` returns a valid size. The memory must be 8-byte
 * aligned. 64-byte alignment is faster. `key` must point to 16 random bytes. All processes that share the
 * memory must use the same key.
 *
 * The table uses the memory until the handle and all verifiers that were built with it are freed. Requests that were signed
 * before `refuses_before_s`, in Unix seconds, are rejected. If you pass 0, such requests are accepted. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_replay_table_in_memory(void *memory,
                                        size_t memory_size,
                                        const uint8_t *key,
                                        uint64_t refuses_before_s,
                                        struct sealwire_replay_table **table);

/**
 * Claims a nonce for a sender until `expires_s`. Both times are in Unix seconds. Returns 0 for the first
 * claim of a nonce, and a `sealwire_reason` for every further claim. Use this function in your own
 * protocols. Verifiers claim nonces automatically. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_replay_table_claim(const struct sealwire_replay_table *table,
                                    struct sealwire_text sender,
                                    struct sealwire_text nonce,
                                    uint64_t expires_s,
                                    uint64_t now_s);

/**
 * Writes the number of slots that have a live entry at `now_s`, and the total number of slots. The first
 * number is an estimate from a sample. Choose a size at which at most half of the slots are in use. If 75%
 * are in use, one claim in a hundred finds no free slot. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_replay_table_fill(const struct sealwire_replay_table *table,
                                   uint64_t now_s,
                                   size_t *live,
                                   size_t *slots);

/**
 * Frees a handle. NULL is allowed. Verifiers that were built with the table keep using it. No thread may use the handle
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
 * Sets the `sealwire_mode` of the service. From the next rejection on, it applies to all senders without a
 * separate mode. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_modes_set(const struct sealwire_modes *modes,
                           int32_t mode_number);

/**
 * Sets the `sealwire_mode` of one sender. `SEALWIRE_MODE_INHERIT` removes the mode of the sender, and the mode of the service
 * then applies. A name has at most 128 characters. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_modes_set_sender(const struct sealwire_modes *modes,
                                  struct sealwire_text sender,
                                  int32_t mode_number);

/**
 * Writes the `sealwire_mode` that applies to the requests of a sender. If `sender` is empty, writes the mode of the service.
 * Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_modes_get(const struct sealwire_modes *modes,
                           struct sealwire_text sender,
                           int32_t *found);

/**
 * Reads the environment variable `HMAC_AUTH_ENABLED`. If its value is `false`, every
 * `SEALWIRE_MODE_ENFORCE` becomes `SEALWIRE_MODE_OBSERVE`, both now and after each later change. Call this
 * function at program start, so that an operator can disable enforcement without a mode file.
 *
 * Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if the value is neither true nor false. Thread-safe while no
 * other thread changes the environment.
 */
SEALWIRE_MUST_USE
int32_t sealwire_modes_apply_env(const struct sealwire_modes *modes,
                                 struct sealwire_error *error);

/**
 * Frees a handle. NULL is allowed. Verifiers that were built with the modes keep using them. No thread may use the handle
 * afterwards.
 */
void sealwire_modes_free(struct sealwire_modes *modes);

/**
 * Loads a mode file and writes a handle that can reload the file. A TOML or JSON file contains `mode`,
 * `senders` and `observeOnly`, and may also be the key file. A `.env` file contains `HMAC_AUTH_ENABLED`. A
 * mode that is not in the file is `enforce`. Invalid keys in the same file are ignored, because they must
 * not prevent a rollback.
 *
 * Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if the file cannot be read or is invalid. The error contains the file and the
 * setting. Free the handle with `sealwire_mode_file_free`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_mode_file_open(struct sealwire_text path,
                                struct sealwire_mode_file **file,
                                struct sealwire_error *error);

/**
 * Writes a handle to the modes. Pass it to `sealwire_verifier_builder_set_modes`. Free the handle with
 * `sealwire_modes_free`. It stays valid after the mode file is freed. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_mode_file_modes(const struct sealwire_mode_file *file,
                                 struct sealwire_modes **modes);

/**
 * Loads the file again and replaces all modes atomically, including modes that `sealwire_modes_set` has set.
 *
 * Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if the file cannot be read or is invalid. The current modes then stay active.
 * Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_mode_file_reload(const struct sealwire_mode_file *file,
                                  struct sealwire_error *error);

/**
 * Reloads the file like `sealwire_mode_file_reload` if it has changed since it was last read. Call this function about once a
 * second. If the file has not changed, the function calls only `stat`. `*reloaded` is written on success. If the file is
 * invalid, only the first call after the change returns the error. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_mode_file_reload_if_changed(const struct sealwire_mode_file *file,
                                             bool *reloaded,
                                             struct sealwire_error *error);

/**
 * Frees a mode file. NULL is allowed. The modes stay valid. No thread may use the handle afterwards.
 */
void sealwire_mode_file_free(struct sealwire_mode_file *file);

/**
 * Creates a builder. `service` is the name of this service, which receives the requests. It may be empty if only the `client`
 * scheme is accepted. By default, the verifier accepts only `message`, has the mode `enforce`, and accepts bodies of up to 1
 * MiB. Free the builder with `sealwire_verifier_builder_free`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_new(struct sealwire_text service,
                                      struct sealwire_verifier_builder **builder);

/**
 * Adds an accepted `sealwire_scheme`. The verifier checks only one signature per request. If a request has
 * signatures of several accepted schemes, the verifier checks that of the scheme added first. The builder
 * must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_accept(struct sealwire_verifier_builder *builder,
                                         int32_t scheme);

/**
 * Sets the maximum age of a request, and how far a sender's clock may be ahead. Both limits are in
 * milliseconds and are inclusive. The defaults are 300,000 and 5,000. For `client`, both defaults are
 * 300,000. The builder must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_set_window(struct sealwire_verifier_builder *builder,
                                             uint64_t past_ms,
                                             uint64_t future_ms);

/**
 * Sets the `sealwire_mode`, which is the effect of a rejection. The builder must be used by one thread at a
 * time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_set_mode(struct sealwire_verifier_builder *builder,
                                           int32_t mode_number);

/**
 * Sets modes that can be changed while the service runs. The verifier shares them with other users of
 * `modes`. They are an alternative to `sealwire_verifier_builder_set_mode` and the modes of
 * `sealwire_verifier_builder_add_sender`. If both kinds are set, the build fails. The handle to the modes
 * may be freed afterwards. The builder must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_set_modes(struct sealwire_verifier_builder *builder,
                                            const struct sealwire_modes *modes);

/**
 * Sets the maximum size of a body in bytes. The default is 1 MiB. The builder must be used by one thread at
 * a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_set_max_body_bytes(struct sealwire_verifier_builder *builder,
                                                     uint64_t max_body_bytes);

/**
 * Sets whether the verifier reports the user id of `pairwise` requests. This scheme does not sign the user
 * id, so any intermediary can change the id. The default is false. The builder must be used by one thread
 * at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_trust_unsigned_user_id(struct sealwire_verifier_builder *builder,
                                                         bool trust);

/**
 * Sets whether the signatures of `pairwise` requests are claimed as nonces. Replayed requests are then
 * rejected. If two identical requests are signed in the same second, the second one is also rejected. The
 * default is false. The builder must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_claim_pairwise(struct sealwire_verifier_builder *builder,
                                                 bool claim);

/**
 * Sets whether `message` signatures must cover the authority. The default is true. Set it to false only if a
 * proxy rewrites the authority. The builder must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_require_authority(struct sealwire_verifier_builder *builder,
                                                    bool require);

/**
 * Adds the name of a header that `message` signatures must cover if the request contains it. The builder
 * must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_require_field(struct sealwire_verifier_builder *builder,
                                                struct sealwire_text field);

/**
 * Sets whether requests from senders without rules are rejected. The default is false. The builder must be
 * used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_listed_senders_only(struct sealwire_verifier_builder *builder,
                                                      bool only);

/**
 * Sets the maximum fraction of the replay table that one sender may use. It must be greater than 0 and at most 1. The default is
 * 0.5, and 1 means no limit. If a sender exceeds the limit, its requests are rejected with
 * `SEALWIRE_REASON_SENDER_SHARE_EXCEEDED`. The limit applies only if the key ring contains at least two senders. The builder
 * must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_set_max_sender_share(struct sealwire_verifier_builder *builder,
                                                       double share);

/**
 * Sets whether a verifier without a replay table accepts requests with a nonce. It then also accepts
 * replayed requests. The default is false, and requests with a nonce are then rejected with
 * `SEALWIRE_REASON_REPLAY_STORE_UNAVAILABLE`. Such requests are not rejected if you claim the nonce in
 * your own store, with `sealwire_pending_prove` and `sealwire_pending_settle`. The builder must be used by
 * one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_accept_replays(struct sealwire_verifier_builder *builder,
                                                 bool accept);

/**
 * Adds rules for one sender. `mode_number` is a `sealwire_mode`, where `SEALWIRE_MODE_INHERIT` selects the mode of the verifier.
 * `methods` and `path_prefixes` are the allowed methods and paths. A path prefix includes all paths below it. An empty list
 * allows all methods or paths. The builder must be used by one thread at a time.
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
 * Adds an authority of this service. An authority is a host with an optional port and scheme, such as
 * `api.test` or `https://api.test:8443`. The single entry `any` accepts every authority. A `message`
 * request with any other authority is rejected with `authority_not_served`. At least one authority is
 * required if `message` accepts client keys. The builder must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_add_authority(struct sealwire_verifier_builder *builder,
                                                struct sealwire_text authority);

/**
 * Sets the URL scheme that callers use, `https` or `http`. Use this setting if a proxy terminates TLS. The
 * default is the scheme of the request. The builder must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_set_url_scheme(struct sealwire_verifier_builder *builder,
                                                 struct sealwire_text scheme);

/**
 * Sets the path prefix at which the application is mounted, such as `/api`. The prefix is removed before a
 * path is compared with exempt paths and senders' path prefixes. Signatures cover the whole path. The
 * builder must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_set_root_path(struct sealwire_verifier_builder *builder,
                                                struct sealwire_text root_path);

/**
 * Adds a path that needs no signature. A path that ends with `*` matches all paths with that prefix.
 * `sealwire_verifier_is_exempt` checks a request against these paths. The builder must be used by one thread
 * at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_exempt_path(struct sealwire_verifier_builder *builder,
                                              struct sealwire_text path);

/**
 * Builds the verifier. The verifier shares `ring` and `table`. Both handles may be freed afterwards. If
 * `table` is NULL, the verifier rejects requests with a nonce, unless you claim nonces in your own store
 * with `sealwire_pending_prove` or call `sealwire_verifier_builder_accept_replays`.
 *
 * Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` with the setting in `error` if a setting is invalid. The builder is then
 * unchanged. A builder can build only one verifier. Free the verifier with `sealwire_verifier_free`. The builder must be freed
 * separately. The builder must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_builder_build(struct sealwire_verifier_builder *builder,
                                        const struct sealwire_key_ring *ring,
                                        const struct sealwire_replay_table *table,
                                        struct sealwire_verifier **verifier,
                                        struct sealwire_error *error);

/**
 * Frees a builder. NULL is allowed. No thread may use the builder afterwards.
 */
void sealwire_verifier_builder_free(struct sealwire_verifier_builder *builder);

/**
 * Verifies a complete request. Writes `*identity` on success. A positive status is a `sealwire_reason`. If
 * the status is positive, writes `*rejected`. The member `mode` of the rejection decides whether the
 * server must reject the request. `identity` and `rejected` may be NULL.
 *
 * `now_ms` is the current time in milliseconds since the Unix epoch, which `sealwire_now_ms` returns. The contents of a request
 * never cause a negative status. Only the first call on a thread may allocate memory. Thread-safe.
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
 * Writes whether a request is exempt from verification. A request is exempt if its path is unambiguous and matches an exempt
 * path, and if no header overrides the method or the path. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_is_exempt(const struct sealwire_verifier *verifier,
                                    const struct sealwire_request *request,
                                    bool *exempt);

/**
 * Writes a handle to the modes of a verifier. Use it to change the modes while the service runs. Free it
 * with `sealwire_modes_free`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_modes(const struct sealwire_verifier *verifier,
                                struct sealwire_modes **modes);

/**
 * Writes warnings for the operator to `buffer`, with a final NUL. Each line is one warning. The warnings
 * are about keys that cannot be used with the settings, and about senders without keys. Log the warnings
 * at program start. `*length` does not include the NUL. It is 0 if there are no warnings. If `buffer_size`
 * is 0, only `*length` is written. Returns `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if the buffer is too small.
 * Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_warnings(const struct sealwire_verifier *verifier,
                                   char *buffer,
                                   size_t buffer_size,
                                   size_t *length);

/**
 * Writes the number of accepted requests with a `sealwire_scheme`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_accepted(const struct sealwire_verifier *verifier,
                                   int32_t scheme_number,
                                   uint64_t *accepted);

/**
 * Writes the number of requests that were rejected for a `sealwire_reason`, and the number of requests
 * that had the same reason but were accepted in the mode `observe`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_rejected(const struct sealwire_verifier *verifier,
                                   int32_t reason,
                                   uint64_t *enforced,
                                   uint64_t *observed);

/**
 * Frees a verifier. NULL is allowed. Pending verifications stay valid. No thread may use the handle afterwards.
 */
void sealwire_verifier_free(struct sealwire_verifier *verifier);

/**
 * Writes whether a request is a health check from this machine, which is `GET /health` from a loopback
 * address. Servers of the `client` scheme accept this request without a signature. `peer` is the remote address
 * of the socket as text. Never pass an address from a header. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_is_local_health_check(struct sealwire_text method,
                                       struct sealwire_text target,
                                       const char *peer,
                                       bool *local);

/**
 * Verifies the head of a request before its body is read. On success, writes `*pending`. Then pass the body
 * to `sealwire_pending_update`. Always free `*pending` with `sealwire_pending_free`. If the status is
 * positive, writes `*rejected`. `rejected` may be NULL. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_begin(const struct sealwire_verifier *verifier,
                                const struct sealwire_request *request,
                                uint64_t now_ms,
                                struct sealwire_pending **pending,
                                struct sealwire_rejection *rejected);

/**
 * Adds the next chunk of the received body. A positive status ends the verification. In this case, send the response and free
 * `pending`. The verification must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_pending_update(struct sealwire_pending *pending,
                                const void *chunk,
                                size_t chunk_size,
                                struct sealwire_rejection *rejected);

/**
 * Verifies the complete body, claims the nonce in the replay table of the verifier, and accepts the
 * request. Read the clock for `now_ms` after the body has arrived. The request is rejected if it is now
 * too old. A verifier without a replay table rejects requests with a nonce. With such a verifier, call
 * `sealwire_pending_prove` instead. This call ends the verification, regardless of its status. The
 * verification must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_pending_finish(struct sealwire_pending *pending,
                                uint64_t now_ms,
                                struct sealwire_identity *identity,
                                struct sealwire_rejection *rejected);

/**
 * Verifies the complete body, but does not claim the nonce. Claim the nonce in your own store, such as
 * Redis. If `*has_key` is true, store `shared_key` atomically, but only if it is not stored yet. The key
 * must stay in the store until `*expires_s`, in Unix seconds. `shared_key` is the same on all hosts. Then
 * call `sealwire_pending_settle`. The verification must be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_pending_prove(struct sealwire_pending *pending,
                               uint8_t *shared_key,
                               size_t shared_key_size,
                               bool *has_key,
                               uint64_t *expires_s,
                               struct sealwire_rejection *rejected);

/**
 * Accepts or rejects a request, depending on the result of the claim in your own store, which is a
 * `sealwire_outcome`. Pass `SEALWIRE_OUTCOME_FIRST` if there was no key to claim. This call ends the
 * verification, regardless of its status, unless the outcome is an unknown number. The verification must
 * be used by one thread at a time.
 */
SEALWIRE_MUST_USE
int32_t sealwire_pending_settle(struct sealwire_pending *pending,
                                int32_t outcome,
                                uint64_t now_ms,
                                struct sealwire_identity *identity,
                                struct sealwire_rejection *rejected);

/**
 * Frees a pending verification. NULL is allowed. No thread may use it afterwards.
 */
void sealwire_pending_free(struct sealwire_pending *pending);

/**
 * Writes the metrics of a verifier to `buffer`, in the text format of Prometheus with a final NUL. Send
 * this text as the response at `/metrics`, with the content type `text/plain; version=0.0.4`.
 * `docs/operations.md` describes the metrics. If `key_file` or `mode_file` is not NULL, the text also
 * contains metrics about the reloads of that file. `now_ms` is the current time in milliseconds since the
 * Unix epoch.
 *
 * `*length` does not include the NUL. If `buffer_size` is 0, only `*length` is written. Returns
 * `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if the buffer is too small. The required size depends only on the
 * number of senders and key versions. If a process exports the metrics of several verifiers, add a label
 * to the metrics of each verifier. A forked process starts with the counts of its parent. Thread-safe.
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
 * Writes the value of the header `WWW-Authenticate` to `buffer`, with a final NUL. A response with the
 * HTTP status 401 must have this header (RFC 9110 section 11.6.1). `status` is the result of the
 * verification. `*length` does not include the NUL. `*length` is 0 unless the HTTP status of the response
 * is 401. If `buffer_size` is 0, only `*length` is written. 128 bytes are always sufficient. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_verifier_challenge(const struct sealwire_verifier *verifier,
                                    int32_t status,
                                    char *buffer,
                                    size_t buffer_size,
                                    size_t *length);

/**
 * Returns the value of the header `Cache-Control` for the response. The value prevents shared caches from
 * sending the response to another peer. The value is `private` for a verified request and `no-store` for a
 * rejected request. If the application has set this header for a verified request, do not replace it. The
 * text is static. Do not free it. Thread-safe.
 */
SEALWIRE_MUST_USE
struct sealwire_text sealwire_cache_control(int32_t status);

/**
 * Signs a response. Sign the response to a rejected request only if `mac_was_valid` of the rejection is true.
 * A client with a wrong clock can then read the server's time. The headers are written in the same way as by
 * `sealwire_signer_sign`. `now_ms` is the current time in milliseconds since the Unix epoch. Thread-safe.
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
 * Verifies a response. The signature must match the exchange, the status and the body. Writes `*verified` on success, and
 * `*rejected` if the returned status is positive. Both pointers may be NULL. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_response_verify(const struct sealwire_key_ring *ring,
                                 const struct sealwire_exchange *exchange,
                                 const struct sealwire_response *response,
                                 struct sealwire_verified_response *verified,
                                 struct sealwire_rejection *rejected);

/**
 * Issues a connection string that is signed with the primary issuer key of the ring. Writes the connection
 * string to `buffer` with a final NUL. `*length` does not include the NUL. A buffer of `SEALWIRE_TOKEN_SIZE`
 * bytes is always sufficient.
 *
 * Returns `SEALWIRE_STATUS_NO_KEY` if the ring has no issuer key. Returns `SEALWIRE_STATUS_CANNOT_SIGN` if
 * a role name is invalid or the token is too long, with the reason in `error`. Returns
 * `SEALWIRE_STATUS_INVALID_ARGUMENT` if a UUID, the time or a permission is invalid. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_connection_string_issue(const struct sealwire_key_ring *ring,
                                         const struct sealwire_connection_string_draft *draft,
                                         char *buffer,
                                         size_t buffer_size,
                                         size_t *length,
                                         struct sealwire_error *error);

/**
 * Verifies a connection string and writes its contents. `now_s` is the current time in Unix seconds. If
 * `ignore_expiry` is true, an expired token is also accepted. Use this option in tools that inspect tokens,
 * never for requests.
 *
 * `scratch` is memory for the decoded token, which needs 3 bytes for every 4 bytes of the token, and at
 * most `SEALWIRE_TOKEN_SCRATCH_SIZE` bytes. The names in `roles` point into `scratch`, so keep this memory
 * as long as you use the roles. Each name ends with a NUL. Returns `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if
 * `scratch` or `roles` is too small, and `SEALWIRE_STATUS_NO_KEY` if the ring has no issuer key. A
 * positive status is a `sealwire_reason`. Pass it to `sealwire_connection_string_response` to get the
 * response body. Thread-safe.
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
 * Returns the public code of a rejection, such as `MYC00031`. Returns an empty string if the rejection has
 * no code. The text is static. Do not free it. Thread-safe.
 */
SEALWIRE_MUST_USE
struct sealwire_text sealwire_connection_string_code(int32_t status);

/**
 * Returns the JSON body of the response to a rejected connection string. Send it with HTTP status 401 and
 * the content type `application/json`. Returns an empty string if the status is not a rejection. The text
 * is static. Do not free it. Thread-safe.
 */
SEALWIRE_MUST_USE
struct sealwire_text sealwire_connection_string_response(int32_t status);

/**
 * Returns the name of the HTTP header that contains a connection string. The text is static. Do not free it.
 * Thread-safe.
 */
SEALWIRE_MUST_USE
struct sealwire_text sealwire_connection_string_header(void);

/**
 * Creates a key set in `memory` and writes its address to `*set`. The function does not use the heap.
 * `primary` is the version that signs. `memory` must have `SEALWIRE_KEY_SET_SIZE(version_count)` bytes and
 * can have any alignment. It can be a static array. The key set does not contain the secrets, so wipe them
 * with `sealwire_memzero`. Also wipe `memory` when the key set is no longer used.
 *
 * Returns `SEALWIRE_STATUS_INVALID_KEY` if there is no version, a version is repeated, or the primary
 * version is missing. It also returns this status if a secret is empty, repeats a single byte, or has
 * fewer than 32 bytes while `allow_weak` is false. No other thread may use `memory` during the call.
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
 * Signs a request like `sealwire_signer_sign`. The function does not use the heap and uses at most 48 KiB of
 * stack. Thread-safe.
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
 * Explains why a request was rejected. `input` is a JSON object. Its required members are `capture` (or
 * `captureBase64`) and `service`, which only the scheme `client` does not require. The capture can be raw
 * HTTP/1, the output of `curl -v`, a HAR file, JSON, the text of the browser commands "copy as cURL" or "copy
 * as fetch", or a log record of a verifier.
 * The optional members are `sent` or `sentBase64`, `entry`, `log`, `at` (Unix milliseconds, or text),
 * `prefix` and `hosts`. The settings of the verifier are also optional members: `schemes`, `past` and
 * `future` in seconds, `authorities`, and `scheme`. A cause is reported only if a matching MAC proves it,
 * or if the capture shows it directly.
 *
 * Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if the format of the capture is not supported or a member
 * is invalid. The error contains the name of the member. Free the explanation with
 * `sealwire_explanation_free`. The call can take up to a second for a large capture. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_explain(const struct sealwire_key_ring *keys,
                         struct sealwire_text input,
                         struct sealwire_explanation **explanation,
                         struct sealwire_error *error);

/**
 * Writes the explanation as JSON. The JSON is the same in all languages. The text ends with a NUL and is valid until the
 * explanation is freed. It contains no secrets, signatures or bodies. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_explanation_json(const struct sealwire_explanation *explanation,
                                  const char **json);

/**
 * Writes the explanation as lines of text, which are the output of the command `sealwire explain`. Apart
 * from the format, this function is the same as `sealwire_explanation_json`. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_explanation_text(const struct sealwire_explanation *explanation,
                                  const char **text);

/**
 * Writes the exit code of the command `sealwire explain`. The exit code is 0 if the cause was proven and 1
 * if it was not found. Thread-safe.
 */
SEALWIRE_MUST_USE
int32_t sealwire_explanation_exit_code(const struct sealwire_explanation *explanation,
                                       int32_t *exit_code);

/**
 * Frees an explanation. NULL is allowed. No thread may use the explanation afterwards.
 */
void sealwire_explanation_free(struct sealwire_explanation *explanation);

/**
 * Verifies a complete request like `sealwire_verifier_verify`. The function does not use the heap and uses
 * at most 48 KiB of stack. Thread-safe.
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

/** Returns the text of a C string without its NUL, or empty text for NULL. The text is valid as long as the string exists. */
static inline sealwire_text sealwire_text_of(const char *string) {
    sealwire_text text;
    text.data = string;
    text.length = string == NULL ? 0 : strlen(string);
    return text;
}

#endif  /* SEALWIRE_H */
