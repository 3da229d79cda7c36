/* What a signal is doing, as a signal: levels, beginnings, crossings of zero. Left and right are looked at by themselves.
   SPDX-License-Identifier: MIT */
#include "dsp/line.h"
#include "dsp/smooth.h"

/* ---- mean square of a sliding window ----
   The squares are in a line; a running sum in two floats takes the new one and gives back the oldest. So that no rounding stays, a
   second sum begins anew with every window and takes the running one's place when it is as long. The window's length follows
   its parameter by a frame per frame, so it may move. */

enum {
  WINDOW_AGE,
  WINDOW_LENGTH,
  WINDOW_SUM,
  WINDOW_REST,
  WINDOW_NEXT,
  WINDOW_NEXT_REST,
  WINDOW_NEXT_LENGTH,
  WINDOW_STATES
};

typedef struct Window {
  PhVu age;
  PhV length, sum, rest, next, next_rest, next_length;
} Window;

PH_INLINE Window window_load(const PhIo *io, uint32_t g)
{
  return (Window){ ph_state_u(io, WINDOW_AGE, g),      ph_state(io, WINDOW_LENGTH, g),
                   ph_state(io, WINDOW_SUM, g),        ph_state(io, WINDOW_REST, g),
                   ph_state(io, WINDOW_NEXT, g),       ph_state(io, WINDOW_NEXT_REST, g),
                   ph_state(io, WINDOW_NEXT_LENGTH, g) };
}

PH_INLINE void window_save(const PhIo *io, uint32_t g, const Window *w)
{
  ph_state_set_u(io, WINDOW_AGE, g, w->age);
  ph_state_set(io, WINDOW_LENGTH, g, w->length);
  ph_state_set(io, WINDOW_SUM, g, w->sum);
  ph_state_set(io, WINDOW_REST, g, w->rest);
  ph_state_set(io, WINDOW_NEXT, g, w->next);
  ph_state_set(io, WINDOW_NEXT_REST, g, w->next_rest);
  ph_state_set(io, WINDOW_NEXT_LENGTH, g, w->next_length);
}

PH_INLINE void add_to(PhV *sum, PhV *rest, PhV x)
{
  const PhV t = *sum + x, moved = t - *sum;
  *rest += (*sum - (t - moved)) + (x - moved);
  *sum = t;
}

/* The mean square with x as the newest of `sec` seconds. */
PH_INLINE PhV window_step(const PhIo *io, const PhLine *line, Window *w, PhV x, PhV sec)
{
  const PhV one = ph_splat(1.0f), zero = ph_splat(0.0f);
  const PhV wanted = ph_clamp(ph_floor(sec * io->sample_rate + 0.5f), 1.0f, (float)(io->line_frames - 2));
  const PhV size = ph_min(ph_flush(ph_abs(x)), ph_splat(1e15f)), square = size * size;
  const PhV before = ph_select((PhVi)(w->age == 0), wanted, w->length);
  PhV length = before + 1.0f;
  add_to(&w->sum, &w->rest, square);
  add_to(&w->next, &w->next_rest, square);
  for (uint32_t i = 0; i < 2; i++) {
    const PhVi over = length > wanted;
    if (ph_any(over)) {
      add_to(&w->sum, &w->rest, ph_keep(over, -ph_tap(line, w->age, (PhVu)ph_to_int(ph_max(length - 1.0f, one)))));
    }
    length -= ph_keep(over, one);
  }
  ph_line_write(line, w->age, square);
  const PhVi steady = length == before;
  w->length = length;
  w->next_length = ph_keep(steady, w->next_length + 1.0f);
  w->next = ph_keep(steady, w->next);
  w->next_rest = ph_keep(steady, w->next_rest);
  const PhVi whole = steady & (w->next_length >= length);
  w->sum = ph_select(whole, w->next, w->sum);
  w->rest = ph_select(whole, w->next_rest, w->rest);
  w->next = ph_keep(~whole, w->next);
  w->next_rest = ph_keep(~whole, w->next_rest);
  w->next_length = ph_keep(~whole, w->next_length);
  w->age += 1;
  return ph_flush(ph_max(w->sum + w->rest, zero) / length);
}

