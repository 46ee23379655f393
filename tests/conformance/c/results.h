/* Functions that run a test case. Each function prints the result and a line break, but not the name of the
 * test case. */
#ifndef SEALWIRE_CONFORMANCE_RESULTS_H
#define SEALWIRE_CONFORMANCE_RESULTS_H

#include "case.h"

void result_of_ring(const cJSON *one_case);
void response_sign(const cJSON *one_case);
void result_of_sign_response(const cJSON *one_case);   /* prints the signed headers of a response */
void result_of_verify_response(const cJSON *one_case); /* verifies a response and prints the result */
void result_of_token(const cJSON *one_case);
void result_of_issue(const cJSON *one_case);
void result_of_probe(const cJSON *one_case);
void result_of_exempt(const cJSON *one_case);
void result_of_url(const cJSON *one_case);
void result_of_explain(const cJSON *one_case);

/* Verifies the requests of a test case and prints a line for each. The lines start with `name`. */
void response_verify(const cJSON *one_case, const char *name);

/* Helpers for several kinds of test cases. */
int32_t scheme_number(const char *name);
const char *scheme_name(int32_t number);
void print_headers(const sealwire_header *headers, size_t count);
void print_rejected(const sealwire_rejection *rejected);

#endif
