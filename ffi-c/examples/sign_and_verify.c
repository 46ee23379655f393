/* A complete example that creates keys, signs a request and verifies it. */
#include <sealwire.h>
#include <stdio.h>

static const char body[] = "{\"query\": \"...\"}";
static const unsigned char secret[32] = "an example, never a real secret!";

/* Prints the error message, which states how to fix the error. */
static int give_up(const char *what, int32_t status, const sealwire_error *error) {
    fprintf(stderr, "%s: %s %s\n", what, sealwire_status_name(status), error->text);
    return 1;
}

static int32_t make_ring(sealwire_key_ring **ring, sealwire_error *error) {
    sealwire_key_version version = {1, secret, sizeof secret};
    sealwire_key_ring_builder *builder = NULL;
    int32_t status = sealwire_key_ring_builder_new(false, &builder);
    if (status == SEALWIRE_STATUS_OK)
        status = sealwire_key_ring_builder_add_pair(builder, sealwire_text_of("agent"), sealwire_text_of("practices"),
                                                    &version, 1, 1, error);
    if (status == SEALWIRE_STATUS_OK) status = sealwire_key_ring_builder_build(builder, ring);
    sealwire_key_ring_builder_free(builder);
    return status;
}

static int32_t sign(const sealwire_key_ring *ring, const sealwire_request *request, char *buffer, size_t buffer_size,
                    sealwire_header *headers, size_t capacity, size_t *count, sealwire_error *error) {
    char nonce[SEALWIRE_NONCE_SIZE];
    sealwire_signer_builder *builder = NULL;
    sealwire_signer *signer = NULL;
    sealwire_signing signing = {sealwire_text_of("practices"), sealwire_text_of(NULL), sealwire_text_of(NULL),
                                body, sizeof body - 1, sealwire_now_ms()};
    int32_t status = sealwire_fresh_nonce(nonce, sizeof nonce);
    if (status == SEALWIRE_STATUS_OK) status = sealwire_signer_builder_new(sealwire_text_of("agent"), &builder);
    if (status == SEALWIRE_STATUS_OK) status = sealwire_signer_builder_build(builder, ring, &signer, error);
    signing.nonce = sealwire_text_of(nonce);
    if (status == SEALWIRE_STATUS_OK)
        status = sealwire_signer_sign(signer, request, &signing, buffer, buffer_size, headers, capacity, count, error);
    sealwire_signer_free(signer);
    sealwire_signer_builder_free(builder);
    return status;
}

static int32_t make_verifier(const sealwire_key_ring *ring, sealwire_verifier **verifier, sealwire_error *error) {
    sealwire_verifier_builder *builder = NULL;
    sealwire_replay_table *table = NULL;
    int32_t status = sealwire_replay_table_new(sealwire_replay_slots(100, 305), sealwire_now_ms() / 1000, &table);
    if (status == SEALWIRE_STATUS_OK) status = sealwire_verifier_builder_new(sealwire_text_of("practices"), &builder);
    if (status == SEALWIRE_STATUS_OK) status = sealwire_verifier_builder_build(builder, ring, table, verifier, error);
    sealwire_verifier_builder_free(builder);
    sealwire_replay_table_free(table); /* the verifier still uses the table */
    return status;
}

static void verify(const sealwire_verifier *verifier, const sealwire_request *request, const char *received) {
    sealwire_identity identity;
    sealwire_rejection rejected;
    int32_t status = sealwire_verifier_verify(verifier, request, received, strlen(received), sealwire_now_ms(), &identity,
                                              &rejected);
    if (status == SEALWIRE_STATUS_OK)
        printf("accepted: from %s, key version %u\n", identity.sender, (unsigned)identity.key_version);
    else if (status > 0)
        printf("rejected: %s, answered %d %s\n", sealwire_status_name(status), (int)rejected.http_status,
               rejected.public_text);
    else
        printf("not verified: %s\n", sealwire_status_name(status));
}

int main(void) {
    static char buffer[SEALWIRE_SIGNATURE_SIZE];
    sealwire_header headers[SEALWIRE_SIGNATURE_HEADERS];
    size_t count = 0;
    sealwire_error error = {{0}};
    sealwire_key_ring *ring = NULL;
    sealwire_verifier *verifier = NULL;
    sealwire_request request = {sealwire_text_of("POST"), sealwire_text_of("/graphql"),
                                sealwire_text_of("practices.internal"), sealwire_text_of("https"), NULL, 0};

    int32_t status = make_ring(&ring, &error);
    if (status != SEALWIRE_STATUS_OK) return give_up("keys", status, &error);
    status = sign(ring, &request, buffer, sizeof buffer, headers, SEALWIRE_SIGNATURE_HEADERS, &count, &error);
    if (status != SEALWIRE_STATUS_OK) return give_up("sign", status, &error);
    for (size_t at = 0; at < count; at++) printf("%s: %s\n", headers[at].name.data, headers[at].value.data);

    status = make_verifier(ring, &verifier, &error);
    if (status != SEALWIRE_STATUS_OK) return give_up("verifier", status, &error);
    request.headers = headers;
    request.header_count = count;
    verify(verifier, &request, "{\"query\": \"!!!\"}"); /* rejected, because the body was changed; no nonce is claimed */
    verify(verifier, &request, body);                  /* accepted */
    verify(verifier, &request, body);                  /* rejected, because it is a replay */

    sealwire_verifier_free(verifier);
    sealwire_key_ring_free(ring);
    return 0;
}
