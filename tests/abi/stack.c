/* Measures how much stack signing and verification need when they use no heap. The documentation states the
 * maximum. */
#include <pthread.h>

#include "fixture.h"

/* The test first fills the stack with the byte PAINT. Bytes that still have this value afterwards were not
 * used. */
enum { STACK = 128 * 1024, PAINT = 0xa5, DOCUMENTED = 48 * 1024 };
static unsigned char stack[STACK] __attribute__((aligned(4096)));

static unsigned char key_memory[SEALWIRE_KEY_SET_SIZE(1)];
static uint64_t replay_memory[13 * 8];
static sealwire_static_entry entries;
static sealwire_static_verifier verifier;
static sealwire_static_signer signer;
static fixture it;

static void *idle(void *argument) { return argument; }

static void *signs(void *argument) {
    static char buffer[SEALWIRE_SIGNATURE_SIZE];
    static sealwire_header headers[SEALWIRE_SIGNATURE_HEADERS];
    static sealwire_request request;
    static size_t count;
    request = it.request;
    request.header_count = 0;
    OK(sealwire_static_sign(&signer, &request, &it.signing, buffer, sizeof buffer, headers, SEALWIRE_SIGNATURE_HEADERS,
                            &count, NULL));
    return argument;
}

static void *verifies(void *argument) {
    static sealwire_identity identity;
    static sealwire_rejection rejected;
    OK(sealwire_static_verify(&verifier, &it.request, BODY, sizeof BODY - 1, NOW, &identity, &rejected));
    EXPECT(SEALWIRE_REASON_REPLAYED,
           sealwire_static_verify(&verifier, &it.request, BODY, sizeof BODY - 1, NOW, &identity, &rejected));
    return argument;
}

static size_t stack_of(void *(*run)(void *)) {
    pthread_attr_t attributes;
    pthread_t thread;
    size_t untouched = 0;
    memset(stack, PAINT, sizeof stack);
    CHECK(pthread_attr_init(&attributes) == 0 && pthread_attr_setstack(&attributes, stack, sizeof stack) == 0);
    CHECK(pthread_create(&thread, &attributes, run, NULL) == 0 && pthread_join(thread, NULL) == 0);
    pthread_attr_destroy(&attributes);
    while (untouched < sizeof stack && stack[untouched] == PAINT) untouched++;
    return sizeof stack - untouched;
}

int main(void) {
    const sealwire_key_version version = {1, SECRET, sizeof SECRET};
    set_up(&it);
    OK(sealwire_key_set_init(key_memory, sizeof key_memory, &version, 1, 1, false, &entries.keys, NULL));
    entries.name = text("agent");
    entries.peer = text("practices");
    signer.name = text("agent");
    signer.entries = verifier.entries = &entries;
    signer.entry_count = verifier.entry_count = 1;
    verifier.service = text("practices");
    verifier.replay_memory = replay_memory;
    verifier.replay_memory_size = sizeof replay_memory;

    const size_t thread = stack_of(idle);
    const size_t to_sign = stack_of(signs) - thread, to_verify = stack_of(verifies) - thread;
    printf("stack: %zu bytes to sign, %zu to verify\n", to_sign, to_verify);
    CHECK(to_sign > 0 && to_sign <= DOCUMENTED);
    CHECK(to_verify > 0 && to_verify <= DOCUMENTED);
    tear_down(&it);
    return verdict("stack");
}
