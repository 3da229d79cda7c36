/* The public interface as a program uses it: what phonon.h promises.  SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "phonon/phonon.h"

enum { FRAMES = 22050 };

static const char piece[] = "o1: s \"bd(3,8)\" # n 1\no2: saw \"55 82.4\" # lpf 800 # ar 0.01 0.2 * 0.3\n";

static PhononProgram *compile(const char *text)
{
  PhononProgram *program = NULL;
  assert_int_equal(phonon_program_new(text, strlen(text), NULL, &program), PHONON_OK);
  assert_non_null(program);
  return program;
}

static PhononEngine *start(const PhononProgram *program, const PhononEngineOptions *options)
{
  PhononEngine *engine = NULL;
  assert_int_equal(phonon_engine_new(program, options, &engine), PHONON_OK);
  return engine;
}

/* ---- programs ---------------------------------------------------------------------------------------------------- */

/* The first diagnostic of a text whose recording cannot be had: at the argument. */
static void expect_no_recording(const char *text, uint32_t column, uint32_t end_column, const char *message)
{
  PhononProgram *program = NULL;
  assert_int_equal(phonon_program_new(text, strlen(text), NULL, &program), PHONON_SYNTAX);
  PhononDiagnostic d;
  assert_true(phonon_program_diagnostic(program, 0, &d));
  assert_int_equal(d.line, 1);
  assert_int_equal(d.column, column);
  assert_int_equal(d.end_column, end_column);
  assert_non_null(strstr(d.message, message));
  phonon_program_free(program);
}

/* A WAV file of two frames, 0.5 and -0.5, at 44100 Hz. */
static void write_wav(const char *path)
{
  static const unsigned char wav[] = { 'R', 'I', 'F', 'F', 40,  0,   0,   0,   'W', 'A', 'V', 'E', 'f', 'm', 't', ' ',
                                       16,  0,   0,   0,   1,   0,   1,   0,   68,  172, 0,   0,   136, 88,  1,   0,
                                       2,   0,   16,  0,   'd', 'a', 't', 'a', 4,   0,   0,   0,   0,   64,  0,   192 };
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(wav, 1, sizeof wav, file), sizeof wav);
  fclose(file);
}

static void test_units_get_recordings(void **state)
{
  (void)state;
  expect_no_recording("o1: sample \"808bt:3\"\n", 12, 21, "\"808bd\"");
  expect_no_recording("o1: sample \"nowhere/bd.wav\" (phasor 1)\n", 12, 28, "No such file");
  char folder[] = "/tmp/phonon-api-XXXXXX";
  assert_non_null(mkdtemp(folder));
  char path[64];
  (void)snprintf(path, sizeof path, "%s/two.wav", folder);
  write_wav(path);
  PhononProgramOptions options = PHONON_PROGRAM_DEFAULTS;
  PhononSamplesOptions store = PHONON_SAMPLES_DEFAULTS;
  options.dir = folder;
  assert_int_equal(phonon_samples_new(&store, &options.samples), PHONON_OK);
  static const char text[] = "o1: sample \"two.wav\" + 0 * sample \"bd:1\"\n";
  PhononProgram *program = NULL;
  assert_int_equal(phonon_program_new(text, strlen(text), &options, &program), PHONON_OK);
  PhononEngine *engine = start(program, NULL); /* with the program's samples */
  float out[2 * 4];
  assert_int_equal(phonon_engine_render(engine, 4, out, NULL), PHONON_OK);
  assert_true(out[0] == 0.5f && out[1] == 0.5f && out[2] == -0.5f && out[4] == 0);
  phonon_engine_free(engine);
  phonon_program_free(program);
  options.sample_rate = 48000;
  assert_int_equal(phonon_program_new(text, strlen(text), &options, &program), PHONON_ARG);
  phonon_samples_free(options.samples);
  unlink(path);
  rmdir(folder);
}

