/* Signals to nodes: expressions of the program (PhSig) become nodes of a scope. Several simultaneous values of a pattern
   become channels, over which sources expand.  SPDX-License-Identifier: MIT */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/dmath.h"
#include "graph/internal.h"

#define CHORD_FADE_SEC 0.01
#define AUDIBLE_HZ 20.0 /* oscillators below are LFOs: a note does not move them (LANGUAGE §5) */

static PhChannels one(PhScope *scope, PhNode *node)
{
  PhNode **nodes = PH_NEWN(scope->lower->arena, PhNode *, 1);
  nodes[0] = node;
  return (PhChannels){ nodes, 1 };
}

static PhNode *sum_channels(PhScope *scope, PhChannels channels, uint64_t key, PhSource at)
{
  return ph_node_sum(scope, channels.nodes, channels.count, key, at);
}

/* ---- patterns as signals ---- */

static PhNode *continuous_wire(PhScope *scope, const PhSig *sig)
{
  PhLower *lower = scope->lower;
  PhScope *program = &lower->program_scope;
  uint32_t index = 0;
  while (index < program->steps.len && program->steps.items[index].pat != sig->pat.pat) {
    index++;
  }
  if (index == program->steps.len) {
    const PhStep step = { .pat = sig->pat.pat, .use = sig->pat.use, .continuous = true, .channels = 1,
                          .shared = lower->shared_count++, .key = sig->key, .at = sig->at };
    PH_PUSH(lower->arena, &program->steps, step);
  }
  return ph_node_leaf(program, PH_NODE_WIRE, PH_RATE_AUDIO, program->steps.items[index].shared, 0, sig->key, sig->at);
}

static PhNode *extern_of(PhScope *scope, PhNode *program_node)
{
  if (!scope->voice) {
    return program_node;
  }
  if (program_node->kind == PH_NODE_NUM) {
    return ph_node_num(scope, program_node->num);
  }
  uint32_t index = 0;
  while (index < scope->externs.len && scope->externs.items[index] != program_node) {
    index++;
  }
  if (index == scope->externs.len) {
    PH_PUSH(scope->lower->arena, &scope->externs, program_node);
  }
  return ph_node_leaf(scope, PH_NODE_EXTERN, PH_RATE_AUDIO, index, 0, program_node->key, program_node->at);
}

static PhChannels lower_pat(PhScope *scope, const PhSig *sig)
{
  PhLower *lower = scope->lower;
  for (uint32_t i = 0; i < scope->steps.len; i++) {
    const PhStep *step = &scope->steps.items[i];
    if (step->pat == sig->pat.pat && step->use == sig->pat.use && !step->continuous) {
      PhChannels same = { PH_NEWN(lower->arena, PhNode *, step->channels), step->channels };
      for (uint32_t c = 0; c < step->channels; c++) {
        same.nodes[c] = ph_node_leaf(scope, PH_NODE_STEP, PH_RATE_STEP, i, c, step->key, step->at);
      }
      return same;
    }
  }
  const PhPatFacts facts = ph_pat_facts(lower, sig->pat.pat, sig->pat.use, sig->at);
  if (facts.continuous && sig->pat.use != PH_USE_GATE) {
    return one(scope, extern_of(scope, continuous_wire(scope, sig)));
  }
  PhStep step = { .pat = sig->pat.pat, .use = sig->pat.use, .channels = facts.channels, .fewest = facts.fewest,
                  .key = ph_mix(scope->key, sig->key), .at = sig->at };
  const double initial = sig->pat.use == PH_USE_HZ ? facts.first : 0;
  PhChannels channels = { PH_NEWN(lower->arena, PhNode *, facts.channels), facts.channels };
  for (uint32_t c = 0; c < facts.channels; c++) {
    const uint32_t slot = ph_scope_slot(scope, initial);
    step.slot = c == 0 ? slot : step.slot;
    channels.nodes[c] = ph_node_leaf(scope, PH_NODE_STEP, PH_RATE_STEP, (uint32_t)scope->steps.len, c, step.key, sig->at);
    channels.nodes[c]->rest = facts.first;
  }
  PH_PUSH(lower->arena, &scope->steps, step);
  return channels;
}

/* ---- players ---- */

