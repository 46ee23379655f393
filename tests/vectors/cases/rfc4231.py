"""Test vectors for MACs, with keys and data from RFC 4231."""

from reference.wire import hmac_sha256, hmac_sha512

ABOUT = "HMAC-SHA-256 and HMAC-SHA-512 with the keys and data of RFC 4231 section 4. All schemes use these functions."

# The MAC in section 4.6 is truncated. Sealwire does not support truncated MACs, so the full MAC is compared.
CASES = [
    ("4.2", "a key shorter than the hash", b"\x0b" * 20, b"Hi There"),
    ("4.3", "a key shorter than the MAC", b"Jefe", b"what do ya want for nothing?"),
    ("4.4", "key and data that together are longer than 64 bytes", b"\xaa" * 20, b"\xdd" * 50),
    (
        "4.5",
        "key and data that together are longer than 64 bytes, with another key length",
        bytes(range(1, 26)),
        b"\xcd" * 50,
    ),
    ("4.6", "the full MAC of an example that the RFC truncates", b"\x0c" * 20, b"Test With Truncation"),
    (
        "4.7",
        "a key longer than a block is hashed first",
        b"\xaa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
    ),
    (
        "4.8",
        "key and data both longer than a block",
        b"\xaa" * 131,
        b"This is a test using a larger than block-size key and a larger than block-size data. "
        b"The key needs to be hashed before being used by the HMAC algorithm.",
    ),
]


def cases():
    for algorithm, mac in (("hmac-sha256", hmac_sha256), ("hmac-sha512", hmac_sha512)):
        for section, why, key, data in CASES:
            yield {
                "name": f"rfc4231-{section}-{algorithm}",
                "why": why,
                "algorithm": algorithm,
                "key_hex": key.hex(),
                "data_hex": data.hex(),
                "mac_hex": mac(key, data).hex(),
            }
