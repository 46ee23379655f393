/* A libFuzzer target that verifies connection strings. If a token is valid, its contents must be accepted as
 * input for a new token. */
#include <sealwire.h>
#include <stdlib.h>

enum { MAX_ROLES = 4096 };

static void demand(bool so) {
    if (!so) abort();
}

/* Returns a key ring with the key from the shared vectors. */
static sealwire_key_ring *make_ring(void) {
    const sealwire_key_version key = {1, "k-v1", 4};
    sealwire_key_ring_builder *builder = NULL;
    sealwire_key_ring *ring = NULL;
    demand(sealwire_key_ring_builder_new(true, &builder) == 0);
    demand(sealwire_key_ring_builder_set_issuer(builder, &key, 1, 1, NULL) == 0);
    demand(sealwire_key_ring_builder_build(builder, &ring) == 0);
    sealwire_key_ring_builder_free(builder);
    return ring;
}

static void issue_again(const sealwire_key_ring *ring, const sealwire_connection_string *said, const sealwire_role *roles) {
    static char token[SEALWIRE_TOKEN_SIZE];
    static unsigned char scratch[SEALWIRE_TOKEN_SCRATCH_SIZE];
    static sealwire_role again_roles[MAX_ROLES];
    sealwire_connection_string again;
    sealwire_connection_string_draft draft;
    size_t length = 0;
    memset(&draft, 0, sizeof draft);
    draft.account = sealwire_text_of(said->account);
    draft.tenant = sealwire_text_of(said->tenant);
    draft.subscription = sealwire_text_of(said->subscription);
    draft.expires_s = said->expires_s;
    draft.offset_minutes = said->offset_minutes;
    draft.roles = roles;
    draft.role_count = said->role_count;
    demand(sealwire_connection_string_issue(ring, &draft, token, sizeof token, &length, NULL) == 0);
    demand(sealwire_connection_string_verify(ring, sealwire_text_of(token), 0, true, scratch, sizeof scratch, again_roles,
                                             MAX_ROLES, &again) == 0);
    demand(memcmp(&again, said, sizeof again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static sealwire_key_ring *ring;
    static unsigned char scratch[SEALWIRE_TOKEN_SCRATCH_SIZE];
    static sealwire_role roles[MAX_ROLES];
    sealwire_connection_string said;
    const sealwire_text token = {(const char *)data, size};
    if (ring == NULL) ring = make_ring();
    int32_t status = sealwire_connection_string_verify(ring, token, 0, true, scratch, sizeof scratch, roles, MAX_ROLES, &said);
    demand(status >= 0);
    if (status == 0) issue_again(ring, &said, roles);
    if (status > 0) demand(sealwire_connection_string_response(status).length > 0);
    return 0;
}
