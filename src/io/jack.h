/* libjack, which is loaded when it is first needed (library.h): for audio and for MIDI.  SPDX-License-Identifier: MIT */
#ifndef PH_IO_JACK_H
#define PH_IO_JACK_H

#include <jack/jack.h>
#include <jack/midiport.h>
#include <jack/thread.h>

#include "io/io.h"

#define PH_JACK_FUNCTIONS(F)                                                                                          \
  F(activate)                                                                                                         \
  F(client_close)                                                                                                     \
  F(client_open)                                                                                                      \
  F(client_real_time_priority)                                                                                        \
  F(connect)                                                                                                          \
  F(free)                                                                                                             \
  F(get_buffer_size)                                                                                                  \
  F(get_client_name)                                                                                                  \
  F(get_ports)                                                                                                        \
  F(get_sample_rate)                                                                                                  \
  F(last_frame_time)                                                                                                  \
  F(midi_clear_buffer)                                                                                                \
  F(midi_event_get)                                                                                                   \
  F(midi_event_reserve)                                                                                               \
  F(midi_get_event_count)                                                                                             \
  F(on_shutdown)                                                                                                      \
  F(port_by_name)                                                                                                     \
  F(port_get_buffer)                                                                                                  \
  F(port_get_latency_range)                                                                                           \
  F(port_is_mine)                                                                                                     \
  F(port_name)                                                                                                        \
  F(port_register)                                                                                                    \
  F(set_error_function)                                                                                               \
  F(set_info_function)                                                                                                \
  F(set_process_callback)                                                                                             \
  F(set_sample_rate_callback)                                                                                         \
  F(set_xrun_callback)

typedef struct PhJack {
#define PH_JACK_MEMBER(name) __typeof__(jack_##name) *name;
  PH_JACK_FUNCTIONS(PH_JACK_MEMBER)
#undef PH_JACK_MEMBER
} PhJack;

/* Its functions without `jack_`; there once ph_jack_open has given a client. */
extern PhJack ph_jack;

/* [control] A client of the running server; a server is never started. PH_NOTFOUND: there is no library, or no server. */
PH_NODISCARD PhStatus ph_jack_open(const char *name, jack_client_t **client, char *error);

#endif
