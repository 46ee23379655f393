/* Calls a static library that does not contain Rust's standard library. */
#include <stdint.h>

uint32_t sealwire_no_std_probe(void);

int main(void) {
    return (int)sealwire_no_std_probe();
}
