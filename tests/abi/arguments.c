/* Tests for invalid arguments: NULL, lengths that exceed the address space, short buffers, out-of-range
 * numbers and handles of the wrong type. Each call must return an error status and must not change its
 * outputs. */
#include "fixture.h"

/* The initial value of each byte of the outputs, which must not change. */
enum { UNTOUCHED = 0xA5 };

static void mark(void *memory, size_t size) { memset(memory, UNTOUCHED, size); }

static bool untouched(const void *memory, size_t size) {
    const unsigned char *bytes = memory;
    for (size_t at = 0; at < size; at++) {
        if (bytes[at] != UNTOUCHED) return false;
    }
    return true;
}

static const sealwire_text TOO_LONG = {"x", SIZE_MAX};
static const sealwire_text NOWHERE = {NULL, 1};
static const sealwire_text NOT_UTF8 = {"\xff", 1};

static void key_ring_arguments(void) {
    sealwire_key_ring_builder *builder = NULL;
    sealwire_key_ring *ring = NULL;
    sealwire_key_version key = {1, SECRET, sizeof SECRET}, nowhere = {1, NULL, 32}, weak = {1, SECRET, 8};
    sealwire_error error = {{0}};
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_key_ring_builder_new(false, NULL));
    OK(sealwire_key_ring_builder_new(false, &builder));
    EXPECT(SEALWIRE_STATUS_NULL_POINTER,
           sealwire_key_ring_builder_add_pair(NULL, text("a"), text("b"), &key, 1, 1, NULL));
    EXPECT(SEALWIRE_STATUS_NULL_POINTER,
           sealwire_key_ring_builder_add_pair(builder, NOWHERE, text("b"), &key, 1, 1, NULL));
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT,
           sealwire_key_ring_builder_add_pair(builder, TOO_LONG, text("b"), &key, 1, 1, NULL));
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT,
           sealwire_key_ring_builder_add_pair(builder, NOT_UTF8, text("b"), &key, 1, 1, NULL));
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_key_ring_builder_add_client(builder, text("c"), NULL, 1, 1, NULL));
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT,
           sealwire_key_ring_builder_add_client(builder, text("c"), &key, SIZE_MAX / 2, 1, NULL));
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_key_ring_builder_add_client(builder, text("c"), &nowhere, 1, 1, NULL));
    EXPECT(SEALWIRE_STATUS_INVALID_KEY, sealwire_key_ring_builder_add_client(builder, text("c"), NULL, 0, 1, &error));
    CHECK(strstr(error.text, "key ring entry c") != NULL);
    EXPECT(SEALWIRE_STATUS_INVALID_KEY, sealwire_key_ring_builder_add_client(builder, text("c"), &weak, 1, 1, &error));
    CHECK(strstr(error.text, "8 bytes") != NULL && strstr(error.text, "thirty-two") == NULL);
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_key_ring_builder_build(builder, NULL));
    OK(sealwire_key_ring_builder_build(builder, &ring));
    EXPECT(SEALWIRE_STATUS_WRONG_STATE, sealwire_key_ring_builder_build(builder, &ring));
    EXPECT(SEALWIRE_STATUS_WRONG_STATE, sealwire_key_ring_builder_set_issuer(builder, &key, 1, 1, NULL));
    EXPECT(SEALWIRE_STATUS_WRONG_HANDLE, sealwire_key_ring_replace(ring, (const sealwire_key_ring *)(void *)builder));
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_key_ring_replace(ring, NULL));
    sealwire_key_ring_builder_free(builder);
    sealwire_key_ring_free(ring);
    sealwire_key_ring_free(NULL);
    sealwire_key_ring_builder_free(NULL);
}

static void secret_arguments(void) {
    unsigned char buffer[32];
    size_t size;
    mark(buffer, sizeof buffer);
    mark(&size, sizeof size);
    EXPECT(SEALWIRE_STATUS_INVALID_KEY, sealwire_decode_secret(text("not base64!"), buffer, 32, &size, NULL));
    EXPECT(SEALWIRE_STATUS_BUFFER_TOO_SMALL, sealwire_decode_secret(text("AAECAw=="), buffer, 3, &size, NULL));
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_decode_secret(text("AAECAw=="), NULL, 4, &size, NULL));
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_decode_secret(text("AAECAw=="), buffer, 4, NULL, NULL));
    CHECK(untouched(buffer, sizeof buffer) && untouched(&size, sizeof size));
    OK(sealwire_decode_secret(text("AAECAw==\n"), buffer, 4, &size, NULL));
    CHECK(size == 4 && buffer[3] == 3 && untouched(buffer + 4, 28));
    sealwire_memzero(buffer, 4);
    CHECK(buffer[0] == 0 && buffer[3] == 0 && untouched(buffer + 4, 28));
    sealwire_memzero(NULL, 0);
    sealwire_memzero(NULL, 8);
}