static void test_errors_are_diagnostics(void **state)
{
  (void)state;
  const char text[] = "o1: s \"bd\"\no2: saw 110 # lfp 800\n";
  PhononProgram *program = NULL;
  assert_int_equal(phonon_program_new(text, strlen(text), NULL, &program), PHONON_SYNTAX);
  assert_non_null(program);
  assert_int_equal(phonon_program_error_count(program), 1);
  PhononDiagnostic d;
  assert_true(phonon_program_diagnostic(program, 0, &d));
  assert_int_equal(d.severity, PHONON_ERROR);
  assert_int_equal(d.line, 2);
  assert_int_equal(d.column, 15);
  assert_int_equal(d.end_column, 18);
  assert_non_null(strstr(d.help, "lpf"));
  assert_false(phonon_program_diagnostic(program, phonon_program_diagnostic_count(program), &d));
  assert_true(phonon_program_diagnostic(program, 0, &d));
  char *all = phonon_program_diagnostics_text(program, false);
  char *one = phonon_program_diagnostic_text(program, &d, false);
  assert_string_equal(all, one);
  assert_non_null(strstr(all, "^^^"));
  phonon_free(all);
  phonon_free(one);
  PhononEngine *engine = NULL;
  assert_int_equal(phonon_engine_new(program, NULL, &engine), PHONON_SYNTAX);
  assert_null(engine);
  assert_null(phonon_program_graph(program, PHONON_GRAPH_TEXT));
  phonon_program_free(program);
}

static void test_arguments_are_checked(void **state)
{
  (void)state;
  PhononProgram *program = NULL;
  PhononProgramOptions options = PHONON_PROGRAM_DEFAULTS;
  options.sample_rate = 1;
  assert_int_equal(phonon_program_new("out: 0", 6, &options, &program), PHONON_ARG);
  assert_null(program);
  options = (PhononProgramOptions)PHONON_PROGRAM_DEFAULTS;
  options.size += 8; /* made for a newer library */
  assert_int_equal(phonon_program_new("out: 0", 6, &options, &program), PHONON_ARG);
  assert_int_equal(phonon_program_new("out: 0", PHONON_TEXT_MAX + 1, NULL, &program), PHONON_LIMIT);
  program = compile(piece);
  PhononEngine *engine = NULL;
  PhononEngineOptions engine_options = PHONON_ENGINE_DEFAULTS;
  engine_options.block_frames = 0;
  assert_int_equal(phonon_engine_new(program, &engine_options, &engine), PHONON_ARG);
  engine_options.block_frames = PHONON_BLOCK_MAX + 1;
  assert_int_equal(phonon_engine_new(program, &engine_options, &engine), PHONON_ARG);
  engine_options.block_frames = 512;
  engine_options.isa = "z80";
  assert_int_equal(phonon_engine_new(program, &engine_options, &engine), PHONON_UNSUPPORTED);
  assert_null(engine);
  phonon_program_free(program);
  phonon_program_free(NULL);
  phonon_engine_free(NULL);
  phonon_events_free(NULL);
  phonon_samples_free(NULL);
  phonon_registry_free(NULL);
  phonon_file_discard(NULL);
}

/* A program that was built when the options ended after `seed`. */
static void test_old_options_are_understood(void **state)
{
  (void)state;
  PhononProgramOptions options = PHONON_PROGRAM_DEFAULTS;
  options.size = offsetof(PhononProgramOptions, seed_given);
  options.name = "old.ph";
  options.expression = true; /* beyond its end: not looked at */
  PhononProgram *program = NULL;
  assert_int_equal(phonon_program_new(piece, strlen(piece), &options, &program), PHONON_OK);
  assert_int_equal(phonon_program_stem_count(program), 2);
  phonon_program_free(program);
}

/* What a performer does beside the text. */
static void test_muting_by_hand(void **state)
{
  (void)state;
  static const char text[] = "cps: 1\no1: 0.25\no3: 0.5\n";
  static const struct {
    uint64_t muted, soloed;
    bool hushed;
    double cps;
    float level;
  } cases[] = {
    { 0, 0, false, 0, 0.75f },      { 1u << 1, 0, false, 0, 0.5f },      { 0, 1u << 1, false, 2, 0.25f },
    { 0, 1u << 2, false, 0, 0.75f }, { 1u << 1, 1u << 1, false, 0, 0 }, { 0, 0, true, 0.5, 0 },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    PhononProgramOptions options = PHONON_PROGRAM_DEFAULTS;
    options.muted[0] = cases[i].muted;
    options.soloed[0] = cases[i].soloed;
    options.hushed = cases[i].hushed;
    options.cps = cases[i].cps;
    PhononProgram *program = NULL;
    assert_int_equal(phonon_program_new(text, strlen(text), &options, &program), PHONON_OK);
    PhononEngine *engine = start(program, NULL);
    float frame[2];
    assert_int_equal(phonon_engine_render(engine, 1, frame, NULL), PHONON_OK);
    assert_true(frame[0] == cases[i].level && frame[1] == cases[i].level);
    const double cps = cases[i].cps > 0 ? cases[i].cps : 1;
    assert_int_equal(phonon_engine_frame_of_cycle(engine, (PhononTime){ 1, 1 }), (int64_t)(44100 / cps));
    phonon_engine_free(engine);
    phonon_program_free(program);
  }
  PhononProgramOptions options = PHONON_PROGRAM_DEFAULTS;
  PhononProgram *program = NULL;
  options.cps = 1e-5;
  assert_int_equal(phonon_program_new(text, strlen(text), &options, &program), PHONON_ARG);
}

