/* Logs of performances: a line of JSON for the options, one for each edit with its frame, one for the end, each written out at
   once.  SPDX-License-Identifier: MIT */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/live/live.h"

enum { INCLUDE_DEPTH = 16 };

struct Session {
  FILE *file;
  char *folder; /* that includes are relative to */
  bool is_tidal;
  char *text; /* the last one that was logged */
  Hand hand;
  Turns turns;
};

/* ---- texts ------------------------------------------------------------------------------------------------------- */

/* The folder of a path, with its `/`; "" for the current one. The caller's. */
static char *folder_of(const char *path)
{
  const char *slash = strrchr(path, '/');
  return strndup(path, slash ? (size_t)(slash - path) + 1 : 0);
}

static char *whole(const char *text, const char *folder, bool is_tidal, int depth);

/* The text of a file that is included, whole; NULL: it is not there. */
static char *whole_file(const char *path, bool is_tidal, int depth)
{
  size_t len = 0;
  char *text = NULL, *folder = folder_of(path), *made = NULL;
  if (folder && phonon_read_file(path, PHONON_TEXT_MAX, &text, &len, NULL) == PHONON_OK) {
    made = whole(text, folder, is_tidal, depth - 1);
  }
  phonon_free(text);
  free(folder);
  return made;
}

/* The text with what it includes in the place of `include`: files change, a session does not. The caller's; NULL: no memory. */
static char *whole(const char *text, const char *folder, bool is_tidal, int depth)
{
  static const char word[] = "include ";
  PhononStatements *statements = NULL;
  char *made = strdup(text);
  if (!made || depth == 0 || !strstr(text, "include") ||
      phonon_statements_new(text, strlen(text), is_tidal, &statements) != PHONON_OK) {
    return made;
  }
  PhononStatement s;
  for (size_t i = phonon_statements_count(statements); made && i-- > 0;) { /* from the end: places before stay */
    char *path = NULL, *file = NULL, *longer = NULL;
    if (!phonon_statements_get(statements, i, &s) || strncmp(s.key, word, sizeof word - 1) != 0) {
      continue;
    }
    const char *name = s.key + sizeof word - 1;
    if (asprintf(&path, "%s%s", name[0] == '/' ? "" : folder, name) >= 0) {
      file = whole_file(path, is_tidal, depth);
      free(path);
    }
    if (file && asprintf(&longer, "%.*s%s%s", (int)s.begin, made, file, made + s.end) >= 0) {
      free(made);
      made = longer;
    }
    free(file);
  }
  phonon_statements_free(statements);
  return made;
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

/* Takes the object. */
static void put_line(Session *session, json_t *line)
{
  char *text = json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(15));
  if (text) {
    fprintf(session->file, "%s\n", text);
    (void)fflush(session->file);
  }
  free(text);
  json_decref(line);
}

static json_t *header(const Live *live)
{
  const Job *job = &live->job;
  char folder[4096] = "";
  if (!getcwd(folder, sizeof folder)) {
    folder[0] = 0;
  }
  json_t *dirs = json_array(), *o = json_object();
  for (size_t i = 0; i < job->samples.dir_count; i++) {
    json_array_append_new(dirs, json_string(job->dirs[i]));
  }
  json_object_set_new(o, "phonon", json_string(phonon_version()));
  json_object_set_new(o, "rate", json_real(job->file.sample_rate));
  json_object_set_new(o, "gain", json_real(job->gain));
  json_object_set_new(o, "fade_in", json_real(job->fade_in));
  json_object_set_new(o, "voices", json_integer(job->engine.max_voices));
  json_object_set_new(o, "safety", json_boolean(!job->engine.no_safety));
  json_object_set_new(o, "tidal", json_boolean(job->program.tidal));
  if (job->program.seed_given) {
    json_object_set_new(o, "seed", json_integer((json_int_t)job->program.seed));
  }
  json_object_set_new(o, "name", json_string(job->program.name ? job->program.name : ""));
  json_object_set_new(o, "folder", json_string(folder));
  json_object_set_new(o, "samples", dirs);
  return o;
}