static uint32_t player_of(PhLower *lower, const PhSig *sig)
{
  for (uint32_t i = 0; i < lower->played.len; i++) {
    if (lower->played.items[i].pat == sig->play.pat && lower->played.items[i].sites == sig->play.sites) {
      return lower->played.items[i].player;
    }
  }
  const uint64_t masks = sig->play.pat->routes && sig->play.site_count ? sig->play.pat->routes : 1;
  PhPlayer player = { .pat = sig->play.pat, .key = sig->key, .at = sig->at };
  ph_orbits_of(lower, sig, &player);
  const uint32_t orbits = player.orbits ? player.orbits : 1;
  PH_ARRAY(PhRoute) routes = { 0 };
  for (uint32_t orbit = 0; orbit < PH_ORBITS; orbit++) {
    for (uint32_t mask = 0; (orbits >> orbit & 1) && masks >> mask; mask++) {
      if (masks >> mask & 1) {
        PH_PUSH(lower->arena, &routes, ((PhRoute){ .mask = mask, .shared = lower->shared_count++, .orbit = orbit }));
      }
      if (mask == 63) {
        break;
      }
    }
  }
  player.routes = routes.items;
  player.route_count = (uint32_t)routes.len;
  const PhPlayedPat played = { sig->play.pat, sig->play.sites, (uint32_t)lower->players.len };
  PH_PUSH(lower->arena, &lower->played, played);
  PH_PUSH(lower->arena, &lower->players, player);
  return played.player;
}

/* The voices of an orbit's routes, each through the effects of its mask, summed. NULL: the orbit has none. */
static PhNode *lower_orbit(PhLower *lower, const PhSig *sig, uint32_t player, uint32_t orbit)
{
  PhScope *program = &lower->program_scope;
  PhNode *total = NULL;
  for (uint32_t r = 0; r < lower->players.items[player].route_count; r++) {
    const PhRoute route = lower->players.items[player].routes[r];
    if (route.orbit != orbit) {
      continue;
    }
    const uint64_t key = ph_mix(sig->key, (uint64_t)orbit << 8 | route.mask);
    PhNode *node = ph_node_leaf(program, PH_NODE_WIRE, PH_RATE_AUDIO, route.shared, 0, key, sig->at);
    for (uint32_t bit = 0; bit < sig->play.site_count; bit++) {
      if (route.mask >> bit & 1) {
        node = ph_lower_mono(program, sig->play.sites[bit].body, node);
      }
    }
    PhNode *pair[] = { total, node };
    total = total ? ph_node_math(program, "add", pair, 2, key, sig->at) : node;
  }
  return total;
}

/* What a pattern sounds like, its orbits summed. Always in the program's scope. */
static PhNode *lower_play(PhScope *scope, const PhSig *sig)
{
  PhLower *lower = scope->lower;
  PhScope *program = &lower->program_scope;
  const uint32_t index = player_of(lower, sig);
  PhNode *total = NULL;
  for (uint32_t orbit = 0; orbit < PH_ORBITS; orbit++) {
    PhNode *node = lower_orbit(lower, sig, index, orbit);
    if (node) {
      const PhPlayer player = lower->players.items[index];
      PhNode *pair[] = { total, ph_orbit_effects(lower, &player, orbit, node) };
      total = total ? ph_node_math(program, "add", pair, 2, ph_mix(sig->key, 0x6F72626974 + orbit), sig->at) : pair[1];
    }
  }
  if (scope->voice) {
    ph_diags_add(lower->diags, PH_SEVERITY_WARNING, sig->at, "give the pattern a bus of its own and play that",
                 "inside an instrument this pattern plays on the program's own clock; voices only gate it");
  }
  return extern_of(scope, total);
}

/* ---- calls ---- */

/* Bounds that a node's values are known to stay in, for the size of delay lines. */
static void bounds(const PhNode *node, unsigned depth, double *least, double *most)
{
  *least = -1e18;
  *most = 1e18;
  if (node->kind == PH_NODE_NUM) {
    *least = *most = node->num;
    return;
  }
  if (node->kind == PH_NODE_STEP && node->least < node->most) {
    *least = node->least;
    *most = node->most;
    return;
  }
  if (node->kind != PH_NODE_CALL || depth == 0) {
    return;
  }
  const char *name = node->unit->func.name;
  if (strcmp(name, "lag") == 0) {
    bounds(node->in[0], depth - 1, least, most);
    return;
  }
  if ((node->unit->flags & PH_UNIT_OSC) != 0) {
    /* Sums of oscillators, strings and tables may be louder. */
    const bool plain = !(node->unit->flags & PH_UNIT_STEREO) && !node->unit->prepare && !node->unit->line_frames;
    *most = plain ? 1.25 : 1e18;
    *least = -*most;
    return;
  }
  double l[2], m[2];
  static const char *const known[] = { "add", "sub", "mul", "min", "max" };
  bool is_known = false;
  for (size_t i = 0; i < PH_COUNT(known); i++) {
    is_known |= strcmp(name, known[i]) == 0;
  }
  if (node->in_count != 2 || !is_known) {
    return;
  }
  bounds(node->in[0], depth - 1, &l[0], &m[0]);
  bounds(node->in[1], depth - 1, &l[1], &m[1]);
  if (strcmp(name, "min") == 0 || strcmp(name, "max") == 0) {
    const bool lesser = name[1] == 'i';
    *least = lesser ? fmin(l[0], l[1]) : fmax(l[0], l[1]);
    *most = lesser ? fmin(m[0], m[1]) : fmax(m[0], m[1]);
    return;
  }
  if (name[0] == 'm') {
    const double p[] = { l[0] * l[1], l[0] * m[1], m[0] * l[1], m[0] * m[1] };
    *least = *most = p[0];
    for (int i = 1; i < 4; i++) {
      *least = p[i] < *least ? p[i] : *least;
      *most = p[i] > *most ? p[i] : *most;
    }
  } else {
    *least = name[0] == 'a' ? l[0] + l[1] : l[0] - m[1];
    *most = name[0] == 'a' ? m[0] + m[1] : m[0] - l[1];
  }
}

