/* Tests for signing and verification with different targets, authorities, paths, modes and names. Each request is
 * verified with sealwire_verifier_verify and with sealwire_verifier_begin, which must have the same result. */
#include "fixture.h"

typedef struct {
    sealwire_verifier_builder *builder;
    sealwire_verifier *verifier;
    sealwire_rejection rejected;
    sealwire_identity identity;
} guard;

static void plan(guard *it) {
    memset(it, 0, sizeof *it);
    OK(sealwire_verifier_builder_new(text("practices"), &it->builder));
    OK(sealwire_verifier_builder_accept_replays(it->builder, true));
}

static void ready(guard *it, const fixture *with) {
    sealwire_error error = {{0}};
    OK(sealwire_verifier_builder_build(it->builder, with->ring, NULL, &it->verifier, &error));
    if (error.text[0] != 0) fprintf(stderr, "%s\n", error.text);
    sealwire_verifier_builder_free(it->builder);
}

static int32_t asked(guard *it, const sealwire_request *request) {
    sealwire_pending *pending = NULL;
    sealwire_identity streamed;
    sealwire_rejection other;
    int32_t whole = sealwire_verifier_verify(it->verifier, request, BODY, sizeof BODY - 1, NOW, &it->identity, &it->rejected);
    int32_t status = sealwire_verifier_begin(it->verifier, request, NOW, &pending, &other);
    if (status == 0) status = sealwire_pending_update(pending, BODY, sizeof BODY - 1, &other);
    if (status == 0) status = sealwire_pending_finish(pending, NOW, &streamed, &other);
    sealwire_pending_free(pending);
    CHECK(status == whole);
    if (whole > 0) CHECK(other.mode == it->rejected.mode && strcmp(other.sender, it->rejected.sender) == 0);
    if (whole == 0) CHECK(strcmp(streamed.sender, it->identity.sender) == 0);
    return whole;
}

/* Signs a request for a target, and adds an unsigned header if `name` is not NULL. */
static void present(fixture *it, const char *target, const char *name, const char *value) {
    it->request.authority = text("practices.internal");
    it->request.target = text(target);
    sign(it, "nonce");
    if (name == NULL) return;
    it->headers[it->request.header_count].name = text(name);
    it->headers[it->request.header_count++].value = text(value);
}

static void authorities_come_from_where_the_protocol_has_them(fixture *it) {
    static const struct {
        const char *target, *authority, *host;
        bool accepted;
    } cases[] = {
        {"/a?b", "", "practices.internal", true},
        {"/a?b", "", "PRACTICES.internal:443", true},
        {"/a?b", "practices.internal", NULL, true}, /* HTTP/2 */
        {"/a?b", "practices.internal", "practices.internal", true},
        {"/a?b", "practices.internal", "evil.test", false},
        {"/a?b", "", "evil.test", false},
        {"/a?b", "", NULL, false},
        {"https://practices.internal/a?b", "", "practices.internal", true},
        {"https://practices.internal/a?b", "", NULL, true},
        {"HTTPS://practices.internal:443/a?b", "", "practices.internal", true},
        {"https://practices.internal/a?b", "", "evil.test", false},
        {"https://practices.internal/a?b", "evil.test", NULL, false},
        {"https://evil.test/a?b", "practices.internal", "practices.internal", false},
        {"https://user@practices.internal/a?b", "", "practices.internal", false},
        {"//practices.internal/a?b", "", "practices.internal", false},
        {"https://practices.internal/a?b#f", "", "practices.internal", false},
        {"https://", "", "practices.internal", false},
    };
    guard held;
    plan(&held);
    ready(&held, it);
    for (size_t at = 0; at < sizeof cases / sizeof cases[0]; at++) {
        present(it, "/a?b", cases[at].host != NULL ? "Host" : NULL, cases[at].host);
        it->request.target = text(cases[at].target);
        it->request.authority = text(cases[at].authority);
        int32_t status = asked(&held, &it->request);
        if ((status == 0) != cases[at].accepted || status < 0) fprintf(stderr, "case %u: %s\n", (unsigned)at, sealwire_status_name(status));
        CHECK((status == 0) == cases[at].accepted && status >= 0);
    }
    present(it, "/a", "Host", "practices.internal");
    it->headers[it->request.header_count] = it->headers[it->request.header_count - 1];
    it->request.header_count++;
    it->request.authority = text("");
    CHECK(asked(&held, &it->request) > 0); /* two Host headers */
    sealwire_verifier_free(held.verifier);
}