static void nonce_arguments(void) {
    char nonce[SEALWIRE_NONCE_SIZE];
    mark(nonce, sizeof nonce);
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_fresh_nonce(NULL, sizeof nonce));
    EXPECT(SEALWIRE_STATUS_BUFFER_TOO_SMALL, sealwire_fresh_nonce(nonce, sizeof nonce - 1));
    EXPECT(SEALWIRE_STATUS_BUFFER_TOO_SMALL, sealwire_fresh_nonce(NULL, 0));
    CHECK(untouched(nonce, sizeof nonce));
    OK(sealwire_fresh_nonce(nonce, sizeof nonce));
    CHECK(strlen(nonce) == 36);
}

/* The output arguments for sealwire_signer_sign. */
typedef struct {
    char buffer[SEALWIRE_SIGNATURE_SIZE];
    sealwire_header headers[SEALWIRE_SIGNATURE_HEADERS];
    size_t count;
} outputs;

static int32_t sign_into(const fixture *it, const sealwire_request *request, const sealwire_signing *signing,
                         size_t buffer_size, size_t capacity, outputs *out) {
    sealwire_error error;
    mark(out, sizeof *out);
    return sealwire_signer_sign(it->signer, request, signing, out->buffer, buffer_size, out->headers, capacity,
                                &out->count, &error);
}

static void signing_arguments(fixture *it) {
    static outputs out;
    sealwire_request request = it->request;
    sealwire_signing signing = it->signing;
    request.header_count = 0;
    OK(sign_into(it, &request, &signing, sizeof out.buffer, 3, &out));
    CHECK(out.count == 3 && untouched(&out.headers[3], sizeof out.headers[3]));
    const sealwire_text last = out.headers[2].value;
    const size_t needed = (size_t)(last.data + last.length + 1 - out.buffer);
    OK(sign_into(it, &request, &signing, needed, 3, &out));
    CHECK(untouched(out.buffer + needed, sizeof out.buffer - needed));
    for (size_t size = 0; size < needed; size += size + 7 < needed ? 7 : 1) {
        EXPECT(SEALWIRE_STATUS_BUFFER_TOO_SMALL, sign_into(it, &request, &signing, size, 12, &out));
        CHECK(untouched(&out, sizeof out));
    }
    for (size_t capacity = 0; capacity < 3; capacity++) {
        EXPECT(SEALWIRE_STATUS_BUFFER_TOO_SMALL, sign_into(it, &request, &signing, sizeof out.buffer, capacity, &out));
        CHECK(untouched(&out, sizeof out));
    }
    signing.receiver = text("nobody");
    EXPECT(SEALWIRE_STATUS_NO_KEY, sign_into(it, &request, &signing, sizeof out.buffer, 12, &out));
    request.target = text("no slash");
    EXPECT(SEALWIRE_STATUS_CANNOT_SIGN, sign_into(it, &request, &signing, sizeof out.buffer, 12, &out));
    request.target = it->request.target;
    signing.receiver = NOT_UTF8;
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sign_into(it, &request, &signing, sizeof out.buffer, 12, &out));
    signing = it->signing;
    signing.body = NULL;
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sign_into(it, &request, &signing, sizeof out.buffer, 12, &out));
    request.method = NOWHERE;
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sign_into(it, &request, &it->signing, sizeof out.buffer, 12, &out));
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sign_into(it, NULL, &it->signing, sizeof out.buffer, 12, &out));
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sign_into(it, &request, NULL, sizeof out.buffer, 12, &out));
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sign_into(it, &it->request, &it->signing, SIZE_MAX, 12, &out));
    CHECK(untouched(&out, sizeof out));
}

static int32_t verify_into(const sealwire_verifier *verifier, const sealwire_request *request, const void *body,
                           size_t size, sealwire_identity *identity, sealwire_rejection *rejected) {
    mark(identity, sizeof *identity);
    mark(rejected, sizeof *rejected);
    return sealwire_verifier_verify(verifier, request, body, size, NOW, identity, rejected);
}

static void verifying_arguments(fixture *it) {
    sealwire_identity identity;
    sealwire_rejection rejected;
    sealwire_request request = it->request;
    sealwire_header nowhere = {text("Signature"), NOWHERE};
    const sealwire_verifier *signer = (const sealwire_verifier *)(const void *)it->signer;
    const size_t size = sizeof BODY - 1;
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, verify_into(NULL, &request, BODY, size, &identity, &rejected));
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, verify_into(it->verifier, NULL, BODY, size, &identity, &rejected));
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, verify_into(it->verifier, &request, NULL, size, &identity, &rejected));
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, verify_into(it->verifier, &request, BODY, SIZE_MAX, &identity, &rejected));
    EXPECT(SEALWIRE_STATUS_WRONG_HANDLE, verify_into(signer, &request, BODY, size, &identity, &rejected));
    request.headers = NULL;
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, verify_into(it->verifier, &request, BODY, size, &identity, &rejected));
    request.headers = &nowhere;
    request.header_count = 1;
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, verify_into(it->verifier, &request, BODY, size, &identity, &rejected));
    CHECK(untouched(&identity, sizeof identity) && untouched(&rejected, sizeof rejected));
    EXPECT(SEALWIRE_REASON_BODY_DIGEST_MISMATCH, verify_into(it->verifier, &it->request, NULL, 0, &identity, &rejected));
    CHECK(untouched(&identity, sizeof identity) && rejected.http_status == 401 && strcmp(rejected.sender, "agent") == 0);
    OK(verify_into(it->verifier, &it->request, BODY, size, &identity, &rejected));
    CHECK(untouched(&rejected, sizeof rejected) && strcmp(identity.sender, "agent") == 0);
    EXPECT(SEALWIRE_REASON_REPLAYED,
           sealwire_verifier_verify(it->verifier, &it->request, BODY, size, NOW, NULL, NULL));
}