static void test_statements(void **state)
{
  (void)state;
  static const char text[] = "-- first\no1: s \"bd\"\n  # gain 0.5 -- loud\n\n-- a bass\n~bass: saw 55\nbpm: 120\nhush 2\nhush\n"
                             "fn f a = a\n%p: \"1\"\nout: nope (\n";
  static const struct {
    const char *key, *text;
  } wanted[] = {
    { "o1", "o1: s \"bd\"\n  # gain 0.5 -- loud" }, { "~bass", "~bass: saw 55" }, { "cps", "bpm: 120" }, { "hush 2", "hush 2" },
    { "hush", "hush" }, { "fn f", "fn f a = a" }, { "%p", "%p: \"1\"" }, { "out", "out: nope (" },
  };
  PhononStatements *statements = NULL;
  assert_int_equal(phonon_statements_new(text, strlen(text), false, &statements), PHONON_OK);
  assert_int_equal(phonon_statements_count(statements), sizeof wanted / sizeof *wanted);
  PhononStatement s;
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    assert_true(phonon_statements_get(statements, i, &s));
    assert_string_equal(s.key, wanted[i].key);
    assert_int_equal(s.end - s.begin, strlen(wanted[i].text));
    assert_memory_equal(text + s.begin, wanted[i].text, s.end - s.begin);
  }
  assert_false(phonon_statements_get(statements, sizeof wanted / sizeof *wanted, &s));
  phonon_statements_free(statements);
  assert_int_equal(phonon_statements_new("d1 $ s \"bd\"\n", 12, true, &statements), PHONON_OK);
  assert_true(phonon_statements_get(statements, 0, &s) && strcmp(s.key, "o1") == 0);
  phonon_statements_free(statements);
  phonon_statements_free(NULL);
}

static void test_start_and_tempo(void **state)
{
  (void)state;
  PhononProgram *program = compile("cps: 1\nsetCycle 4\no1: s \"bd\"\n");
  assert_int_equal(phonon_program_start(program).num, 4);
  PhononEngine *engine = start(program, NULL);
  assert_int_equal(phonon_engine_frame_of_cycle(engine, (PhononTime){ 4, 1 }), 0);
  assert_int_equal(phonon_engine_frame_of_cycle(engine, (PhononTime){ 13, 3 }), 14700);
  assert_true(fabs(phonon_engine_cycle_of_frame(engine, 14700) - 13.0 / 3) < 1e-9);
  phonon_engine_free(engine);
  phonon_program_free(program);
}

/* ---- sound ------------------------------------------------------------------------------------------------------- */

static void render(const PhononEngineOptions *options, uint32_t piece_frames, float *out)
{
  PhononProgram *program = compile(piece);
  PhononEngine *engine = start(program, options);
  for (uint32_t at = 0; at < FRAMES; at += piece_frames) {
    const uint32_t count = FRAMES - at < piece_frames ? FRAMES - at : piece_frames;
    assert_int_equal(phonon_engine_render(engine, count, out + 2 * (size_t)at, NULL), PHONON_OK);
  }
  phonon_engine_free(engine);
  phonon_program_free(program);
}

static void test_the_split_does_not_matter(void **state)
{
  (void)state;
  static float one[2 * FRAMES];
  static float other[2 * FRAMES];
  render(NULL, FRAMES, one);
  float peak = 0;
  for (size_t i = 0; i < 2 * FRAMES; i++) {
    peak = fmaxf(peak, fabsf(one[i]));
  }
  assert_true(peak > 0.05f);
  PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;
  options.block_frames = 37;
  options.threads = 3;
  for (size_t i = 0; phonon_isa_name(i); i++) {
    options.isa = phonon_isa_name(i);
    render(&options, 1000, other);
    assert_memory_equal(one, other, sizeof one);
  }
}

