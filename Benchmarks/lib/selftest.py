"""Tests of the arithmetic and of what is read from others: short, without peers. Run by `compare --self-test`."""

import unittest

from . import cputime, idle, loads, measure, options, plot, processes, tables, targets, tokens
from .problems import NotMeasured, Unusable


def entry(*cpu_us: float, problems: tuple[str, ...] = ()) -> dict:
    """A peer's rounds with these costs."""
    return {"rounds": [
        {"requests": 1, "requests_per_second": 1, "p50_us": 900, "p99_us": 2500, "cpu_us": cost,
         "problems": list(problems)} for cost in cpu_us]}


class Arithmetic(unittest.TestCase):
    def test_a_ratio_is_the_median_of_the_rounds_and_not_the_ratio_of_medians(self):
        result = {"haproxy": entry(10, 20, 40), "nginx": entry(20, 10, 60)}
        self.assertEqual(measure.ratio(result, "nginx"), 1.5)

    def test_figures_with_errors_have_no_ratio(self):
        result = {"haproxy": entry(10), "nginx": entry(10, problems=("1 read errors",))}
        self.assertIsNone(measure.ratio(result, "nginx"))
        self.assertIn("1 read errors", tables.why_not(result["nginx"]))

    def test_a_peer_that_was_not_measured_meets_no_target(self):
        rows = targets.rows({"cases": {"hs256": {"haproxy": entry(10), "gatehouse-epoll": entry(10.9)}}})
        verdicts = {words: verdict for words, _, _, verdict in rows}
        self.assertEqual(verdicts["Gatehouse, epoll: hs256, against HAProxy, plain proxy"], "reached")
        self.assertEqual(verdicts["Gatehouse, io_uring: hs256, against HAProxy, plain proxy"], "not measured")

    def test_a_missed_target_says_by_how_much(self):
        rows = targets.rows({"cases": {"hs256": {"haproxy": entry(10), "gatehouse-epoll": entry(22)}}})
        self.assertIn("missed by 100 %", [row[3] for row in rows])

    def test_scales_have_few_lines(self):
        for highest in (1, 7, 13.4, 88, 199, 2500):
            self.assertLessEqual(highest / plot.step_of(highest), 8)


class Proc(unittest.TestCase):
    def test_the_name_of_a_process_may_hold_brackets_and_blanks(self):
        line = "42 (a) b (c)) S 7 1 1 0 -1 0 0 0 0 0 100 50 25 25 20 0 1 0 5"
        parent, seconds = cputime.parse_stat(line)
        self.assertEqual(parent, 7)
        self.assertAlmostEqual(seconds, 200 * cputime.TICK_SECONDS)

    def test_schedstat_is_nanoseconds(self):
        self.assertEqual(cputime.parse_schedstat("1500000000 7 8\n"), 1.5)

    def test_time_stolen_by_other_guests_counts_as_work_and_waiting_does_not(self):
        self.assertAlmostEqual(
            cputime.parse_machine("cpu 100 0 50 9000 800 0 20 30 0 0\ncpu0 1"), 200 * cputime.TICK_SECONDS)

    def test_grandchildren_belong_to_the_tree(self):
        self.assertEqual(cputime.processes_below(2, {2: 1, 3: 2, 4: 3, 5: 1}), [2, 3, 4])

    def test_a_task_that_ended_is_counted_by_ticks(self):
        before, after = cputime.Reading(1.0, 1.0), cputime.Reading(1.5, 3.0)
        self.assertEqual(cputime.seconds_between(before, after), 2.0)
        self.assertEqual(cputime.seconds_between(before, cputime.Reading(1.5, 1.51)), 0.5)

    def test_resident_memory_is_in_bytes(self):
        self.assertEqual(idle.parse_resident("55d0-7ff [rollup]\nRss:    2048 kB\nPss:    1 kB\n"), 2 << 20)


class Wrk(unittest.TestCase):
    GOOD = {"requests": 10, "connect": 0, "read": 0, "write": 0, "timeout": 0, "status": 0}

    def test_the_result_is_found_among_other_lines(self):
        self.assertEqual(loads.parse_result('Running 1s\n\nRESULT {"requests":3}\n'), {"requests": 3})

    def test_output_without_a_result_is_no_measurement(self):
        with self.assertRaises(NotMeasured):
            loads.parse_result("unable to connect to 127.0.0.1:1 Connection refused")

    def test_errors_make_figures_invalid(self):
        self.assertEqual(loads.problems_of(self.GOOD, 200), [])
        self.assertEqual(loads.problems_of({**self.GOOD, "read": 2}, 200), ["2 read errors"])
        self.assertEqual(loads.problems_of({**self.GOOD, "status": 1}, 200), ["1 of 10 answers were not 200"])

    def test_where_a_refusal_is_due_every_answer_has_to_be_one(self):
        self.assertEqual(loads.problems_of({**self.GOOD, "status": 10}, 401), [])
        self.assertEqual(loads.problems_of({**self.GOOD, "status": 9}, 401), ["1 of 10 answers were not 401"])


class Words(unittest.TestCase):
    def test_an_unknown_name_lists_the_known_ones_and_the_nearest(self):
        with self.assertRaisesRegex(Unusable, "did you mean `hs256`(?s:.*)connection-1"):
            options.parse(["--only", "hs25"])

    def test_only_a_complete_run_writes_by_itself(self):
        self.assertTrue(options.parse([]).writes)
        self.assertFalse(options.parse(["--quick"]).writes)
        self.assertFalse(options.parse(["--only", "hs256"]).writes)
        self.assertTrue(options.parse(["--quick", "--write"]).writes)

    def test_plain_haproxy_is_always_measured(self):
        self.assertEqual(options.parse(["--peers", "envoy"]).peers, {"envoy", "haproxy"})

    def test_the_line_that_speaks_of_an_error_is_told(self):
        self.assertEqual(processes.telling_line(["hello", "[ALERT] no port", "bye"]), "[ALERT] no port")

    def test_a_signature_of_openssl_becomes_two_numbers_of_32_bytes(self):
        der = bytes([0x30, 0x45, 2, 0x21, 0]) + b"\xff" * 32 + bytes([2, 0x20]) + b"\x01" * 32
        self.assertEqual(tokens.raw_signature(der), b"\xff" * 32 + b"\x01" * 32)


def run() -> int:
    """The status to exit with."""
    suite = unittest.TestSuite(
        unittest.defaultTestLoader.loadTestsFromTestCase(each) for each in (Arithmetic, Proc, Wrk, Words))
    return 0 if unittest.TextTestRunner(verbosity=1).run(suite).wasSuccessful() else 1
