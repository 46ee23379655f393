/* Tests that signing and verification allocate no memory after the first call in a thread. The linker
 * replaces libc's allocation functions with the functions below, which count the calls. */
#include "fixture.h"

static size_t allocations;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
int __real_posix_memalign(void **out, size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
int __wrap_posix_memalign(void **out, size_t alignment, size_t size);

void *__wrap_malloc(size_t size) {
    allocations++;
    return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
    allocations++;
    return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size) {
    allocations++;
    return __real_realloc(old, size);
}

int __wrap_posix_memalign(void **out, size_t alignment, size_t size) {
    allocations++;
    return __real_posix_memalign(out, alignment, size);
}

static int32_t verify(const fixture *it) {
    sealwire_identity identity;
    sealwire_rejection rejected;
    return sealwire_verifier_verify(it->verifier, &it->request, BODY, sizeof BODY - 1, NOW, &identity, &rejected);
}

int main(void) {
    static fixture it;
    char nonce[SEALWIRE_NONCE_SIZE];
    size_t before;
    set_up(&it);
    CHECK(allocations > 0); /* If it is 0, the linker did not replace the functions. */
    OK(verify(&it));
    OK(sealwire_fresh_nonce(nonce, sizeof nonce));
    before = allocations;
    for (int round = 0; round < 100; round++) {
        OK(sealwire_fresh_nonce(nonce, sizeof nonce));
        sign(&it, nonce);
        OK(verify(&it));
        EXPECT(SEALWIRE_REASON_REPLAYED, verify(&it));
    }
    CHECK(allocations == before);
    tear_down(&it);
    return verdict("allocations");
}
