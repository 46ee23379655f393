/* Tests for key files: the formats, secret references and their resolver, and reloads while a verifier uses
 * the key ring. */
#include "file.h"
#include "fixture.h"

#define BASE64 "dGhpcnR5LXR3byBieXRlcyBvZiBhIHRlc3Qgc2VjcmU=" /* SECRET of fixture.h, in Base64 */
#define OTHER "b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldC1vdGhlci0xMjM0NTY3OA=="
#define PAIR(names, primary, versions) "[pairs.\"" names "\"]\nhmacPrimaryVersion = " primary "\nhmacSecrets = [" versions "]\n"
#define VERSION(number, secret) "{ version = " number ", secret = " secret " },"

static const char KEYS[] = PAIR("agent/practices", "1", VERSION("1", "\"" BASE64 "\""));

static sealwire_key_file *opened(const char *name, const sealwire_key_file_options *options) {
    sealwire_key_file *file = NULL;
    sealwire_error error = {{0}};
    OK(sealwire_key_file_open(text(name), options, &file, &error));
    if (error.text[0] != 0) fprintf(stderr, "%s\n", error.text);
    return file;
}

static sealwire_key_ring *ring_of(const sealwire_key_file *file) {
    sealwire_key_ring *ring = NULL;
    OK(sealwire_key_file_ring(file, &ring));
    return ring;
}

/* Returns the entries of a key ring in the form `name#version`, separated by spaces. A star marks the primary version. */
static const char *entries(const sealwire_key_file *file) {
    static char listed[512];
    sealwire_key_status statuses[8];
    sealwire_key_ring *ring = ring_of(file);
    size_t count = 0, used = 0;
    OK(sealwire_key_ring_status(ring, statuses, 8, &count));
    listed[0] = 0;
    for (size_t at = 0; at < count; at++)
        used += (size_t)snprintf(listed + used, sizeof listed - used, "%s%s#%u%s", at > 0 ? " " : "", statuses[at].name,
                                 (unsigned)statuses[at].version, statuses[at].primary ? "*" : "");
    sealwire_key_ring_free(ring);
    return listed;
}

static void expect_entries(const char *name, const char *contents, const sealwire_key_file_options *options, const char *wanted) {
    sealwire_key_file *file = opened(put(name, contents), options);
    if (strcmp(entries(file), wanted) != 0) fprintf(stderr, "%s: %s, wanted %s\n", name, entries(file), wanted);
    CHECK(strcmp(entries(file), wanted) == 0);
    sealwire_key_file_free(file);
}

static void each_format_is_read(void) {
    expect_entries("keys.toml", KEYS, NULL, "agent/practices#1*");
    expect_entries("keys.json",
                   "{\"clients\": {\"billing\": {\"hmacPrimaryVersion\": 2, \"hmacSecrets\": ["
                   "{\"version\": 1, \"secret\": \"" BASE64 "\"}, {\"version\": 2, \"secret\": \"" OTHER "\"}]}}}",
                   NULL, "billing#1 billing#2*");
    expect_entries(".env", "HMAC_SECRET_AGENT_PRACTICES=" BASE64 "\n", NULL, "agent/practices#1*");
}

static void a_service_loads_only_its_own_pairs(void) {
    sealwire_key_file_options options;
    sealwire_key_file *file = NULL;
    sealwire_error error;
    const char *contents = PAIR("agent/practices", "1", VERSION("1", "\"" BASE64 "\"")) PAIR(
        "agent/meals", "1", VERSION("1", "\"" OTHER "\"")) PAIR("billing/meals", "1", VERSION("1", "{ vault = 1 }"));
    memset(&options, 0, sizeof options);
    options.service = text("practices");
    expect_entries("keys.toml", contents, &options, "agent/practices#1*");
    options.service = text("agent_service");
    expect_entries("keys.toml", contents, &options, "agent/meals#1* agent/practices#1*");
    options.service = text("nobody");
    EXPLAINS(SEALWIRE_STATUS_INVALID_CONFIGURATION, sealwire_key_file_open(text(path), &options, &file, &error));
    CHECK(strstr(error.text, "nobody") != NULL && file == NULL);
}

static void the_issuers_keys_come_from_a_table_of_a_larger_file(void) {
    sealwire_key_file_options options;
    memset(&options, 0, sizeof options);
    options.table = text("core.accountLifeCycle");
    expect_entries("config.toml",
                   "[core.accountLifeCycle]\ndomainName = \"x\"\nhmacPrimaryVersion = 1\nhmacSecrets = [" VERSION(
                       "1", "{ env = \"SEALWIRE_TEST_ISSUER\" }") "]\n",
                   &options, "issuer#1*");
}

/* A test resolver, with the result that it returns and the arguments that it received. */
typedef struct {
    int calls;
    int32_t result;
    size_t length;
    const char *secret;
    char label[64], kind[16], value[64], path[32];
} store;

