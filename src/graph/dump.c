/* A plan for people: as text, and as a picture for Graphviz.  SPDX-License-Identifier: MIT */
#include "graph/graph.h"

static void put_place(PhText *out, const PhDiags *files, PhSource at)
{
  if (files && at.file < files->files.len && at.end > 0) {
    uint32_t line = 0, column = 0;
    ph_diags_place(files, at, &line, &column);
    ph_text_printf(out, "line %u", line);
  }
}

static void put_ref(PhText *out, PhRef ref, const float *slots, uint32_t slot_count)
{
  if (ref.kind == PH_REF_SLOT) {
    ph_text_printf(out, "s%u", ref.index);
    if (slots && ref.index < slot_count && slots[(size_t)ref.index * PH_LANES_BANK] != 0) {
      ph_text_puts(out, "(");
      ph_text_num(out, (double)slots[(size_t)ref.index * PH_LANES_BANK]);
      ph_text_puts(out, ")");
    }
  } else {
    ph_text_printf(out, "%s%u", ref.kind == PH_REF_LOCAL ? "w" : ref.kind == PH_REF_WIDE ? "wide" : "bus", ref.index);
  }
}

static const char *instr_name(const PhInstr *instr)
{
  switch (instr->phase) {
  case PH_PHASE_FEEDBACK_READ:
    return "feedback";
  case PH_PHASE_FEEDBACK_WRITE:
    return "feedback-write";
  case PH_PHASE_COPY:
    return "copy";
  case PH_PHASE_SPREAD:
    return "spread";
  case PH_PHASE_GATHER:
    return "gather";
  case PH_PHASE_PICK:
    return "pick";
  case PH_PHASE_FOLD:
    return "fold";
  default:
    return instr->unit->func.name;
  }
}

static void put_instr(PhText *out, const PhDiags *files, const PhInstr *instr, const float *slots, uint32_t slot_count)
{
  ph_text_puts(out, "    ");
  put_ref(out, instr->out, NULL, 0);
  ph_text_printf(out, " = %s%s", instr_name(instr),
                 instr->phase == PH_PHASE_READ    ? ".read"
                 : instr->phase == PH_PHASE_WRITE ? ".write"
                                                  : "");
  for (uint32_t k = 0; k < instr->in_count; k++) {
    ph_text_puts(out, " ");
    put_ref(out, instr->in[k], slots, slot_count);
  }
  ph_text_puts(out, "    ; ");
  put_place(out, files, instr->at);
  ph_text_puts(out, "\n");
}

static void put_code(PhText *out, const PhDiags *files, const PhCode *code, const float *slots, uint32_t slot_count)
{
  ph_text_printf(out, "    %u instructions, %u wires of %u lanes, %u bytes of state, %zu bytes of delay lines\n",
                 code->instr_count, code->local_count, code->lanes, code->state_words * 4, code->line_floats * 4);
  for (uint32_t i = 0; i < code->step_instr_count; i++) {
    ph_text_puts(out, "    at steps:\n");
    put_instr(out, files, &code->step_instrs[i], slots, slot_count);
  }
  uint32_t loop = 0;
  for (uint32_t i = 0; i < code->instr_count; i++) {
    if (loop < code->loop_count && code->loops[loop].first == i) {
      ph_text_printf(out, "    loop of %u instructions, %u frame%s at a time:\n", code->loops[loop].count,
                     code->loops[loop].frames, code->loops[loop].frames == 1 ? "" : "s");
      loop++;
    }
    put_instr(out, files, &code->instrs[i], slots, slot_count);
  }
}