/* Shedding at a frame is the same however time is cut, takes effect there, and not before. */
static void test_voices_give_way(void **state)
{
  (void)state;
  enum { AT = 15000, LIMIT = 3 };
  static const char text[] = "cps: 1\no1: s \"pad*16\" # legato 8 # gain 0.2\n";
  static float whole[2 * FRAMES], shed[2 * FRAMES], again[2 * FRAMES];
  for (int run = 0; run < 3; run++) {
    float *out = run == 0 ? whole : run == 1 ? shed : again;
    PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;
    options.block_frames = run == 2 ? 64 : 512;
    options.threads = run == 2 ? 2 : 1;
    PhononProgram *program = compile(text);
    PhononEngine *engine = start(program, &options);
    assert_int_equal(phonon_engine_render(engine, AT, out, NULL), PHONON_OK);
    assert_true(phonon_engine_voices(engine) > LIMIT);
    if (run > 0) {
      assert_int_equal(phonon_engine_limit_voices(engine, 0), PHONON_ARG);
      assert_int_equal(phonon_engine_limit_voices(engine, LIMIT), PHONON_OK);
      assert_int_equal(phonon_engine_voices(engine), LIMIT);
    }
    assert_int_equal(phonon_engine_render(engine, FRAMES - AT, out + 2 * (size_t)AT, NULL), PHONON_OK);
    assert_true(run == 0 || phonon_engine_voices(engine) <= LIMIT);
    phonon_engine_free(engine);
    phonon_program_free(program);
  }
  assert_memory_equal(whole, shed, 2 * AT * sizeof(float));
  assert_true(memcmp(whole + 2 * (size_t)AT, shed + 2 * (size_t)AT, 2 * (FRAMES - AT) * sizeof(float)) != 0);
  assert_memory_equal(shed, again, sizeof shed);
}

static void test_stems_sum_to_the_master(void **state)
{
  (void)state;
  enum { COUNT = 4096 };
  static float master[2 * COUNT];
  static float first[2 * COUNT];
  static float second[2 * COUNT];
  PhononProgram *program = compile(piece);
  assert_string_equal(phonon_program_stem_name(program, 0), "o1");
  assert_string_equal(phonon_program_stem_name(program, 1), "o2");
  assert_null(phonon_program_stem_name(program, 2));
  PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;
  options.stems = true;
  options.no_safety = true; /* it turns the master down, not the stems */
  PhononEngine *engine = start(program, &options);
  float *const stems[] = { first, second };
  assert_int_equal(phonon_engine_render(engine, COUNT, master, stems), PHONON_OK);
  for (size_t i = 0; i < 2 * COUNT; i++) {
    assert_true(fabsf(first[i] + second[i] - master[i]) < 1e-6f);
  }
  phonon_engine_free(engine);
  phonon_program_free(program);
}

/* A tap gives what stands before it, whatever comes after; a scope likewise; both in the order of the text's meaning. */
static void test_taps_give_their_signals(void **state)
{
  (void)state;
  static const char text[] = "o1: saw 110 * 0.5 # tap \"/tmp/a.wav\" 2 # lpf 300\n"
                             "o2: s \"bd*8\" # every 2 (# scope \"kick\")\n"
                             "o3: saw 110 * 0.5\n";
  PhononProgram *program = compile(text);
  assert_int_equal(phonon_program_tap_count(program), 2);
  PhononTap tap, scope;
  assert_true(phonon_program_tap(program, 0, &tap) && phonon_program_tap(program, 1, &scope));
  assert_false(phonon_program_tap(program, 2, &(PhononTap){ 0 }));
  assert_int_equal(tap.kind, PHONON_TAP_FILE);
  assert_string_equal(tap.name, "/tmp/a.wav");
  assert_true(tap.sec == 2.0 && tap.line == 1 && tap.column == 21);
  assert_int_equal(scope.kind, PHONON_TAP_SCOPE);
  assert_string_equal(scope.name, "kick");
  PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;
  options.stems = true;
  options.threads = 2;
  PhononEngine *engine = start(program, &options);
  static float out[2 * FRAMES], stems[3][2 * FRAMES], taps[2][2 * FRAMES];
  float *const into[] = { stems[0], stems[1], stems[2] }, *const tapped[] = { taps[0], taps[1] };
  phonon_engine_taps(engine, tapped);
  assert_int_equal(phonon_engine_render(engine, FRAMES, out, into), PHONON_OK);
  assert_memory_equal(taps[0], stems[2], sizeof taps[0]);
  assert_memory_equal(taps[1], stems[1], sizeof taps[1]); /* cycle 0 goes through the site */
  float most = 0;
  for (size_t i = 0; i < 2 * FRAMES; i++) {
    most = fmaxf(most, fabsf(taps[1][i]));
  }
  assert_true(most > 0.1f);
  phonon_engine_taps(engine, NULL);
  assert_int_equal(phonon_engine_render(engine, FRAMES, out, into), PHONON_OK);
  phonon_engine_free(engine);
  phonon_program_free(program);
}