static int32_t resolve(void *context, const sealwire_secret_reference *reference, char *secret, size_t secret_size,
                       size_t *length, sealwire_error *error) {
    store *it = context;
    size_t size = 0;
    it->calls++;
    snprintf(it->label, sizeof it->label, "%s", reference->label.data);
    snprintf(it->kind, sizeof it->kind, "%s", reference->kind.data);
    snprintf(it->value, sizeof it->value, "%s", reference->value.data);
    CHECK(strlen(reference->value.data) == reference->value.length && secret_size == SEALWIRE_SECRET_SIZE);
    OK(sealwire_secret_reference_text(reference, text("path"), it->path, sizeof it->path, &size));
    CHECK(size == strlen(it->path));
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_secret_reference_text(reference, text("none"), it->path, 1, &size));
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_secret_reference_text(reference, text(""), it->path, 1, &size));
    EXPECT(SEALWIRE_STATUS_BUFFER_TOO_SMALL, sealwire_secret_reference_text(reference, text("path"), it->path, 4, &size));
    if (it->result < 0) strcpy(error->text, "the store is sealed");
    memcpy(secret, it->secret, strlen(it->secret) + 1);
    *length = it->length;
    return it->result;
}

static void references_are_resolved(void) {
    static const char contents[] = PAIR("practices/agent", "2",
                                        VERSION("1", "{ env = \"SEALWIRE_TEST_SECRET\" }")
                                            VERSION("2", "{ vault = { path = \"services/agent\", key = \"v2\" } }"));
    store it = {.secret = OTHER, .length = sizeof OTHER - 1};
    sealwire_key_file_options options;
    sealwire_key_file *file = NULL;
    sealwire_error error;
    memset(&options, 0, sizeof options);
    const char *name = put("references.toml", contents);
    EXPLAINS(SEALWIRE_STATUS_INVALID_CONFIGURATION, sealwire_key_file_open(text(name), NULL, &file, &error));
    CHECK(strstr(error.text, "agent/practices version 2") != NULL && strstr(error.text, "resolver") != NULL);
    options.resolver = resolve;
    options.context = &it;
    expect_entries("references.toml", contents, &options, "agent/practices#1 agent/practices#2*");
    CHECK(it.calls == 1 && strcmp(it.label, "agent/practices version 2") == 0 && strcmp(it.kind, "vault") == 0);
    CHECK(strcmp(it.value, "{\"path\":\"services/agent\",\"key\":\"v2\"}") == 0 && strcmp(it.path, "services/agent") == 0);

    static const struct {
        int32_t result;
        size_t length;
        const char *secret, *named;
    } wrong[] = {{7, 0, "", "returned 7"},
                 {-1, 0, "", "the store is sealed"},
                 {0, 0, "", "0 bytes"},
                 {0, SEALWIRE_SECRET_SIZE + 1, "", "4097 bytes"},
                 {0, SIZE_MAX, "", "bytes"},
                 {0, 2, "\xff\xfe", "UTF-8"},
                 {0, 9, "not-base6", "base64"}};
    for (size_t at = 0; at < sizeof wrong / sizeof wrong[0]; at++) {
        it.result = wrong[at].result, it.length = wrong[at].length, it.secret = wrong[at].secret;
        EXPLAINS(SEALWIRE_STATUS_INVALID_CONFIGURATION, sealwire_key_file_open(text(name), &options, &file, &error));
        CHECK(strstr(error.text, wrong[at].named) != NULL && strstr(error.text, "agent/practices version 2") != NULL);
        CHECK(wrong[at].secret[0] == 0 || strstr(error.text, wrong[at].secret) == NULL);
    }
    OK(unsetenv("SEALWIRE_TEST_SECRET"));
    EXPLAINS(SEALWIRE_STATUS_INVALID_CONFIGURATION, sealwire_key_file_open(text(name), &options, &file, &error));
    CHECK(strstr(error.text, "SEALWIRE_TEST_SECRET is not set") != NULL && file == NULL);
}

static int32_t verified(fixture *it, const char *nonce) {
    sign(it, nonce);
    return sealwire_verifier_verify(it->verifier, &it->request, BODY, sizeof BODY - 1, NOW, NULL, NULL);
}

