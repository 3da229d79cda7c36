/* Orbits: the reverb and the delay that the events of a played pattern send to (docs/design/engine.md). Which orbits there are, and
   which of the two effects, is seen in the events of the first cycles; what the events say reaches the effects as step
   signals that the engine writes when it starts a voice.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "graph/internal.h"

enum { CYCLES = 32, NESTED_CYCLES = 4, NEST_MAX = 8 };

#define LAG_SEC 0.01     /* of the levels that are sent: a step would click */
#define TIME_LAG_SEC 0.1 /* of the delay's time, which bends the pitch of its echoes */
#define MOST_DELAY_SEC 8.0

static const struct {
  const char *control;
  double dflt, least, most;
} parameters[PH_ORBIT_PARAMETERS] = {
  [PH_ORBIT_ROOM] = { "room", 0, 0, 2 },
  [PH_ORBIT_SIZE] = { "size", 0.5, 0, 1 },
  [PH_ORBIT_WET] = { "dry", 1, 0, 1 },
  [PH_ORBIT_DELAY] = { "delay", 0, 0, 2 },
  [PH_ORBIT_TIME] = { "delaytime", 0.25, 0, MOST_DELAY_SEC },
  [PH_ORBIT_FEEDBACK] = { "delayfeedback", 0.5, 0, 0.99 },
};

/* ---- what there is ---- */

/* The first value of a parameter in an orbit: what its smoothing begins with. */
typedef struct First {
  bool set;
  PhRat at;
  double value;
} First;

typedef struct Facts {
  uint32_t orbits; /* bits */
  bool seen[PH_ORBIT_PARAMETERS];
  First first[PH_ORBITS][PH_ORBIT_PARAMETERS];
} Facts;

/* Levels are 0, and the reverb is all there, where an event does not say; the others stay as they were. */
static bool is_held(uint32_t parameter)
{
  return parameter != PH_ORBIT_ROOM && parameter != PH_ORBIT_DELAY && parameter != PH_ORBIT_WET;
}

/* What an event says of its orbit. */
typedef struct Said {
  bool orbit, parameter[PH_ORBIT_PARAMETERS];
  double number, values[PH_ORBIT_PARAMETERS];
} Said;

/* Most controls are told apart by a letter or two: this runs for every control of every event of many cycles. */
static Said said_by(const PhLower *lower, const PhMap *map)
{
  Said said = { 0 };
  for (size_t i = 0; i < map->len; i++) {
    const char *name = map->items[i].name;
    const PhValue *value = &map->items[i].value;
    for (uint32_t p = 0; p < PH_ORBIT_PARAMETERS; p++) {
      const char *own = parameters[p].control;
      if (name[0] == own[0] && name[1] == own[1] && strcmp(name, own) == 0) {
        said.parameter[p] = ph_value_as_num(value, lower->program->tidal, &said.values[p]);
      }
    }
    if (name[0] == 'o' && strcmp(name, "orbit") == 0) {
      said.orbit = ph_value_as_num(value, lower->program->tidal, &said.number);
    }
  }
  return said;
}

/* The pattern of a bus that an event plays, or NULL. */
static const PhPat *nested(const PhLower *lower, const PhMap *map)
{
  for (size_t i = 0; i < map->len; i++) {
    const PhValue *value = &map->items[i].value;
    const char *name = map->items[i].name;
    if (name[0] != 's' || name[1] || value->tag != PH_VALUE_STR || value->str[0] != '~') {
      continue;
    }
    for (uint32_t b = 0; b < lower->program->bus_count; b++) {
      if (strcmp(lower->program->buses[b].name, value->str + 1) == 0) {
        return lower->program->buses[b].pat;
      }
    }
  }
  return NULL;
}

static void look_at_event(const PhLower *lower, const PhEvent *event, Facts *facts)
{
  const Said said = said_by(lower, event->value.map);
  const uint32_t orbit = said.orbit ? ph_orbit_of(said.number) : 0;
  facts->orbits |= 1u << orbit;
  for (uint32_t p = 0; p < PH_ORBIT_PARAMETERS; p++) {
    First *first = &facts->first[orbit][p];
    facts->seen[p] |= said.parameter[p];
    if ((said.parameter[p] || !is_held(p)) && (!first->set || ph_rat_lt(event->whole.begin, first->at))) {
      const double x = said.values[p];
      *first = (First){ true, event->whole.begin,
                        !said.parameter[p]  ? parameters[p].dflt
                        : p == PH_ORBIT_WET ? 1 - x
                                            : x };
    }
  }
}

static void look_at(PhLower *lower, PhArena *arena, const PhPat *pat, PhRat from, int64_t cycles, uint32_t depth,
                    Facts *facts)
{
  const PhPat *inner[NEST_MAX] = { NULL };
  size_t inner_count = 0;
  for (int64_t cycle = 0; cycle < cycles; cycle++) {
    const PhArenaMark mark = ph_arena_mark(arena);
    PhQuery query = { .arena = arena, .seed = lower->program->seed, .cps = 0.5 };
    PhEvents events = { 0 };
    const PhRat begin = ph_rat_add(from, PH_RAT_INT(cycle));
    ph_query(&query, pat, (PhArc){ begin, ph_rat_add(begin, PH_RAT_INT(1)) }, &events);
    for (size_t i = 0; i < events.len; i++) {
      if (events.items[i].value.tag != PH_VALUE_MAP || !ph_event_has_onset(&events.items[i])) {
        continue;
      }
      look_at_event(lower, &events.items[i], facts);
      const PhPat *bus = nested(lower, events.items[i].value.map);
      for (size_t k = 0; bus && k < inner_count; k++) {
        bus = inner[k] == bus ? NULL : bus;
      }
      if (bus && inner_count < NEST_MAX) {
        inner[inner_count++] = bus;
      }
    }
    ph_arena_release(arena, mark);
  }
  for (size_t k = 0; depth < NEST_MAX && k < inner_count; k++) {
    look_at(lower, arena, inner[k], PH_RAT_INT(0), NESTED_CYCLES, depth + 1, facts);
  }
}