/* A frequency with every moving part at rest: what an oscillator's pitch is by itself. */
static double resting_value(const PhNode *node, unsigned depth)
{
  if (node->kind == PH_NODE_NUM || node->kind == PH_NODE_STEP) {
    return node->kind == PH_NODE_NUM ? node->num : node->rest;
  }
  if (node->kind != PH_NODE_CALL || depth == 0 || node->in_count != 2) {
    return 0;
  }
  const double a = resting_value(node->in[0], depth - 1);
  const double b = resting_value(node->in[1], depth - 1);
  const char *name = node->unit->func.name;
  return strcmp(name, "add") == 0 ? a + b : strcmp(name, "sub") == 0 ? a - b : strcmp(name, "mul") == 0 ? a * b
         : strcmp(name, "div") == 0 && b != 0                        ? a / b
                                                                     : 0;
}

/* The frequency input of an oscillator: the note where there is none, moved by the note inside a voice (LANGUAGE §5). */
static PhNode *oscillator_frequency(PhScope *scope, const PhSig *sig, PhNode *explicit_hz)
{
  if (!scope->voice) {
    return explicit_hz ? explicit_hz : ph_node_num(scope, 1.0);
  }
  if (!explicit_hz) {
    return ph_voice_hz(scope, sig->at);
  }
  const double hz = resting_value(explicit_hz, 16);
  if (hz < AUDIBLE_HZ) {
    return explicit_hz;
  }
  if (!scope->has_root) {
    scope->has_root = true;
    scope->root_hz = (float)hz;
  }
  return ph_node_mul(scope, explicit_hz, ph_voice_ratio(scope, sig->at), ph_mix(sig->key, 1), sig->at);
}

/* A second frequency of an oscillator (of a modulator) keeps its ratio to the first one. */
static PhChannels with_the_note(PhScope *scope, const PhSig *sig, PhChannels hz, uint32_t number)
{
  if (!scope->voice) {
    return hz;
  }
  const PhChannels moved = { PH_NEWN(scope->lower->arena, PhNode *, hz.count), hz.count };
  for (uint32_t c = 0; c < hz.count; c++) {
    PhNode *ratio = ph_node_leaf(scope, PH_NODE_VOICE, PH_RATE_STEP, PH_VOICE_RATIO, 0, scope->key, sig->at);
    moved.nodes[c] = resting_value(hz.nodes[c], 16) < AUDIBLE_HZ
                         ? hz.nodes[c]
                         : ph_node_mul(scope, hz.nodes[c], ratio, ph_mix(sig->key, 16 + number), sig->at);
  }
  return moved;
}

/* The arguments of a call, sorted by what they are. */
typedef struct CallArgs {
  PhChannels in[PH_UNIT_MAX_INPUTS];
  uint32_t in_count;
  PhUnitText texts[PH_UNIT_MAX_INPUTS];
  uint32_t text_count;
  uint64_t text_hash;
  PhChannels there; /* of an oscillator that plays chords of several sizes: 1 or 0 for each of its channels */
  PhSource text_at; /* from the first text to the last; where the call is, if there are none */
} CallArgs;

static PhSource span_of(PhSource a, PhSource b)
{
  if (a.end == 0 || a.file != b.file) {
    return b;
  }
  return (PhSource){ a.begin < b.begin ? a.begin : b.begin, a.end > b.end ? a.end : b.end, a.file };
}

static void take_text(PhLower *lower, const PhSigArg *arg, CallArgs *out)
{
  PhUnitText *text = &out->texts[out->text_count++];
  *text = (PhUnitText){ 0 };
  if (arg->tag == PH_SIGARG_TEXT || arg->tag == PH_SIGARG_LIST) {
    out->text_at = span_of(out->text_at, arg->at);
  }
  if (arg->tag == PH_SIGARG_TEXT) {
    text->text = arg->text;
    out->text_hash = ph_mix(out->text_hash + out->text_count, ph_hash_str(arg->text));
  } else if (arg->tag == PH_SIGARG_LIST) {
    double *list = PH_NEWN(lower->arena, double, arg->count ? arg->count : 1);
    for (uint32_t i = 0; i < arg->count; i++) {
      list[i] = arg->items[i].tag == PH_SIGARG_SIG && arg->items[i].sig->tag == PH_SIG_NUM ? arg->items[i].sig->num : 0;
    }
    text->list = list;
    text->list_len = arg->count;
    out->text_hash = ph_mix(out->text_hash + out->text_count, ph_hash(list, arg->count * sizeof *list));
  }
}

