/* Tests that a call returns a status if the library panics, and that the library can be used afterwards.
 * Requires a build with the feature `test-panic`. */
#include "fixture.h"

int32_t sealwire_test_panic(void);

int main(void) {
    static fixture it;
    EXPECT(SEALWIRE_STATUS_PANIC, sealwire_test_panic());
    EXPECT(SEALWIRE_STATUS_PANIC, sealwire_test_panic());
    set_up(&it);
    OK(sealwire_verifier_verify(it.verifier, &it.request, BODY, sizeof BODY - 1, NOW, NULL, NULL));
    tear_down(&it);
    return verdict("panic");
}