static bool exempt(const guard *it, const char *target, const char *header) {
    sealwire_header line = {text(header), text("DELETE")};
    sealwire_request request = {text("GET"), text(target), text(""), text("http"), &line, header != NULL};
    bool found = true;
    OK(sealwire_verifier_is_exempt(it->verifier, &request, &found));
    return found;
}

static void exempt_paths_are_unambiguous(const fixture *it) {
    static const char *const not_exempt[] = {
        "/private",         "/public/../private", "/public/%2e%2e/private", "/public/..%2fprivate", "/public//x",  "/public\\..\\x",
        "/public/%09../x",  "/public/%252e%252e/x", "/PUBLIC/x",            "/public",              "http://h/private", "public/x",
        "/public/%00",      "//public/x",         "*",                      "",                     "/public/..;/x",
    };
    guard held;
    plan(&held);
    OK(sealwire_verifier_builder_exempt_path(held.builder, text("/public/*")));
    OK(sealwire_verifier_builder_exempt_path(held.builder, text("/health")));
    ready(&held, it);
    CHECK(exempt(&held, "/public/logo.png", NULL) && exempt(&held, "/health?x=/../y", NULL));
    CHECK(exempt(&held, "http://h/public/logo.png", NULL));
    for (size_t at = 0; at < sizeof not_exempt / sizeof not_exempt[0]; at++) CHECK(!exempt(&held, not_exempt[at], NULL));
    CHECK(!exempt(&held, "/public/x", "X-HTTP-Method-Override") && !exempt(&held, "/public/x", "X-Original-URL"));
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_verifier_is_exempt(held.verifier, NULL, NULL));
    sealwire_verifier_free(held.verifier);
}

static void below_a_root_path(fixture *it) {
    sealwire_text prefix = text("/reports");
    guard held;
    plan(&held);
    OK(sealwire_verifier_builder_set_root_path(held.builder, text("/api")));
    OK(sealwire_verifier_builder_exempt_path(held.builder, text("/public/*")));
    OK(sealwire_verifier_builder_add_sender(held.builder, text("agent"), SEALWIRE_MODE_INHERIT, NULL, 0, &prefix, 1));
    ready(&held, it);
    CHECK(exempt(&held, "/api/public/x", NULL) && !exempt(&held, "/api/private", NULL));
    present(it, "/api/reports/1", NULL, NULL);
    OK(asked(&held, &it->request));
    present(it, "/api/admin", NULL, NULL);
    CHECK(asked(&held, &it->request) > 0);
    sealwire_verifier_free(held.verifier);
}

static void rules_hold_for_both_names_of_a_sender(fixture *it) {
    static const char *const rejected[] = {"/admin", "/reports/../admin", "/reports/%2e%2e/admin", "/reportsx", "/reports//x"};
    sealwire_text get = text("POST"), prefix = text("/reports");
    guard held;
    plan(&held);
    OK(sealwire_verifier_builder_add_sender(held.builder, text("agent_service"), SEALWIRE_MODE_INHERIT, &get, 1, &prefix, 1));
    ready(&held, it);
    sealwire_signer_builder *builder = NULL;
    sealwire_signer *other = NULL, *own = it->signer;
    OK(sealwire_signer_builder_new(text("agent_service"), &builder));
    OK(sealwire_signer_builder_add_scheme(builder, SEALWIRE_SCHEME_MESSAGE));
    OK(sealwire_signer_builder_build(builder, it->ring, &other, NULL));
    sealwire_signer_builder_free(builder);
    for (int named = 0; named < 2; named++) {
        it->signer = named == 0 ? own : other;
        present(it, "/reports/1", NULL, NULL);
        OK(asked(&held, &it->request));
        CHECK(strcmp(held.identity.sender, "agent") == 0);
        CHECK(strcmp(held.identity.name_as_sent, named == 0 ? "agent" : "agent_service") == 0);
        for (size_t at = 0; at < sizeof rejected / sizeof rejected[0]; at++) {
            present(it, rejected[at], NULL, NULL);
            EXPECT(SEALWIRE_REASON_SENDER_NOT_ALLOWED, asked(&held, &it->request));
            CHECK(strcmp(held.rejected.sender, "agent") == 0);
        }
        it->request.method = text("DELETE");
        present(it, "/reports/1", NULL, NULL);
        EXPECT(SEALWIRE_REASON_SENDER_NOT_ALLOWED, asked(&held, &it->request));
        it->request.method = text("POST");
    }
    it->signer = own;
    sealwire_signer_free(other);
    sealwire_verifier_free(held.verifier);
}