static void too_many_headers(fixture *it) {
    static sealwire_header many[SEALWIRE_MAX_HEADERS + 1];
    sealwire_request request = it->request;
    sealwire_rejection rejected;
    for (size_t at = 0; at < SEALWIRE_MAX_HEADERS + 1; at++) many[at] = (sealwire_header){text("X-Filler"), text("1")};
    request.headers = many;
    request.header_count = SEALWIRE_MAX_HEADERS + 1;
    CHECK(sealwire_verifier_verify(it->verifier, &request, BODY, sizeof BODY - 1, NOW, NULL, &rejected) > 0);
    sign(it, "among-many");
    memcpy(many, it->headers, sizeof *many * it->request.header_count);
    request.header_count = SEALWIRE_MAX_HEADERS;
    OK(sealwire_verifier_verify(it->verifier, &request, BODY, sizeof BODY - 1, NOW, NULL, &rejected));
}

static void builder_arguments(const fixture *it) {
    sealwire_verifier_builder *builder = NULL;
    sealwire_verifier *verifier = NULL;
    sealwire_signer_builder *signing = NULL;
    sealwire_signer *signer = NULL;
    sealwire_error error = {{0}};
    uint64_t count = 0, observed = 0;
    OK(sealwire_verifier_builder_new(text("practices"), &builder));
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_verifier_builder_accept(builder, 0));
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_verifier_builder_accept(builder, 257));
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_verifier_builder_set_mode(builder, SEALWIRE_MODE_INHERIT));
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_verifier_builder_set_mode(builder, 3));
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT,
           sealwire_verifier_builder_add_sender(builder, text("agent"), 7, NULL, 0, NULL, 0));
    EXPECT(SEALWIRE_STATUS_NULL_POINTER,
           sealwire_verifier_builder_add_sender(builder, text("agent"), SEALWIRE_MODE_INHERIT, NULL, 1, NULL, 0));
    OK(sealwire_verifier_builder_exempt_path(builder, text("no-slash")));
    EXPECT(SEALWIRE_STATUS_INVALID_CONFIGURATION,
           sealwire_verifier_builder_build(builder, it->ring, NULL, &verifier, &error));
    CHECK(verifier == NULL && strstr(error.text, "no-slash") != NULL);
    sealwire_verifier_builder_free(builder);
    OK(sealwire_signer_builder_new(text("agent"), &signing));
    OK(sealwire_signer_builder_add_scheme(signing, SEALWIRE_SCHEME_PAIRWISE));
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_signer_builder_build(signing, NULL, &signer, NULL));
    OK(sealwire_signer_builder_build(signing, it->ring, &signer, NULL));
    EXPECT(SEALWIRE_STATUS_WRONG_STATE, sealwire_signer_builder_build(signing, it->ring, &signer, NULL));
    EXPECT(SEALWIRE_STATUS_WRONG_STATE, sealwire_signer_builder_cover(signing, text("x-tenant")));
    sealwire_signer_builder_free(signing);
    sealwire_signer_free(signer);
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_verifier_rejected(it->verifier, 9999, &count, &observed));
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_verifier_accepted(it->verifier, -1, &count));
}

static void names_and_versions(void) {
    CHECK(strcmp(sealwire_status_name(SEALWIRE_STATUS_OK), "ok") == 0);
    CHECK(strcmp(sealwire_status_name(SEALWIRE_STATUS_WRONG_STATE), "wrong_state") == 0);
    CHECK(strcmp(sealwire_status_name(SEALWIRE_REASON_REPLAY_STORE_UNAVAILABLE), "replay_store_unavailable") == 0);
    CHECK(strcmp(sealwire_status_name(9999), "unknown") == 0 && strcmp(sealwire_status_name(-9999), "unknown") == 0);
    CHECK(sealwire_status_http(SEALWIRE_STATUS_OK) == 200 && sealwire_status_http(SEALWIRE_STATUS_PANIC) == 500);
    CHECK(sealwire_status_http(SEALWIRE_REASON_REPLAY_STORE_FULL) == 503 && sealwire_status_http(9999) == 500);
    CHECK(strcmp(sealwire_version(), SEALWIRE_VERSION) == 0 && sealwire_abi_version() == SEALWIRE_ABI_VERSION);
}

int main(void) {
    static fixture it;
    set_up(&it);
    key_ring_arguments();
    secret_arguments();
    nonce_arguments();
    signing_arguments(&it);
    verifying_arguments(&it);
    too_many_headers(&it);
    builder_arguments(&it);
    names_and_versions();
    tear_down(&it);
    return verdict("arguments");
}
