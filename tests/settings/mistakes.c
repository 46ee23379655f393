/* Calls the C library with an invalid setting. Usage: mistakes CALL VALUE
 *
 * Prints the error message and exits with 1. Exits with 0 if there was no error. */
#include <sealwire.h>
#include <stdio.h>
#include <string.h>

static const unsigned char SECRET[] = "a test secret of thirty-two bytes.";

static int32_t ring(sealwire_key_ring **ring, sealwire_error *error) {
    sealwire_key_ring_builder *builder = NULL;
    sealwire_key_version key = {1, SECRET, 32};
    int32_t status = sealwire_key_ring_builder_new(false, &builder);
    if (status == 0)
        status = sealwire_key_ring_builder_add_client(builder, sealwire_text_of("cli"), &key, 1, 1, error);
    if (status == 0) status = sealwire_key_ring_builder_build(builder, ring);
    sealwire_key_ring_builder_free(builder);
    return status;
}

static int32_t verifier(const char *call, sealwire_text value, const sealwire_key_ring *keys, sealwire_error *error) {
    sealwire_verifier_builder *builder = NULL;
    sealwire_verifier *built = NULL;
    sealwire_text name = strcmp(call, "verifier_name") == 0 ? value : sealwire_text_of("practices");
    int32_t status = sealwire_verifier_builder_new(name, &builder);
    if (status == 0 && strcmp(call, "require_field") == 0)
        status = sealwire_verifier_builder_require_field(builder, value);
    if (status == 0 && strcmp(call, "exempt_path") == 0) status = sealwire_verifier_builder_exempt_path(builder, value);
    for (int count = 0; count < 2 && status == 0 && strcmp(call, "scheme_twice") == 0; count++)
        status = sealwire_verifier_builder_accept(builder, SEALWIRE_SCHEME_MESSAGE);
    if (status == 0) status = sealwire_verifier_builder_build(builder, keys, NULL, &built, error);
    sealwire_verifier_free(built);
    sealwire_verifier_builder_free(builder);
    return status;
}

static int32_t signer(const char *call, sealwire_text value, const sealwire_key_ring *keys, sealwire_error *error) {
    sealwire_signer_builder *builder = NULL;
    sealwire_signer *built = NULL;
    sealwire_text name = strcmp(call, "signer_name") == 0 ? value : sealwire_text_of("cli");
    int32_t status = sealwire_signer_builder_new(name, &builder);
    if (status == 0 && strcmp(call, "cover") == 0) status = sealwire_signer_builder_cover(builder, value);
    if (status == 0) status = sealwire_signer_builder_build(builder, keys, &built, error);
    sealwire_signer_free(built);
    sealwire_signer_builder_free(builder);
    return status;
}

int main(int argc, char **argv) {
    sealwire_error error = {{0}};
    sealwire_key_ring *keys = NULL;
    if (argc != 3) return 2;
    int32_t status = ring(&keys, &error);
    bool signs = strcmp(argv[1], "signer_name") == 0 || strcmp(argv[1], "cover") == 0;
    if (status == 0)
        status = (signs ? signer : verifier)(argv[1], sealwire_text_of(argv[2]), keys, &error);
    sealwire_key_ring_free(keys);
    printf("%s: %s\n", sealwire_status_name(status), error.text);
    return status == SEALWIRE_STATUS_OK ? 0 : 1;
}
