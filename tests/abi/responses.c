/* Tests for invalid signed responses and invalid connection strings. The shared vectors test valid ones. */
#include "fixture.h"

static void answers(fixture *it) {
    static char buffer[SEALWIRE_SIGNATURE_SIZE];
    sealwire_header headers[SEALWIRE_SIGNATURE_HEADERS];
    sealwire_exchange exchange = {text("agent"), text("practices"), SEALWIRE_SCHEME_MESSAGE, &it->request};
    sealwire_response answer = {200, NULL, 0, "{}", 2};
    sealwire_verified_response answered;
    sealwire_rejection rejected;
    OK(sealwire_response_sign(it->ring, &exchange, &answer, NOW + 5000, buffer, sizeof buffer, headers,
                            SEALWIRE_SIGNATURE_HEADERS, &answer.header_count, NULL));
    answer.headers = headers;
    OK(sealwire_response_verify(it->ring, &exchange, &answer, &answered, &rejected));
    CHECK(answered.server_time_s == NOW / 1000 + 5 && answered.key_version == 1);
    answer.http_status = 201;
    EXPECT(SEALWIRE_REASON_SIGNATURE_MISMATCH, sealwire_response_verify(it->ring, &exchange, &answer, NULL, &rejected));
    answer.http_status = 200;
    answer.body = "[]";
    EXPECT(SEALWIRE_REASON_BODY_DIGEST_MISMATCH, sealwire_response_verify(it->ring, &exchange, &answer, NULL, &rejected));
    answer.http_status = 99;
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_response_verify(it->ring, &exchange, &answer, NULL, &rejected));
    exchange.scheme = 9;
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_response_verify(it->ring, &exchange, &answer, NULL, &rejected));
    exchange.scheme = SEALWIRE_SCHEME_MESSAGE;
    exchange.request = NULL;
    answer.http_status = 200;
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_response_verify(it->ring, &exchange, &answer, NULL, &rejected));
}

/* Returns the contents for a connection string with one role. */
static sealwire_connection_string_draft draft_with(const sealwire_role *role) {
    sealwire_connection_string_draft draft;
    memset(&draft, 0, sizeof draft);
    draft.account = text("11111111-2222-4333-8444-555555555555");
    draft.expires_s = 1893553445;
    draft.roles = role;
    draft.role_count = 1;
    return draft;
}

static void issuing(const fixture *it) {
    static char token[SEALWIRE_TOKEN_SIZE];
    const sealwire_role role = {text("admin"), 1}, bad_name = {text("a;b"), 0}, bad_permission = {text("admin"), 2};
    sealwire_connection_string_draft draft = draft_with(&bad_name);
    sealwire_error error = {{0}};
    size_t length = 77;
    EXPECT(SEALWIRE_STATUS_CANNOT_SIGN,
           sealwire_connection_string_issue(it->ring, &draft, token, sizeof token, &length, &error));
    CHECK(strstr(error.text, "role 0") != NULL);
    draft.roles = &bad_permission;
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT,
           sealwire_connection_string_issue(it->ring, &draft, token, sizeof token, &length, NULL));
    draft.roles = &role;
    EXPECT(SEALWIRE_STATUS_BUFFER_TOO_SMALL, sealwire_connection_string_issue(it->ring, &draft, token, 64, &length, NULL));
    draft.offset_minutes = 1440;
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT,
           sealwire_connection_string_issue(it->ring, &draft, token, sizeof token, &length, NULL));
    draft.offset_minutes = 0;
    draft.account = text("not-a-uuid");
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT,
           sealwire_connection_string_issue(it->ring, &draft, token, sizeof token, &length, NULL));
    CHECK(length == 77 && token[0] == 0);
}

static void reading(const fixture *it) {
    static char token[SEALWIRE_TOKEN_SIZE];
    static unsigned char scratch[SEALWIRE_TOKEN_SCRATCH_SIZE];
    const sealwire_role role = {text("admin"), 1};
    sealwire_connection_string_draft draft = draft_with(&role);
    sealwire_connection_string said;
    sealwire_role roles[2];
    size_t length = 0;
    memset(&said, 0, sizeof said);
    OK(sealwire_connection_string_issue(it->ring, &draft, token, sizeof token, &length, NULL));
    CHECK(length == strlen(token));
    const sealwire_text sent = text(token);
    EXPECT(SEALWIRE_STATUS_BUFFER_TOO_SMALL,
           sealwire_connection_string_verify(it->ring, sent, 0, false, scratch, 8, roles, 2, &said));
    EXPECT(SEALWIRE_STATUS_BUFFER_TOO_SMALL,
           sealwire_connection_string_verify(it->ring, sent, 0, false, scratch, sizeof scratch, NULL, 0, &said));
    EXPECT(SEALWIRE_REASON_TOKEN_EXPIRED, sealwire_connection_string_verify(it->ring, sent, 1893553446, false, scratch,
                                                                               sizeof scratch, roles, 2, &said));
    CHECK(said.account[0] == 0);
    OK(sealwire_connection_string_verify(it->ring, sent, 1893553446, true, scratch, sizeof scratch, roles, 2, &said));
    CHECK(said.role_count == 1 && roles[0].permission == 1 && memcmp(roles[0].name.data, "admin", 5) == 0);
    CHECK(said.tenant[0] == 0 && said.expires_s == 1893553445);
    const sealwire_text code = sealwire_connection_string_code(SEALWIRE_REASON_UNKNOWN_KEY_VERSION);
    CHECK(code.length == 8 && memcmp(code.data, "MYC00031", 8) == 0);
    CHECK(sealwire_connection_string_code(SEALWIRE_REASON_MALFORMED_TOKEN).length == 0);
    CHECK(sealwire_connection_string_response(SEALWIRE_STATUS_PANIC).length == 0);
    CHECK(sealwire_connection_string_header().length > 0);
}

int main(void) {
    static fixture it;
    set_up(&it);
    answers(&it);
    issuing(&it);
    reading(&it);
    tear_down(&it);
    return verdict("answers");
}
