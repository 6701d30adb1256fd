"""What is due to come of each program that misbehaves: state, why, and its reports."""

import dataclasses
import re
import signal


@dataclasses.dataclass(frozen=True)
class Verdict:
    state: str
    reason: str = ""  # a regular expression for its beginning
    iterations: int | None = 0
    loss: float | str | None = 1  # of the last report, if there is one

    def differs_from(self, trial):
        """Returns in words what is otherwise; empty if nothing."""
        found = (trial["state"], trial["iterations"], trial["metrics"].get("loss"))
        due = (
            self.state,
            trial["iterations"] if self.iterations is None else self.iterations,
            self.loss if trial["iterations"] else None,
        )
        if found != due:
            return f"{found} instead of {due}; {trial['reason']}"
        if not re.match(self.reason + ("" if self.reason else "$"), trial["reason"] or ""):
            return f"{trial['reason']!r} instead of {self.reason!r}"
        return ""


def failed(reason, iterations=0):
    return Verdict("failed", reason, iterations)


def completed(iterations=1, loss=1):
    return Verdict("completed", "", iterations, loss)


def told():
    return Verdict("stopped", r"stop: enough 1\.0 >= 1\.0$", 1)


MALFORMED = r"a line that begins with TROUPE must go on like \{\"loss\": 0.3\}, but "
SILENT = "; it printed nothing$"
ENDLESS = "progress_limit_s: it has not reported for "

CRASHES = {
    "segfault": failed("killed by SIGSEGV" + SILENT),
    "divide": failed("killed by SIGFPE" + SILENT),
    "illegal": failed("killed by SIGILL" + SILENT),
    "overflow": failed("killed by SIGSEGV" + SILENT),
    "bus": failed("killed by SIGBUS" + SILENT),
    "double_free": failed("killed by SIGABRT: free"),
    "abort": failed("killed by SIGABRT" + SILENT),
    "killed_by_its_child": failed("killed by SIGKILL" + SILENT),
    "too_much_time": failed("killed by (SIGXCPU|SIGKILL)" + SILENT),
    "too_large_file": failed("killed by SIGXFSZ" + SILENT),
    "too_many_files": failed("exit code 24: too many open files$"),
    "broken_pipe": failed("killed by SIGPIPE" + SILENT),
    "exec_of_nothing": failed("exit code 127: exec: No such file or directory$"),
    "vfork_of_nothing": failed("exit code 126" + SILENT),
    "a_full_pipe_at_the_end": completed(2, 2),
    "an_endless_line": completed(),
    "all_closed_early": failed('returned without a report of "loss"'),
}
FATAL = (
    "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT XCPU XFSZ VTALRM PROF POLL PWR SYS"
).split()
SIGNALS = {
    f"raise {int(getattr(signal, 'SIG' + name))}": failed(f"killed by SIG{name}" + SILENT) for name in FATAL
} | {f"raise {int(signal.SIGRTMIN) + 3}": failed(f"killed by signal {int(signal.SIGRTMIN) + 3}" + SILENT)}
EXITS = {f"exit {code}": failed(f"exit code {code}" + SILENT) for code in (1, 2, 126, 127, 137, 255)}

LINGERING = {
    "a_child_keeps_the_pipe": completed(),
    "daemon_of_two_forks": completed(),
    "daemon_that_floods": completed(),
    "daemon_that_hides": completed(),
    "children_that_change_groups": completed(),
    "many_children": completed(),
    "zombies": completed(),
    "a_misleading_name": completed(),
    "a_wiped_environment": completed(),
    "a_reaper_of_its_own": completed(),
    "threads_that_turn": completed(),
    "a_main_thread_that_ends_first": completed(),
    "a_parent_that_ends_without_a_report": failed('returned without a report of "loss"'),
    "signals_to_its_parent": completed(),
    "crash_when_told": told(),
    "leave_a_daemon_when_told": told(),
    "ignore_what_it_is_told": told(),
    "report_on_when_told": told(),
}
LINGERING_FOREVER = {
    name: failed(ENDLESS) for name in ("loop", "stop_itself", "block_all", "closed_and_forever", "vfork_forever")
}

PYTHON = {
    "raises": failed("exit code 1: ValueError: the data is wrong$", 1),
    "exits_with_a_message": failed("exit code 1: no data here$"),
    "exits_at_once_with_output_unflushed": failed("exit code 5"),
    "has_no_memory": failed("exit code 1: MemoryError"),
    "has_no_files": failed(r"exit code 1: OSError: \[Errno 24\] Too many open files"),
    "has_no_stack": failed("exit code 1: RecursionError"),
    "kills_itself": failed("killed by SIGKILL: TROUPE", 1),
    "kills_its_group": failed("killed by SIGKILL" + SILENT),
    "is_interrupted": failed("killed by SIGINT: KeyboardInterrupt"),
    "writes_to_a_closed_pipe": failed("exit code 1: BrokenPipeError"),
    "says_nothing_and_ends": failed('returned without a report of "loss"'),
    "reads_what_it_does_not_get": failed("exit code 1: EOFError"),
    "reports_to_stderr_only_words": failed('returned without a report of "loss"'),
    "prints_in_utf_16": failed('returned without a report of "loss"'),
    "ends_in_half_a_character": failed("exit code 4: x{299}…$"),
    "ends_in_bytes": failed(r"exit code 4: \\xff\\xfe\\x80\\u0000 end$"),
    "ends_in_a_terminals_orders": failed(r"exit code 4: \\u001b\[2J\\u001b\]0;title\\u0007 gone$"),
    "ends_in_a_thousand_lines": failed("exit code 4: 999$"),
    "deletes_where_it_is": failed("exit code 1: FileNotFoundError"),
    "report_is_not_finite": completed(loss="inf"),
    "report_is_huge": completed(loss=1.7976931348623157e308),
    "reports_in_a_hurry": completed(2000),
    "reports_byte_by_byte": completed(2),
    "reports_by_its_children": completed(20),
    "floods_stdout": completed(8),
    "floods_stderr": completed(8),
    "prints_nuls": completed(1),  # the first one is in the middle of a line
    "reports_nan": Verdict("stopped", "loss is nan: ", 1, "nan"),
}
TOLD = {"exits_badly_when_told", "ignores_it_and_starts_others", "floods_when_told", "ends_well_before_it_is_told"}


def verdict_of_python(name, is_endless):
    if name in PYTHON:
        return PYTHON[name]
    if name.startswith("malformed_"):
        return failed(MALFORMED)
    if is_endless:
        return failed(ENDLESS, None)
    return told() if name in TOLD else completed()
