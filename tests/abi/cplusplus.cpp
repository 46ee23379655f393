// Tests that the header compiles as C++17, that its functions have C linkage, and that its types are trivial.
#include <sealwire.h>

#include <cstdio>
#include <memory>
#include <type_traits>

static_assert(std::is_standard_layout_v<sealwire_request> && std::is_trivial_v<sealwire_request>);
static_assert(std::is_trivially_copyable_v<sealwire_identity>);

// A smart pointer that calls the matching free function for a handle.
template <auto Free>
struct with {
    template <typename T>
    void operator()(T *handle) const { Free(handle); }
};
using builder = std::unique_ptr<sealwire_key_ring_builder, with<sealwire_key_ring_builder_free>>;
using ring = std::unique_ptr<sealwire_key_ring, with<sealwire_key_ring_free>>;

int main() {
    const unsigned char secret[32] = {1, 2, 3};
    const sealwire_key_version version{1, secret, sizeof secret};
    sealwire_key_ring_builder *made_builder = nullptr;
    sealwire_key_ring *made_ring = nullptr;
    if (sealwire_key_ring_builder_new(false, &made_builder) != SEALWIRE_STATUS_OK) return 1;
    const builder held_builder{made_builder};
    if (sealwire_key_ring_builder_add_client(made_builder, sealwire_text_of("billing"), &version, 1, 1, nullptr) != 0)
        return 1;
    if (sealwire_key_ring_builder_build(made_builder, &made_ring) != SEALWIRE_STATUS_OK) return 1;
    const ring held_ring{made_ring};
    size_t count = 0;
    if (sealwire_key_ring_status(made_ring, nullptr, 0, &count) != SEALWIRE_STATUS_OK || count != 1) return 1;
    std::printf("cplusplus: %s\n", sealwire_version());
    return 0;
}