static void note_report(void *ctx, const PhononDiagnostic *diagnostic)
{
  if (strstr(diagnostic->message, "nosuchthing")) {
    *(uint32_t *)ctx += diagnostic->line;
  }
}

static void test_reports_and_profile(void **state)
{
  (void)state;
  static float frames[2 * 1024];
  uint32_t lines = 0;
  PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;
  options.report = note_report;
  options.report_ctx = &lines;
  options.profile = true;
  PhononProgram *program = compile("o1: saw 55 # lpf 900\no2: s \"nosuchthing*2 bd\"\n");
  PhononEngine *engine = start(program, &options);
  for (int i = 0; i < 100; i++) {
    assert_int_equal(phonon_engine_render(engine, 1024, frames, NULL), PHONON_OK);
  }
  assert_int_equal(lines, 2); /* once, with its line */
  PhononProfile profile;
  phonon_engine_profile(engine, &profile);
  assert_int_equal(profile.frames, 102400);
  assert_int_equal(profile.blocks, 200);
  assert_true(profile.least_sec <= profile.median_sec && profile.median_sec <= profile.p95_sec);
  assert_true(profile.p95_sec <= profile.most_sec && profile.voices_started > 0);
  PhononCost cost;
  bool found = false;
  for (size_t i = 0; phonon_engine_cost(engine, i, &cost); i++) {
    found |= strcmp(cost.name, "lpf") == 0 && cost.line == 1;
  }
  assert_true(found);
  phonon_engine_free(engine);
  phonon_program_free(program);
}

static void test_trace(void **state)
{
  (void)state;
  static float frames[2 * 4096];
  PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;
  options.trace_events = 10;
  options.threads = 2;
  PhononProgram *program = compile("o1: saw 55 # lpf 900\no2: noise\n");
  PhononEngine *engine = start(program, &options);
  assert_int_equal(phonon_engine_trace_dropped(engine), 0);
  for (int i = 0; i < 20; i++) {
    assert_int_equal(phonon_engine_render(engine, 4096, frames, NULL), PHONON_OK);
  }
  /* Twenty windows of 3 spans and at least 3 tasks each; no thread keeps more than ten. */
  assert_true(phonon_engine_trace_dropped(engine) >= 20 * 6 - 2 * 10);
  char *trace = phonon_engine_trace_json(engine);
  size_t kept = 0;
  for (const char *at = trace; (at = strstr(at, "\"ph\": \"X\"")); at++) {
    kept++;
  }
  assert_true(kept >= 10 && kept <= 20);
  phonon_free(trace);
  phonon_engine_free(engine);
  phonon_program_free(program);
}

/* ---- events ------------------------------------------------------------------------------------------------------ */

static void test_events(void **state)
{
  (void)state;
  PhononProgram *program = compile(piece);
  PhononEvents *events = NULL;
  PhononError error;
  assert_int_equal(phonon_events_new(program, (PhononTime){ 0, 1 }, (PhononTime){ 1, 2 }, &events, &error), PHONON_OK);
  PhononEvent e;
  assert_true(phonon_events_get(events, 0, &e));
  assert_string_equal(e.track, "o1");
  assert_true(e.has_whole && e.has_onset);
  assert_int_equal(e.whole_end.num, 1);
  assert_int_equal(e.whole_end.den, 8);
  assert_int_equal(e.line, 1);
  assert_non_null(strstr(e.value_json, "\"s\":\"bd\""));
  assert_false(phonon_events_get(events, phonon_events_count(events), &e));
  phonon_events_free(events);
  assert_int_equal(phonon_events_new(program, (PhononTime){ 0, 0 }, (PhononTime){ 1, 1 }, &events, &error), PHONON_ARG);
  phonon_program_free(program);
}

/* fontconfig keeps what it found for the life of the process, where LeakSanitizer does not look. */
const char *__lsan_default_suppressions(void);
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void) { return "leak:libfontconfig\n"; }

/* What a report said, one after the other. */
static void collect_report(void *ctx, const PhononDiagnostic *diagnostic)
{
  char *said = ctx;
  (void)snprintf(said + strlen(said), 400 - strlen(said), "%u:%s;", diagnostic->line, diagnostic->message);
}

