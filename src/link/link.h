/* Ableton Link for C: tempo, phase, and starts and stops, shared with other programs on the local network. Everything is called from one
   thread. Times are microseconds of Link's own clock. A program that is linked with this is under the GNU General Public
   License, see README.md.  SPDX-License-Identifier: MIT */
#ifndef PH_LINK_LINK_H
#define PH_LINK_LINK_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct PhLink PhLink;

/* [control] Joins the session of the network, or begins one at that tempo. NULL: no memory, or no threads. */
PhLink *ph_link_new(double bpm, bool start_stop);
/* [control] Leaves it. NULL is fine. */
void ph_link_free(PhLink *link);
int64_t ph_link_now_us(const PhLink *link);
/* Others in the session. */
uint32_t ph_link_peers(const PhLink *link);
double ph_link_bpm(const PhLink *link);
void ph_link_set_bpm(PhLink *link, double bpm, int64_t at_us);
/* The place in a bar of `quantum` beats, from 0 to below quantum. */
double ph_link_phase(const PhLink *link, int64_t at_us, double quantum);
/* Alone, the beat is there at that time. With others nothing changes: their beats stand. */
void ph_link_offer_beat(PhLink *link, double beat, int64_t at_us, double quantum);
bool ph_link_is_playing(const PhLink *link, int64_t at_us);
void ph_link_set_playing(PhLink *link, bool is_playing, int64_t at_us);

#ifdef __cplusplus
}
#endif

#endif
