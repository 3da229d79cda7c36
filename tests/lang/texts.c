/* Cases in text files.  SPDX-License-Identifier: MIT */
#include "texts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *line_end(const char *at, const char *end)
{
  const char *found = memchr(at, '\n', (size_t)(end - at));
  return found ? found + 1 : end;
}

/* The text from `at` up to a line that begins with `mark`, or to the end. */
static PhStr until(const char **at, const char *end, const char *mark)
{
  const char *begin = *at;
  while (*at < end && strncmp(*at, mark, strlen(mark)) != 0) {
    *at = line_end(*at, end);
  }
  return ph_str(begin, (size_t)(*at - begin));
}

static PhStr without_last_newline(PhStr text)
{
  return text.len && text.ptr[text.len - 1] == '\n' ? ph_str(text.ptr, text.len - 1) : text;
}

static size_t run_case(const PhTextCase *text_case, PhTextRun *run, PhText *updated)
{
  PhText out = { 0 };
  run(text_case, &out);
  ph_text_add(updated, out.ptr ? out.ptr : "", out.len);
  if (out.len && out.ptr[out.len - 1] != '\n') {
    ph_text_puts(updated, "\n");
  }
  const PhStr got = without_last_newline(ph_str(out.ptr ? out.ptr : "", out.len)),
              wanted = without_last_newline(text_case->expected);
  const bool failed = !ph_str_eq(got, wanted);
  if (failed) {
    printf("%s: %s\n--- source\n%.*s\n--- expected\n%.*s\n--- got\n%.*s\n\n", text_case->file, text_case->name,
           (int)text_case->source.len, text_case->source.ptr, (int)wanted.len, wanted.ptr, (int)got.len, got.ptr);
  }
  ph_text_deinit(&out);
  return failed;
}

size_t ph_texts_run(const char *path, bool update, PhTextRun *run, size_t *count)
{
  PhText text = { 0 }, updated = { 0 };
  *count = 0;
  if (ph_os_read_file(path, 16 << 20, &text) != PH_OK) {
    printf("%s cannot be read\n", path);
    return 1;
  }
  size_t failed = 0;
  const char *at = text.ptr ? text.ptr : "", *end = at + text.len;
  const PhStr preface = until(&at, end, "=== ");
  ph_text_add(&updated, preface.ptr, preface.len);
  while (at < end) {
    const char *after = line_end(at, end);
    char head[128];
    (void)snprintf(head, sizeof head, "%.*s", (int)(after - at - 5 > 100 ? 100 : after - at - 5), at + 4);
    ph_text_add(&updated, at, (size_t)(after - at));
    at = after;
    const PhStr source = until(&at, end, "---");
    ph_text_add(&updated, source.ptr, source.len);
    ph_text_puts(&updated, "---\n");
    at = line_end(at, end);
    const PhTextCase text_case = { .file = path,
                                   .name = head,
                                   .tidal = strstr(head, " tidal") != NULL,
                                   .source = without_last_newline(source),
                                   .expected = until(&at, end, "=== ") };
    failed += run_case(&text_case, run, &updated);
    ++*count;
  }
  if (update && failed) {
    FILE *file = fopen(path, "w");
    if (file) {
      (void)fwrite(updated.ptr, 1, updated.len, file);
      (void)fclose(file);
    }
  }
  ph_text_deinit(&text);
  ph_text_deinit(&updated);
  return failed;
}
