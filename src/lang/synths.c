/* The built-in synths, with the names and controls of SuperDirt's. Each is an expression of its parameters in the language;
   the sounds are Phonon's own. `s` plays them as instruments (engine.md); an oscillator whose frequency is made from `freq`
   follows the note. Levels: docs/design/engine.md.  SPDX-License-Identifier: MIT */
#include "lang/lang.h"

#define P(name_, dflt_, least_, most_, unit_, doc_)                                                                    \
  { name_, "sig", dflt_, least_, most_, unit_, PH_PARAM_OPTIONAL, PH_SCALE_LIN, doc_ }
#define P_HZ(dflt_, doc_) { "freq", "hz", dflt_, 0.1, 22000, "Hz", PH_PARAM_OPTIONAL, PH_SCALE_LOG, doc_ }
#define P_FREQ P_HZ(261.6255653005986, "pitch; without one that of the note")
#define P_DRUM(dflt_) P_HZ(dflt_, "pitch; note 0 is the default, other notes are so many semitones from it")
#define P_VOICE(dflt_, doc_) P("voice", dflt_, 0, 10, "", doc_)
#define P_FALL P("decay", 0, 0, 1, "", "how far the level falls in the first fifth of the sound")
#define P_LENGTH P("decay", 1, 0.05, 10, "", "length of the sound, as a factor")
#define P_DETUNE(dflt_) P("detune", dflt_, 0, 12, "", "how far the oscillators are apart")
#define P_PITCH1 P("pitch1", 1, 0, 20, "", "the filter's frequency, as a factor")
#define P_MOOG(semitone_)                                                                                              \
  P("semitone", semitone_, -48, 48, "semitones", "the second oscillator, from the first"),                            \
    P("resonance", 0.2, 0, 1, "", "resonance of the filter"),                                                          \
    P("lfo", 1, 0, 10, "", "how far a slow oscillator moves the filter"),                                              \
    P("rate", 1, -100, 100, "Hz", "its rate"), P_PITCH1

/* The second oscillator's frequency; the filter of the Moog-like ones; the level that falls by `decay`. */
#define SECOND "(freq * pow 2 (semitone / 12))"
#define MOOG(harmonics_)                                                                                               \
  "# lpf (freq * " harmonics_ " * pitch1 * (1 + 0.5 * clip (lfo * sine rate) -1.8 1.8)) (0.7 + 8 * resonance)\n"       \
  "# lpf (freq * 2 * " harmonics_ " * pitch1) 0.7"
#define FALL "(1 - decay * curve 0 1 (0.2 * ctl \"sustain\" 1) -3)"
/* A partial, silent where it would be beyond the range of hearing; how a struck string dies, a high one sooner. */
#define TONE(ratio_) "sine (freq * " ratio_ ") * lt (freq * " ratio_ ") 18000"
#define DIES(sec_) "curve 1 0 (" sec_ " * sqrt (262 / freq)) -6"
/* A mode of a membrane that was struck; a partial that pulses in a rhythm of its own; a band of noise that changes its pitch at random. */
#define MODE(ratio_, level_, sec_) TONE(ratio_) " * " level_ " * curve 1 0 (" sec_ " / rate * sqrt (262 / freq)) -6"
#define PULSED(half_, prime_) \
  "sine (freq * " half_ " * (1 + detune / 12 * " SIDE ")) * pow (0.5 - 0.5 * lfsaw (30 * rate / " prime_ " / ctl \"sustain\" 1)) (2 + voice)"
#define STRAYS(ratio_, shift_) \
  "(noise # bpf (clip (freq * " ratio_ " * (1 + floor (0.5 + (1.6 + detune) * (1 + sample_hold noise (lfsquare (4 / ctl \"sustain\" 1 + " shift_ "))))) * 0.5) 20 18000) (80 / (1 + 60 * voice)))"
/* -1 on the left and 1 on the right. */
#define SIDE "join (-1) 1"

#define SYNTH(name_, doc_, example_, params_, attack_, release_, length_, base_, ...)                                  \
  {                                                                                                                    \
    .func = { .name = name_, .aliases = "", .family = "synth", .doc = doc_, .example = example_, .result = "sig",     \
              .params = params_, .param_count = PH_COUNT(params_), .sort = PH_FUNC_SYNTH },                            \
    .text = __VA_ARGS__,                                                                                               \
    .shape = { .attack_sec = attack_, .release_sec = release_, .length_sec = length_, .base_hz = base_ }               \
  }
