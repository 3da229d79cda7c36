/* See measure.h.  SPDX-License-Identifier: MIT */
#include "measure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void measured(const char *row, const char *what, double value, const char *relation, double limit, const char *in)
{
  const char *path = getenv("PH_MEASURED");
  if (path) {
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    fprintf(file, "%s\t%s\t%.9g\t%s\t%.9g\t%s\n", row, what, value, relation, limit, in);
    assert_int_equal(fclose(file), 0);
  }
  const bool holds = relation[0] == '<' ? value <= limit : value >= limit; /* never for NaN */
  if (!holds) {
    fail_msg("%s: %s is %g %s, should be %s %g", row, what, value, in, relation, limit);
  }
}

void measured_most(const char *row, const char *what, double value, double limit, const char *in)
{
  measured(row, what, value, "<=", limit, in);
}

void measured_least(const char *row, const char *what, double value, double limit, const char *in)
{
  measured(row, what, value, ">=", limit, in);
}
