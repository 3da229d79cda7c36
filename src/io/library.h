/* Libraries that are loaded when they are used: the program starts without them, and runs where they are missing. [control]
   SPDX-License-Identifier: MIT */
#ifndef PH_IO_LIBRARY_H
#define PH_IO_LIBRARY_H

#include <stdbool.h>

/* The first of these names (ends with NULL) that can be loaded; NULL: none, dlerror says why. It is never unloaded. */
void *ph_library_open(const char *const *names);
/* A function by its name, into a pointer to a function. */
bool ph_library_find(void *library, const char *name, void *into);
/* ALSA and JACK, below other libraries, write what they miss to standard error, whoever asks: it goes nowhere meanwhile. Gives what is to be
   given to ph_library_speak. */
int ph_library_hush(void);
void ph_library_speak(int saved);

#endif
