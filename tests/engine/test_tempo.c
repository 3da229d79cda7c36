/* The tempo map: exact, whoever asks first.  SPDX-License-Identifier: MIT */
#include "plans.h"

#include "engine/tempo.h"

__extension__ typedef __int128 I128;

/* floor(cycle * rate / cps + 1/2) by long arithmetic. */
static int64_t expected(PhRat cycle, int64_t rate, PhRat cps)
{
  const I128 num = (I128)cycle.num * rate * cps.den * 2 + (I128)cycle.den * cps.num;
  const I128 den = (I128)cycle.den * cps.num * 2;
  const I128 q = num / den;
  return (int64_t)(q - (num % den < 0));
}

static void constant_tempo_is_exact(void **state)
{
  (void)state;
  static const PhRat tempos[] = { { 1, 2 }, { 9, 16 }, { 13, 24 }, { 1, 3 }, { 7, 5 }, { 1000, 1 }, { 1, 1000 } };
  static const int64_t rates[] = { 44100, 48000, 22050 };
  for (size_t t = 0; t < PH_COUNT(tempos); t++) {
    for (size_t r = 0; r < PH_COUNT(rates); r++) {
      PhTempo tempo;
      assert_int_equal(ph_tempo_init_constant(&tempo, PH_RAT_INT(rates[r]), tempos[t]), PH_OK);
      uint64_t random = 1;
      for (int i = 0; i < 2000; i++) {
        random = ph_mix64(random);
        const PhRat cycle = ph_rat((int64_t)(random % 2000000) - 1000, (int64_t)(random >> 40) % 9973 + 1);
        assert_int_equal(ph_tempo_frame(&tempo, cycle), expected(cycle, rates[r], tempos[t]));
      }
      ph_tempo_deinit(&tempo);
    }
  }
}

static void halves_go_up(void **state)
{
  (void)state;
  PhTempo tempo;
  assert_int_equal(ph_tempo_init_constant(&tempo, PH_RAT_INT(44100), PH_RAT_INT(1)), PH_OK);
  assert_int_equal(ph_tempo_frame(&tempo, PH_RAT(1, 88200)), 1);
  assert_int_equal(ph_tempo_frame(&tempo, PH_RAT(3, 88200)), 2);
  assert_int_equal(ph_tempo_frame(&tempo, PH_RAT(1, 88201)), 0);
  assert_int_equal(ph_tempo_frame(&tempo, PH_RAT(-1, 88200)), 0);
  ph_tempo_deinit(&tempo);
}

static const HandEvent changing[] = { { { 0, 1 }, { 1, 3 }, 0.5, NULL },
                                      { { 1, 3 }, { 1, 1 }, 0.7, NULL },
                                      { { 1, 1 }, { 2, 1 }, 1.1, NULL } };

static void changing_tempo_adds_up(void **state)
{
  (void)state;
  const HandPat pat = hand_pat(changing, PH_COUNT(changing), 2);
  PhTempo tempo;
  assert_int_equal(ph_tempo_init(&tempo, 44100, &pat.head, 0, PH_RAT_INT(0)), PH_OK);
  /* Seconds of two cycles: 1/3 / 0.5 + 2/3 / 0.7 + 1 / 1.1. */
  const double frames = 44100 * (1.0 / 1.5 + 2.0 / 2.1 + 1.0 / 1.1);
  for (int k = 1; k <= 200; k++) {
    const double at = (double)ph_tempo_frame(&tempo, PH_RAT_INT(2 * k));
    assert_true(at - k * frames < 0.51 && k * frames - at < 0.51);
  }
  assert_int_equal(ph_tempo_frame(&tempo, PH_RAT(1, 3)), 29400);
  for (int64_t f = 0; f < 500000; f += 7919) {
    const double cycle = ph_tempo_cycle(&tempo, f);
    const double back = (double)ph_tempo_frame(&tempo, ph_rat_from_double(cycle)) - (double)f;
    assert_true(back > -1.5 && back < 1.5);
  }
  ph_tempo_deinit(&tempo);
}

static void order_of_asking_does_not_matter(void **state)
{
  (void)state;
  const HandPat pat = hand_pat(changing, PH_COUNT(changing), 2);
  PhTempo far, near;
  assert_int_equal(ph_tempo_init(&far, 48000, &pat.head, 0, PH_RAT(1, 7)), PH_OK);
  assert_int_equal(ph_tempo_init(&near, 48000, &pat.head, 0, PH_RAT(1, 7)), PH_OK);
  (void)ph_tempo_frame(&far, PH_RAT_INT(300));
  for (int64_t i = 1; i < 3000; i++) {
    const PhRat cycle = ph_rat(i, 11);
    assert_int_equal(ph_tempo_frame(&near, cycle), ph_tempo_frame(&far, cycle));
  }
  ph_tempo_deinit(&far);
  ph_tempo_deinit(&near);
}

static void impossible_times_are_a_status(void **state)
{
  (void)state;
  PhTempo tempo;
  assert_int_equal(ph_tempo_init_constant(&tempo, PH_RAT_INT(44100), PH_RAT(1, 1000)), PH_OK);
  (void)ph_tempo_frame(&tempo, PH_RAT_INT(INT64_MAX / 2));
  assert_int_equal(tempo.status, PH_OVERFLOW);
  ph_tempo_deinit(&tempo);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(constant_tempo_is_exact),         cmocka_unit_test(halves_go_up),
    cmocka_unit_test(changing_tempo_adds_up),          cmocka_unit_test(order_of_asking_does_not_matter),
    cmocka_unit_test(impossible_times_are_a_status),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
