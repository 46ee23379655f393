/* A test fixture with a key ring, a signer, a verifier and a signed request. */
#ifndef SEALWIRE_TEST_FIXTURE_H
#define SEALWIRE_TEST_FIXTURE_H

#include "check.h"

static const uint64_t NOW = UINT64_C(1712419200000);
static const unsigned char SECRET[32] = "thirty-two bytes of a test secre";
static const char BODY[] = "{\"query\": \"...\"}";

typedef struct {
    sealwire_key_ring *ring;
    sealwire_replay_table *table;
    sealwire_signer *signer;
    sealwire_verifier *verifier;
    sealwire_request request;
    sealwire_signing signing;
    sealwire_header headers[SEALWIRE_SIGNATURE_HEADERS];
    char buffer[SEALWIRE_SIGNATURE_SIZE];
} fixture;

static inline sealwire_text text(const char *string) { return sealwire_text_of(string); }

static inline sealwire_key_ring *ring_with(uint32_t version) {
    sealwire_key_version key = {version, SECRET, sizeof SECRET};
    sealwire_key_ring_builder *builder = NULL;
    sealwire_key_ring *ring = NULL;
    OK(sealwire_key_ring_builder_new(false, &builder));
    OK(sealwire_key_ring_builder_add_pair(builder, text("agent"), text("practices"), &key, 1, version, NULL));
    OK(sealwire_key_ring_builder_add_client(builder, text("billing"), &key, 1, version, NULL));
    OK(sealwire_key_ring_builder_set_issuer(builder, &key, 1, version, NULL));
    OK(sealwire_key_ring_builder_build(builder, &ring));
    sealwire_key_ring_builder_free(builder);
    return ring;
}

static inline sealwire_signer *signer_of(const sealwire_key_ring *ring) {
    sealwire_signer_builder *builder = NULL;
    sealwire_signer *signer = NULL;
    OK(sealwire_signer_builder_new(text("agent"), &builder));
    OK(sealwire_signer_builder_build(builder, ring, &signer, NULL));
    sealwire_signer_builder_free(builder);
    return signer;
}

static inline sealwire_verifier *verifier_of(const sealwire_key_ring *ring, const sealwire_replay_table *table) {
    sealwire_verifier_builder *builder = NULL;
    sealwire_verifier *verifier = NULL;
    OK(sealwire_verifier_builder_new(text("practices"), &builder));
    OK(sealwire_verifier_builder_build(builder, ring, table, &verifier, NULL));
    sealwire_verifier_builder_free(builder);
    return verifier;
}

/* Signs the request with this nonce, and replaces the request's headers with the signature headers. */
static inline void sign(fixture *it, const char *nonce) {
    it->request.headers = NULL;
    it->request.header_count = 0;
    it->signing.nonce = text(nonce);
    OK(sealwire_signer_sign(it->signer, &it->request, &it->signing, it->buffer, sizeof it->buffer, it->headers,
                            SEALWIRE_SIGNATURE_HEADERS, &it->request.header_count, NULL));
    it->request.headers = it->headers;
}

static inline void set_up(fixture *it) {
    memset(it, 0, sizeof *it);
    it->ring = ring_with(1);
    it->signer = signer_of(it->ring);
    OK(sealwire_replay_table_new(sealwire_replay_slots(100, 305), 0, &it->table));
    it->verifier = verifier_of(it->ring, it->table);
    it->request.method = text("POST");
    it->request.target = text("/graphql?page=2");
    it->request.authority = text("practices.internal");
    it->request.scheme = text("https");
    it->signing.receiver = text("practices");
    it->signing.body = BODY;
    it->signing.body_size = sizeof BODY - 1;
    it->signing.now_ms = NOW;
    sign(it, "nonce-0");
}

static inline void tear_down(fixture *it) {
    sealwire_verifier_free(it->verifier);
    sealwire_replay_table_free(it->table);
    sealwire_signer_free(it->signer);
    sealwire_key_ring_free(it->ring);
}

#endif
