/* A sound file that is written while it is heard: one thread gives frames, which never waits; another one, the recorder's own,
   writes them. What was written up to a second ago is in the file, readable, whatever becomes of the program.
   SPDX-License-Identifier: MIT */
#ifndef PH_IO_RECORDER_H
#define PH_IO_RECORDER_H

#include "io/io.h"

typedef struct PhRecorder PhRecorder;

/* [control] Makes the file, which must not be there yet (PH_IO), and room for `room_sec` of frames. The options are those of
   ph_sound_writer_open. WAV, AIFF and FLAC. */
PH_NODISCARD PhStatus ph_recorder_open(const char *path, const PhSoundOptions *options, double room_sec, PhRecorder **out,
                                       char *error);
/* [realtime] Before the first frames: as many silent ones come before them. */
void ph_recorder_lead(PhRecorder *recorder, int64_t frames);
/* [realtime] The next frames, interleaved. What finds no room is silent in the file, and counted. */
void ph_recorder_write(PhRecorder *recorder, const float *frames, uint32_t count);
/* [control] The thread that gives frames waits until there is room for so many: for those who make them faster than they are heard.
   At most half of the room. */
void ph_recorder_wait(PhRecorder *recorder, uint32_t count);
/* [any] Frames that found no room so far. */
uint64_t ph_recorder_lost(const PhRecorder *recorder);
/* [control] What the file has come to: a failure, with its reason, after which nothing is written any more. */
PhStatus ph_recorder_status(PhRecorder *recorder, char *error);
/* [control] Writes what is left and ends the file. No thread gives frames any more. NULL is fine. */
PhStatus ph_recorder_close(PhRecorder *recorder, char *error);

#endif
