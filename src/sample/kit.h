/* The built-in kit: drums and instruments that this directory synthesises itself, so that a file sounds on a machine without
   any samples. Every sound is a pure function of (bank, variant, sample rate): the same bits on every machine.
   SPDX-License-Identifier: MIT */
#ifndef PH_SAMPLE_KIT_H
#define PH_SAMPLE_KIT_H

#include "sample/pcm.h"

typedef struct PhKitBank PhKitBank;

/* [any] Banks, aliases not counted. */
size_t ph_kit_bank_count(void);
const PhKitBank *ph_kit_bank(size_t index);
/* [any] By name or alias; NULL if there is none. */
const PhKitBank *ph_kit_find(const char *name);
const char *ph_kit_bank_name(const PhKitBank *bank);
const char *ph_kit_bank_aliases(const PhKitBank *bank); /* separated by spaces, or "" */
const char *ph_kit_bank_doc(const PhKitBank *bank);
unsigned ph_kit_bank_variants(const PhKitBank *bank);

/* [any] Makes one sound at `rate` Hz (1000…768000). `out` is finished and the caller's. PH_NOMEM or PH_RANGE. */
PH_NODISCARD PhStatus ph_kit_render(const PhKitBank *bank, unsigned variant, double rate, PhPcm *out);

#endif
