/* Sends the request of each test case with libcurl and the example signed_curl.h. ../README.md describes the output. */
#include <cjson/cJSON.h>

#include "../../../ffi-c/examples/signed_curl.h"

enum { FILE_BYTES = 85000 };

static char file[FILE_BYTES + 1], form[FILE_BYTES + 512];

static const struct {
    const char *name, *method, *path, *type, *body, *seen_method, *seen_target;
} cases[] = {
    {"query", "GET", "/echo/a%2Fb?q=a%20b&q=%27&empty=&c=%C3%A9", NULL, "", "GET", NULL},
    {"json", "POST", "/echo", "application/json", "{\"a\": [1, \"\xc3\xa9\"]}", "POST", "/echo?"},
    {"form", "POST", "/echo", "application/x-www-form-urlencoded", "a=b+c&d=%C3%A9", "POST", "/echo?"},
    {"upload", "POST", "/echo", "multipart/form-data; boundary=sealwire-test", form, "POST", "/echo?"},
    {"retry", "POST", "/flaky", "text/plain", file, "POST", "/flaky?"},
    {"redirect", "POST", "/hop", "text/plain", file, "POST", "/echo?"},
    {"see other", "POST", "/see", "text/plain", file, "GET", "/echo?"},
    {"other origin", "POST", "/cross", "text/plain", file, NULL, NULL},
    {"http2", "GET", "/echo", NULL, "", "GET", "/echo?"},
};

static const struct {
    const char *name;
    int32_t number;
} schemes[] = {
    {"message", SEALWIRE_SCHEME_MESSAGE}, {"pairwise", SEALWIRE_SCHEME_PAIRWISE}, {"client", SEALWIRE_SCHEME_CLIENT}};

static void must(int32_t status, const sealwire_error *error) {
    if (status == SEALWIRE_STATUS_OK) return;
    fprintf(stderr, "%s %s\n", sealwire_status_name(status), error->text);
    exit(1);
}

static const char *string(const cJSON *settings, const char *name) {
    const char *found = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(settings, name));
    if (found == NULL) exit(1);
    return found;
}

static sealwire_signer *signer_of(int32_t scheme, const cJSON *settings) {
    bool is_client = scheme == SEALWIRE_SCHEME_CLIENT;
    sealwire_text name = sealwire_text_of(is_client ? "billing-service" : "agent");
    const char *secret = string(settings, is_client ? "client" : "pair");
    sealwire_key_ring_builder *keys = NULL;
    sealwire_key_ring *ring = NULL;
    sealwire_signer_builder *builder = NULL;
    sealwire_signer *signer = NULL;
    sealwire_error error = {{0}};
    char decoded[64];
    sealwire_key_version version = {1, secret, strlen(secret)};
    if (!is_client) {
        must(sealwire_decode_secret(sealwire_text_of(secret), decoded, sizeof decoded, &version.secret_size, &error), &error);
        version.secret = decoded;
    }
    must(sealwire_key_ring_builder_new(false, &keys), &error);
    if (is_client)
        must(sealwire_key_ring_builder_add_client(keys, name, &version, 1, 1, &error), &error);
    else
        must(sealwire_key_ring_builder_add_pair(keys, name, sealwire_text_of("practices"), &version, 1, 1, &error), &error);
    must(sealwire_key_ring_builder_build(keys, &ring), &error);
    must(sealwire_signer_builder_new(name, &builder), &error);
    must(sealwire_signer_builder_add_scheme(builder, scheme), &error);
    must(sealwire_signer_builder_build(builder, ring, &signer, &error), &error);
    sealwire_signer_builder_free(builder);
    sealwire_key_ring_free(ring);
    sealwire_key_ring_builder_free(keys);
    return signer;
}

/* Compares the request that the service received with the test case. Writes "ok" or a description of the
 * difference to `cell`. */