static void keys_are_replaced_while_a_verifier_uses_them(void) {
    fixture it;
    sealwire_key_status status[2];
    sealwire_error error;
    size_t count = 0;
    bool reloaded = true;
    set_up(&it);
    sealwire_key_file *file = opened(put("keys.toml", KEYS), NULL);
    sealwire_key_ring *ring = ring_of(file);
    sealwire_verifier_free(it.verifier);
    it.verifier = verifier_of(ring, it.table);
    OK(verified(&it, "before"));
    OK(sealwire_key_file_reload_if_changed(file, &reloaded, NULL));
    CHECK(!reloaded);

    put("keys.toml", PAIR("agent/practices", "2", VERSION("1", "\"" BASE64 "\"") VERSION("2", "\"" OTHER "\"")));
    OK(sealwire_key_file_reload_if_changed(file, &reloaded, NULL));
    CHECK(reloaded);
    OK(verified(&it, "in-the-rotation"));
    OK(sealwire_key_ring_status(ring, status, 2, &count));
    CHECK(count == 2 && status[0].version == 1 && status[0].accepted == 2 && !status[0].primary && status[1].primary);

    put("keys.toml", PAIR("agent/practices", "3", VERSION("1", "\"" BASE64 "\"")));
    reloaded = true;
    EXPLAINS(SEALWIRE_STATUS_INVALID_CONFIGURATION, sealwire_key_file_reload_if_changed(file, &reloaded, &error));
    CHECK(strstr(error.text, "primary version 3") != NULL && reloaded);
    OK(sealwire_key_file_reload_if_changed(file, &reloaded, NULL));
    CHECK(!reloaded);
    EXPLAINS(SEALWIRE_STATUS_INVALID_CONFIGURATION, sealwire_key_file_reload(file, &error));
    OK(verified(&it, "the-old-keys-stay"));

    put("keys.toml", PAIR("agent/practices", "2", VERSION("2", "\"" OTHER "\"")));
    OK(sealwire_key_file_reload(file, &error));
    EXPECT(SEALWIRE_REASON_UNKNOWN_KEY_VERSION, verified(&it, "retired"));
    take_away("keys.toml");
    EXPLAINS(SEALWIRE_STATUS_INVALID_CONFIGURATION, sealwire_key_file_reload_if_changed(file, &reloaded, &error));
    CHECK(strstr(error.text, path) != NULL);
    sealwire_key_file_free(file);
    EXPECT(SEALWIRE_REASON_UNKNOWN_KEY_VERSION, verified(&it, "after-the-file"));
    sealwire_key_ring_free(ring);
    tear_down(&it);
}

static void an_exposed_file_is_reported(void) {
    bool exposed = false;
    sealwire_key_file *file = opened(put("keys.toml", KEYS), NULL);
    CHECK(chmod(path, 0640) == 0);
    OK(sealwire_key_file_is_exposed(file, &exposed, NULL));
    CHECK(exposed);
    CHECK(chmod(path, 0600) == 0);
    OK(sealwire_key_file_is_exposed(file, &exposed, NULL));
    CHECK(!exposed);
    put("keys.toml", PAIR("agent/practices", "1", VERSION("1", "{ env = \"SEALWIRE_TEST_ISSUER\" }")));
    CHECK(chmod(path, 0644) == 0);
    OK(sealwire_key_file_is_exposed(file, &exposed, NULL));
    CHECK(!exposed);
    sealwire_key_file_free(file);
}

static void wrong_handles_and_files_are_errors(void) {
    sealwire_error error;
    sealwire_key_file *file = NULL;
    sealwire_key_ring *ring = ring_with(1);
    EXPLAINS(SEALWIRE_STATUS_WRONG_HANDLE, sealwire_key_file_reload((const sealwire_key_file *)(const void *)ring, &error));
    EXPLAINS(SEALWIRE_STATUS_INVALID_CONFIGURATION, sealwire_key_file_open(text("/nonexistent/keys.toml"), NULL, &file, &error));
    EXPLAINS(SEALWIRE_STATUS_INVALID_CONFIGURATION, sealwire_key_file_open(text("/"), NULL, &file, &error));
    EXPLAINS(SEALWIRE_STATUS_INVALID_CONFIGURATION, sealwire_key_file_open(text(put("bad.toml", "[pairs")), NULL, &file, &error));
    EXPLAINS(SEALWIRE_STATUS_INVALID_CONFIGURATION, sealwire_key_file_open(text(put("bad.json", "[]")), NULL, &file, &error));
    EXPLAINS(SEALWIRE_STATUS_INVALID_CONFIGURATION, sealwire_key_file_open(text(put("bad.toml", "[pair]\n")), NULL, &file, &error));
    EXPLAINS(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_key_file_open(text("\xff"), NULL, &file, &error));
    CHECK(file == NULL);
    sealwire_key_file_free(NULL);
    sealwire_key_ring_free(ring);
}

int main(void) {
    make_folder();
    OK(setenv("SEALWIRE_TEST_SECRET", BASE64, 1));
    OK(setenv("SEALWIRE_TEST_ISSUER", "a secret of an issuer, long enough", 1));
    each_format_is_read();
    a_service_loads_only_its_own_pairs();
    the_issuers_keys_come_from_a_table_of_a_larger_file();
    references_are_resolved();
    keys_are_replaced_while_a_verifier_uses_them();
#ifndef _WIN32 /* Windows has no file modes. */
    an_exposed_file_is_reported();
#else
    (void)an_exposed_file_is_reported;
#endif
    wrong_handles_and_files_are_errors();
    remove_folder();
    return verdict("key_files");
}
