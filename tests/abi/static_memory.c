/* Tests for keys and replay tables in static memory. The results must be the same as for objects on the heap,
 * and each misuse must return an error status. */
#include "fixture.h"

static unsigned char key_memory[SEALWIRE_KEY_SET_SIZE(2)];
static const sealwire_key_set *keys;
static uint64_t replay_memory[13 * 8];

static sealwire_static_entry entry(void) {
    sealwire_static_entry made = {text("practices"), text("agent"), keys};
    return made;
}

static sealwire_static_verifier verifier(const sealwire_static_entry *entries) {
    sealwire_static_verifier made;
    memset(&made, 0, sizeof made);
    made.service = text("practices");
    made.entries = entries;
    made.entry_count = 1;
    made.replay_memory = replay_memory;
    made.replay_memory_size = sizeof replay_memory;
    return made;
}

static int32_t init(const sealwire_key_version *versions, size_t count, uint32_t primary, bool allow_weak,
                    sealwire_error *error) {
    return sealwire_key_set_init(key_memory, sizeof key_memory, versions, count, primary, allow_weak, &keys, error);
}

static void key_sets(void) {
    sealwire_key_version versions[2] = {{0, SECRET, sizeof SECRET}, {0, SECRET, sizeof SECRET}};
    sealwire_error error = {{0}};
    EXPECT(SEALWIRE_STATUS_INVALID_KEY, init(versions, 0, 0, false, &error));
    EXPECT(SEALWIRE_STATUS_INVALID_KEY, init(versions, 1, 8, false, &error));
    CHECK(strstr(error.text, "primary") != NULL);
    EXPECT(SEALWIRE_STATUS_INVALID_KEY, init(versions, 2, 0, false, NULL));
    versions[1].version = 1;
    versions[1].secret_size = 31;
    EXPECT(SEALWIRE_STATUS_INVALID_KEY, init(versions, 2, 1, false, &error));
    CHECK(strstr(error.text, "version 1") != NULL);
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, init(NULL, 1, 1, false, NULL));
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_key_set_init(NULL, 4096, versions, 1, 0, false, &keys, NULL));
    EXPECT(SEALWIRE_STATUS_BUFFER_TOO_SMALL,
           sealwire_key_set_init(key_memory, 64, versions, 1, 0, false, &keys, NULL));
    CHECK(keys == NULL);
    OK(init(versions, 2, 1, true, NULL));
    versions[1].secret_size = sizeof SECRET;
    for (size_t shift = 0; shift < 64; shift += 13)
        OK(sealwire_key_set_init(key_memory + shift, SEALWIRE_KEY_SET_SIZE(1), versions, 1, 0, false, &keys, NULL));
    OK(init(versions, 2, 1, false, NULL));
}

static void same_verdicts(fixture *it) {
    const sealwire_static_entry entries = entry();
    const sealwire_static_verifier held = verifier(&entries);
    sealwire_identity identity, by_handle;
    OK(sealwire_static_verify(&held, &it->request, BODY, sizeof BODY - 1, NOW, &identity, NULL));
    OK(sealwire_verifier_verify(it->verifier, &it->request, BODY, sizeof BODY - 1, NOW, &by_handle, NULL));
    CHECK(memcmp(&identity, &by_handle, sizeof identity) == 0);
    EXPECT(SEALWIRE_REASON_REPLAYED,
           sealwire_static_verify(&held, &it->request, BODY, sizeof BODY - 1, NOW, NULL, NULL));
    EXPECT(SEALWIRE_REASON_STALE_TIMESTAMP,
           sealwire_static_verify(&held, &it->request, BODY, sizeof BODY - 1, NOW + 301000, NULL, NULL));
}

static void same_signatures(fixture *it) {
    static char buffer[SEALWIRE_SIGNATURE_SIZE];
    sealwire_header headers[SEALWIRE_SIGNATURE_HEADERS];
    sealwire_request request = it->request;
    const sealwire_static_entry entries = entry();
    const int32_t schemes[] = {SEALWIRE_SCHEME_MESSAGE, SEALWIRE_SCHEME_PAIRWISE}, twice[] = {1, 1};
    sealwire_static_signer held = {text("agent"), NULL, 0, &entries, 1};
    size_t count = 0;
    request.header_count = 0;
    OK(sealwire_static_sign(&held, &request, &it->signing, buffer, sizeof buffer, headers, 12, &count, NULL));
    CHECK(count == it->request.header_count);
    for (size_t at = 0; at < count; at++) CHECK(strcmp(headers[at].value.data, it->headers[at].value.data) == 0);
    held.schemes = schemes;
    held.scheme_count = 2;
    OK(sealwire_static_sign(&held, &request, &it->signing, buffer, sizeof buffer, headers, 12, &count, NULL));
    CHECK(count > it->request.header_count);
    held.schemes = twice;
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT,
           sealwire_static_sign(&held, &request, &it->signing, buffer, sizeof buffer, headers, 12, &count, NULL));
}

static void misuse(const fixture *it) {
    sealwire_static_entry entries = entry();
    sealwire_static_verifier held = verifier(&entries);
    static uint64_t zeroed[1024];
    const sealwire_key_set *never_made = (const sealwire_key_set *)(const void *)(((uintptr_t)zeroed + 63) / 64 * 64);
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_static_verify(NULL, &it->request, BODY, 1, NOW, NULL, NULL));
    held.replay_memory_size = 130;
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_static_verify(&held, &it->request, BODY, 1, NOW, NULL, NULL));
    held.replay_memory_size = 0;
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_static_verify(&held, &it->request, BODY, 1, NOW, NULL, NULL));
    held = verifier(NULL);
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_static_verify(&held, &it->request, BODY, 1, NOW, NULL, NULL));
    held = verifier(&entries);
    entries.keys = never_made;
    EXPECT(SEALWIRE_STATUS_WRONG_HANDLE, sealwire_static_verify(&held, &it->request, BODY, 1, NOW, NULL, NULL));
    entries.keys = (const sealwire_key_set *)(const void *)((const char *)never_made + 1);
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_static_verify(&held, &it->request, BODY, 1, NOW, NULL, NULL));
    entries.keys = keys;
    sealwire_memzero(key_memory, sizeof key_memory);
    EXPECT(SEALWIRE_STATUS_WRONG_HANDLE, sealwire_static_verify(&held, &it->request, BODY, 1, NOW, NULL, NULL));
}

int main(void) {
    static fixture it;
    set_up(&it);
    key_sets();
    same_verdicts(&it);
    same_signatures(&it);
    misuse(&it);
    tear_down(&it);
    return verdict("static_memory");
}
