/* Writing sound files: WAV, FLAC, Ogg Vorbis and AIFF through libsndfile, WAV to streams by our own header. Rounding and
   dither are ours, so that the bytes do not depend on the version of a library. Dither: Lipshitz, Wannamaker & Vanderkooy
   1992, non-subtractive triangular.  SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "io/io.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* Frames that are converted at a time. libsndfile's Vorbis encoder also wants small pieces. */
enum { PIECE_FRAMES = 2048, MAX_CHANNELS = 2, STREAM_HEADER_BYTES = 44, FLOAT_HEADER_BYTES = 58 };

#define SPARE_BYTES (16u << 20) /* that may come between two calls of ph_sound_writer_sync */

struct PhSoundWriter {
  PhSoundOptions options;
  SNDFILE *snd;        /* NULL: a stream */
  int fd;
  bool is_stdout;      /* fd is not ours to close */
  char *path;          /* the place it will have; for messages the name of a stream */
  char *temporary;     /* NULL: a stream */
  bool vorbis;
  bool streams;        /* its header need not say how long it is */
  uint64_t frame;
  uint64_t clipped;
  int32_t ints[PIECE_FRAMES * MAX_CHANNELS];
  unsigned char bytes[PIECE_FRAMES * MAX_CHANNELS * 4];
};

/* ---- numbers ---------------------------------------------------------------------------------------------------- */

double ph_sound_dither(uint64_t frame, uint32_t channel)
{
  const uint64_t random = ph_mix(frame, 0xD17Eu + channel);
  const double a = (double)(random >> 32) * 0x1p-32;
  const double b = (double)(random & 0xFFFFFFFFu) * 0x1p-32;
  return a - b;
}

int32_t ph_sound_quantise(float value, unsigned bits, double dither)
{
  assert(bits == 16 || bits == 24);
  const double scale = (double)(1 << (bits - 1));
  const double rounded = floor((double)value * scale + dither + 0.5);
  if (!(rounded >= -scale)) { /* also what is not a number */
    return value < 0.0f ? (int32_t)-scale : 0;
  }
  return rounded > scale - 1.0 ? (int32_t)(scale - 1.0) : (int32_t)rounded;
}

/* As ph_sound_quantise without dither, for what is not clipped: floor by the conversion, without a call. */
static bool quantise_plain(float value, double scale, int32_t *out)
{
  const double x = (double)value * scale + 0.5;
  if (!(x > -scale && x < scale)) {
    return false;
  }
  const int32_t whole = (int32_t)x;
  *out = whole - ((double)whole > x);
  return true;
}

/* Converts `count` values to whole numbers of `bits` bits, in the low bits. */
static void quantise(PhSoundWriter *writer, const float *values, size_t count, unsigned bits)
{
  const uint32_t channels = writer->options.channels;
  const double scale = (double)(1 << (bits - 1));
  const bool dithered = writer->options.dither;
  for (size_t i = 0; i < count; i++) {
    if (dithered || !quantise_plain(values[i], scale, &writer->ints[i])) {
      const double dither = dithered ? ph_sound_dither(writer->frame + i / channels, (uint32_t)(i % channels)) : 0.0;
      writer->ints[i] = ph_sound_quantise(values[i], bits, dither);
    }
    writer->clipped += values[i] > 1.0f || values[i] < -1.0f;
  }
}

/* ---- streams ---------------------------------------------------------------------------------------------------- */

static unsigned bits_of(PhSoundBits bits) { return bits == PH_SOUND_16 ? 16 : bits == PH_SOUND_24 ? 24 : 32; }

static void put_le(unsigned char **at, uint32_t value, unsigned bytes)
{
  for (unsigned i = 0; i < bytes; i++) {
    *(*at)++ = (unsigned char)(value >> (8 * i));
  }
}

static void put_tag(unsigned char **at, const char *tag)
{
  memcpy(*at, tag, 4);
  *at += 4;
}