static void only_served_authorities_are_accepted(fixture *it) {
    guard held;
    plan(&held);
    OK(sealwire_verifier_builder_add_authority(held.builder, text("Practices.internal")));
    OK(sealwire_verifier_builder_add_authority(held.builder, text("https://other.test:8443")));
    ready(&held, it);
    present(it, "/a", NULL, NULL);
    OK(asked(&held, &it->request));
    it->request.authority = text("evil.test");
    sign(it, "nonce");
    EXPECT(SEALWIRE_REASON_AUTHORITY_NOT_SERVED, asked(&held, &it->request));
    sealwire_verifier_free(held.verifier);
}

static void observed_requests_are_counted_and_named(fixture *it) {
    uint64_t enforced = 0, observed = 0;
    guard held;
    plan(&held);
    OK(sealwire_verifier_builder_set_mode(held.builder, SEALWIRE_MODE_OBSERVE));
    ready(&held, it);
    present(it, "/a", NULL, NULL);
    it->request.target = text("/b");
    EXPECT(SEALWIRE_REASON_SIGNATURE_MISMATCH, asked(&held, &it->request));
    CHECK(held.rejected.mode == SEALWIRE_MODE_OBSERVE && !held.rejected.mac_was_valid);
    OK(sealwire_verifier_rejected(held.verifier, SEALWIRE_REASON_SIGNATURE_MISMATCH, &enforced, &observed));
    CHECK(enforced == 0 && observed == 2);
    sealwire_verifier_free(held.verifier);
}

/* The fixture has client keys but no authorities, which causes the first warning. */
static void warnings_are_listed(const fixture *it) {
    sealwire_text prefix = text("/x");
    char buffer[1024], small[8] = "#######";
    size_t length = 0, needed = 0;
    guard held;
    plan(&held);
    OK(sealwire_verifier_builder_add_sender(held.builder, text("stranger"), SEALWIRE_MODE_INHERIT, NULL, 0, &prefix, 1));
    ready(&held, it);
    OK(sealwire_verifier_warnings(held.verifier, NULL, 0, &needed));
    OK(sealwire_verifier_warnings(held.verifier, buffer, sizeof buffer, &length));
    CHECK(length == needed && strlen(buffer) == length);
    CHECK(strstr(buffer, "authorities is not set") != NULL && strstr(buffer, "\nsenders contains stranger") != NULL);
    EXPECT(SEALWIRE_STATUS_BUFFER_TOO_SMALL, sealwire_verifier_warnings(held.verifier, small, sizeof small, &length));
    CHECK(strcmp(small, "#######") == 0);
    sealwire_verifier_free(held.verifier);
    plan(&held);
    OK(sealwire_verifier_builder_add_authority(held.builder, text("any")));
    ready(&held, it);
    OK(sealwire_verifier_warnings(held.verifier, buffer, sizeof buffer, &length));
    CHECK(length == 0 && buffer[0] == 0);
    sealwire_verifier_free(held.verifier);
}

static void a_rejection_has_a_challenge(const fixture *it) {
    char value[128];
    size_t length = 0, needed = 0;
    OK(sealwire_verifier_challenge(it->verifier, SEALWIRE_REASON_MISSING_HEADERS, NULL, 0, &needed));
    OK(sealwire_verifier_challenge(it->verifier, SEALWIRE_REASON_MISSING_HEADERS, value, sizeof value, &length));
    CHECK(strcmp(value, "Sealwire realm=\"practices\"") == 0 && strlen(value) == length && needed == length);
    EXPECT(SEALWIRE_STATUS_BUFFER_TOO_SMALL,
           sealwire_verifier_challenge(it->verifier, SEALWIRE_REASON_MISSING_HEADERS, value, length, &needed));
    static const int32_t without[] = {0, -1, SEALWIRE_REASON_BODY_TOO_LARGE, SEALWIRE_REASON_REPLAY_STORE_FULL, INT32_MAX, INT32_MIN};
    for (size_t at = 0; at < sizeof without / sizeof without[0]; at++) {
        OK(sealwire_verifier_challenge(it->verifier, without[at], value, sizeof value, &length));
        CHECK(length == 0 && value[0] == 0);
    }
}

