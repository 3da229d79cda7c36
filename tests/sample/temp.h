/* Folders and sound files for the tests of src/sample.  SPDX-License-Identifier: MIT */
#ifndef PH_TESTS_SAMPLE_TEMP_H
#define PH_TESTS_SAMPLE_TEMP_H

#include "sample/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sndfile.h>

/* A new folder under the system's temporary one; setup and teardown of every test, in *state. */
int temp_setup(void **state);
int temp_teardown(void **state);

/* "FOLDER/name" in a buffer that the next few calls reuse. */
const char *temp_path(const char *folder, const char *name);
void temp_mkdir(const char *folder, const char *name);
void temp_write(const char *folder, const char *name, const void *bytes, size_t len);
void temp_text(const char *folder, const char *name, const char *text);
size_t temp_read(const char *folder, const char *name, void *bytes, size_t most);

/* A sound file: `frames` frames of value(frame, channel). */
typedef float TempValue(int64_t frame, int channel);
void temp_sound(const char *folder, const char *name, int format, int rate, int channels, int64_t frames,
                TempValue *value);
float temp_ramp(int64_t frame, int channel); /* exact in 16 bits; channels differ */
float temp_noise(int64_t frame, int channel);
float temp_sine(int64_t frame, int channel); /* 1 kHz at 48 kHz, 0.5 */

/* A short mono WAV whose first sample says which file it is. */
void temp_mark(const char *folder, const char *name, int mark);
int temp_mark_of(const PhSample *sample);

/* A store over folders alone, at `rate`. */
PhSampleStore *temp_store(double rate, size_t count, const char *const *folders);
PhSampleRequest temp_load(PhSampleStore *store, const char *name, int64_t n);

#endif
