/* Figures that tests measure and hold to a limit, and that `phonon doc` shows.  SPDX-License-Identifier: MIT */
#ifndef PH_TESTS_DSP_MEASURE_H
#define PH_TESTS_DSP_MEASURE_H

/* The test fails unless value <= limit (measured_most) or value >= limit (measured_least). `row` is the unit's name, `what` a few
   words ("error of magnitude, 20 Hz to 20 kHz"), `in` the unit ("dB", "cents", "frames"). A figure given several times in a run
   counts with its worst value. With PH_MEASURED=FILE each figure is appended to the file as
   row TAB what TAB value TAB "<=" or ">=" TAB limit TAB in. */
void measured_most(const char *row, const char *what, double value, double limit, const char *in);
void measured_least(const char *row, const char *what, double value, double limit, const char *in);

#endif
