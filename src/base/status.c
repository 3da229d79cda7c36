/* Statuses and traps.  SPDX-License-Identifier: MIT */
#include "base/status.h"

#include <assert.h>
#include <stdio.h>

const char *ph_status_text(PhStatus status)
{
  static const char *const texts[] = {
#define PH_STATUS(name, text) text,
#include "base/status.def"
#undef PH_STATUS
  };
  _Static_assert(PH_COUNT(texts) == PH_STATUS_COUNT, "one text per status");
  return (unsigned)status < PH_STATUS_COUNT ? texts[status] : "unknown status";
}

void ph_trap_raise(PhTrap *trap, PhStatus status, const char *fmt, ...)
{
  assert(trap && status != PH_OK);
  va_list args;
  va_start(args, fmt);
  (void)vsnprintf(trap->text, sizeof trap->text, fmt, args);
  va_end(args);
  trap->status = status;
  longjmp(trap->env, 1);
}