static void test_midi(void **state)
{
  (void)state;
  PhononProgram *program = compile("o1: s \"bd rave\"\no2: note \"0 7\"");
  const PhononTime begin = { 0, 1 }, end = { 1, 1 };
  char *bytes = NULL, said[400] = "";
  size_t len = 0;
  PhononError error;
  assert_int_equal(phonon_midi(program, begin, end, collect_report, said, &bytes, &len, &error), PHONON_OK);
  assert_string_equal(error.text, "");
  assert_true(len > 60 && memcmp(bytes, "MThd\0\0\0\6\0\1\0\3\x76\x20", 14) == 0);
  assert_non_null(strstr(said, "1:`rave` is no drum"));
  phonon_free(bytes);
  assert_int_equal(phonon_midi(program, begin, end, NULL, NULL, &bytes, &len, NULL), PHONON_OK);
  phonon_free(bytes);
  assert_int_equal(phonon_midi(program, begin, (PhononTime){ 5000, 1 }, NULL, NULL, &bytes, &len, &error),
                   PHONON_LIMIT);
  assert_null(bytes);
  assert_int_equal(phonon_midi(program, begin, (PhononTime){ 1, 0 }, NULL, NULL, &bytes, &len, &error), PHONON_ARG);
  phonon_program_free(program);
}

static void test_plot(void **state)
{
  (void)state;
  PhononProgram *program = compile(piece);
  const PhononTime begin = { 0, 1 }, end = { 2, 1 };
  PhononPlotOptions options = PHONON_PLOT_DEFAULTS;
  char *bytes = NULL;
  size_t len = 0;
  PhononError error;
  assert_int_equal(phonon_plot(program, begin, end, NULL, &bytes, &len, &error), PHONON_OK);
  assert_non_null(strstr(bytes, "<svg"));
  assert_int_equal(strlen(bytes), len);
  phonon_free(bytes);
  options.format = PHONON_PLOT_PNG;
  assert_int_equal(phonon_plot(program, begin, end, &options, &bytes, &len, &error), PHONON_OK);
  assert_memory_equal(bytes, "\x89PNG", 4);
  assert_int_equal(phonon_write_file("/nonexistent/a.png", bytes, len, &error), PHONON_IO);
  assert_non_null(strstr(error.text, "/nonexistent/a.png"));
  phonon_free(bytes);
  options.width = 10;
  assert_int_equal(phonon_plot(program, begin, end, &options, &bytes, &len, &error), PHONON_ARG);
  assert_int_equal(phonon_plot(program, end, begin, NULL, &bytes, &len, &error), PHONON_ARG);
  assert_null(bytes);
  phonon_program_free(program);
}

static void test_an_expression(void **state)
{
  (void)state;
  PhononProgramOptions options = PHONON_PROGRAM_DEFAULTS;
  options.expression = true;
  PhononProgram *program = NULL;
  PhononEvents *events = NULL;
  const char text[] = "fast 2 $ n \"0 1\"";
  assert_int_equal(phonon_program_new(text, strlen(text), &options, &program), PHONON_OK);
  assert_int_equal(phonon_events_new(program, (PhononTime){ 0, 1 }, (PhononTime){ 1, 1 }, &events, NULL), PHONON_OK);
  assert_int_equal(phonon_events_count(events), 4);
  PhononEngine *engine = NULL;
  assert_int_equal(phonon_engine_new(program, NULL, &engine), PHONON_SYNTAX);
  phonon_events_free(events);
  phonon_program_free(program);
}

