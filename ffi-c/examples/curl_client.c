/* Signs a request and sends it with libcurl.
 * Usage: curl_client URL SENDER RECEIVER [BODY]
 * The environment variable HMAC_SECRET_<A>_<B> contains the key. */
#include "signed_curl.h"

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
    sealwire_key_ring_free(ring); /* the signer still uses the key ring */
    return status;
}

int main(int argc, char **argv) {
    sealwire_error error = {{0}};
    sealwire_signer *signer = NULL;
    if (argc < 4) return give_up("usage", "curl_client http://host/path SENDER RECEIVER [BODY]");
    int32_t status = make_signer(argv[2], &signer, &error);
    if (status != SEALWIRE_STATUS_OK) return give_up(sealwire_status_name(status), error.text);
    const char *body = argc > 4 ? argv[4] : "";
    signed_client client = {signer, argv[3], NULL, CURL_HTTP_VERSION_NONE};
    signed_request request = {"POST", argv[1], "application/json", body, strlen(body)};
    signed_response response;
    signed_result result = signed_send(&client, &request, &response, &error);
    sealwire_signer_free(signer);
    if (result == SIGNED_SENT) printf("%s\nHTTP %ld\n", response.body != NULL ? response.body : "", response.http_status);
    free(response.body);
    if (result != SIGNED_SENT) return give_up(result == SIGNED_REFUSED ? "sign" : "curl", error.text);
    return response.http_status < 300 ? 0 : 1;
}
