/* Decoding through libsndfile, resampling through soxr. Works in chunks, so that a file costs the memory of its result
   whatever its header promises.  SPDX-License-Identifier: MIT */
#include "sample/decode.h"

#include "base/os.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sndfile.h>
#include <soxr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK_FRAMES = 4096 };

/* Beyond this a value is damage, not sound (120 dB over full scale); the kernels want inputs well below 1e18. */
#define LOUDEST 1e6f

typedef struct Reader {
  SNDFILE *file;
  SF_INFO info;
  soxr_t soxr;                   /* NULL when the rates are equal */
  float *raw;                    /* [CHUNK_FRAMES * info.channels] as decoded */
  float mixed[CHUNK_FRAMES * 2]; /* interleaved, out->pcm.channels */
  float resampled[CHUNK_FRAMES * 2];
  int64_t most_frames; /* of the result */
  PhDecoded *out;
} Reader;

static PhStatus fail(PhDecoded *out, PhStatus status, const char *fmt, ...) PH_PRINTF(3, 4);

static PhStatus fail(PhDecoded *out, PhStatus status, const char *fmt, ...)
{
  va_list args;
  va_start(args, fmt);
  (void)vsnprintf(out->message, sizeof out->message, fmt, args);
  va_end(args);
  /* libsndfile ends some of its reasons with a full stop and a newline. */
  size_t len = strlen(out->message);
  while (len && (out->message[len - 1] == '\n' || out->message[len - 1] == '.')) {
    out->message[--len] = 0;
  }
  return status;
}

/* Mixes one frame of many channels to two: even ones to the left, odd ones to the right, a last one without a partner to
   both, each side divided by the number of channels on it. */
static void mix_frame(const float *in, int channels, float *out)
{
  float sum[2] = { 0, 0 };
  int n[2] = { 0, 0 };
  for (int c = 0; c < channels; c++) {
    const bool alone = c == channels - 1 && c % 2 == 0;
    sum[c % 2] += in[c];
    n[c % 2]++;
    if (alone) {
      sum[1] += in[c];
      n[1]++;
    }
  }
  out[0] = sum[0] / (float)n[0];
  out[1] = sum[1] / (float)n[1];
}

static void clean(float *values, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    const float v = values[i];
    values[i] = v >= -LOUDEST && v <= LOUDEST ? v : 0; /* NaN compares false */
  }
}

static const float *mix_down(Reader *r, size_t frames)
{
  clean(r->raw, frames * (size_t)r->info.channels);
  if (r->info.channels <= 2) {
    return r->raw;
  }
  for (size_t i = 0; i < frames; i++) {
    mix_frame(r->raw + i * (size_t)r->info.channels, r->info.channels, r->mixed + 2 * i);
  }
  return r->mixed;
}

static PhStatus append(Reader *r, const float *in, size_t frames)
{
  PhPcm *pcm = &r->out->pcm;
  if ((int64_t)frames > r->most_frames - pcm->frames) {
    return fail(r->out, PH_LIMIT, "longer than %d minutes or %d frames, the most that a sample may have",
                PH_DECODE_MAX_SEC / 60, (int)PH_DECODE_MAX_FRAMES);
  }
  if (ph_pcm_reserve(pcm, pcm->frames + (int64_t)frames) != PH_OK) {
    return fail(r->out, PH_NOMEM, "%s", ph_status_text(PH_NOMEM));
  }
  for (unsigned c = 0; c < pcm->channels; c++) {
    float *to = ph_pcm_channel(pcm, c) + pcm->frames;
    for (size_t i = 0; i < frames; i++) {
      to[i] = in[i * pcm->channels + c];
    }
  }
  pcm->frames += (int64_t)frames;
  return PH_OK;
}