/* A limit ends a query with a reason, soon. */
static void test_a_query_gives_up(void **state)
{
  (void)state;
  PhononProgramOptions options = PHONON_PROGRAM_DEFAULTS;
  options.expression = true;
  PhononProgram *program = NULL;
  const char text[] = "fast 1000000000 $ s \"bd*1000\"";
  if (phonon_program_new(text, strlen(text), &options, &program) == PHONON_OK) {
    PhononEvents *events = NULL;
    PhononError error;
    assert_int_not_equal(phonon_events_new(program, (PhononTime){ 0, 1 }, (PhononTime){ 1, 1 }, &events, &error),
                         PHONON_OK);
    assert_true(error.text[0] != 0);
    assert_null(events);
  } else {
    assert_true(phonon_program_error_count(program) > 0);
  }
  phonon_program_free(program);
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static char dir[] = "/tmp/phonon-api-XXXXXX";

static void write_file(const char *name, PhononBits bits, bool dither, char *path)
{
  float frames[2 * 300];
  for (size_t i = 0; i < 2 * 300; i++) {
    frames[i] = (float)i / 600.0f - 0.5f;
  }
  frames[7] = 2.0f;
  frames[8] = -3.0f;
  frames[9] = NAN;
  PhononFileOptions options = PHONON_FILE_DEFAULTS;
  options.bits = bits;
  options.dither = dither;
  options.frames = 300;
  PhononFile *file = NULL;
  PhononError error;
  (void)snprintf(path, 256, "%s/%s", dir, name);
  assert_int_equal(phonon_file_open(path, &options, &file, &error), PHONON_OK);
  assert_int_equal(phonon_file_write(file, frames, 100, &error), PHONON_OK);
  assert_int_equal(phonon_file_write(file, frames + 200, 200, &error), PHONON_OK);
  assert_int_not_equal(access(path, F_OK), 0); /* not before it is finished */
  assert_int_equal(phonon_file_clipped(file), bits == PHONON_BITS_FLOAT ? 0 : 2);
  assert_int_equal(phonon_file_finish(file, &error), PHONON_OK);
}

static size_t content(const char *path, char **bytes)
{
  size_t len = 0;
  assert_int_equal(phonon_read_file(path, 1 << 20, bytes, &len, NULL), PHONON_OK);
  return len;
}

static void test_files_repeat(void **state)
{
  (void)state;
  static const char *const endings[] = { "wav", "flac", "aiff" };
  for (size_t i = 0; i < 3; i++) {
    for (int dither = 0; dither < 2; dither++) {
      char a[256];
      char b[256];
      char name[32];
      char *first = NULL;
      char *second = NULL;
      (void)snprintf(name, sizeof name, "a.%s", endings[i]);
      write_file(name, PHONON_BITS_16, dither == 1, a);
      name[0] = 'b';
      write_file(name, PHONON_BITS_16, dither == 1, b);
      const size_t len = content(a, &first);
      assert_int_equal(content(b, &second), len);
      assert_memory_equal(first, second, len);
      phonon_free(first);
      phonon_free(second);
      (void)unlink(a);
      (void)unlink(b);
    }
  }
}

static int value16(const char *wav, size_t index)
{
  const unsigned char *at = (const unsigned char *)wav + 44 + 2 * index;
  return (int16_t)(at[0] | at[1] << 8);
}

/* A recorder's file is readable before it is finished, has the frames of an ordinary one, and overwrites nothing. */
static void test_recorder(void **state)
{
  (void)state;
  enum { COUNT = 100, PIECES = 300, LEAD = 5000 };
  static float frames[2 * COUNT];
  for (size_t i = 0; i < 2 * COUNT; i++) {
    frames[i] = (float)i / 200.0f - 0.5f;
  }
  char path[256], *wav = NULL;
  (void)snprintf(path, sizeof path, "%s/take.wav", dir);
  PhononFileOptions options = PHONON_FILE_DEFAULTS;
  options.bits = PHONON_BITS_16;
  PhononRecorder *recorder = NULL, *other = NULL;
  PhononError error;
  assert_int_equal(phonon_recorder_open(path, &options, &recorder, &error), PHONON_OK);
  assert_int_equal(phonon_recorder_open(path, &options, &other, &error), PHONON_IO);
  assert_null(other);
  assert_true(error.text[0] != 0);
  phonon_recorder_lead(recorder, LEAD);
  uint32_t known = 0;
  for (int i = 0; i < PIECES; i++) {
    phonon_recorder_write(recorder, frames, COUNT);
    if (i > PIECES / 2 && known == 0) { /* what a program that dies now leaves */
      (void)usleep(700000);
      assert_true(content(path, &wav) > 44);
      memcpy(&known, wav + 40, sizeof known);
      assert_true(known >= 4 * (LEAD + COUNT * (PIECES / 2)));
      phonon_free(wav);
    }
  }
  assert_int_equal(phonon_recorder_lost(recorder), 0);
  assert_int_equal(phonon_recorder_status(recorder, &error), PHONON_OK);
  assert_int_equal(phonon_recorder_close(recorder, &error), PHONON_OK);
  const size_t len = content(path, &wav);
  assert_int_equal(len, 44 + 4 * (LEAD + COUNT * PIECES));
  for (size_t i = 0; i < (len - 44) / 2; i++) {
    const float want = i < 2 * LEAD ? 0 : frames[(i - 2 * LEAD) % (2 * COUNT)];
    assert_int_equal(value16(wav, i), (int)lround((double)want * 32768));
  }
  phonon_free(wav);
  (void)unlink(path);
}

static void test_rounding_and_clamping(void **state)
{
  (void)state;
  char path[256];
  char *wav = NULL;
  write_file("plain.wav", PHONON_BITS_16, false, path);
  assert_int_equal(content(path, &wav), 44 + 4 * 300);
  assert_int_equal(value16(wav, 0), -16384);
  assert_int_equal(value16(wav, 1), (int)lround((1 / 600.0 - 0.5) * 32768));
  assert_int_equal(value16(wav, 7), 32767);
  assert_int_equal(value16(wav, 8), -32768);
  assert_int_equal(value16(wav, 9), 0);
  phonon_free(wav);
  (void)unlink(path);
}

static void test_failures_leave_nothing(void **state)
{
  (void)state;
  PhononFile *file = NULL;
  PhononError error;
  char path[256];
  (void)snprintf(path, sizeof path, "%s/none/x.wav", dir);
  assert_int_equal(phonon_file_open(path, NULL, &file, &error), PHONON_IO);
  assert_non_null(strstr(error.text, "No such file"));
  (void)snprintf(path, sizeof path, "%s/x.mp9", dir);
  assert_int_equal(phonon_file_open(path, NULL, &file, &error), PHONON_ARG);
  PhononFileOptions options = PHONON_FILE_DEFAULTS;
  options.bits = PHONON_BITS_FLOAT;
  (void)snprintf(path, sizeof path, "%s/x.flac", dir);
  assert_int_equal(phonon_file_open(path, &options, &file, &error), PHONON_ARG);
  (void)snprintf(path, sizeof path, "%s/x.wav", dir);
  assert_int_equal(phonon_file_open(path, NULL, &file, &error), PHONON_OK);
  phonon_file_discard(file);
  assert_int_equal(rmdir(dir), 0); /* it is empty */
}

static int make_dir(void **state)
{
  (void)state;
  return mkdtemp(dir) ? 0 : -1;
}

/* ---- the registry ------------------------------------------------------------------------------------------------ */

static void test_registry(void **state)
{
  (void)state;
  PhononRegistry *registry = NULL;
  assert_int_equal(phonon_registry_new(&registry), PHONON_OK);
  PhononFunction f;
  bool found = false;
  for (size_t i = 0; phonon_registry_get(registry, i, &f); i++) {
    PhononParam p;
    for (size_t k = 0; k < f.param_count; k++) {
      assert_true(phonon_registry_param(registry, f.id, k, &p));
      assert_non_null(p.name);
    }
    assert_false(phonon_registry_param(registry, f.id, f.param_count, &p));
    found |= strcmp(f.name, "lpf") == 0 && f.sort == PHONON_SORT_UNIT;
  }
  assert_true(found && phonon_registry_count(registry) > 100);
  assert_string_equal(phonon_registry_nearest(registry, "revreb"), "reverb");
  char *help = phonon_registry_help(registry, "lpf");
  assert_non_null(strstr(help, "Hz"));
  phonon_free(help);
  assert_null(phonon_registry_help(registry, "no such function"));
  for (int format = PHONON_DOC_MARKDOWN; format <= PHONON_DOC_MAN; format++) {
    char *doc = phonon_registry_doc(registry, (PhononDocFormat)format);
    assert_non_null(strstr(doc, "chorus"));
    phonon_free(doc);
  }
  phonon_registry_free(registry);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_errors_are_diagnostics),
    cmocka_unit_test(test_units_get_recordings),
    cmocka_unit_test(test_arguments_are_checked),
    cmocka_unit_test(test_old_options_are_understood),
    cmocka_unit_test(test_muting_by_hand),
    cmocka_unit_test(test_statements),
    cmocka_unit_test(test_start_and_tempo),
    cmocka_unit_test(test_the_split_does_not_matter),
    cmocka_unit_test(test_voices_give_way),
    cmocka_unit_test(test_stems_sum_to_the_master),
    cmocka_unit_test(test_taps_give_their_signals),
    cmocka_unit_test(test_reports_and_profile),
    cmocka_unit_test(test_trace),
    cmocka_unit_test(test_events),
    cmocka_unit_test(test_an_expression),
    cmocka_unit_test(test_a_query_gives_up),
    cmocka_unit_test(test_midi),
    cmocka_unit_test(test_plot),
    cmocka_unit_test(test_files_repeat),
    cmocka_unit_test(test_recorder),
    cmocka_unit_test(test_rounding_and_clamping),
    cmocka_unit_test(test_failures_leave_nothing),
    cmocka_unit_test(test_registry),
  };
  return cmocka_run_group_tests(tests, make_dir, NULL);
}
