"""Programs in Python that misbehave, by name; what is due to come of each is in verdicts.py.

Each has `report` and these modules at hand.
"""

HEAD = """
import json, os, resource, signal, subprocess, sys, threading, time

def report(loss=1, **more):
    print("TROUPE", json.dumps({"loss": loss} | more), flush=True)

def limit(what, to):
    resource.setrlimit(what, (to, to))

def raw(data):
    while data:
        data = data[os.write(1, data):]
"""

FAILING = {
    "raises": "report(); raise ValueError('the data is wrong')",
    "exits_with_a_message": "sys.exit('no data here')",
    "exits_at_once_with_output_unflushed": "sys.stdout.reconfigure(write_through=False); sys.stdout.write('lost'); os._exit(5)",
    "has_no_memory": "limit(resource.RLIMIT_AS, 200 << 20); bytearray(1 << 30)",
    "has_no_files": "limit(resource.RLIMIT_NOFILE, 20); files = [open('/dev/null') for _ in range(100)]",
    "has_no_stack": "f = lambda: f(); f()",
    "kills_itself": "report(); os.kill(os.getpid(), signal.SIGKILL)",
    "kills_its_group": "subprocess.Popen(['sleep', '1000']); os.killpg(0, signal.SIGKILL)",
    "is_interrupted": "raise KeyboardInterrupt",
    "writes_to_a_closed_pipe": "r, w = os.pipe(); os.close(r); os.write(w, b'x')",
    "says_nothing_and_ends": "",
    "reads_what_it_does_not_get": "input('your name? ')",
    "reports_to_stderr_only_words": "print('loss=1', file=sys.stderr)",
    "prints_in_utf_16": "raw('TROUPE {\"loss\": 1}\\n'.encode('utf-16'))",
    "ends_in_half_a_character": "print('x' * 299 + 'é' * 10); sys.exit(4)",
    "ends_in_bytes": "raw(b'\\xff\\xfe\\x80\\0 end\\n'); sys.exit(4)",
    "ends_in_a_terminals_orders": "print('\\x1b[2J\\x1b]0;title\\x07 gone'); sys.exit(4)",
    "ends_in_a_thousand_lines": "print('\\n'.join(map(str, range(1000)))); sys.exit(4)",
    "deletes_where_it_is": "os.makedirs('gone', exist_ok=True); os.chdir('gone'); os.rmdir('../gone'); os.getcwd()",
}

MALFORMED = {
    "nothing": b"TROUPE ",
    "half": b'TROUPE {"loss": 0.3',
    "a_list": b"TROUPE [1]",
    "null": b"TROUPE null",
    "a_number": b"TROUPE 1",
    "a_text": b'TROUPE {"loss": "small"}',
    "a_null_inside": b'TROUPE {"loss": null}',
    "an_object_inside": b'TROUPE {"loss": {"a": 1}}',
    "a_truth": b'TROUPE {"loss": true}',
    "more_behind": b'TROUPE {"loss": 1} {"loss": 2}',
    "pythons_quotes": b"TROUPE {'loss': 1}",
    "no_quotes": b"TROUPE {loss: 1}",
    "a_leading_zero": b'TROUPE {"loss": 01}',
    "a_hexadecimal": b'TROUPE {"loss": 0x1}',
    "no_utf_8": b'TROUPE {"l\xff": 1, "loss": 1}',
    "a_nul": b'TROUPE {"loss": 1\0}',
    "a_lone_surrogate": b'TROUPE {"\\ud800": 1, "loss": 1}',
    "deep": b"TROUPE " + b"[" * 30_000,
    "long": b'TROUPE {"loss": 1, "' + b"a" * 100_000 + b'": 1}',
    "infinitely_many_digits": b'TROUPE {"loss": ' + b"9" * 40_000 + b"e}",
}