/* Struck: sounds for its own time. Held: for the event's. */
#define DRUM(name_, doc_, example_, length_, base_, ...)                                                               \
  SYNTH(#name_, doc_, example_, name_##_params, 0, 0.02, length_, base_, __VA_ARGS__)
#define HELD(name_, doc_, example_, attack_, release_, ...)                                                            \
  SYNTH(#name_, doc_, example_, name_##_params, attack_, release_, 0, 0, __VA_ARGS__)

static const PhParam superkick_params[] = { P_DRUM(50), P("pitch1", 1, 0, 10, "", "the click's frequency, as a factor"), P_LENGTH };
static const PhParam super808_params[] = { P_DRUM(48), P("rate", 1, 0.1, 20, "", "speed of the fall of the pitch"),
                                           P_VOICE(0, "distortion") };
static const PhParam supersnare_params[] = { P_DRUM(180), P("decay", 1, 0.05, 10, "", "length of the rattle, as a factor") };
static const PhParam superhat_params[] = { P_DRUM(330), P_LENGTH };
static const PhParam superclap_params[] = { P("rate", 1, 0.1, 20, "", "speed of the decay"),
                                            P("pitch1", 1, 0, 10, "", "the band's frequency, as a factor") };
static const PhParam supersaw_params[] = { P_FREQ, P_VOICE(0.5, "how far the saws are apart"), P_FALL, P_MOOG(12) };
static const PhParam supersquare_params[] = { P_FREQ, P("voice", 0.5, 0, 1, "", "width of the pulses"), P_FALL, P_MOOG(12) };
static const PhParam superpwm_params[] = { P_FREQ, P_VOICE(0.5, "speed of the movement of the width"), P_FALL, P_MOOG(12) };
static const PhParam supercomparator_params[] = { P_FREQ, P_VOICE(0.5, "frequency of what it is compared with: breath"), P_FALL,
                                                  P("resonance", 0.5, 0, 1, "", "resonance of the filter"),
                                                  P("lfo", 1, 0, 10, "", "how far a slow oscillator moves the filter"),
                                                  P("rate", 1, -100, 100, "Hz", "its rate"), P_PITCH1 };
static const PhParam superchip_params[] = { P_FREQ, P("slide", 0, -4, 4, "", "how far the pitch slides, as a factor"),
                                            P("rate", 1, -100, 100, "", "how often it does so in the sound"),
                                            P("pitch2", 2, 0, 20, "", "second voice, as a factor"),
                                            P("pitch3", 3, 0, 20, "", "third voice, as a factor"),
                                            P("voice", 0, 0, 1, "", "balance of the voices") };
static const PhParam superhoover_params[] = { P_FREQ, P("slide", 0, -10, 10, "", "the pitch comes from below (above 0) or above"), P_FALL };
static const PhParam superzow_params[] = { P_FREQ, P_FALL, P("slide", 1, 0, 20, "", "speed of the phase"), P_DETUNE(1) };
static const PhParam supertron_params[] = { P_FREQ, P_VOICE(0, "a second pair of oscillators, from 0 to 1"), P_DETUNE(0) };
static const PhParam superreese_params[] = { P_FREQ, P_VOICE(0, "an octave below, from 0 to 1"), P_DETUNE(0) };
static const PhParam supernoise_params[] = { P_FREQ, P("voice", 0, 0, 1, "", "digital noise of the pitch, towards brown and white noise"),
                                             P("pitch1", 1, 0, 20, "", "the band's frequency, as a factor"),
                                             P("slide", 0, -1, 10, "", "how far the band slides, as a factor"),
                                             P("resonance", 0, 0, 1, "", "narrowness of the band") };
static const PhParam superstatic_params[] = { P_FREQ };
static const PhParam supermandolin_params[] = { P_FREQ, P_DETUNE(0.2) };
static const PhParam superpiano_params[] = { P_FREQ, P("velocity", 1, 0, 1, "", "how hard the key is struck"), P_DETUNE(0.1),
                                             P("muffle", 1, 0, 10, "", "how dull the hammer is") };
static const PhParam supervibe_params[] = { P_FREQ, P("decay", 0, 0, 4, "", "damps the upper partials"),
                                            P("velocity", 1, 0, 1, "", "how hard it is struck"),
                                            P("modamp", 1, 0, 2, "", "depth of the tremolo"),
                                            P("modfreq", 7, 0, 100, "Hz", "rate of the tremolo"),
                                            P("detune", 0, -12, 12, "semitones", "moves the highest partial") };
static const PhParam superfork_params[] = { P_FREQ };
static const PhParam supergong_params[] = { P_FREQ, P("voice", 0, 0, 1, "", "tone: from dark to bright"),
                                            P("decay", 1, 0.05, 10, "", "length of the upper partials, as a factor") };
static const PhParam superhammond_params[] = { P_FREQ, P("voice", 0, 0, 9, "", "drawbars, by number"),
                                               P("percf", 2, 1, 8, "", "harmonic of the percussion"),
                                               P("decay", 0.3, 0.01, 10, "s", "length of the percussion"),
                                               P("vrate", 6, 0, 20, "Hz", "rate of the vibrato") };
static const PhParam superfm_params[] = { P_FREQ, P("ratio2", 2, 0, 32, "", "frequency of the modulator, as a factor"),
                                          P("mod12", 2, 0, 20, "", "how far it modulates"),
                                          P("ratio3", 1, 0, 32, "", "frequency of what modulates the modulator, as a factor"),
                                          P("mod23", 0, 0, 20, "", "how far it does so"),
                                          P("feedback", 0, 0, 5, "", "how far the carrier modulates itself"),
                                          P("decay", 1, 0.01, 20, "s", "how long the modulation takes to fall") };
static const PhParam superhex_params[] = { P_FREQ, P("rate", 1, 0.05, 20, "", "how fast it dies, as a factor"),
                                           P("velocity", 1, 0, 1, "", "how hard it is struck") };
static const PhParam superprimes_params[] = { P_FREQ, P("rate", 1, 0.05, 20, "", "speed of the rhythms, as a factor"), P_DETUNE(0),
                                              P("voice", 0, 0, 5, "", "sharpness of the pulses") };
static const PhParam superwavemechanics_params[] = { P_FREQ, P("voice", 0, 0, 1, "", "from tones to noise"),
                                                     P("detune", 0, 0, 1.5, "", "how far the bands stray"),
                                                     P("resonance", 0, 0, 1, "", "size of the room") };
static const PhParam supersiren_params[] = { P_FREQ };
static const PhParam supergrind_params[] = { P_FREQ, P("detune", 0, -100, 100, "Hz", "beating of two grinds"), P_VOICE(0, "brightness"),
                                             P("rate", 1, 0.1, 20, "", "speed of the impulses, as a factor") };

static const PhSynth synths[] = {
  /* ---- drums ---- */
  DRUM(superkick, "A kick drum: a sine whose pitch falls, and the click of the beater.", "s \"superkick*4\"", 0.7, 50,
       "((sine (freq * (1 + 4 * curve 1 0 0.12 -9)) * curve 1 0 (0.55 * decay) -3 * 1.7) # tanh) * 0.6\n"
       "+ (noise # lpf (2500 * pitch1) 0.7) * curve 1 0 (0.015 * decay) -5 * 0.2"),
  DRUM(super808, "The long kick of a drum machine: a sine that hums on.", "s \"super808(3,8)\"", 1.6, 48,
       "((sine (freq * (1 + 2.5 * curve 1 0 (0.06 / rate) -5)) * curve 1 0 1.5 -3.5 * (1.2 + 3 * voice)) # tanh) * 0.65"),
  DRUM(supersnare, "A snare drum: two modes of the skin, and the rattle of the snares.", "s \"~ supersnare\"", 0.5, 180,
       "(sine (freq * (1 + 0.6 * curve 1 0 0.03 -4)) * 0.6 + sine (freq * 1.59 * (1 + 0.3 * curve 1 0 0.03 -4)) * 0.35) * curve 1 0 0.16 -4 * 0.5\n"
       "+ (noise # hpf 1500 0.7 # lpf 9000 0.7) * curve 1 0 (0.28 * decay) -4.5 * 0.4"),
  DRUM(superhat, "A hi-hat: six squares that do not fit, through a high-pass.", "s \"superhat*8\"", 0.4, 330,
       "(((square freq + square (freq * 1.342) + square (freq * 1.231) + square (freq * 1.653) + square (freq * 1.952) + square (freq * 2.152)) * 0.14\n"
       "+ noise * 0.4) # hpf 7000 0.9 # hpf 6000 0.7) * curve 1 0 (0.09 * decay) -4 * 1.2"),
  DRUM(superclap, "Hands that clap: four bursts of noise and a room.", "s \"~ superclap\"", 0.5, 0,
       "(noise # bpf (1150 * pitch1) 1.4) * (curve 1 0 (0.35 / rate) -5 * curve 0 1 0.03 0\n"
       "+ exp (-5 * (curve 0 3 0.033 0 % 1)) * lt (curve 0 3 0.033 0) 2.999) * 1.5"),
  /* ---- subtractive ---- */
  HELD(supersaw, "Eight saws side by side, wide, through a filter that follows the note.", "note \"c3'min7\" # s \"supersaw\"", 0.01, 0.12,
       "((saw (freq * (1 + 0.0021 * voice * " SIDE ")) + saw (freq * (1 - 0.0057 * voice * " SIDE ")) 0 0.31 + saw (freq * (1 + 0.0119 * voice * " SIDE ")) 0 0.57\n"
       "+ saw (freq * (1 - 0.0172 * voice * " SIDE ")) 0 0.83 + tri " SECOND " * 0.6) * 0.1 " MOOG("8") ") * " FALL),
  HELD(supersquare, "Two pulses through a filter that follows the note.", "n \"0 3 7\" # s \"supersquare\"", 0.01, 0.1,
       "((pulse freq (0.05 + 0.9 * voice) + 0.5 * pulse " SECOND " (0.05 + 0.9 * voice) + 1.5 * (0.9 - 1.8 * voice)) * 0.11 " MOOG("6") ") * " FALL),
  HELD(superpwm, "Two pulses whose widths move, through a filter that follows the note.", "n \"0 3 7\" # s \"superpwm\"", 0.01, 0.12,
       "((pulse freq (0.5 + 0.42 * sine (0.2 + voice)) + 0.5 * pulse " SECOND " (0.5 + 0.42 * cosine (0.31 + 1.3 * voice))) * 0.11 " MOOG("6") ") * " FALL),
  HELD(supercomparator, "A sine compared with another one: hollow and breathy.", "n \"0 7\" # s \"supercomparator\"", 0.01, 0.1,
       "(((sine freq - 0.8 * sine (freq * (1 + voice) * 1.003) - 0.3 * tri (freq * 0.5)) * 7 # tanh) * 0.12\n"
       "# lpf (freq * 5 * pitch1 * (1 + 0.5 * clip (lfo * sine rate) -1.8 1.8)) (0.7 + 6 * resonance)) * " FALL),
  HELD(superchip, "Three pulses as of a sound chip; the pitch may slide.", "n \"0 3 7 12\" # s \"superchip\" # slide 0.5 # rate 4", 0.002, 0.02,
       "(pulse (freq * (1 + slide * (curve 0 1 (ctl \"sustain\" 1) 0 * rate % 1))) 0.5 * (1 - 0.5 * voice)\n"
       "+ (pulse (freq * pitch2 * (1 + slide * (curve 0 1 (ctl \"sustain\" 1) 0 * rate % 1))) 0.25 + 0.5) * (0.3 + 0.5 * voice)\n"
       "+ (pulse (freq * pitch3 * (1 + slide * (curve 0 1 (ctl \"sustain\" 1) 0 * rate % 1))) 0.125 + 0.75) * (0.2 + 0.5 * voice)) * 0.13"),
  HELD(superhoover, "The hoover: detuned pulses of moving width over a sub-octave, that fall into place.", "n \"0 -5\" # s \"superhoover\" # slide 1", 0.02, 0.15,
       "((pulse (freq * (1 - 0.3 * slide * curve 1 0 0.35 -3) * (1 + 0.005 * " SIDE ")) (0.5 + 0.4 * sine 3.1)\n"
       "+ saw (freq * (1 - 0.3 * slide * curve 1 0 0.35 -3) * (1 - 0.008 * " SIDE ")) + pulse (freq * 0.5 * (1 - 0.3 * slide * curve 1 0 0.35 -3)) (0.5 + 0.35 * cosine 2.3)\n"
       "+ saw (freq * 2 * (1 - 0.3 * slide * curve 1 0 0.35 -3) * (1 + 0.011 * " SIDE ")) * 0.6) * 0.1 # lpf 7000 0.9 # hpf 60 0.7) * " FALL),
  HELD(superzow, "Saws that turn against each other in phase.", "n \"0 3\" # s \"superzow\"", 0.01, 0.1,
       "((saw freq - saw freq 0 (0.5 + 0.45 * sine (0.5 * slide)) + saw (freq * (1 + 0.004 * detune * " SIDE ")) - saw (freq * (1 - 0.006 * detune * " SIDE ")) 0 (slide * curve 0 1 4 0)) * 0.1\n"
       "# lpf (freq * 16) 0.8) * " FALL),
  HELD(supertron, "Pulses whose width is moved by themselves: raw, and full of formants.", "n \"-12 -9\" # s \"supertron\"", 0.01, 0.1,
       "(pulse freq (0.5 + 0.42 * sine (freq * 1.0013)) + pulse (freq * (1 + 0.006 * detune * " SIDE ") * 1.0007) (0.5 + 0.42 * sine (freq * 1.9983))\n"
       "+ voice * pulse (freq * (1 - 0.01 * detune * " SIDE ") * 2.002) (0.5 + 0.42 * sine (freq * 2.9979)) * 0.6) * 0.11 # dcblock"),
  HELD(superreese, "A Reese bass: low saws that beat, wide, and a filter.", "n \"-24 -21\" # s \"superreese\"", 0.01, 0.12,
       "((saw (freq * (1 + 0.004 * (1 + detune) * " SIDE ")) + saw (freq * (1 - 0.0063 * (1 + detune) * " SIDE ")) + saw freq * 0.7\n"
       "+ voice * saw (freq * 0.5)) * 0.13 # lpf (freq * 4 + 250 + 200 * sine 0.23) 1.2 # lpf 3500 0.7)"),
  /* ---- noise ---- */
  HELD(supernoise, "Noise of a pitch through a band-pass: held random values, or brown and white noise.", "n \"0 12\" # s \"supernoise\"", 0.01, 0.1,
       "(((1 - voice) * sample_hold noise (lfsquare (freq * 4)) + voice * (brown + 0.3 * noise))\n"
       "# bpf (freq * 2 * pitch1 * (1 + slide * curve 0 1 (ctl \"sustain\" 1) 0)) (0.6 + 20 * resonance)) * (0.33 + 1.2 * resonance)"),
  HELD(superstatic, "Static: impulses at random that swell and fade.", "n \"0 24\" # s \"superstatic\"", 0.05, 0.1,
       "((dust (min 4000 (freq * 2)) - dust (min 4200 (freq * 2.1))) # hpf 300 0.7 # lpf 7000 0.9) * 1.6 * (0.5 - 0.5 * cosine (1 / ctl \"sustain\" 1))"),
  HELD(supergrind, "Impulses that grind through resonances.", "n \"-12 0\" # s \"supergrind\"", 0.005, 0.08,
       "((impulse (40 * rate) + impulse (40.7 * rate + detune)) # bpf freq 30 + ((impulse (40 * rate) + impulse (40.7 * rate + detune)) # bpf (freq * (2.01 + voice)) 40)\n"
       "+ ((impulse (40 * rate) + impulse (40.7 * rate + detune)) # bpf (freq * (3.98 + 2 * voice)) 50)) * 110 # tanh * 0.4"),
  HELD(supersiren, "A siren that rises and falls once in the sound.", "s \"supersiren/2\" # sustain 2", 0.02, 0.1,
       "(saw (freq * (1 + 0.5 - 0.5 * cosine (1 / ctl \"sustain\" 1))) * 0.35 + square (freq * (1.5 - 0.5 * cosine (1 / ctl \"sustain\" 1)) * 1.005) * 0.2) * 0.42 # lpf 3200 1.2"),
  /* ---- strings, bars, keys ---- */
  HELD(supermandolin, "A plucked pair of strings, a little apart.", "n \"0 4 7 12\" # s \"supermandolin\"", 0.001, 0.25,
       "(((noise # lpf (freq * 10) 0.7) * curve 1 0 (min 0.004 (2 / freq)) -1)\n"
       "# delay (min 0.05 (1 / (freq * (1 + 0.0015 * detune * " SIDE ")))) (exp (-2.5 / freq)) 1\n"
       "# lpf (freq * (3 + 16 * curve 1 0 1.5 -4)) 0.7 # dcblock) * 1.5"),
  HELD(superpiano, "A piano: struck strings whose partials are stretched and die one after another.", "note \"c e g\" # s \"superpiano\" # velocity 0.8", 0.002, 0.2,
       "((sine (freq * (1 + 0.0009 * detune * " SIDE ")) * 0.6 + sine (freq * 1.00008 * (1 - 0.0013 * detune * " SIDE ")) * 0.4) * " DIES("6") "\n"
       "+ sine (freq * 2.0008 * (1 + 0.001 * detune * " SIDE ")) * 0.55 * " DIES("4.5") " + sine (freq * 3.003 * (1 - 0.0011 * detune * " SIDE ")) * 0.38 * " DIES("3.4") "\n"
       "+ velocity * (" TONE("4.007") " * 0.25 * " DIES("2.6") " + " TONE("5.014") " * 0.2 * " DIES("2") " + " TONE("6.025") " * 0.13 * " DIES("1.6") ")\n"
       "+ velocity * velocity / (0.5 + 0.5 * muffle) * (" TONE("7.04") " * 0.09 + " TONE("9.09") " * 0.06 + " TONE("11.17") " * 0.04) * " DIES("1") "\n"
       "+ velocity / (0.5 + 0.5 * muffle) * (noise # bpf (min 6000 (freq * 3)) 1.5) * 0.5 * curve 1 0 0.03 -4) * 0.2"),
  HELD(supervibe, "A vibraphone: bars tuned 1, 4 and 10, and a motor that opens and closes.", "n \"0 4 7\" # s \"supervibe\"", 0.001, 0.4,
       "(sine freq * " DIES("5") " + " TONE("3.984") " * 0.3 * velocity * curve 1 0 (1.2 / (1 + decay)) -5\n"
       "+ sine (min 18000 (freq * 10.17 * pow 2 (detune / 12))) * 0.12 * velocity * curve 1 0 (0.25 / (1 + decay)) -5\n"
       "+ (noise # bpf (min 9000 (freq * 6)) 2) * 0.25 * velocity * curve 1 0 0.012 -3) * (1 - 0.18 * modamp * (1 + sine modfreq)) * 0.32"),
  HELD(superfork, "A tuning fork: a sine, and the clang of its second mode.", "n \"0 7\" # s \"superfork\"", 0.002, 0.3,
       "(sine freq * curve 1 0 8 -6 + sine (freq * 2) * 0.06 * curve 1 0 4 -6 + " TONE("6.267") " * 0.25 * curve 1 0 0.5 -5 + " TONE("17.55") " * 0.08 * curve 1 0 0.1 -5) * 0.24"),
  HELD(supergong, "A gong: partials that do not fit, the higher the shorter.", "n \"-12\" # s \"supergong\" # legato 4", 0.005, 1,
       "((sine freq + sine (freq * 1.006) * 0.6) * curve 1 0 8 -5 + (sine (freq * 1.483) + sine (freq * 1.492)) * 0.4 * curve 1 0 (6.5 * decay) -5\n"
       "+ (sine (freq * 1.932) + sine (freq * 2.546)) * (0.3 + 0.2 * voice) * curve 1 0 (5 * decay) -5 + (sine (freq * 2.63) + sine (freq * 3.31)) * (0.2 + 0.3 * voice) * curve 1 0 (3.5 * decay) -5\n"
       "+ (sine (freq * 3.97) + sine (freq * 4.73)) * (0.12 + 0.3 * voice) * curve 1 0 (2.4 * decay) -5 + (sine (freq * 5.41) + sine (freq * 6.87)) * (0.08 + 0.3 * voice) * curve 1 0 (1.6 * decay) -5\n"
       "+ (" TONE("8.21") " + " TONE("9.93") ") * (0.05 + 0.2 * voice) * curve 1 0 (0.8 * decay) -5) * 0.17"),
  HELD(superhex, "A membrane that is struck: the modes of a drum's skin.", "n \"0 3 7\" # s \"superhex\"", 0.001, 0.2,
       "(" MODE("1", "1", "1.6") " + " MODE("1.594", "0.8", "1.3") " + " MODE("2.136", "0.6", "1.1") " + " MODE("2.296", "0.5", "1") "\n"
       "+ velocity * (" MODE("2.653", "0.4", "0.8") " + " MODE("2.918", "0.35", "0.7") " + " MODE("3.5", "0.3", "0.5") " + " MODE("4.06", "0.2", "0.35") ")\n"
       "+ velocity * (noise # bpf (min 9000 (freq * 8)) 1) * 0.5 * curve 1 0 0.02 -4) * 0.26"),
  HELD(superprimes, "Nine partials, each of which pulses in the rhythm of a prime number.", "n \"0 -5\" # s \"superprimes\" # legato 2", 0.05, 0.3,
       "((" PULSED("0.5", "2") " + " PULSED("1", "3") " + " PULSED("1.5", "5") " + " PULSED("2", "7") " + " PULSED("2.5", "11") "\n"
       "+ " PULSED("3", "13") " + " PULSED("3.5", "17") " + " PULSED("4", "19") " + " PULSED("4.5", "23") ") * 0.16 # tanh) # reverb 0.4 0.5 0.25"),
  HELD(superwavemechanics, "Bands of noise that jump between pitches, in a room: it swells and fades.", "n \"0 7\" # s \"superwavemechanics\" # legato 4", 0.02, 0.3,
       "(((" STRAYS("0.375", "0") " + " STRAYS("0.625", "0.7") " + " STRAYS("1", "1.3") " + " STRAYS("1.125", "1.9") ") * (18 * sqrt (262 / freq) / (1 + 8 * voice))\n"
       "# reverb (0.3 + 0.6 * resonance) 0.4 (0.2 + 0.4 * resonance)) # tanh) * 0.6 * (0.5 - 0.5 * cosine (1 / ctl \"sustain\" 1))"),
  HELD(superhammond, "A tonewheel organ: nine drawbars, a percussion, a vibrato.", "note \"c'maj\" # s \"superhammond\" # voice 6", 0.004, 0.04,
       "(sine (freq * (1 + 0.002 * sine vrate) * 0.5) * select voice 1 0 0 0 0 0.45 0.58 0.33 0.5 0.7\n"
       "+ sine (freq * (1 + 0.002 * sine vrate) * 1.5) * select voice 0 0 0 0 0 0.45 0.58 0.33 0 0.12\n"
       "+ sine (freq * (1 + 0.002 * sine vrate)) * select voice 0 1 0.2 0.35 0.34 0.45 0.58 0.33 0 0.7\n"
       "+ sine (freq * (1 + 0.002 * sine vrate) * 2) * select voice 0 0 0.78 0.69 0.69 0.45 0 0.33 0 0\n"
       "+ sine (freq * (1 + 0.002 * sine vrate) * 3) * select voice 0 0 0.55 0.49 0.49 0 0 0.33 0 0\n"
       "+ sine (freq * (1 + 0.002 * sine vrate) * 4) * select voice 0 0 0.2 0.35 0.34 0 0 0.33 0 0\n"
       "+ sine (freq * (1 + 0.002 * sine vrate) * 5) * select voice 0 0 0.098 0.17 0.17 0 0 0.33 0.5 0\n"
       "+ sine (freq * (1 + 0.002 * sine vrate) * 6) * select voice 0 0 0.069 0.087 0.12 0 0 0.33 0.5 0\n"
       "+ sine (freq * (1 + 0.002 * sine vrate) * 8) * select voice 0 0 0 0.062 0.12 0.45 0 0.33 0.5 0\n"
       "+ sine (freq * percf) * 0.4 * curve 1 0 decay -3 + (noise # bpf 3000 1) * 0.15 * curve 1 0 0.004 -2) * 0.2"),
  /* ---- FM ---- */
  HELD(superfm, "Frequency modulation: a carrier, its modulator, and the modulator's modulator.", "n \"0 7 12\" # s \"superfm\" # decay 0.4", 0.002, 0.15,
       "sine freq 0 (0.159 * (mod12 * curve 1 0.15 decay -4 * sine (freq * ratio2) 0 (0.159 * mod23 * curve 1 0.15 decay -4 * sine (freq * ratio3)) + feedback * sine freq)) * 0.16"),
};

const PhSynth *ph_synths(size_t *count)
{
  *count = PH_COUNT(synths);
  return synths;
}