static Facts facts_of(PhLower *lower, const PhPat *pat, PhSource at)
{
  Facts facts = { 0 };
  PhArena arena;
  PhTrap trap;
  ph_arena_init(&arena, lower->arena->allocator, &trap);
  if (PH_TRAP_SET(&trap) == 0) {
    look_at(lower, &arena, pat, ph_rat_floor(lower->program->start_cycle), CYCLES, 0, &facts);
  }
  ph_arena_deinit(&arena);
  if (trap.status != PH_OK) {
    ph_diags_add(lower->diags, PH_SEVERITY_ERROR, at, NULL, "this pattern cannot be evaluated: %s", trap.text);
  }
  return facts;
}

void ph_orbits_of(PhLower *lower, const PhSig *sig, PhPlayer *player)
{
  if (!lower->program->sends) {
    return;
  }
  const Facts facts = facts_of(lower, sig->play.pat, sig->at);
  player->has_room = facts.seen[PH_ORBIT_ROOM];
  player->has_delay = facts.seen[PH_ORBIT_DELAY];
  if (!player->has_room && !player->has_delay) {
    return;
  }
  player->orbits = facts.orbits ? facts.orbits : 1;
  PhScope *program = &lower->program_scope;
  player->first_step = (uint32_t)program->steps.len;
  for (uint32_t orbit = 0; orbit < PH_ORBITS; orbit++) {
    for (uint32_t p = 0; player->orbits >> orbit & 1 && p < PH_ORBIT_PARAMETERS; p++) {
      const First *first = &facts.first[orbit][p];
      double x = first->set ? first->value : parameters[p].dflt;
      x = x < parameters[p].least ? parameters[p].least : x > parameters[p].most ? parameters[p].most : x;
      const PhStep step = { .use = PH_USE_NUM,
                            .channels = 1,
                            .slot = ph_scope_slot(program, x),
                            .orbit = orbit,
                            .parameter = p,
                            .key = ph_mix(ph_mix(sig->key, 0x6F72626974), orbit * PH_ORBIT_PARAMETERS + p),
                            .at = sig->at,
                            .least = (float)parameters[p].least,
                            .most = (float)parameters[p].most };
      PH_PUSH(lower->arena, &program->steps, step);
      player->step_count++;
    }
  }
}

/* ---- the effects ---- */

static PhNode *parameter(PhLower *lower, const PhPlayer *player, uint32_t orbit, PhOrbitParameter which)
{
  PhScope *program = &lower->program_scope;
  for (uint32_t i = player->first_step; i < player->first_step + player->step_count; i++) {
    const PhStep *step = &program->steps.items[i];
    if (step->orbit == orbit && step->parameter == which) {
      PhNode *node = ph_node_leaf(program, PH_NODE_STEP, PH_RATE_STEP, i, 0, step->key, step->at);
      node->least = parameters[which].least;
      node->most = parameters[which].most;
      return node;
    }
  }
  return ph_node_num(program, parameters[which].dflt);
}

/* A parameter whose steps are smoothed. */
static PhNode *smooth(PhLower *lower, const PhPlayer *player, uint32_t orbit, PhOrbitParameter which, double sec)
{
  PhNode *in[] = { parameter(lower, player, orbit, which), ph_node_num(&lower->program_scope, sec) };
  return ph_lower_unit(&lower->program_scope, "lag", in, 2, ph_mix(in[0]->key, 1), player->at);
}

PhNode *ph_orbit_effects(PhLower *lower, const PhPlayer *player, uint32_t orbit, PhNode *sound)
{
  PhScope *program = &lower->program_scope;
  const uint64_t key = ph_mix(ph_mix(player->key, 0x73656E64), orbit);
  const PhSource at = player->at;
  PhNode *total = sound, *one = ph_node_num(program, 1);
  if (player->has_room) {
    PhNode *sent =
        ph_node_mul(program, sound, smooth(lower, player, orbit, PH_ORBIT_ROOM, LAG_SEC), ph_mix(key, 1), at);
    PhNode *in[] = { sent, parameter(lower, player, orbit, PH_ORBIT_SIZE), ph_node_num(program, 0.5), one };
    PhNode *room = ph_lower_unit(program, "reverb", in, 4, ph_mix(key, 2), at);
    room = ph_node_mul(program, room, smooth(lower, player, orbit, PH_ORBIT_WET, LAG_SEC), ph_mix(key, 3), at);
    PhNode *pair[] = { total, room };
    total = ph_node_math(program, "add", pair, 2, ph_mix(key, 4), at);
  }
  if (player->has_delay) {
    PhNode *sent =
        ph_node_mul(program, sound, smooth(lower, player, orbit, PH_ORBIT_DELAY, LAG_SEC), ph_mix(key, 5), at);
    PhNode *in[] = { sent, smooth(lower, player, orbit, PH_ORBIT_TIME, TIME_LAG_SEC),
                     parameter(lower, player, orbit, PH_ORBIT_FEEDBACK), one };
    PhNode *pair[] = { total, ph_lower_unit(program, "delay", in, 4, ph_mix(key, 6), at) };
    total = ph_node_math(program, "add", pair, 2, ph_mix(key, 7), at);
  }
  return total;
}