void ph_plan_text(const PhPlan *plan, const PhDiags *files, PhText *out)
{
  ph_text_printf(out, "plan: %u nodes (%u shared, %u folded, %u unused), %u strands, %u shared wires, %u slots\n",
                 plan->node_count, plan->shared_nodes, plan->folded_nodes, plan->dead_nodes, plan->strand_count,
                 plan->shared_count, plan->slot_count);
  for (uint32_t i = 0; i < plan->step_count; i++) {
    const PhStep *step = &plan->steps[i];
    ph_text_printf(out, "step %u: %s, %u channel%s, ", i, step->continuous ? "continuous" : "events", step->channels,
                   step->channels == 1 ? "" : "s");
    ph_text_printf(out, step->continuous ? "to bus%u, " : "to s%u, ", step->continuous ? step->shared : step->slot);
    put_place(out, files, step->at);
    ph_text_puts(out, "\n");
  }
  for (uint32_t i = 0; i < plan->instrument_count; i++) {
    const PhInstrument *ins = &plan->instruments[i];
    ph_text_printf(out, "instrument %s: ", ins->pat ? "(pattern)" : ins->voice_lanes == 2 ? "(stereo)" : "(mono)");
    put_place(out, files, ins->at);
    ph_text_puts(out, "\n");
    if (!ins->pat) {
      put_code(out, files, &ins->code, ins->slots, ins->slot_count);
    }
  }
  for (uint32_t s = 0; s < plan->strand_count; s++) {
    const PhStrand *strand = &plan->strands[s];
    ph_text_printf(out, "strand %u: %s, ", s, strand->name);
    put_place(out, files, strand->at);
    for (uint32_t i = 0; i < strand->input_count; i++) {
      ph_text_printf(out, "%s%u", i ? ", " : "; after strand ", strand->inputs[i]);
    }
    ph_text_puts(out, "\n");
    if (strand->kind == PH_STRAND_VOICES) {
      const PhRoute route = plan->players[strand->player].routes[strand->route];
      ph_text_printf(out, "    player %u, effects %x, orbit %u, to bus%u\n", strand->player, route.mask, route.orbit, route.shared);
    } else {
      put_code(out, files, &strand->code, plan->slots, plan->slot_count);
    }
  }
  for (uint32_t i = 0; i < plan->stem_count; i++) {
    ph_text_printf(out, "output %u: bus%u%s\n", plan->stems[i].number, plan->stems[i].shared,
                   plan->stems[i].muted ? " (muted)" : "");
  }
  for (uint32_t i = 0; i < plan->tap_count; i++) {
    ph_text_printf(out, "%s \"%s\": bus%u\n", plan->taps[i].kind == PH_TAP_FILE ? "tap" : "scope", plan->taps[i].name,
                   plan->taps[i].shared);
  }
  ph_text_printf(out, "master: bus%u\n", plan->master);
}

static void dot_strand(PhText *out, const PhDiags *files, const PhPlan *plan, uint32_t s)
{
  const PhStrand *strand = &plan->strands[s];
  ph_text_printf(out, "  subgraph cluster_%u { label=\"%s\"; style=rounded; color=gray;\n", s, strand->name);
  if (strand->kind == PH_STRAND_VOICES) {
    ph_text_printf(out, "    n%u_0 [label=\"voices\\n", s);
    put_place(out, files, strand->at);
    ph_text_puts(out, "\", shape=box3d];\n");
  }
  for (uint32_t i = 0; strand->kind == PH_STRAND_CODE && i < strand->code.instr_count; i++) {
    const PhInstr *instr = &strand->code.instrs[i];
    ph_text_printf(out, "    n%u_%u [label=\"%s\\n", s, i, instr_name(instr));
    put_place(out, files, instr->at);
    ph_text_puts(out, "\"];\n");
  }
  ph_text_puts(out, "  }\n");
}

/* The instr that last wrote a wire before instr `before` of the strand; -1: none. */
static int64_t writer_of(const PhCode *code, PhRef ref, uint32_t before)
{
  for (uint32_t i = before; i-- > 0;) {
    const PhInstr *instr = &code->instrs[i];
    const bool writes = instr->phase != PH_PHASE_WRITE && instr->phase != PH_PHASE_FEEDBACK_WRITE;
    if (writes && instr->out.kind == ref.kind && instr->out.index == ref.index) {
      return i;
    }
  }
  return -1;
}

static void dot_edges(PhText *out, const PhPlan *plan, uint32_t s)
{
  const PhCode *code = &plan->strands[s].code;
  for (uint32_t i = 0; plan->strands[s].kind == PH_STRAND_CODE && i < code->instr_count; i++) {
    for (uint32_t k = 0; k < code->instrs[i].in_count; k++) {
      const PhRef ref = code->instrs[i].in[k];
      if (ref.kind == PH_REF_SLOT) {
        continue;
      }
      const int64_t here = writer_of(code, ref, i);
      if (here >= 0) {
        ph_text_printf(out, "  n%u_%u -> n%u_%u;\n", s, (unsigned)here, s, i);
        continue;
      }
      for (uint32_t o = 0; ph_ref_crosses(ref) && o < plan->strand_count; o++) {
        const PhStrand *other = &plan->strands[o];
        if (other->kind == PH_STRAND_VOICES && plan->players[other->player].routes[other->route].shared == ref.index) {
          ph_text_printf(out, "  n%u_0 -> n%u_%u;\n", o, s, i);
        } else if (other->kind == PH_STRAND_CODE && o != s) {
          const int64_t there = writer_of(&other->code, ref, other->code.instr_count);
          if (there >= 0) {
            ph_text_printf(out, "  n%u_%u -> n%u_%u;\n", o, (unsigned)there, s, i);
          }
        }
      }
    }
  }
}

void ph_plan_dot(const PhPlan *plan, const PhDiags *files, PhText *out)
{
  ph_text_puts(out, "digraph plan {\n  rankdir=LR; node [shape=box, style=rounded, fontname=\"sans-serif\"];\n");
  for (uint32_t s = 0; s < plan->strand_count; s++) {
    dot_strand(out, files, plan, s);
  }
  for (uint32_t s = 0; s < plan->strand_count; s++) {
    dot_edges(out, plan, s);
  }
  ph_text_puts(out, "}\n");
}
