/* The rows of all pattern functions, in one list.  SPDX-License-Identifier: MIT */
#include "pattern/core.h"

#include <pthread.h>

static const PhPatTable *const tables[] = {
  &ph_pat_time,      &ph_pat_shape,  &ph_pat_values,    &ph_pat_combine, &ph_pat_accumulate, &ph_pat_stereo,
  &ph_pat_structure, &ph_pat_select, &ph_pat_condition, &ph_pat_random,  &ph_pat_signal,     &ph_pat_sampler,
  &ph_pat_harmony,   &ph_pat_text,   &ph_pat_step,      &ph_pat_strudel, &ph_pat_transition, &ph_pat_field,
  &ph_pat_simple,    &ph_pat_phonon, &ph_pat_envelope,  &ph_pat_arp,     &ph_pat_keep,
};

enum { MOST = 1024 };

/* Pointers to constants, gathered once: the tables live in several files, so no initialiser can list their rows. */
static const PhPatFunc *all[MOST];
static size_t all_count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void gather(void)
{
  for (size_t i = 0; i < PH_COUNT(tables); i++) {
    for (size_t j = 0; j < tables[i]->count && all_count < MOST; j++) {
      all[all_count++] = &tables[i]->rows[j];
    }
  }
}

const PhPatFunc *const *ph_pattern_funcs(size_t *count)
{
  (void)pthread_once(&once, gather);
  *count = all_count;
  return all;
}