static size_t window_frames(const PhUnitSetup *setup, uint32_t input)
{
  return (size_t)(setup->most[input] * setup->sample_rate) + 8;
}
static size_t rms_line(const PhUnitSetup *setup) { return window_frames(setup, 1); }
static size_t amp_line(const PhUnitSetup *setup) { return window_frames(setup, 3); }

/* in, win. */
static void rms(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    PhCursor in = ph_cursor(io, 0, g), win = ph_cursor(io, 1, g);
    Window w = window_load(io, g);
    PH_FRAMES(io, g, out)
    {
      const PhV x = ph_next(&in);
      ph_store(out, ph_sqrt(window_step(io, &line, &w, x, ph_next(&win))));
    }
    window_save(io, g, &w);
  }
}

/* ---- followers: one pole up, another one down ---- */

PH_INLINE PhV follow(PhV up, PhV down, PhV x, PhV *y, PhV *rest)
{
  return ph_approach(ph_select(x > *y, up, down), x, y, rest);
}

/* in, attack, release. */
static void peak_follower(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhCursor in = ph_cursor(io, 0, g), attack = ph_cursor(io, 1, g), release = ph_cursor(io, 2, g);
    PhV y = ph_state(io, 0, g), rest = ph_state(io, 1, g);
    PhV up = ph_pace(io, ph_peek(&attack), 1.0f), down = ph_pace(io, ph_peek(&release), 1.0f);
    PH_FRAMES(io, g, out)
    {
      if (io->step[1] | io->step[2]) {
        up = ph_pace(io, ph_next(&attack), 1.0f);
        down = ph_pace(io, ph_next(&release), 1.0f);
      }
      ph_store(out, follow(up, down, ph_abs(ph_next(&in)), &y, &rest));
    }
    ph_state_set(io, 0, g, y);
    ph_state_set(io, 1, g, rest);
  }
}

/* in, attack, release, win. */
static void amp_follower(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    PhCursor in = ph_cursor(io, 0, g), attack = ph_cursor(io, 1, g), release = ph_cursor(io, 2, g),
             win = ph_cursor(io, 3, g);
    Window w = window_load(io, g);
    PhV y = ph_state(io, WINDOW_STATES, g), rest = ph_state(io, WINDOW_STATES + 1, g);
    PhV up = ph_pace(io, ph_peek(&attack), 1.0f), down = ph_pace(io, ph_peek(&release), 1.0f);
    PH_FRAMES(io, g, out)
    {
      if (io->step[1] | io->step[2]) {
        up = ph_pace(io, ph_next(&attack), 1.0f);
        down = ph_pace(io, ph_next(&release), 1.0f);
      }
      const PhV x = ph_next(&in), level = ph_sqrt(window_step(io, &line, &w, x, ph_next(&win)));
      ph_store(out, follow(up, down, level, &y, &rest));
    }
    window_save(io, g, &w);
    ph_state_set(io, WINDOW_STATES, g, y);
    ph_state_set(io, WINDOW_STATES + 1, g, rest);
  }
}

/* Until a follower has fallen by 100 dB. */
static double rms_tail(const PhUnitSetup *setup) { return 2 * setup->most[1]; }
static double peak_tail(const PhUnitSetup *setup) { return 11.5 * setup->most[2]; }
static double amp_tail(const PhUnitSetup *setup) { return 11.5 * setup->most[2] + 2 * setup->most[3]; }

/* ---- onsets: a level that rises above what it was ----
   `fast` is a peak that falls by a neper in 20 ms, so that it bridges half a period of 40 Hz; `slow` follows it. An onset is
   where fast passes slow by the threshold. While it is held, slow goes 86 % of the way to fast: what goes on is no onset again,
   and after a click slow is low for the next one. */

#define ONSET_FAST_SEC 0.02f
#define ONSET_SLOW_SEC 0.06f

enum { ONSET_FAST, ONSET_SLOW, ONSET_HELD, ONSET_STATES };

