/* The public interface: notes that were played, as mini-notation.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "app/api.h"
#include "io/record_notes.h"

PhononStatus phonon_played_text(const PhononPlayedNote *notes, size_t count, uint32_t steps, bool tidal, char **out)
{
  *out = NULL;
  PhText text = { 0 };
  PhPlayedNote *played = malloc((count + 1) * sizeof *played);
  for (size_t i = 0; played && i < count; i++) {
    played[i] = (PhPlayedNote){ notes[i].begin, notes[i].end, notes[i].key };
  }
  PhStatus status = played ? ph_record_notes(played, count, steps, tidal, &text) : PH_NOMEM;
  free(played);
  if (status == PH_OK) {
    ph_text_puts(&text, "");
    *out = ph_api_take(&text);
    status = *out ? PH_OK : PH_NOMEM;
  }
  ph_text_deinit(&text);
  return (PhononStatus)status;
}