/* The header of a WAV whose length is known, or is said to be endless (as players take a length of all ones). */
static PhStatus write_stream_header(PhSoundWriter *writer, char *error)
{
  const PhSoundOptions *o = &writer->options;
  const bool is_float = o->bits == PH_SOUND_FLOAT;
  const uint32_t header_bytes = is_float ? FLOAT_HEADER_BYTES : STREAM_HEADER_BYTES;
  const uint32_t frame_bytes = o->channels * bits_of(o->bits) / 8;
  const uint64_t most = UINT32_MAX - header_bytes;
  const bool known = o->frames >= 0 && (uint64_t)o->frames <= most / frame_bytes;
  const uint32_t data_bytes = known ? (uint32_t)o->frames * frame_bytes : UINT32_MAX;
  const uint32_t rate = (uint32_t)o->sample_rate;
  unsigned char header[FLOAT_HEADER_BYTES];
  unsigned char *at = header;
  put_tag(&at, "RIFF");
  put_le(&at, known ? data_bytes + (data_bytes & 1u) + header_bytes - 8 : UINT32_MAX, 4);
  put_tag(&at, "WAVE");
  put_tag(&at, "fmt ");
  put_le(&at, is_float ? 18 : 16, 4);
  put_le(&at, is_float ? 3 : 1, 2);
  put_le(&at, o->channels, 2);
  put_le(&at, rate, 4);
  put_le(&at, rate * frame_bytes, 4);
  put_le(&at, frame_bytes, 2);
  put_le(&at, bits_of(o->bits), 2);
  if (is_float) {
    put_le(&at, 0, 2);
    put_tag(&at, "fact");
    put_le(&at, 4, 4);
    put_le(&at, known ? (uint32_t)o->frames : UINT32_MAX, 4);
  }
  put_tag(&at, "data");
  put_le(&at, data_bytes, 4);
  assert((uint32_t)(at - header) == header_bytes);
  return ph_io_write_bytes(writer->fd, writer->path, header, header_bytes, error);
}

static PhStatus write_stream_piece(PhSoundWriter *writer, const float *frames, size_t count, char *error)
{
  const size_t values = count * writer->options.channels;
  unsigned char *at = writer->bytes;
  if (writer->options.bits == PH_SOUND_FLOAT) {
    for (size_t i = 0; i < values; i++) {
      uint32_t word;
      memcpy(&word, &frames[i], sizeof word);
      put_le(&at, word, 4);
    }
  } else {
    const unsigned bits = bits_of(writer->options.bits);
    quantise(writer, frames, values, bits);
    for (size_t i = 0; i < values; i++) {
      put_le(&at, (uint32_t)writer->ints[i], bits / 8);
    }
  }
  return ph_io_write_bytes(writer->fd, writer->path, writer->bytes, (size_t)(at - writer->bytes), error);
}

/* ---- files ------------------------------------------------------------------------------------------------------ */

typedef struct Format {
  const char *ending;
  int major;
  int subtypes[3]; /* by PhSoundBits; 0: this format cannot */
} Format;

static const Format formats[] = {
  { ".wav", SF_FORMAT_WAV, { SF_FORMAT_PCM_24, SF_FORMAT_PCM_16, SF_FORMAT_FLOAT } },
  { ".flac", SF_FORMAT_FLAC, { SF_FORMAT_PCM_24, SF_FORMAT_PCM_16, 0 } },
  { ".ogg", SF_FORMAT_OGG, { SF_FORMAT_VORBIS, SF_FORMAT_VORBIS, SF_FORMAT_VORBIS } },
  { ".aiff", SF_FORMAT_AIFF, { SF_FORMAT_PCM_24, SF_FORMAT_PCM_16, SF_FORMAT_FLOAT } },
  { ".aif", SF_FORMAT_AIFF, { SF_FORMAT_PCM_24, SF_FORMAT_PCM_16, SF_FORMAT_FLOAT } },
};

static const Format *find_format(const char *path)
{
  const size_t len = strlen(path);
  for (size_t i = 0; i < PH_COUNT(formats); i++) {
    const size_t n = strlen(formats[i].ending);
    if (len > n && strcasecmp(path + len - n, formats[i].ending) == 0) {
      return &formats[i];
    }
  }
  return NULL;
}