Session *session_open(const Live *live, const char *path)
{
  Session *session = calloc(1, sizeof *session);
  char *chosen = free_path(path);
  FILE *file = session && chosen ? fopen(chosen, "wx") : NULL;
  if (!file) {
    (void)problem("%s: %s", chosen ? chosen : path, strerror(errno));
    free(chosen);
    free(session);
    return NULL;
  }
  if (strcmp(chosen, path) != 0) {
    fprintf(stderr, "phonon: the session goes to %s: %s is there already\n", chosen, path);
  }
  free(chosen);
  session->file = file;
  session->folder = folder_of(live->job.program.name ? live->job.program.name : "");
  session->is_tidal = live->job.program.tidal;
  put_line(session, header(live));
  return session;
}

/* Output numbers of bits. */
static json_t *numbers(const uint64_t bits[2])
{
  json_t *list = json_array();
  for (size_t i = 0; i < OUTPUTS_MAX; i++) {
    if (bits[i / 64] >> (i % 64) & 1) {
      json_array_append_new(list, json_integer((json_int_t)i));
    }
  }
  return list;
}

/* `fresh`: the cycle at which another engine begins with it; -1: it is an edit of the one that plays. */
static void put_edit(Session *session, const Code *code, int64_t frame, double cycle, int64_t fresh)
{
  json_t *o = json_object();
  const Hand *now = &code->hand, *before = &session->hand;
  json_object_set_new(o, "frame", json_integer((json_int_t)frame));
  json_object_set_new(o, "cycle", json_real(cycle));
  if (fresh >= 0) {
    json_object_set_new(o, "fresh", json_integer((json_int_t)fresh));
  }
  if (memcmp(now->muted, before->muted, sizeof now->muted) != 0) {
    json_object_set_new(o, "muted", numbers(now->muted));
  }
  if (memcmp(now->soloed, before->soloed, sizeof now->soloed) != 0) {
    json_object_set_new(o, "soloed", numbers(now->soloed));
  }
  if (now->hushed != before->hushed) {
    json_object_set_new(o, "hushed", json_boolean(now->hushed));
  }
  if (now->cps != before->cps) {
    json_object_set_new(o, "cps", json_real(now->cps));
  }
  char *text = whole(code->text, session->folder, session->is_tidal, INCLUDE_DEPTH);
  if (text && (!session->text || strcmp(session->text, text) != 0)) {
    json_object_set_new(o, "text", json_string(text));
    free(session->text);
    session->text = text;
  } else {
    free(text);
  }
  if (!turns_equal(&session->turns, &code->turns)) {
    json_t *turns = turns_json(&code->turns);
    turns_free(&session->turns);
    (void)turns_read(turns, &session->turns);
    json_object_set_new(o, "transitions", turns);
  }
  session->hand = *now;
  put_line(session, o);
}

void session_edit(Session *session, const Code *code, int64_t frame, double cycle)
{
  put_edit(session, code, frame, cycle, -1);
}

void session_failure(Session *session, int64_t frame)
{
  json_t *o = json_object();
  json_object_set_new(o, "frame", json_integer((json_int_t)frame));
  json_object_set_new(o, "failed", json_true());
  put_line(session, o);
}

void session_fresh(Session *session, const Code *code, int64_t frame, int64_t cycle)
{
  put_edit(session, code, frame, (double)cycle, cycle);
}

void session_noted(Session *session, Noted noted)
{
  json_t *o = json_object();
  json_object_set_new(o, "frame", json_integer((json_int_t)noted.frame));
  if (noted.kind == NOTED_VOICES) {
    json_object_set_new(o, "voices", json_integer((json_int_t)noted.voices));
  } else if (noted.kind == NOTED_TEMPO) {
    json_object_set_new(o, "tempo", json_real(noted.cps));
  } else if (noted.kind == NOTED_STAND) {
    json_object_set_new(o, "stands", json_boolean(noted.stands));
  } else if (noted.kind == NOTED_LOCATE) {
    json_object_set_new(o, "locate", json_real((double)noted.cycle.num / (double)noted.cycle.den));
  } else {
    ctrl_put(o, &noted.ctrl);
  }
  put_line(session, o);
}

void session_close(Session *session, const Stage *stage)
{
  json_t *o = json_object();
  json_object_set_new(o, "frame", json_integer((json_int_t)stage->at));
  json_object_set_new(o, "end", json_integer((json_int_t)(stage->total == INT64_MAX ? -1 : stage->total)));
  json_object_set_new(o, "fade_out", json_real(stage->job.fade_out));
  put_line(session, o);
  (void)fclose(session->file);
  turns_free(&session->turns);
  free(session->text);
  free(session->folder);
  free(session);
}
