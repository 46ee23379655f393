/* Calls into the static library that was linked without std. */
#include <stdint.h>

uint32_t sealwire_no_std_probe(uint8_t number);

int main(void) {
    return (int)sealwire_no_std_probe(20);
}
