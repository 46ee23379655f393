/* Issues a connection string for an account, and verifies it. The connection string expires in an hour.
 * Usage: token_issuer ACCOUNT-UUID [ROLE ...] The environment variable SEALWIRE_ISSUER_SECRET contains a secret of at
 * least 32 bytes. */
#include <sealwire.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_ROLES = 16 };

static int give_up(const char *what, int32_t status, const sealwire_error *error) {
    fprintf(stderr, "%s: %s %s\n", what, sealwire_status_name(status), error->text);
    return 1;
}

static int32_t make_ring(const char *secret, sealwire_key_ring **ring, sealwire_error *error) {
    sealwire_key_version version = {1, secret, secret == NULL ? 0 : strlen(secret)};
    sealwire_key_ring_builder *builder = NULL;
    int32_t status = sealwire_key_ring_builder_new(false, &builder);
    if (status == SEALWIRE_STATUS_OK) status = sealwire_key_ring_builder_set_issuer(builder, &version, 1, 1, error);
    if (status == SEALWIRE_STATUS_OK) status = sealwire_key_ring_builder_build(builder, ring);
    sealwire_key_ring_builder_free(builder);
    return status;
}

static int read_back(const sealwire_key_ring *ring, sealwire_text token) {
    static unsigned char scratch[SEALWIRE_TOKEN_SCRATCH_SIZE];
    sealwire_role roles[MAX_ROLES];
    sealwire_connection_string claims;
    int32_t status = sealwire_connection_string_verify(ring, token, sealwire_now_ms() / 1000, false, scratch,
                                                       sizeof scratch, roles, MAX_ROLES, &claims);
    if (status != SEALWIRE_STATUS_OK) {
        sealwire_text text = sealwire_connection_string_response(status);
        fprintf(stderr, "%.*s\n", (int)text.length, text.data);
        return 1;
    }
    printf("account %s, key version %u", claims.account, (unsigned)claims.key_version);
    for (size_t at = 0; at < claims.role_count; at++)
        printf(", %s %.*s", roles[at].permission == 1 ? "writes" : "reads", (int)roles[at].name.length, roles[at].name.data);
    printf("\n");
    return 0;
}

int main(int argc, char **argv) {
    static char token[SEALWIRE_TOKEN_SIZE];
    size_t length = 0;
    sealwire_error error = {{0}};
    sealwire_key_ring *ring = NULL;
    sealwire_role roles[MAX_ROLES];
    sealwire_connection_string_draft draft;
    if (argc < 2 || argc > MAX_ROLES + 2) return fprintf(stderr, "usage: token_issuer ACCOUNT-UUID [ROLE ...]\n"), 2;

    int32_t status = make_ring(getenv("SEALWIRE_ISSUER_SECRET"), &ring, &error);
    if (status != SEALWIRE_STATUS_OK) return give_up("SEALWIRE_ISSUER_SECRET", status, &error);
    memset(&draft, 0, sizeof draft);
    draft.account = sealwire_text_of(argv[1]);
    draft.expires_s = (int64_t)(sealwire_now_ms() / 1000) + 3600;
    draft.roles = roles;
    for (; draft.role_count < (size_t)argc - 2; draft.role_count++) {
        roles[draft.role_count].name = sealwire_text_of(argv[draft.role_count + 2]);
        roles[draft.role_count].permission = 0;
    }
    status = sealwire_connection_string_issue(ring, &draft, token, sizeof token, &length, &error);
    if (status != SEALWIRE_STATUS_OK) return give_up("issue", status, &error);
    printf("%s\n", token);
    int result = read_back(ring, sealwire_text_of(token));
    sealwire_key_ring_free(ring);
    return result;
}