static PhChannels take_signal(PhScope *scope, const PhSig *call, const PhSig *sig, const PhParam *param, PhNode *input)
{
  PhChannels channels = ph_lower_sig(scope, sig, input);
  const bool is_gate = strcmp(param->type, "gate") == 0;
  if (is_gate && !(sig->tag == PH_SIG_PAT && sig->pat.use == PH_USE_GATE)) {
    PhNode *pair[] = { sum_channels(scope, channels, sig->key, sig->at), ph_node_num(scope, 0) };
    return one(scope, ph_node_math(scope, "gt", pair, 2, ph_mix(call->key, 3), sig->at));
  }
  return channels;
}

/* The pattern of events that an oscillator's frequency comes from; NULL if it comes from none. */
static const PhPat *frequency_events(PhLower *lower, const PhSig *sig, const PhUnit *unit)
{
  const PhSigArg *first = &sig->call.args[0];
  if (!(unit->flags & PH_UNIT_OSC) || first->tag != PH_SIGARG_SIG || first->sig->tag != PH_SIG_PAT) {
    return NULL;
  }
  const PhPat *pat = first->sig->pat.pat;
  return ph_pat_facts(lower, pat, PH_USE_HZ, sig->at).continuous ? NULL : pat;
}

/* What triggers a unit that was given no gate: the events of an oscillator's frequency, or the note inside an instrument, else the
   beginning of every cycle. */
static PhChannels default_gate(PhScope *scope, const PhSig *sig, const PhUnit *unit)
{
  PhLower *lower = scope->lower;
  PhBuild build = { .arena = lower->arena };
  if (!lower->every_cycle) {
    lower->every_cycle = ph_pat_pure(&build, (PhValue){ .tag = PH_VALUE_BOOL, .b = true });
  }
  const PhPat *events = frequency_events(lower, sig, unit);
  if (!events && scope->voice) {
    return one(scope, ph_node_leaf(scope, PH_NODE_VOICE, PH_RATE_STEP, PH_VOICE_GATE, 0, scope->key, sig->at));
  }
  events = events ? ph_pat_op(&build, PH_OP_RIGHT, PH_OP_IN, events, lower->every_cycle) : lower->every_cycle;
  const PhSig gate = { .tag = PH_SIG_PAT, .key = ph_mix(sig->key, 4), .at = sig->at, .pat = { events, PH_USE_GATE } };
  return lower_pat(scope, &gate);
}

/* `delay t :sync 1`: the time counts cycles. */
static void sync_to_cycles(PhScope *scope, const PhSig *sig, const PhUnit *unit, CallArgs *args)
{
  for (uint32_t p = 0, k = 0; p < unit->func.param_count; p++) {
    if (strcmp(unit->func.params[p].name, "sync") == 0 && args->in[k].count && ph_node_is(args->in[k].nodes[0], 1)) {
      const PhSig cps = { .tag = PH_SIG_PAT, .key = ph_mix(sig->key, 6), .at = sig->at,
                          .pat = { scope->lower->program->cps, PH_USE_NUM } };
      const PhChannels tempo = lower_pat(scope, &cps);
      for (uint32_t c = 0; c < args->in[1].count; c++) {
        PhNode *pair[] = { args->in[1].nodes[c], tempo.nodes[0] };
        args->in[1].nodes[c] = ph_node_math(scope, "div", pair, 2, ph_mix(sig->key, 7 + c), sig->at);
      }
    }
    k += ph_param_is_signal(&unit->func.params[p]);
  }
}

/* Some step signal below a node that has channels which no value stands for at times. */
static const PhStep *chord_step(const PhScope *scope, const PhNode *node, unsigned depth)
{
  if (node->kind == PH_NODE_STEP) {
    const PhStep *step = &scope->steps.items[node->index];
    return step->pat && step->fewest < step->channels ? step : NULL;
  }
  const PhStep *found = NULL;
  for (uint32_t i = 0; node->kind == PH_NODE_CALL && depth && i < node->in_count && !found; i++) {
    found = chord_step(scope, node->in[i], depth - 1);
  }
  return found;
}