/* A request with this Host header would be meant for a different host than the signed one. */
static void a_host_header_that_differs_is_not_signed(fixture *it) {
    sealwire_header host = {text("host"), text("evil.test")};
    char buffer[SEALWIRE_SIGNATURE_SIZE];
    sealwire_header headers[SEALWIRE_SIGNATURE_HEADERS];
    sealwire_error error;
    size_t count = 0;
    present(it, "/a", NULL, NULL);
    it->request.headers = &host;
    it->request.header_count = 1;
    EXPLAINS(SEALWIRE_STATUS_CANNOT_SIGN, sealwire_signer_sign(it->signer, &it->request, &it->signing, buffer, sizeof buffer,
                                                               headers, SEALWIRE_SIGNATURE_HEADERS, &count, &error));
    CHECK(strstr(error.text, "Host") != NULL);
    host.value = text("PRACTICES.internal:443");
    OK(sealwire_signer_sign(it->signer, &it->request, &it->signing, buffer, sizeof buffer, headers, SEALWIRE_SIGNATURE_HEADERS,
                            &count, &error));
}

static void urls_have_one_meaning(void) {
    static const struct {
        const char *given, *url;
    } cases[] = {
        {"http://h?q", "http://h/?q"},
        {"http://h#f", "http://h/"},
        {"HTTPS://API.Test:443/a/../b?O'B#f", "https://api.test/b?O%27B"},
        {"http://[0:0:0:0:0:0:0:1]:80/x%2Fy", "http://[::1]/x%2Fy"},
        {"http://h/\xc3\xa9", "http://h/%C3%A9"},
    };
    static const char *const wrong[] = {"/rel", "", "h", "h/x", "ftp://h/", "http://", "http://u:p@h/", "http://[::1", "http://h:abc/", "http://a\tb/"};
    char buffer[512], untouched[512];
    sealwire_url parts;
    sealwire_error error;
    for (size_t at = 0; at < sizeof cases / sizeof cases[0]; at++) {
        OK(sealwire_url_split(text(cases[at].given), buffer, SEALWIRE_URL_SIZE(strlen(cases[at].given)), &parts, &error));
        CHECK(strcmp(parts.url.data, cases[at].url) == 0 && parts.url.length == strlen(cases[at].url));
        CHECK(strlen(parts.scheme.data) == parts.scheme.length && strlen(parts.authority.data) == parts.authority.length);
        CHECK(strlen(parts.target.data) == parts.target.length && parts.target.data[0] == '/');
        char again[512];
        snprintf(again, sizeof again, "%s://%s%s", parts.scheme.data, parts.authority.data, parts.target.data);
        CHECK(strcmp(again, cases[at].url) == 0);
    }
    memset(buffer, '#', sizeof buffer);
    memset(untouched, '#', sizeof untouched);
    for (size_t at = 0; at < sizeof wrong / sizeof wrong[0]; at++)
        EXPLAINS(SEALWIRE_STATUS_CANNOT_SIGN, sealwire_url_split(text(wrong[at]), buffer, sizeof buffer, &parts, &error));
    size_t needed = sizeof "http://h/?q" + sizeof "h";
    for (size_t size = 0; size < needed; size++)
        EXPLAINS(SEALWIRE_STATUS_BUFFER_TOO_SMALL, sealwire_url_split(text("http://h?q"), buffer, size, &parts, &error));
    CHECK(memcmp(buffer, untouched, sizeof buffer) == 0);
    OK(sealwire_url_split(text("http://h?q"), buffer, needed, &parts, NULL));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_url_split(text("http://h"), buffer, sizeof buffer, NULL, &error));
    EXPLAINS(SEALWIRE_STATUS_NULL_POINTER, sealwire_url_split(text("http://h"), NULL, 1, &parts, &error));
}

int main(void) {
    fixture it;
    set_up(&it);
    authorities_come_from_where_the_protocol_has_them(&it);
    exempt_paths_are_unambiguous(&it);
    below_a_root_path(&it);
    rules_hold_for_both_names_of_a_sender(&it);
    only_served_authorities_are_accepted(&it);
    observed_requests_are_counted_and_named(&it);
    warnings_are_listed(&it);
    a_rejection_has_a_challenge(&it);
    a_host_header_that_differs_is_not_signed(&it);
    urls_have_one_meaning();
    tear_down(&it);
    return verdict("requests");
}
