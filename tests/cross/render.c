/* The frames of a piece as raw floats on standard output, by what needs no library: for other machines. Of recordings there is the
   built-in kit.
     render FILE.ph SECONDS  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "engine/engine.h"
#include "sample/decode.h"

enum { RATE = 44100, CALL_FRAMES = 4096, TEXT_MOST = 1 << 20 };

static void report(void *ctx, PhSeverity severity, PhSource at, const char *text, const char *help)
{
  (void)at;
  (void)help;
  *(bool *)ctx |= severity == PH_SEVERITY_ERROR;
  fprintf(stderr, "%s\n", text);
}

static int quit(const char *path, const char *why)
{
  fprintf(stderr, "%s: %s\n", path, why);
  return 1;
}

static int render(PhEngine *engine, const char *path, int64_t frames)
{
  static float out[2 * CALL_FRAMES];
  for (int64_t at = 0; at < frames; at += CALL_FRAMES) {
    const uint32_t count = frames - at < CALL_FRAMES ? (uint32_t)(frames - at) : CALL_FRAMES;
    if (ph_engine_render(engine, count, out, NULL) != PH_OK || fwrite(out, 2 * sizeof *out, count, stdout) != count) {
      return quit(path, "cannot be rendered");
    }
  }
  return 0;
}

int main(int argc, char **argv)
{
  static char text[TEXT_MOST];
  FILE *file = argc == 3 ? fopen(argv[1], "r") : NULL;
  if (!file) {
    return quit(argv[0], "FILE.ph SECONDS");
  }
  text[fread(text, 1, sizeof text - 1, file)] = 0;
  fclose(file);
  PhArena arena, registry_arena;
  PhRegistry registry;
  PhDiags diags;
  PhProgram program;
  PhPlan plan;
  ph_arena_init(&arena, NULL, NULL);
  ph_arena_init(&registry_arena, NULL, NULL);
  ph_graph_registry(&registry, &registry_arena);
  ph_diags_init(&diags, &arena);
  const PhCompileOptions options = { .name = argv[1] };
  const PhPlanOptions plan_options = { .sample_rate = RATE };
  PhStatus status = ph_program_compile(&arena, &registry, ph_str_of(text), &options, &diags, &program);
  status = status == PH_OK && diags.errors == 0 ? ph_plan_build(&arena, &program, &plan_options, &diags, &plan) : status;
  PhSampleStore *store = NULL;
  PhEngine *engine = NULL;
  const PhSampleOptions samples = { .sample_rate = RATE, .no_default_dirs = true };
  const PhEngineOptions how = PH_ENGINE_DEFAULTS;
  bool failed = status != PH_OK || diags.errors != 0 || ph_sample_store_new(&samples, &store) != PH_OK ||
                ph_engine_new(&plan, store, &how, report, &failed, &engine) != PH_OK;
  const int result = failed ? quit(argv[1], "does not run here") : render(engine, argv[1], (int64_t)(atof(argv[2]) * RATE));
  ph_engine_free(engine);
  ph_sample_store_free(store);
  ph_arena_deinit(&arena);
  ph_arena_deinit(&registry_arena);
  return result;
}
