/* What all of the public interface needs: statuses, texts, options, reading files.  SPDX-License-Identifier: MIT */
#include "app/api.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/dsp.h"

/* The public statuses are the inner ones. */
_Static_assert((int)PHONON_OK == (int)PH_OK && (int)PHONON_NOMEM == (int)PH_NOMEM && (int)PHONON_ARG == (int)PH_ARG &&
                   (int)PHONON_SYNTAX == (int)PH_SYNTAX && (int)PHONON_TYPE == (int)PH_TYPE &&
                   (int)PHONON_RANGE == (int)PH_RANGE && (int)PHONON_LIMIT == (int)PH_LIMIT &&
                   (int)PHONON_OVERFLOW == (int)PH_OVERFLOW && (int)PHONON_NOTFOUND == (int)PH_NOTFOUND &&
                   (int)PHONON_IO == (int)PH_IO && (int)PHONON_FORMAT == (int)PH_FORMAT &&
                   (int)PHONON_UNSUPPORTED == (int)PH_UNSUPPORTED && (int)PHONON_CANCELLED == (int)PH_CANCELLED,
               "phonon.h lists the statuses of status.def in the same order");
_Static_assert((int)PHONON_CANCELLED + 1 == (int)PH_STATUS_COUNT, "phonon.h has every status");

const char *phonon_status_text(PhononStatus status) { return ph_status_text((PhStatus)status); }
const char *phonon_version(void) { return PHONON_VERSION; }
void phonon_free(void *text) { free(text); }
unsigned phonon_core_count(void) { return ph_os_cores(); }

const char *phonon_isa_name(size_t index)
{
  const PhUnitSet *const *sets;
  return index < ph_unit_sets(&sets) ? sets[index]->name : NULL;
}

bool ph_api_options(void *into, size_t known_bytes, const void *options)
{
  if (!options) {
    return true;
  }
  size_t size;
  memcpy(&size, options, sizeof size);
  if (size < sizeof size || size > known_bytes) { /* more than we know: made for a newer library */
    return false;
  }
  memcpy(into, options, size);
  return true;
}

char *ph_api_take(PhText *text)
{
  ph_text_add(text, "", 0);
  if (text->failed) {
    ph_text_deinit(text);
    return NULL;
  }
  char *taken = text->ptr;
  *text = (PhText){ 0 };
  return taken;
}

PhononStatus ph_api_give(PhStatus status, PhText *text, const char *reason, char **bytes, size_t *len, PhononError *error)
{
  *len = text->len;
  *bytes = status == PH_OK ? ph_api_take(text) : NULL;
  if (!*bytes) {
    ph_text_deinit(text);
    status = status == PH_OK ? PH_NOMEM : status;
    ph_api_error(error, "%s", reason[0] ? reason : ph_status_text(status));
  }
  return (PhononStatus)status;
}

void ph_api_error(PhononError *error, const char *fmt, ...)
{
  if (error) {
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(error->text, sizeof error->text, fmt, args);
    va_end(args);
  }
}

PhononStatus phonon_read_file(const char *path, size_t most, char **text, size_t *len, PhononError *error)
{
  *text = NULL;
  *len = 0;
  ph_api_error(error, "%s", "");
  PhText content;
  errno = 0;
  const PhStatus status = ph_os_read_file(path, most, &content);
  if (status != PH_OK) {
    const int why = errno;
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    if (status == PH_LIMIT) {
      ph_api_error(error, "cannot read `%s`: it is larger than %zu bytes", name, most);
    } else {
      ph_api_error(error, "cannot read `%s`: %s", name,
                   status == PH_NOMEM || !why ? ph_status_text(status) : strerror(why));
    }
    return (PhononStatus)status;
  }
  *len = content.len;
  *text = ph_api_take(&content);
  return *text ? PHONON_OK : PHONON_NOMEM;
}
