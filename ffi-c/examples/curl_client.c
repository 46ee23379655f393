/* Signs a request and sends it with libcurl.
 * Usage: curl_client URL SENDER RECEIVER [BODY]   The key comes from HMAC_SECRET_<A>_<B>. */
#include <curl/curl.h>
#include <sealwire.h>
#include <stdio.h>

static int give_up(const char *what, const char *why) {
    fprintf(stderr, "%s: %s\n", what, why);
    return 2;
}

static int32_t make_signer(const char *sender, sealwire_signer **signer, sealwire_error *error) {
    sealwire_key_ring *ring = NULL;
    sealwire_signer_builder *builder = NULL;
    int32_t status = sealwire_key_ring_from_env(sealwire_text_of(sender), false, &ring, error);
    if (status == SEALWIRE_STATUS_OK) status = sealwire_signer_builder_new(sealwire_text_of(sender), &builder);
    if (status == SEALWIRE_STATUS_OK) status = sealwire_signer_builder_build(builder, ring, signer, error);
    sealwire_signer_builder_free(builder);
    sealwire_key_ring_free(ring); /* the signer shares it */
    return status;
}

/* The signature's headers as libcurl takes them; NULL when there are none to be had. */
static struct curl_slist *signed_headers(const sealwire_signer *signer, const char *url, const char *receiver,
                                         const char *body, sealwire_error *error) {
    static char buffer[SEALWIRE_SIGNATURE_SIZE];
    char nonce[SEALWIRE_NONCE_SIZE], line[SEALWIRE_SIGNATURE_SIZE];
    sealwire_header headers[SEALWIRE_SIGNATURE_HEADERS];
    size_t count = 0;
    struct curl_slist *lines = NULL;
    sealwire_request request;
    sealwire_signing signing = {sealwire_text_of(receiver), sealwire_text_of(NULL), sealwire_text_of(NULL), body,
                                strlen(body), sealwire_now_ms()};
    memset(&request, 0, sizeof request);
    request.method = sealwire_text_of("POST");
    if (sealwire_url_split(sealwire_text_of(url), NULL, 0, &request.scheme, &request.authority, &request.target) != 0)
        return NULL;
    if (sealwire_fresh_nonce(nonce, sizeof nonce) != SEALWIRE_STATUS_OK) return NULL;
    signing.nonce = sealwire_text_of(nonce);
    if (sealwire_signer_sign(signer, &request, &signing, buffer, sizeof buffer, headers, SEALWIRE_SIGNATURE_HEADERS,
                             &count, error) != SEALWIRE_STATUS_OK)
        return NULL;
    for (size_t at = 0; at < count; at++) {
        snprintf(line, sizeof line, "%s: %s", headers[at].name.data, headers[at].value.data);
        lines = curl_slist_append(lines, line);
    }
    return lines;
}

static int send_request(const char *url, struct curl_slist *headers, const char *body) {
    long status = 0;
    CURL *curl = curl_easy_init();
    if (curl == NULL) return give_up("curl", "no handle");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L); /* or libcurl would squash dot segments after signing */
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 10L);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    if (code != CURLE_OK) return give_up("curl", curl_easy_strerror(code));
    printf("\nHTTP %ld\n", status);
    return status < 300 ? 0 : 1;
}

int main(int argc, char **argv) {
    sealwire_error error = {{0}};
    sealwire_signer *signer = NULL;
    if (argc < 4) return give_up("usage", "curl_client http://host/path SENDER RECEIVER [BODY]");
    const char *body = argc > 4 ? argv[4] : "";
    int32_t status = make_signer(argv[2], &signer, &error);
    if (status != SEALWIRE_STATUS_OK) return give_up(sealwire_status_name(status), error.text);
    struct curl_slist *headers = signed_headers(signer, argv[1], argv[3], body, &error);
    sealwire_signer_free(signer);
    if (headers == NULL) return give_up("sign", error.text);
    int result = send_request(argv[1], headers, body);
    curl_slist_free_all(headers);
    return result;
}
