/* Inside the implementation of phonon.h.  SPDX-License-Identifier: MIT */
#ifndef PH_APP_API_H
#define PH_APP_API_H

#include "base/base.h"
#include "engine/engine.h"
#include "graph/graph.h"
#include "lang/lang.h"
#include "phonon/phonon.h"
#include "sample/sample.h"

struct PhononProgram {
  PhArena arena;
  PhDiags diags;
  PhRegistry registry;
  PhProgram program;
  PhPlan plan;
  const PhPat *expression;
  double sample_rate;
  bool good, is_expression, tidal;
  const char **stem_names;
};

struct PhononSamples {
  PhSampleStore *store;
  PhArena arena;
  const char *const *banks;
  size_t bank_count;
  bool listed;
};

/* A text that the caller frees with phonon_free; NULL for want of memory. Frees `text`. */
char *ph_api_take_text(PhText *text);
/* Options that may be older (smaller) than ours: copies what is there over the defaults. */
void ph_api_options(void *ours, size_t our_size, const void *theirs);
void ph_api_diagnostic(const PhononProgram *program, const PhDiag *diag, PhononDiagnostic *out);

_Static_assert((int)PHONON_CANCELLED == (int)PH_CANCELLED && (int)PHONON_OK == (int)PH_OK && (int)PHONON_IO == (int)PH_IO,
               "public and internal statuses are the same numbers");
#define PHONON_STATUS(status) ((PhononStatus)(status))

#endif