/* Where a chord is followed by one of fewer notes, the oscillators of the others fall silent. */
static PhChannels chord_notes(PhScope *scope, const PhSig *sig, PhChannels hz)
{
  const PhStep *step = hz.count > 1 ? chord_step(scope, hz.nodes[0], 16) : NULL;
  if (!step) {
    return (PhChannels){ NULL, 0 };
  }
  const PhSig there = { .tag = PH_SIG_PAT, .key = ph_mix(sig->key, 11), .at = sig->at, .pat = { step->pat, PH_USE_THERE } };
  const PhChannels steps = lower_pat(scope, &there);
  const PhChannels out = { PH_NEWN(scope->lower->arena, PhNode *, steps.count), steps.count };
  for (uint32_t c = 0; c < steps.count; c++) {
    PhNode *in[] = { steps.nodes[c], ph_node_num(scope, CHORD_FADE_SEC) };
    out.nodes[c] = c < step->fewest ? ph_node_num(scope, 1) : ph_lower_unit(scope, "lag", in, 2, ph_mix(sig->key, 32 + c), sig->at);
  }
  return out;
}

static void take_args(PhScope *scope, const PhSig *sig, const PhUnit *unit, PhNode *input, CallArgs *out)
{
  PhLower *lower = scope->lower;
  for (uint32_t p = 0; p < unit->func.param_count; p++) {
    const PhParam *param = &unit->func.params[p];
    const PhSigArg *arg = &sig->call.args[p];
    if (!ph_param_is_signal(param)) {
      take_text(lower, arg, out);
    } else if (arg->tag == PH_SIGARG_LIST) { /* the rest of a variadic unit */
      for (uint32_t i = 0; i < arg->count && out->in_count < PH_UNIT_MAX_INPUTS; i++) {
        out->in[out->in_count++] = take_signal(scope, sig, arg->items[i].sig, param, input);
      }
      if (arg->count > PH_UNIT_MAX_INPUTS) {
        ph_diags_add(lower->diags, PH_SEVERITY_ERROR, sig->at, NULL, "`%s` takes at most %d inputs", unit->func.name,
                     PH_UNIT_MAX_INPUTS);
      }
    } else if (p == 0 && (unit->flags & PH_UNIT_OSC)) {
      PhChannels hz = { NULL, 0 };
      if (arg->tag == PH_SIGARG_SIG) {
        hz = take_signal(scope, sig, arg->sig, param, input);
        out->there = chord_notes(scope, sig, hz);
        for (uint32_t c = 0; c < hz.count; c++) {
          hz.nodes[c] = oscillator_frequency(scope, sig, hz.nodes[c]);
        }
      } else {
        hz = one(scope, oscillator_frequency(scope, sig, NULL));
      }
      out->in[out->in_count++] = hz;
    } else if (arg->tag == PH_SIGARG_SIG) {
      PhChannels in = take_signal(scope, sig, arg->sig, param, input);
      if ((unit->flags & PH_UNIT_OSC) && strcmp(param->type, "hz") == 0) {
        in = with_the_note(scope, sig, in, p);
      }
      out->in[out->in_count++] = in;
    } else if (strcmp(param->type, "gate") == 0) {
      out->in[out->in_count++] = default_gate(scope, sig, unit);
    } else {
      out->in[out->in_count++] = one(scope, ph_node_num(scope, param->dflt));
    }
  }
}

static bool find_text_data(const PhLower *lower, const PhUnit *unit, uint64_t text_hash, const void **data)
{
  for (size_t i = 0; (unit->flags & PH_UNIT_TEXT_DATA) && i < lower->text_data.len; i++) {
    if (lower->text_data.items[i].unit == unit && lower->text_data.items[i].text_hash == text_hash) {
      *data = lower->text_data.items[i].data;
      return true;
    }
  }
  return false;
}

/* What the unit is told when the plan is made: bounds of its inputs, texts; then its line and data. */
static void set_up(PhScope *scope, const PhSig *sig, const CallArgs *args, PhNode *proto)
{
  PhLower *lower = scope->lower;
  const PhUnit *unit = proto->unit;
  PhUnitSetup setup = { .sample_rate = lower->sample_rate, .texts = args->texts, .sounds = lower->sounds, .in_count = proto->in_count };
  uint32_t k = 0;
  for (uint32_t p = 0; p < unit->func.param_count && k < proto->in_count; p++) {
    const PhParam *param = &unit->func.params[p];
    if (!ph_param_is_signal(param)) {
      continue;
    }
    bounds(proto->in[k], 16, &setup.least[k], &setup.most[k]);
    if (param->least < param->most) {
      setup.least[k] = fmin(fmax(setup.least[k], param->least), param->most);
      setup.most[k] = fmin(fmax(setup.most[k], param->least), param->most);
    }
    if ((param->flags & PH_PARAM_ONCE) && proto->in[k]->kind != PH_NODE_NUM) {
      ph_diags_add(lower->diags, PH_SEVERITY_WARNING, proto->in[k]->at, "give it a constant",
                   "`%s` of `%s` does not move: its greatest value, at most %g, counts", param->name, unit->func.name, setup.most[k]);
    }
    k++;
  }
  proto->line_frames = ph_unit_line_frames(unit, &setup);
  if (unit->delay_frames) {
    proto->delay_frames = unit->delay_frames(&setup);
  }
  if (unit->tail_sec) {
    proto->tail_sec = unit->tail_sec(&setup);
  }
  if (unit->prepare && !find_text_data(lower, unit, args->text_hash, &proto->data)) {
    const char *error = NULL;
    const PhStatus status = unit->prepare(&setup, lower->arena, &proto->data, &error);
    if (status == PH_OK) {
      const PhTextData made = { unit, args->text_hash, proto->data };
      PH_PUSH(lower->arena, &lower->text_data, made);
    } else {
      ph_diags_add(lower->diags, PH_SEVERITY_ERROR, args->text_at.end ? args->text_at : sig->at, NULL, "`%s`: %s",
                   unit->func.name, error ? error : ph_status_text(status));
    }
  }
  if (unit->flags & PH_UNIT_TEXT_DATA) {
    proto->data_hash = args->text_hash | 1;
  } else if (proto->data && unit->data_bytes) {
    proto->data_hash = ph_hash(proto->data, unit->data_bytes) | 1;
  }
}