static PhStatus open_file(PhSoundWriter *writer, const Format *format, char *error)
{
  const PhSoundOptions *o = &writer->options;
  if (!format->subtypes[o->bits]) {
    (void)snprintf(error, PH_IO_ERROR_BYTES, "cannot write `%s`: %s files hold 16 or 24 bits, not float", writer->path,
                   format->ending + 1);
    return PH_ARG;
  }
  PhStatus status = PH_OK;
  if (!o->in_place) {
    status = ph_io_create_beside(writer->path, &writer->temporary, &writer->fd, error);
  } else {
    writer->fd = open(writer->path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
    status = writer->fd < 0 ? ph_io_fail(error, PH_IO, writer->path, strerror(errno)) : PH_OK;
  }
  if (status != PH_OK) {
    return status;
  }
  const uint64_t data_bytes = o->frames > 0 ? (uint64_t)o->frames * o->channels * bits_of(o->bits) / 8 : 0;
  const bool huge = format->major == SF_FORMAT_WAV && data_bytes > UINT32_MAX - 4096u;
  SF_INFO info = { .samplerate = (int)o->sample_rate, .channels = (int)o->channels };
  info.format = (huge ? SF_FORMAT_RF64 : format->major) | format->subtypes[o->bits];
  writer->vorbis = format->subtypes[o->bits] == SF_FORMAT_VORBIS;
  writer->streams = format->major == SF_FORMAT_FLAC || format->major == SF_FORMAT_OGG;
  writer->snd = sf_open_fd(writer->fd, SFM_WRITE, &info, SF_FALSE);
  if (!writer->snd) {
    return ph_io_fail(error, PH_IO, writer->path, sf_strerror(NULL));
  }
  /* The PEAK chunk carries the time of day: without it the same frames are the same bytes. */
  (void)sf_command(writer->snd, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE);
  double quality = 0.7;
  (void)sf_command(writer->snd, SFC_SET_VBR_ENCODING_QUALITY, &quality, sizeof quality);
  return PH_OK;
}

static PhStatus write_file_piece(PhSoundWriter *writer, const float *frames, size_t count, char *error)
{
  errno = 0;
  sf_count_t done;
  if (writer->options.bits == PH_SOUND_FLOAT || writer->vorbis) {
    done = sf_writef_float(writer->snd, frames, (sf_count_t)count);
  } else {
    const unsigned bits = bits_of(writer->options.bits);
    const size_t values = count * writer->options.channels;
    quantise(writer, frames, values, bits);
    for (size_t i = 0; i < values; i++) { /* libsndfile takes the upper bits */
      writer->ints[i] = (int32_t)((uint32_t)writer->ints[i] << (32 - bits));
    }
    done = sf_writef_int(writer->snd, writer->ints, (sf_count_t)count);
  }
  if (done != (sf_count_t)count) {
    return ph_io_fail(error, PH_IO, writer->path, errno ? strerror(errno) : sf_strerror(writer->snd));
  }
  return PH_OK;
}

/* ---- the writer ------------------------------------------------------------------------------------------------- */

static void free_writer(PhSoundWriter *writer)
{
  if (writer->snd) {
    (void)sf_close(writer->snd);
  }
  if (writer->fd >= 0 && !writer->is_stdout) {
    (void)close(writer->fd);
  }
  if (writer->temporary) {
    (void)unlink(writer->temporary);
  }
  free(writer->temporary);
  free(writer->path);
  free(writer);
}

static PhStatus open_stream(PhSoundWriter *writer, char *error)
{
  writer->is_stdout = strcmp(writer->path, "-") == 0;
  writer->fd = writer->is_stdout ? STDOUT_FILENO : open(writer->path, O_WRONLY | O_CLOEXEC);
  if (writer->fd < 0) {
    return ph_io_fail(error, PH_IO, writer->path, strerror(errno));
  }
  return write_stream_header(writer, error);
}

static PhStatus open_any(PhSoundWriter *writer, char *error)
{
  struct stat st;
  const bool exists = stat(writer->path, &st) == 0;
  if (strcmp(writer->path, "-") == 0 || (exists && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))) {
    return open_stream(writer, error);
  }
  if (exists && S_ISDIR(st.st_mode)) {
    return ph_io_fail(error, PH_IO, writer->path, strerror(EISDIR));
  }
  const Format *format = find_format(writer->path);
  if (!format) {
    return ph_io_fail(error, PH_ARG, writer->path, "the name must end in .wav, .flac, .ogg, .aiff or .aif (or be `-`)");
  }
  if (exists && access(writer->path, W_OK) != 0) {
    return ph_io_fail(error, PH_IO, writer->path, strerror(errno));
  }
  return open_file(writer, format, error);
}

