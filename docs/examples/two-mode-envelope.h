/*
 * Safe envelope of A stimulator with two modes (two-mode), written by stimproof; do not edit.
 * Specification sha256: 0008b09bbde746658917d867ae640a13bf4e2b7920518d5fb17e29a7edcef7ca
 * WHAT IF, NOT THE DEVICE AS SPECIFIED: changed on the command line: parameters.amplitude.range.1 = 6 mA (the specification says 3.5 mA)
 * Each table gives the largest programmable value that is safe for a range of the other values, both
 * ends included. Proved: every programmable value up to it keeps the limit at any delivery within the
 * stated tolerances; the next programmable value does not. Where a maximum is absent from a table,
 * no value is safe.
 */
#ifndef STIMPROOF_ENVELOPE_TWO_MODE_H
#define STIMPROOF_ENVELOPE_TWO_MODE_H

#include <stdint.h>

/*
 * limits.density
 * As specified: refuted: the device can be programmed beyond it
 * interlock proved to suffice: amplitude * pulse_width <= 1.591 uC
 * interlock proved to suffice: amplitude <= 7.9 mA - 0.01 mA/us * pulse_width
 * Assumes: the density is the mean over the geometric area of one contact that carries the whole current; edges carry more
 * Assumes: nobody says what the limit of 'density' was measured on
 * UNVERIFIED: parameters.amplitude = 0 mA ? 6 mA (uncertain)
 */
#define STIMPROOF_LIMITS_DENSITY_ROWS 19u
struct stimproof_limits_density {
    uint32_t pulse_width_from_us;
    uint32_t pulse_width_to_us;
    uint32_t amplitude_max_uA;
};
static const struct stimproof_limits_density stimproof_limits_density[STIMPROOF_LIMITS_DENSITY_ROWS] = {
    { 60, 260, 6000 },
    { 270, 270, 5800 },
    { 280, 280, 5600 },
    { 290, 290, 5400 },
    { 300, 300, 5300 },
    { 310, 310, 5100 },
    { 320, 320, 4900 },
    { 330, 330, 4800 },
    { 340, 340, 4600 },
    { 350, 350, 4500 },
    { 360, 360, 4400 },
    { 370, 370, 4300 },
    { 380, 380, 4100 },
    { 390, 390, 4000 },
    { 400, 400, 3900 },
    { 410, 410, 3800 },
    { 420, 430, 3700 },
    { 440, 440, 3600 },
    { 450, 450, 3500 }
};

#endif /* STIMPROOF_ENVELOPE_TWO_MODE_H */