static const char *judged(size_t at, const char *base, const signed_response *response, char *cell, size_t size) {
    cJSON *shown = cJSON_Parse(response->body != NULL ? response->body : "");
    const cJSON *length = cJSON_GetObjectItemCaseSensitive(shown, "length");
    const char *target = cases[at].seen_target != NULL ? cases[at].seen_target : cases[at].path;
    size_t sent = strcmp(cases[at].seen_method, "GET") == 0 ? 0 : strlen(cases[at].body);
    (void)base;
    snprintf(cell, size, "ok");
    if (response->http_status != 200) {
        snprintf(cell, size, "status %ld", response->http_status);
    } else if (strcmp(string(shown, "method"), cases[at].seen_method) != 0 || strcmp(string(shown, "target"), target) != 0) {
        snprintf(cell, size, "received %s %s", string(shown, "method"), string(shown, "target"));
    } else if (!cJSON_IsNumber(length) || (size_t)length->valuedouble != sent) {
        snprintf(cell, size, "another body");
    } else if (strcmp(cases[at].name, "http2") == 0 && strcmp(string(shown, "http"), "2") != 0) {
        snprintf(cell, size, "HTTP/%s", string(shown, "http"));
    }
    cJSON_Delete(shown);
    return cell;
}

static const char *sent(size_t at, const char *base, signed_client *client, char *cell, size_t size) {
    char url[512];
    sealwire_error error;
    signed_response response;
    signed_request request = {cases[at].method, url, cases[at].type, cases[at].body, strlen(cases[at].body)};
    snprintf(url, sizeof url, "%s%s", base, cases[at].path);
    signed_result result = signed_send(client, &request, &response, &error);
    if (result == SIGNED_SENT && strcmp(cases[at].name, "retry") == 0) {
        if (response.http_status != 503) return "no 503 before the retry";
        free(response.body);
        result = signed_send(client, &request, &response, &error);
    }
    if (result == SIGNED_SENT)
        judged(at, base, &response, cell, size);
    else
        snprintf(cell, size, "%s", result == SIGNED_REFUSED ? "refused" : error.text);
    if (result == SIGNED_REFUSED && strcmp(cases[at].name, "other origin") != 0) snprintf(cell, size, "%s", error.text);
    free(response.body);
    return cell;
}

static cJSON *settings_of(const char *path) {
    static char text[4096];
    FILE *in = fopen(path, "r");
    if (in == NULL || fread(text, 1, sizeof text - 1, in) == 0) exit(1);
    fclose(in);
    return cJSON_Parse(text);
}

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    cJSON *settings = settings_of(argv[1]);
    memset(file, 'f', FILE_BYTES);
    snprintf(form, sizeof form,
             "--sealwire-test\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n%s\r\n--sealwire-test--\r\n", file);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    bool has_http2 = (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_HTTP2) != 0;
    for (size_t scheme = 0; scheme < 3; scheme++) {
        sealwire_signer *signer = signer_of(schemes[scheme].number, settings);
        for (size_t at = 0; at < sizeof cases / sizeof cases[0]; at++) {
            char cell[600] = "-";
            bool is_http2 = strcmp(cases[at].name, "http2") == 0;
            signed_client client = {signer, "practices", schemes[scheme].number == SEALWIRE_SCHEME_CLIENT ? NULL : "user-7",
                                    is_http2 ? CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE : CURL_HTTP_VERSION_NONE};
            const cJSON *bases = cJSON_GetObjectItemCaseSensitive(settings, is_http2 ? "http2" : "services");
            if (!is_http2 || has_http2) sent(at, string(bases, schemes[scheme].name), &client, cell, sizeof cell);
            printf("{\"client\": \"libcurl\", \"scheme\": \"%s\", \"case\": \"%s\", \"cell\": \"%s\"}\n", schemes[scheme].name,
                   cases[at].name, cell);
        }
        sealwire_signer_free(signer);
    }
    curl_global_cleanup();
    cJSON_Delete(settings);
    return 0;
}