PhStatus ph_sound_writer_open(const char *path, const PhSoundOptions *options, PhSoundWriter **out, char *error)
{
  assert(options->channels == 1 || options->channels == 2);
  *out = NULL;
  error[0] = 0;
  PhSoundWriter *writer = calloc(1, sizeof *writer);
  if (writer) {
    writer->fd = -1;
    writer->path = strcmp(path, "-") == 0 ? strdup(path) : ph_io_resolve(path);
  }
  if (!writer || !writer->path) {
    free(writer);
    return ph_io_fail(error, PH_NOMEM, path, ph_status_text(PH_NOMEM));
  }
  writer->options = *options;
  const PhStatus status = open_any(writer, error);
  if (status != PH_OK) {
    free_writer(writer);
    return status;
  }
  *out = writer;
  return PH_OK;
}

PhStatus ph_sound_writer_write(PhSoundWriter *writer, const float *frames, size_t count, char *error)
{
  error[0] = 0;
  while (count > 0) {
    const size_t piece = count < PIECE_FRAMES ? count : PIECE_FRAMES;
    const PhStatus status =
        writer->snd ? write_file_piece(writer, frames, piece, error) : write_stream_piece(writer, frames, piece, error);
    if (status != PH_OK) {
      return status;
    }
    writer->frame += piece;
    frames += piece * writer->options.channels;
    count -= piece;
  }
  return PH_OK;
}

PhStatus ph_sound_writer_sync(PhSoundWriter *writer, char *error)
{
  error[0] = 0;
  if (!writer->snd) {
    return PH_OK;
  }
  const uint64_t frame_bytes = writer->options.channels * bits_of(writer->options.bits) / 8;
  if (!writer->streams && writer->frame * frame_bytes > UINT32_MAX - SPARE_BYTES) {
    return ph_io_fail(error, PH_LIMIT, writer->path, "this kind of file ends at 4 GiB; a .flac does not");
  }
  if (!writer->streams) {
    (void)sf_command(writer->snd, SFC_UPDATE_HEADER_NOW, NULL, 0);
  }
  return PH_OK;
}

PhStatus ph_sound_writer_finish(PhSoundWriter *writer, char *error)
{
  error[0] = 0;
  PhStatus status = PH_OK;
  errno = 0;
  if (writer->snd) {
    const int closed = sf_close(writer->snd);
    writer->snd = NULL;
    if (closed != 0) {
      status = ph_io_fail(error, PH_IO, writer->path, errno ? strerror(errno) : sf_error_number(closed));
    }
  }
  if (!writer->is_stdout) {
    const int closed = close(writer->fd);
    writer->fd = -1;
    if (status == PH_OK && closed != 0) {
      status = ph_io_fail(error, PH_IO, writer->path, strerror(errno));
    }
  }
  if (status == PH_OK && writer->temporary) {
    if (rename(writer->temporary, writer->path) == 0) {
      free(writer->temporary);
      writer->temporary = NULL;
    } else {
      status = ph_io_fail(error, PH_IO, writer->path, strerror(errno));
    }
  }
  free_writer(writer);
  return status;
}

void ph_sound_writer_discard(PhSoundWriter *writer)
{
  if (writer) {
    free_writer(writer);
  }
}

uint64_t ph_sound_writer_clipped(const PhSoundWriter *writer) { return writer->clipped; }
