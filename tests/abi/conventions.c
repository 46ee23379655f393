/* Tests for the conventions in ffi-c/README.md: text ends with a NUL byte, each negative status has an error
 * message, and times have the documented units. */
#include "fixture.h"

static void is_c_string(sealwire_text text) {
    CHECK(text.data != NULL);
    if (text.data != NULL) CHECK(strlen(text.data) == text.length);
}

static void static_texts_end_in_a_nul(void) {
    for (int32_t status = -20; status < 256; status++) {
        is_c_string(sealwire_connection_string_code(status));
        is_c_string(sealwire_connection_string_response(status));
        CHECK(sealwire_status_name(status)[0] != 0);
    }
    for (int32_t status = -20; status < 256; status++) is_c_string(sealwire_cache_control(status));
    CHECK(strcmp(sealwire_cache_control(0).data, "private") == 0);
    CHECK(strcmp(sealwire_cache_control(SEALWIRE_REASON_MISSING_HEADERS).data, "no-store") == 0);
    is_c_string(sealwire_connection_string_header());
    CHECK(sealwire_connection_string_response(SEALWIRE_REASON_SIGNATURE_MISMATCH).length > 0);
    CHECK(strcmp(sealwire_connection_string_code(SEALWIRE_REASON_SIGNATURE_MISMATCH).data, "MYC00032") == 0);
    CHECK(sealwire_connection_string_response(0).length == 0);
    CHECK(sealwire_connection_string_response(INT32_MAX).length == 0);
}

static sealwire_key_ring *ring_with_all(void) {
    sealwire_key_ring_builder *builder = NULL;
    sealwire_key_ring *ring = NULL;
    sealwire_key_version key = {1, SECRET, sizeof SECRET};
    OK(sealwire_key_ring_builder_new(false, &builder));
    OK(sealwire_key_ring_builder_add_client(builder, text("client"), &key, 1, 1, NULL));
    OK(sealwire_key_ring_builder_set_issuer(builder, &key, 1, 1, NULL));
    OK(sealwire_key_ring_builder_build(builder, &ring));
    sealwire_key_ring_builder_free(builder);
    return ring;
}

static void role_names_end_in_a_nul(const sealwire_key_ring *ring) {
    static char token[SEALWIRE_TOKEN_SIZE], scratch[SEALWIRE_TOKEN_SCRATCH_SIZE];
    static const char *const names[] = {"manager", "a", "guest user"};
    sealwire_role written[] = {{text("manager"), 1}, {text("a"), 0}, {text("guest user"), 0}}, roles[3];
    sealwire_connection_string_draft draft;
    sealwire_connection_string claims;
    size_t length = 0;
    memset(&draft, 0, sizeof draft);
    draft.account = text("11111111-2222-3333-4444-555555555555");
    draft.expires_s = 1900000000;
    draft.roles = written;
    draft.role_count = 3;
    OK(sealwire_connection_string_issue(ring, &draft, token, sizeof token, &length, NULL));
    CHECK(strlen(token) == length);
    OK(sealwire_connection_string_verify(ring, text(token), 1800000000, false, scratch, sizeof scratch, roles, 3, &claims));
    CHECK(claims.role_count == 3);
    for (size_t at = 0; at < 3; at++) {
        is_c_string(roles[at].name);
        CHECK(strcmp(roles[at].name.data, names[at]) == 0);
    }
    CHECK(strlen(claims.account) == SEALWIRE_UUID_SIZE - 1 && claims.tenant[0] == 0);
}

