/* A libFuzzer target for the verify functions. The input is a request in text form: `METHOD target`, then
 * `Name: value` lines, then an empty line and the body. For any input, the status must be documented,
 * verification in parts must have the same result, and all text must end with a NUL byte. */
#include <sealwire.h>
#include <stdlib.h>

enum { MAX_LINES = SEALWIRE_MAX_HEADERS + 1 };
static const uint64_t NOW = UINT64_C(1712419200000); /* the time at which the requests of the vectors are valid */

static void demand(bool so) {
    if (!so) abort();
}

/* Returns a key ring with the keys from the shared vectors. */
static sealwire_key_ring *make_ring(void) {
    static const char pair[] = "test-secret-32-bytes-long-for-testing", client[] = "my-shared-secret";
    const sealwire_key_version pair_key = {1, pair, sizeof pair - 1}, client_key = {1, client, sizeof client - 1};
    sealwire_key_ring_builder *builder = NULL;
    sealwire_key_ring *ring = NULL;
    demand(sealwire_key_ring_builder_new(true, &builder) == 0);
    demand(sealwire_key_ring_builder_add_pair(builder, sealwire_text_of("agent"), sealwire_text_of("practices"), &pair_key, 1,
                                              1, NULL) == 0);
    demand(sealwire_key_ring_builder_add_client(builder, sealwire_text_of("billing-service"), &client_key, 1, 1, NULL) == 0);
    demand(sealwire_key_ring_builder_build(builder, &ring) == 0);
    sealwire_key_ring_builder_free(builder);
    return ring;
}

static sealwire_verifier *make_verifier(void) {
    sealwire_verifier_builder *builder = NULL;
    sealwire_verifier *verifier = NULL;
    sealwire_key_ring *ring = make_ring();
    demand(sealwire_verifier_builder_new(sealwire_text_of("practices"), &builder) == 0);
    for (int32_t scheme = SEALWIRE_SCHEME_MESSAGE; scheme <= SEALWIRE_SCHEME_CLIENT; scheme++)
        demand(sealwire_verifier_builder_accept(builder, scheme) == 0);
    demand(sealwire_verifier_builder_trust_unsigned_user_id(builder, true) == 0);
    demand(sealwire_verifier_builder_accept_replays(builder, true) == 0);
    demand(sealwire_verifier_builder_build(builder, ring, NULL, &verifier, NULL) == 0);
    sealwire_verifier_builder_free(builder);
    sealwire_key_ring_free(ring);
    return verifier;
}

/* Removes the text up to and including the first `end` from `rest`, and returns the text before `end`. */
static sealwire_text cut(sealwire_text *rest, char end) {
    sealwire_text piece = *rest;
    const char *found = rest->length == 0 ? NULL : memchr(rest->data, end, rest->length);
    if (found != NULL) piece.length = (size_t)(found - rest->data);
    size_t taken = piece.length + (found != NULL);
    if (taken > 0) rest->data += taken;
    rest->length -= taken;
    return piece;
}

static size_t read_lines(sealwire_text *rest, sealwire_header *headers) {
    size_t count = 0;
    while (rest->length > 0 && count < MAX_LINES) {
        sealwire_text line = cut(rest, '\n');
        if (line.length == 0) break;
        headers[count].name = cut(&line, ':');
        if (line.length > 0 && line.data[0] == ' ') cut(&line, ' ');
        headers[count++].value = line;
    }
    return count;
}

static int32_t streamed(const sealwire_verifier *verifier, const sealwire_request *request, sealwire_text body) {
    uint8_t key[SEALWIRE_SHARED_KEY_SIZE];
    bool has_key = false;
    uint64_t expires_s = 0;
    sealwire_pending *pending = NULL;
    size_t half = body.length / 2;
    int32_t status = sealwire_verifier_begin(verifier, request, NOW, &pending, NULL);
    if (status == 0) status = sealwire_pending_update(pending, body.data, half, NULL);
    if (status == 0 && body.length > 0) status = sealwire_pending_update(pending, body.data + half, body.length - half, NULL);
    if (status == 0) status = sealwire_pending_prove(pending, key, sizeof key, &has_key, &expires_s, NULL);
    if (status == 0) status = sealwire_pending_settle(pending, SEALWIRE_OUTCOME_FIRST, NOW, NULL, NULL);
    sealwire_pending_free(pending);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static sealwire_verifier *verifier;
    static sealwire_header headers[MAX_LINES];
    sealwire_identity identity;
    sealwire_rejection rejected;
    sealwire_text rest = {(const char *)data, size}, line = cut(&rest, '\n');
    if (verifier == NULL) verifier = make_verifier();
    sealwire_request request = {cut(&line, ' '), line, sealwire_text_of("practices.internal"), sealwire_text_of("https"),
                                headers, read_lines(&rest, headers)};
    int32_t status = sealwire_verifier_verify(verifier, &request, rest.data, rest.length, NOW, &identity, &rejected);
    demand(status >= 0 && status == streamed(verifier, &request, rest));
    if (status == 0) {
        demand(strlen(identity.sender) > 0 && memchr(identity.user_id, 0, SEALWIRE_ID_SIZE) != NULL);
    } else {
        demand(rejected.reason == status && strlen(rejected.public_text) > 0 && rejected.http_status >= 401);
        demand(memchr(rejected.sender, 0, SEALWIRE_ID_SIZE) != NULL);
    }
    return 0;
}