/* Sends frames through the resampler; `in` NULL says that there are no more. */
static PhStatus resample(Reader *r, const float *in, size_t frames)
{
  size_t taken = 0;
  while (true) {
    size_t used = 0, made = 0;
    const float *from = in ? in + taken * r->out->pcm.channels : NULL;
    soxr_error_t error = soxr_process(r->soxr, from, frames - taken, &used, r->resampled, CHUNK_FRAMES, &made);
    if (error) {
      return fail(r->out, PH_NOMEM, "resampling failed: %s", error);
    }
    clean(r->resampled, made * r->out->pcm.channels);
    const PhStatus status = made ? append(r, r->resampled, made) : PH_OK;
    taken += used;
    const bool done = in ? taken >= frames && made < CHUNK_FRAMES : made == 0;
    if (status != PH_OK || done) {
      return status;
    }
  }
}

static PhStatus take(Reader *r, const float *frames, size_t count)
{
  return r->soxr ? resample(r, frames, count) : append(r, frames, count);
}

static PhStatus read_all(Reader *r)
{
  int64_t total = 0;
  PhStatus status = PH_OK;
  sf_count_t n = 0;
  const int64_t most = (int64_t)PH_DECODE_MAX_SEC * r->info.samplerate;
  while (status == PH_OK && (n = sf_readf_float(r->file, r->raw, CHUNK_FRAMES)) > 0) {
    total += n;
    if (total > most || total > PH_DECODE_MAX_FRAMES) {
      return fail(r->out, PH_LIMIT, "longer than %d minutes or %d frames, the most that a sample may have",
                  PH_DECODE_MAX_SEC / 60, (int)PH_DECODE_MAX_FRAMES);
    }
    status = take(r, mix_down(r, (size_t)n), (size_t)n);
  }
  if (status == PH_OK && total == 0) {
    const bool why = sf_error(r->file) != SF_ERR_NO_ERROR;
    return fail(r->out, PH_FORMAT, "%s", why ? sf_strerror(r->file) : "it holds no audio");
  }
  if (status == PH_OK && r->soxr) {
    status = resample(r, NULL, 0);
    if (status == PH_OK && r->out->pcm.frames == 0) {
      return fail(r->out, PH_FORMAT, "it is shorter than one frame of the output");
    }
  }
  if (status == PH_OK && total < r->info.frames && r->info.frames < PH_DECODE_MAX_FRAMES) {
    (void)fail(r->out, PH_OK, "it ends early: %lld of %lld frames could be read", (long long)total,
               (long long)r->info.frames);
  }
  return status;
}

static PhStatus check_info(Reader *r)
{
  const SF_INFO *info = &r->info;
  if (info->samplerate < PH_DECODE_MIN_RATE_HZ || info->samplerate > PH_DECODE_MAX_RATE_HZ) {
    return fail(r->out, PH_FORMAT, "a sample rate of %d Hz (from %d to %d can be read)", info->samplerate,
                PH_DECODE_MIN_RATE_HZ, PH_DECODE_MAX_RATE_HZ);
  }
  if (info->channels < 1 || info->channels > PH_DECODE_MAX_CHANNELS) {
    return fail(r->out, PH_FORMAT, "%d channels (from 1 to %d can be read)", info->channels, PH_DECODE_MAX_CHANNELS);
  }
  return PH_OK;
}

/* Everything between the open file and the finished frames, except freeing what it makes. */
static PhStatus run(Reader *r, double rate)
{
  const PhStatus status = check_info(r);
  if (status != PH_OK) {
    return status;
  }
  r->out->source_rate = r->info.samplerate;
  r->out->pcm.channels = r->info.channels > 1 ? 2 : 1;
  rate = rate > 0 ? rate : r->info.samplerate;
  const double most = rate * PH_DECODE_MAX_SEC;
  r->most_frames = most < PH_DECODE_MAX_FRAMES ? (int64_t)most : PH_DECODE_MAX_FRAMES;
  r->raw = malloc((size_t)CHUNK_FRAMES * (size_t)r->info.channels * sizeof(float));
  if (!r->raw) {
    return fail(r->out, PH_NOMEM, "%s", ph_status_text(PH_NOMEM));
  }
  const double source_rate = r->info.samplerate;
  if (source_rate < rate || source_rate > rate) {
    soxr_error_t error = NULL;
    const soxr_io_spec_t io = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
    const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_VHQ, 0);
    const soxr_runtime_spec_t runtime = soxr_runtime_spec(1);
    r->soxr = soxr_create(source_rate, rate, r->out->pcm.channels, &error, &io, &quality, &runtime);
    if (!r->soxr) {
      return fail(r->out, PH_NOMEM, "resampling from %d Hz failed: %s", r->info.samplerate,
                  error ? error : "no reason");
    }
  }
  if (!r->soxr && r->info.frames > 0 && r->info.frames <= (1 << 20) &&
      ph_pcm_reserve(&r->out->pcm, r->info.frames) != PH_OK) {
    return fail(r->out, PH_NOMEM, "%s", ph_status_text(PH_NOMEM));
  }
  return read_all(r);
}

