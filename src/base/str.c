/* Strings.  SPDX-License-Identifier: MIT */
#include "base/str.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

PhStr ph_str_of(const char *text) { return ph_str(text ? text : "", text ? strlen(text) : 0); }
bool ph_str_eq(PhStr a, PhStr b) { return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0); }

bool ph_str_has_word(const char *words, PhStr word)
{
  for (const char *at = words; at && *at;) {
    const size_t len = strcspn(at, " ");
    if (ph_str_eq(ph_str(at, len), word)) {
      return true;
    }
    at += len + (at[len] == ' ');
  }
  return false;
}

void ph_text_deinit(PhText *text)
{
  free(text->ptr);
  *text = (PhText){ 0 };
}

static bool reserve(PhText *text, size_t more)
{
  if (text->len + more + 1 <= text->cap) {
    return true;
  }
  size_t cap = text->cap ? text->cap * 2 : 256;
  while (cap < text->len + more + 1) {
    cap *= 2;
  }
  char *ptr = realloc(text->ptr, cap);
  if (!ptr) {
    text->failed = true;
    return false;
  }
  text->ptr = ptr;
  text->cap = cap;
  return true;
}

void ph_text_add(PhText *text, const char *str, size_t len)
{
  if (!text->failed && reserve(text, len)) {
    if (len) {
      memcpy(text->ptr + text->len, str, len);
    }
    text->len += len;
    text->ptr[text->len] = 0;
  }
}

void ph_text_puts(PhText *text, const char *str) { ph_text_add(text, str, strlen(str)); }

void ph_text_printf(PhText *text, const char *fmt, ...)
{
  va_list args;
  va_start(args, fmt);
  const int len = vsnprintf(NULL, 0, fmt, args);
  va_end(args);
  if (len > 0 && !text->failed && reserve(text, (size_t)len)) {
    va_start(args, fmt);
    (void)vsnprintf(text->ptr + text->len, (size_t)len + 1, fmt, args);
    va_end(args);
    text->len += (size_t)len;
  }
}

/* Length of the valid UTF-8 sequence at p (1-4), 0 if there is none. */
static size_t utf8_len(const unsigned char *p, size_t left)
{
  const size_t n = p[0] < 0x80 ? 1 : (p[0] & 0xE0) == 0xC0 ? 2 : (p[0] & 0xF0) == 0xE0 ? 3 : (p[0] & 0xF8) == 0xF0 ? 4 : 0;
  if (n == 0 || n > left || p[0] == 0xC0 || p[0] == 0xC1 || p[0] > 0xF4) {
    return 0;
  }
  for (size_t i = 1; i < n; i++) {
    if ((p[i] & 0xC0) != 0x80) {
      return 0;
    }
  }
  const bool overlong = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xF0 && p[1] < 0x90);
  const bool beyond = (p[0] == 0xF4 && p[1] > 0x8F) || (p[0] == 0xED && p[1] > 0x9F);
  return overlong || beyond ? 0 : n;
}

void ph_text_json(PhText *text, const char *str, size_t len)
{
  ph_text_puts(text, "\"");
  for (size_t i = 0; i < len;) {
    const unsigned char c = (unsigned char)str[i];
    const size_t n = utf8_len((const unsigned char *)str + i, len - i);
    if (c == '"' || c == '\\') {
      ph_text_printf(text, "\\%c", c);
    } else if (c == '\n') {
      ph_text_puts(text, "\\n");
    } else if (c == '\t') {
      ph_text_puts(text, "\\t");
    } else if (c < 0x20) {
      ph_text_printf(text, "\\u%04x", c);
    } else if (n == 0) {
      ph_text_puts(text, "\\ufffd");
    } else {
      ph_text_add(text, str + i, n);
    }
    i += n ? n : 1;
  }
  ph_text_puts(text, "\"");
}

void ph_text_num(PhText *text, double value)
{
  if (!isfinite(value)) {
    ph_text_puts(text, "null");
    return;
  }
  char buf[40];
  if (fabs(value) < 1e15 && value == floor(value)) { /* whole numbers in full: 10, not 1e+01 */
    ph_text_printf(text, "%.0f", value == 0.0 ? 0.0 : value);
    return;
  }
  for (int digits = 1; digits <= 17; digits++) {
    (void)snprintf(buf, sizeof buf, "%.*g", digits, value);
    if (strtod(buf, NULL) == value) {
      break;
    }
  }
  for (char *p = buf; *p; p++) {
    *p = *p == ',' ? '.' : *p;
  }
  ph_text_puts(text, buf);
}

static unsigned min3(unsigned a, unsigned b, unsigned c) { return a < b ? (a < c ? a : c) : (b < c ? b : c); }

unsigned ph_str_distance(PhStr a, PhStr b, unsigned most)
{
  enum { MAX = 48 };
  unsigned rows[3][MAX + 1];
  const size_t diff = a.len > b.len ? a.len - b.len : b.len - a.len;
  if (a.len > MAX || b.len > MAX || diff > most) {
    return most + 1;
  }
  unsigned *before = rows[0], *prev = rows[1], *cur = rows[2];
  for (unsigned j = 0; j <= b.len; j++) {
    prev[j] = j;
  }
  for (unsigned i = 1; i <= a.len; i++) {
    cur[0] = i;
    for (unsigned j = 1; j <= b.len; j++) {
      const unsigned same = a.ptr[i - 1] == b.ptr[j - 1] ? 0 : 1;
      cur[j] = min3(prev[j] + 1, cur[j - 1] + 1, prev[j - 1] + same);
      if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1] && before[j - 2] + 1 < cur[j]) {
        cur[j] = before[j - 2] + 1;
      }
    }
    unsigned *t = before;
    before = prev;
    prev = cur;
    cur = t;
  }
  return prev[b.len] > most ? most + 1 : prev[b.len];
}