static PhNode *call_channel(PhScope *scope, const PhSig *sig, const CallArgs *args, const PhNode *base, uint32_t channel)
{
  PhNode proto = *base;
  proto.in = PH_NEWN(scope->lower->arena, PhNode *, args->in_count + 1);
  proto.in_count = args->in_count;
  for (uint32_t k = 0; k < args->in_count; k++) {
    proto.in[k] = args->in[k].nodes[channel % args->in[k].count];
    proto.tail_sec = fmax(proto.tail_sec, proto.in[k]->tail_sec);
  }
  proto.key = channel ? ph_mix(base->key, channel) : base->key;
  const double upstream = proto.tail_sec;
  proto.tail_sec = 0;
  set_up(scope, sig, args, &proto);
  const double own = proto.tail_sec;
  proto.tail_sec = 0;
  PhNode *node = ph_node_call(scope, &proto);
  node->tail_sec = fmax(node->tail_sec, fmin(upstream + own, 60.0));
  return node;
}

/* Any number of terms, channel by channel. */
static PhChannels lower_sum(PhScope *scope, const PhSig *sig, PhNode *input)
{
  PhLower *lower = scope->lower;
  const PhSigArg *list = &sig->call.args[0];
  PhChannels *terms = PH_NEWN(lower->arena, PhChannels, list->count + 1);
  PhChannels out = { NULL, 1 };
  for (uint32_t i = 0; i < list->count; i++) {
    terms[i] = take_signal(scope, sig, list->items[i].sig, &sig->call.func->params[0], input);
    out.count = terms[i].count > out.count ? terms[i].count : out.count;
  }
  out.nodes = PH_NEWN(lower->arena, PhNode *, out.count);
  PhNode **side = PH_NEWN(lower->arena, PhNode *, list->count + 1);
  for (uint32_t c = 0; c < out.count; c++) {
    for (uint32_t i = 0; i < list->count; i++) {
      side[i] = terms[i].nodes[c % terms[i].count];
    }
    out.nodes[c] = ph_node_sum(scope, side, list->count, ph_mix(ph_mix(scope->key, sig->key), c), sig->at);
  }
  return out;
}

/* Where a tap of that name is, or how many there are. */
static size_t find_tap(const PhLower *lower, const char *name, PhTapKind kind)
{
  size_t i = 0;
  while (i < lower->taps.len && (lower->taps.items[i].kind != kind || strcmp(lower->taps.items[i].name, name) != 0)) {
    i++;
  }
  return i;
}

/* The input of a tap leaves the engine, and is what the tap gives. A processor inside a transform is lowered for each route of
   its events: its tap gets their sum. */
static PhChannels lower_tap(PhScope *scope, const PhSig *sig, const PhUnit *unit, const CallArgs *args)
{
  PhLower *lower = scope->lower;
  const PhChannels in = args->in[0];
  const PhTapKind kind = strcmp(unit->func.name, "tap") == 0 ? PH_TAP_FILE : PH_TAP_SCOPE;
  const PhTap tap = { .name = args->texts[0].text, .kind = kind, .sec = args->in_count > 1 ? args->in[1].nodes[0]->num : 0, .at = sig->at };
  if (!tap.name || scope->voice) {
    if (scope->voice) {
      ph_diags_add(lower->diags, PH_SEVERITY_WARNING, sig->at, "put it behind the pattern that plays the instrument",
                   "`%s` inside an instrument gives nothing", unit->func.name);
    }
    return in;
  }
  PhNode *node = sum_channels(scope, in, ph_mix(sig->key, 9), sig->at);
  const size_t i = find_tap(lower, tap.name, kind);
  if (i == lower->taps.len) {
    if (i == PH_TAPS_MAX) {
      ph_diags_add(lower->diags, PH_SEVERITY_ERROR, sig->at, NULL, "there are more than %d taps and scopes", PH_TAPS_MAX);
      return in;
    }
    PH_PUSH(lower->arena, &lower->taps, tap);
    PH_PUSH(lower->arena, &lower->tap_nodes, node);
  } else if (lower->taps.items[i].at.begin != tap.at.begin || lower->taps.items[i].at.file != tap.at.file) {
    ph_diags_add(lower->diags, PH_SEVERITY_ERROR, sig->at, NULL, "there is a `%s` \"%s\" already", unit->func.name, tap.name);
  } else if (lower->tap_nodes.items[i] != node) {
    PhNode *pair[] = { lower->tap_nodes.items[i], node };
    lower->tap_nodes.items[i] = ph_node_sum(scope, pair, 2, ph_mix(sig->key, 10), sig->at);
  }
  return in;
}