/* Takes the file over. */
static PhStatus finish(Reader *r, double rate)
{
  const PhStatus status = run(r, rate);
  sf_close(r->file);
  soxr_delete(r->soxr);
  free(r->raw);
  if (status == PH_OK) {
    ph_pcm_finish(&r->out->pcm);
  } else {
    ph_pcm_deinit(&r->out->pcm);
  }
  return status;
}

/* libsndfile keeps the reason why a file could not be opened in one variable of the process, so opening and asking for the
   reason is one step. Opening reads a header; the decoding after it runs in parallel. */
static pthread_mutex_t open_lock = PTHREAD_MUTEX_INITIALIZER;

typedef struct Source {
  int fd; /* -1: the bytes */
  const unsigned char *bytes;
  sf_count_t len, at;
} Source;

static sf_count_t source_len(void *ctx) { return ((const Source *)ctx)->len; }
static sf_count_t source_tell(void *ctx) { return ((const Source *)ctx)->at; }

static sf_count_t source_seek(sf_count_t offset, int whence, void *ctx)
{
  Source *source = ctx;
  const sf_count_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? source->at : source->len;
  if (offset < -base || offset > source->len - base) {
    return -1;
  }
  return source->at = base + offset;
}

static sf_count_t source_read(void *to, sf_count_t count, void *ctx)
{
  Source *source = ctx;
  const sf_count_t left = source->len - source->at;
  const sf_count_t n = count < left ? count : left;
  if (n <= 0) {
    return 0;
  }
  memcpy(to, source->bytes + source->at, (size_t)n);
  source->at += n;
  return n;
}

static sf_count_t source_write(const void *from, sf_count_t count, void *ctx)
{
  (void)from, (void)count, (void)ctx;
  return 0;
}

static PhStatus decode(Source *source, double rate, PhDecoded *out)
{
  SF_VIRTUAL_IO io = { source_len, source_seek, source_read, source_write, source_tell };
  Reader *r = calloc(1, sizeof *r); /* 64 KiB: too much for a small thread's stack */
  if (!r) {
    return fail(out, PH_NOMEM, "%s", ph_status_text(PH_NOMEM));
  }
  r->out = out;
  pthread_mutex_lock(&open_lock);
  r->file = source->fd >= 0 ? sf_open_fd(source->fd, SFM_READ, &r->info, SF_TRUE)
                            : sf_open_virtual(&io, SFM_READ, &r->info, source);
  PhStatus status = r->file ? PH_OK : fail(out, PH_FORMAT, "%s", sf_strerror(NULL));
  pthread_mutex_unlock(&open_lock);
  if (status == PH_OK) {
    status = finish(r, rate);
  }
  free(r);
  return status;
}

PhStatus ph_decode_file(const char *path, double rate, PhDecoded *out)
{
  *out = (PhDecoded){ 0 };
  const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not block */
  if (fd < 0) {
    return fail(out, errno == ENOENT ? PH_NOTFOUND : PH_IO, "%s", strerror(errno));
  }
  struct stat st;
  if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
    close(fd);
    return fail(out, PH_IO, "not a regular file");
  }
  Source source = { .fd = fd };
  return decode(&source, rate, out);
}

PhStatus ph_decode_bytes(const void *bytes, size_t len, double rate, PhDecoded *out)
{
  *out = (PhDecoded){ 0 };
  Source source = { .fd = -1, .bytes = bytes, .len = (sf_count_t)len };
  return decode(&source, rate, out);
}
