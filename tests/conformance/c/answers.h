/* One function per kind of case; each prints the answer, without the case's name and with the line's end. */
#ifndef SEALWIRE_CONFORMANCE_ANSWERS_H
#define SEALWIRE_CONFORMANCE_ANSWERS_H

#include "case.h"

void answer_ring(const cJSON *one_case);
void response_sign(const cJSON *one_case);
void answer_answer(const cJSON *one_case);   /* signs an answer */
void answer_answered(const cJSON *one_case); /* verifies one */
void answer_token(const cJSON *one_case);
void answer_issue(const cJSON *one_case);
void answer_probe(const cJSON *one_case);
void answer_exempt(const cJSON *one_case);
void answer_url(const cJSON *one_case);

/* Verifies the requests of a case, one or several in turn; `name` begins each line. */
void response_verify(const cJSON *one_case, const char *name);

/* The parts of lines that several kinds share. */
int32_t scheme_number(const char *name);
const char *scheme_name(int32_t number);
void print_headers(const sealwire_header *headers, size_t count);
void print_rejected(const sealwire_rejection *rejected);

#endif