/* The input of that description, with its step; made if there is none. */
static const PhInput *input_of(PhLower *lower, const PhInput *wanted)
{
  PhScope *program = &lower->program_scope;
  for (size_t i = 0; i < lower->inputs.len; i++) {
    const PhInput *input = &lower->inputs.items[i];
    if (input->kind == wanted->kind && input->number == wanted->number && input->channel == wanted->channel &&
        input->dflt == wanted->dflt && input->most == wanted->most && strcmp(input->name, wanted->name) == 0) {
      return input;
    }
  }
  if (lower->inputs.len == PH_INPUTS_MAX) {
    ph_trap_raise(lower->arena->trap, PH_LIMIT, "there are more than %d inputs", PH_INPUTS_MAX);
  }
  const uint64_t place = (uint64_t)wanted->kind << 32 | wanted->number << 8 | wanted->channel;
  const float range[] = { wanted->dflt, wanted->most };
  const uint64_t key = ph_mix(ph_mix(ph_hash_str(wanted->name), place), ph_hash(range, sizeof range));
  const PhStep step = { .use = PH_USE_NUM, .channels = 1, .slot = ph_scope_slot(program, (double)wanted->dflt), .key = key,
                        .at = wanted->at, .least = wanted->least, .most = wanted->most };
  PhInput input = *wanted;
  input.step = (uint32_t)program->steps.len;
  PH_PUSH(lower->arena, &program->steps, step);
  PH_PUSH(lower->arena, &lower->inputs, input);
  return &lower->inputs.items[lower->inputs.len - 1];
}

/* What comes from outside is one step signal of the program, however often it is named. */
static PhChannels lower_input(PhScope *scope, const PhSig *sig, const PhUnit *unit, const CallArgs *args)
{
  PhLower *lower = scope->lower;
  PhScope *program = &lower->program_scope;
  double number[3] = { 0 };
  for (uint32_t k = 0; k < args->in_count; k++) {
    const PhNode *in = args->in[k].nodes[0];
    if (in->kind != PH_NODE_NUM) {
      ph_diags_add(lower->diags, PH_SEVERITY_ERROR, in->at, NULL, "`%s` takes constants", unit->func.name);
      return one(scope, ph_node_num(scope, 0));
    }
    number[k] = in->num;
  }
  const bool is_midi = args->text_count == 0;
  PhInput wanted = { .kind = PH_INPUT_OSC, .dflt = (float)number[args->in_count - 1], .least = -1e9f, .most = 1e9f };
  if (is_midi) {
    wanted = ph_input_midi(unit, number, args->in_count);
  } else {
    wanted.name = args->texts[0].text;
  }
  wanted.at = sig->at;
  if (!is_midi && (!wanted.name || wanted.name[0] != '/')) {
    ph_diags_add(lower->diags, PH_SEVERITY_ERROR, args->text_at.end ? args->text_at : sig->at, "write `osc \"/name\"`",
                 "the path of an OSC message begins with `/`");
    return one(scope, ph_node_num(scope, 0));
  }
  const PhInput *input = input_of(lower, &wanted);
  const PhStep *step = &program->steps.items[input->step];
  PhNode *node = ph_node_leaf(program, PH_NODE_STEP, PH_RATE_STEP, input->step, 0, step->key, step->at);
  node->least = (double)input->least;
  node->most = (double)input->most;
  return one(scope, scope->voice ? extern_of(scope, ph_node_audio(program, node)) : node);
}