/* Passes an invalid argument to each function that has an error parameter. */
static void every_negative_status_has_an_error_message(const sealwire_key_ring *ring) {
    sealwire_error error;
    sealwire_key_ring_builder *builder = NULL;
    sealwire_key_ring *other = NULL;
    sealwire_replay_table *table = NULL;
    size_t size = 0, count = 0;
    char buffer[8];
    OK(sealwire_key_ring_builder_new(false, &builder));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_key_ring_from_env(text("a"), false, NULL, &error));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_key_ring_builder_add_pair(NULL, text("a"), text("b"), NULL, 0, 1, &error));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_key_ring_builder_add_client(builder, text("c"), NULL, 1, 1, &error));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_key_ring_builder_set_issuer(NULL, NULL, 0, 1, &error));
    EXPLAINS(SEALWIRE_STATUS_BUFFER_TOO_SMALL,
             sealwire_decode_secret(text("AAAAAAAAAAAAAAAAAAAAAAAA"), buffer, sizeof buffer, &size, &error));
    EXPLAINS(SEALWIRE_STATUS_INVALID_KEY, sealwire_decode_secret(text("no base64"), buffer, sizeof buffer, &size, &error));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_replay_table_map(text("/tmp/x"), 64, false, NULL, &error));
    EXPLAINS(SEALWIRE_STATUS_SYSTEM, sealwire_replay_table_map(text("/nonexistent/x"), 64, false, &table, &error));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_key_file_open(text("/tmp/x"), NULL, NULL, &error));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_key_file_reload(NULL, &error));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_key_file_reload_if_changed(NULL, NULL, &error));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_key_file_is_exposed(NULL, NULL, &error));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_mode_file_open(text("/tmp/x"), NULL, &error));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_mode_file_reload(NULL, &error));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_mode_file_reload_if_changed(NULL, NULL, &error));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_modes_apply_env(NULL, &error));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_signer_builder_build(NULL, ring, NULL, &error));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_verifier_builder_build(NULL, ring, NULL, NULL, &error));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_signer_sign(NULL, NULL, NULL, NULL, 0, NULL, 0, &count, &error));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_response_sign(ring, NULL, NULL, 0, NULL, 0, NULL, 0, &count, &error));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_static_sign(NULL, NULL, NULL, NULL, 0, NULL, 0, &count, &error));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_key_set_init(NULL, 8, NULL, 0, 1, false, NULL, &error));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_connection_string_issue(ring, NULL, NULL, 0, &size, &error));
    EXPLAINS(SEALWIRE_STATUS_WRONG_HANDLE,
             sealwire_connection_string_issue((const sealwire_key_ring *)(void *)builder, NULL, NULL, 0, &size, &error));
    OK(sealwire_key_ring_builder_build(builder, &other));
    sealwire_key_ring_free(other);
    sealwire_key_ring_builder_free(builder);
}

static sealwire_signer *client_signer(const sealwire_key_ring *ring) {
    sealwire_signer_builder *builder = NULL;
    sealwire_signer *signer = NULL;
    OK(sealwire_signer_builder_new(text("client"), &builder));
    OK(sealwire_signer_builder_add_scheme(builder, SEALWIRE_SCHEME_CLIENT));
    OK(sealwire_signer_builder_build(builder, ring, &signer, NULL));
    sealwire_signer_builder_free(builder);
    return signer;
}

static void times_in_another_unit_are_errors(const sealwire_key_ring *ring) {
    static char buffer[SEALWIRE_SIGNATURE_SIZE];
    static const uint64_t wrong[] = {0, 1, 1712419200, 1712419200000000, UINT64_MAX};
    sealwire_header headers[SEALWIRE_SIGNATURE_HEADERS];
    sealwire_request request = {text("GET"), text("/"), text("h"), text("http"), NULL, 0};
    sealwire_signer *signer = client_signer(ring);
    sealwire_signing signing;
    sealwire_error error;
    size_t count = 0;
    memset(&signing, 0, sizeof signing);
    signing.nonce = text("one");
    for (size_t at = 0; at < sizeof wrong / sizeof wrong[0]; at++) {
        signing.now_ms = wrong[at];
        EXPLAINS(SEALWIRE_STATUS_INVALID_ARGUMENT,
                 sealwire_signer_sign(signer, &request, &signing, buffer, sizeof buffer, headers,
                                      SEALWIRE_SIGNATURE_HEADERS, &count, &error));
        CHECK(strstr(error.text, "now_ms") != NULL);
    }
    signing.now_ms = sealwire_now_ms();
    OK(sealwire_signer_sign(signer, &request, &signing, buffer, sizeof buffer, headers, SEALWIRE_SIGNATURE_HEADERS,
                            &count, &error));
    for (size_t at = 0; at < count; at++) {
        is_c_string(headers[at].name);
        is_c_string(headers[at].value);
    }
    sealwire_signer_free(signer);
}

int main(void) {
    sealwire_key_ring *ring = ring_with_all();
    static_texts_end_in_a_nul();
    role_names_end_in_a_nul(ring);
    every_negative_status_has_an_error_message(ring);
    times_in_another_unit_are_errors(ring);
    sealwire_key_ring_free(ring);
    return verdict("conventions");
}