/* in, threshold, hold, floor. */
static void onset(const PhIo *io)
{
  const PhV fall = 1.0f - ph_pace(io, ph_splat(ONSET_FAST_SEC), 1.0f),
            track = ph_pace(io, ph_splat(ONSET_SLOW_SEC), 1.0f);
  PH_GROUPS(io, g)
  {
    PhCursor in = ph_cursor(io, 0, g), threshold = ph_cursor(io, 1, g), hold = ph_cursor(io, 2, g),
             floor_db = ph_cursor(io, 3, g);
    PhV fast = ph_state(io, ONSET_FAST, g), slow = ph_state(io, ONSET_SLOW, g), held = ph_state(io, ONSET_HELD, g);
    PhV ratio = ph_db_ratio(ph_peek(&threshold)), least = ph_db_ratio(ph_peek(&floor_db));
    PhV catch_up = ph_pace(io, ph_peek(&hold), 2.0f);
    PH_FRAMES(io, g, out)
    {
      if (io->step[1] | io->step[3]) {
        ratio = ph_db_ratio(ph_next(&threshold));
        least = ph_db_ratio(ph_next(&floor_db));
      }
      const PhV sec = ph_next(&hold), frames = sec * io->sample_rate;
      if (io->step[2]) {
        catch_up = ph_pace(io, sec, 2.0f);
      }
      fast = ph_flush(ph_max(fast * fall, ph_abs(ph_next(&in))));
      held = ph_max(held - 1.0f, ph_splat(0.0f));
      const PhVi now = (held <= 0.0f) & (fast >= least) & (fast > slow * ratio);
      held = ph_select(now, ph_max(frames, ph_splat(1.0f)), held);
      slow = ph_flush(slow + ph_select(held > 0.0f, catch_up, track) * (fast - slow));
      ph_store(out, ph_keep(now, ph_splat(1.0f)));
    }
    ph_state_set(io, ONSET_FAST, g, fast);
    ph_state_set(io, ONSET_SLOW, g, slow);
    ph_state_set(io, ONSET_HELD, g, held);
  }
}

/* ---- crossings of zero ---- */

#define CROSSING_LONGEST_SEC 0.1f

enum { CROSSING_LAST, CROSSING_COUNT, CROSSING_PART, CROSSING_HZ, CROSSING_STATES };

/* The frequency from the time between the last two upward crossings, each placed between its frames by a straight line. `count`
   is how many frames ago the frame after the last crossing was (0: there was none), `part` how far before that frame it was. */
static void zero_crossing(const PhIo *io)
{
  const float longest = CROSSING_LONGEST_SEC * io->sample_rate;
  PH_GROUPS(io, g)
  {
    PhCursor in = ph_cursor(io, 0, g);
    PhV last = ph_state(io, CROSSING_LAST, g), count = ph_state(io, CROSSING_COUNT, g),
        part = ph_state(io, CROSSING_PART, g), hz = ph_state(io, CROSSING_HZ, g);
    PH_FRAMES(io, g, out)
    {
      const PhV x = ph_next(&in);
      const PhVi up = (last < 0.0f) & (x >= 0.0f), known = count > 0.0f;
      const PhV here = x / ph_select(up, x - last, ph_splat(1.0f));
      const PhV frames = count + part - here;
      hz = ph_select(up & known, io->sample_rate / ph_max(frames, ph_splat(1.0f)), hz);
      part = ph_select(up, here, part);
      count = ph_select(up, ph_splat(1.0f), ph_keep(known, count + 1.0f));
      const PhVi lost = count > longest;
      count = ph_keep(~lost, count);
      hz = ph_keep(~lost, hz);
      last = x;
      ph_store(out, hz);
    }
    ph_state_set(io, CROSSING_LAST, g, last);
    ph_state_set(io, CROSSING_COUNT, g, count);
    ph_state_set(io, CROSSING_PART, g, part);
    ph_state_set(io, CROSSING_HZ, g, hz);
  }
}

static double crossing_tail(const PhUnitSetup *setup)
{
  (void)setup;
  return (double)CROSSING_LONGEST_SEC;
}

/* ---- taps: the graph leads their inputs out of the engine (graph/lower.c), the kernel is for those who run it alone ---- */

PH_MAP1(tap, x)

/* ---- rows ------------------------------------------------------------------------------------------------------ */