static PhChannels lower_call(PhScope *scope, const PhSig *sig, PhNode *input)
{
  PhLower *lower = scope->lower;
  PhNode base = { .key = ph_mix(scope->key, sig->key), .at = sig->at };
  base.unit = ph_unit_of(lower, sig->call.func, &base.unit_index);
  if (base.unit->flags & PH_UNIT_SUM) {
    return lower_sum(scope, sig, input);
  }
  CallArgs args = { 0 };
  take_args(scope, sig, base.unit, input, &args);
  if (base.unit->flags & PH_UNIT_TAP) {
    return lower_tap(scope, sig, base.unit, &args);
  }
  if (base.unit->flags & PH_UNIT_INPUT) {
    return lower_input(scope, sig, base.unit, &args);
  }
  sync_to_cycles(scope, sig, base.unit, &args);
  base.text_hash = args.text_hash;
  if (scope->voice && (base.unit->flags & PH_UNIT_CONTROL)) {
    PhNode *dflt = sum_channels(scope, args.in[0], base.key, sig->at);
    return one(scope, ph_voice_control(scope, args.texts[0].text, dflt, base.key, sig->at));
  }
  PhChannels out = { NULL, 1 };
  for (uint32_t k = 0; k < args.in_count; k++) {
    out.count = args.in[k].count > out.count ? args.in[k].count : out.count;
  }
  out.nodes = PH_NEWN(lower->arena, PhNode *, out.count);
  for (uint32_t c = 0; c < out.count; c++) {
    out.nodes[c] = call_channel(scope, sig, &args, &base, c);
  }
  const bool is_source = !(base.unit->flags & (PH_UNIT_PROCESSOR | PH_UNIT_PURE));
  for (uint32_t c = 0; c < out.count && c < args.there.count; c++) {
    out.nodes[c] = ph_node_mul(scope, out.nodes[c], args.there.nodes[c], ph_mix(base.key, 64 + c), sig->at);
  }
  if (out.count > 1 && is_source) {
    return one(scope, sum_channels(scope, out, ph_mix(base.key, 5), sig->at));
  }
  return out;
}

PhNode *ph_lower_unit(PhScope *scope, const char *unit, PhNode *const *in, uint32_t count, uint64_t key, PhSource at)
{
  const PhSig sig = { .tag = PH_SIG_CALL, .key = key, .at = at };
  PhNode base = { .key = ph_mix(scope->key, key), .at = at };
  base.unit = ph_unit_named(scope->lower, unit, &base.unit_index);
  CallArgs args = { 0 };
  for (uint32_t p = 0; p < base.unit->func.param_count; p++) {
    const PhParam *param = &base.unit->func.params[p];
    if (ph_param_is_signal(param)) {
      PhNode *node = args.in_count < count ? in[args.in_count] : ph_node_num(scope, param->dflt);
      args.in[args.in_count++] = one(scope, node);
    }
  }
  return call_channel(scope, &sig, &args, &base, 0);
}

/* ---- buses ---- */

static PhChannels lower_bus(PhScope *scope, const PhSig *sig)
{
  PhBusMemo *memo = &scope->buses[sig->bus];
  const PhBus *bus = &scope->lower->program->buses[sig->bus];
  if (memo->state == PH_BUS_DONE) {
    return memo->channels;
  }
  if (memo->state == PH_BUS_OPEN) {
    if (!memo->feedback) {
      memo->feedback =
        ph_node_leaf(scope, PH_NODE_FEEDBACK, PH_RATE_AUDIO, sig->bus, 0, ph_mix(scope->key, ph_mix(bus->key, 7)), sig->at);
    }
    return one(scope, memo->feedback);
  }
  memo->state = PH_BUS_OPEN;
  memo->channels = bus->sig ? ph_lower_sig(scope, bus->sig, NULL) : one(scope, ph_node_num(scope, 0));
  memo->state = PH_BUS_DONE;
  if (memo->feedback) {
    memo->feedback->target = sum_channels(scope, memo->channels, ph_mix(bus->key, 8), bus->at);
  }
  return memo->channels;
}

PhChannels ph_lower_sig(PhScope *scope, const PhSig *sig, PhNode *input)
{
  PhLower *lower = scope->lower;
  if (lower->depth >= PH_LOWER_MAX_DEPTH) {
    ph_trap_raise(lower->arena->trap, PH_LIMIT, "signals are nested more than %d deep", PH_LOWER_MAX_DEPTH);
  }
  lower->depth++;
  PhChannels out = { NULL, 0 };
  switch (sig->tag) {
  case PH_SIG_NUM:
    out = one(scope, ph_node_num(scope, sig->num));
    break;
  case PH_SIG_PAT:
    out = lower_pat(scope, sig);
    break;
  case PH_SIG_PLAY:
    out = one(scope, lower_play(scope, sig));
    break;
  case PH_SIG_CALL:
    out = lower_call(scope, sig, input);
    break;
  case PH_SIG_BUS:
    out = lower_bus(scope, sig);
    break;
  case PH_SIG_INPUT:
    out = one(scope, input ? input : ph_node_num(scope, 0));
    break;
  }
  lower->depth--;
  return out;
}

PhNode *ph_lower_mono(PhScope *scope, const PhSig *sig, PhNode *input)
{
  return sum_channels(scope, ph_lower_sig(scope, sig, input), ph_mix(sig->key, 9), sig->at);
}