FINE = {
    "report_is_not_finite": "report(float('inf'))",
    "report_is_huge": "report(1.7976931348623157e308)",
    "report_has_two_of_a_name": "print('TROUPE {\"loss\": 2, \"loss\": 1}')",
    "report_has_many_names": "report(**{f'metric {i}': i for i in range(1000)})",
    "report_has_odd_names": "report(**{'': 1, 'a/b': 2, 'ä\\n\\0\\x1b[2J': 3})",
    "reports_in_a_hurry": "for i in range(2000, 0, -1): report(i)",
    "reports_byte_by_byte": "for byte in b'TROUPE {\"loss\": 1}\\n' * 2: os.write(1, bytes([byte]))",
    "reports_with_windows_ends": "raw(b'TROUPE {\"loss\": 1}\\r\\n')",
    "reports_without_an_end_of_line": "raw(b'TROUPE {\"loss\": 1}')",
    "reports_among_lookalikes": "raw(b'troupe {\\nTROUPE\\n TROUPE {\\nTROUPE\\t{\\nTROUPER {\\n'); report()",
    "reports_by_its_children": "for i in range(20): subprocess.run(['echo', 'TROUPE {\"loss\": 1}'])",
    "floods_stdout": "for i in range(8): raw(b'o' * (1 << 20) + b'\\n'); report()",
    "floods_stderr": "for i in range(8): os.write(2, b'e' * (1 << 16) + b'\\n'); report()",
    "floods_both_at_once": """
other = threading.Thread(target=lambda: [os.write(2, b'e' * 99 + b'\\n') for _ in range(20_000)])
other.start()
for i in range(2_000): raw(b'o' * 999 + b'\\n')
other.join()
report()
""",
    "floods_with_empty_lines": "raw(b'\\n' * 1_000_000); report()",
    "prints_bytes": "raw(bytes(range(256)) * 4000 + b'\\n'); report()",
    "prints_nuls": "raw(b'\\0' * 3_000_000); report(); report()",
    "has_children_that_crash": "[subprocess.run(['sh', '-c', 'kill -SEGV $$']) for _ in range(5)]; report()",
    "closes_everything": "report(); os.closerange(0, 1000); os._exit(0)",
    "leaves_a_daemon_without_environment": """
report()
subprocess.Popen([os.environ['MARK'], '1000'], executable='sleep', env={}, start_new_session=True)
""",
    "leaves_a_shell_of_background_jobs": "report(); subprocess.Popen(['sh', '-c', 'sleep 1000 & sleep 1001 & wait'])",
    "deletes_its_own_folder": "os.makedirs('own', exist_ok=True); os.chdir('own'); os.rmdir('../own'); report()",
    "reads_no_input": "assert sys.stdin.read() == ''; report()",
}

TOLD = {
    "exits_badly_when_told": "signal.signal(signal.SIGTERM, lambda *_: sys.exit(3)); report(enough=1); time.sleep(1000)",
    "ignores_it_and_starts_others": """
signal.signal(signal.SIGTERM, lambda *_: subprocess.Popen(['setsid', 'sh', '-c', 'trap "" TERM; sleep 1000']))
report(enough=1)
while True: time.sleep(1000)
""",
    "floods_when_told": """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
report(enough=1)
while True: raw(b'TROUPE {"loss": 5}\\n' * 1000)
""",
    "ends_well_before_it_is_told": "report(enough=1); report(5)",
    "reports_nan": "report(float('nan')); report(1); time.sleep(1000)",
}

ENDLESS = {
    "waits_for_its_threads": "threading.Thread(target=lambda: time.sleep(1000)).start()",
    "waits_for_itself": "lock = threading.Lock(); lock.acquire(); lock.acquire()",
    "reports_once_and_sleeps": "report(); time.sleep(1000)",
    "waits_for_a_child_that_stands_still": """
child = subprocess.Popen(['sleep', '1000'])
child.send_signal(signal.SIGSTOP)
child.wait()
""",
}

MISBEHAVING = {
    name: HEAD + code for group in (FAILING, FINE, TOLD, ENDLESS) for name, code in group.items()
} | {f"malformed_{name}": f"{HEAD}raw({line!r} + b'\\n'); time.sleep(1000)" for name, line in MALFORMED.items()}

# Reports ten times, looks whether all it needs is there, and reports again.
HEALTHY = (
    HEAD
    + """
x = json.loads(os.environ["TROUPE_PARAMS"])["x"]
for i in range(1, 11):
    report(x / i)
    time.sleep(0.01)
assert sys.argv[1:] == [] and os.access('.', os.W_OK) and os.getpgid(0) == os.getsid(0) == os.getpid()
assert sorted(os.listdir("/proc/self/fd"))[:3] == ["0", "1", "2"] and len(os.listdir("/proc/self/fd")) == 4
assert subprocess.run(["echo", "well"], capture_output=True, check=True).stdout == b"well\\n"
report(x)
"""
)

# Goes on until the file GO is there.
WAITING = HEAD + """
while not os.path.exists(os.environ["GO"]):
    report()
    time.sleep(0.1)
"""