#define WIN(d) PH_P("win", "sig", d, 0.0001, 5, "s", PH_SCALE_LOG, "length of the window")
#define TIME(name_, d, doc_) PH_P(name_, "sig", d, 0, 60, "s", PH_SCALE_LOG, doc_)
#define ATTACK(d) TIME("attack", d, "after this 63 % of a rise is done")
#define RELEASE(d) TIME("release", d, "after this 63 % of a fall is done")

static const PhParam rms_params[] = { PH_P_IN, WIN(0.05) };
static const PhParam peak_params[] = { PH_P_IN, ATTACK(0.005), RELEASE(0.1) };
static const PhParam amp_params[] = { PH_P_IN, ATTACK(0.01), RELEASE(0.1), WIN(0.02) };
static const PhParam onset_params[] = {
  PH_P_IN,
  PH_P("threshold", "sig", 6, 0.5, 60, "dB", PH_SCALE_LIN, "how far the level must rise"),
  PH_P("hold", "sig", 0.05, 0, 10, "s", PH_SCALE_LOG, "no other onset within this time"),
  PH_P("floor", "sig", -60, -140, 0, "dB", PH_SCALE_LIN, "what is quieter is no onset"),
};
static const PhParam in_params[] = { PH_P_IN };
static const PhParam tap_params[] = {
  PH_P_IN,
  { "file", "text", 0, 0, 0, "", PH_PARAM_REQUIRED, PH_SCALE_LIN,
    "path, from the folder of the text; its ending says the format: .wav .flac .ogg .aiff" },
  PH_P("dur", "!num", 0, 0, 604800, "s", PH_SCALE_LIN, "how much of it is recorded; 0: all"),
};
static const PhParam scope_params[] = {
  PH_P_IN,
  { "name", "text", 0, 0, 0, "", PH_PARAM_REQUIRED, PH_SCALE_LIN, "what it is called where it is shown" },
};

#define A(name_, aliases_, doc_, example_, params_, ...)                                                               \
  PH_ROW(name_, aliases_, "analysis", doc_, example_, params_, .flags = PH_UNIT_PROCESSOR, __VA_ARGS__)

static const PhUnit units[] = {
  A("rms", "", "Root of the mean square over a sliding window: the level of the signal.",
    "noise * rms (s \"bd*4\") 0.1", rms_params, .process = rms, .state_floats = WINDOW_STATES, .line_frames = rms_line,
    .tail_sec = rms_tail),
  A("peak_follower", "", "Follows the peaks of the signal: rises by the attack, falls by the release.",
    "saw 110 # lpf (peak_follower (s \"bd*4\") * 3000 + 100)", peak_params, .process = peak_follower, .state_floats = 2,
    .tail_sec = peak_tail),
  A("amp_follower", "",
    "Follows the level (root mean square over a window) of the signal: rises by the attack, falls by the release.",
    "noise * amp_follower (s \"bd*4\") 0.01 0.2", amp_params, .process = amp_follower,
    .state_floats = WINDOW_STATES + 2, .line_frames = amp_line, .tail_sec = amp_tail),
  A("onset", "transient", "1 for one frame where something begins: where the level rises by decibels.",
    "saw 220 * tar (onset (s \"bd*4\")) 0.01 0.2", onset_params, .process = onset, .state_floats = ONSET_STATES),
  A("zero_crossing", "", "The frequency in Hz at which the signal crosses zero upwards; 0 if it has not for 0.1 s.",
    "sine (zero_crossing (saw 110))", in_params, .process = zero_crossing, .state_floats = CROSSING_STATES,
    .tail_sec = crossing_tail),
  PH_ROW("tap", "probe", "analysis",
         "Records the signal to a file while it is rendered, before gain and fades, and passes it through.",
         "saw 110 # tap \"saw.wav\" 2 # lpf 800", tap_params, .process = tap,
         .flags = PH_UNIT_PROCESSOR | PH_UNIT_PURE | PH_UNIT_TAP),
  PH_ROW("scope", "", "analysis", "Shows the signal to whoever listens to the engine, and passes it through.",
         "saw 110 # scope \"saw\" # lpf 800", scope_params, .process = tap,
         .flags = PH_UNIT_PROCESSOR | PH_UNIT_PURE | PH_UNIT_TAP),
};

PH_EXPORT_TABLE(analysis);
