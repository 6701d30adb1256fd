/* Programs that crash, run out of what they are granted, or print what they should not; "raise 11"
   and "exit 3" as well. What is due to come of each is in verdicts.py. */

#include "behaviour.h"

static void limit(int what, rlim_t to) {
  setrlimit(what, &(struct rlimit){to, to});
}

static void segfault(void) {
  *(volatile int*)8 = 1;
}
static void divide(void) {
  volatile int one = 1;
  volatile int zero = 0;
  one = one / zero;
}
static void illegal(void) {
  __builtin_trap();
}
#pragma GCC diagnostic ignored "-Winfinite-recursion"
static int deeper(volatile char* above) {
  volatile char here[4096];
  here[0] = *above;
  return deeper(here) + here[0];
}
static void overflow(void) {
  volatile char here = 0;
  deeper(&here);
}
static void bus(void) {
  const int file = memfd_create("short", 0);
  volatile char* page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
  (void)page[0];
}
static void double_free(void) {
  void* volatile block = malloc(100);
  free(block);
  free(block);
}
static void killed_by_its_child(void) {
  if (fork() == 0) {
    kill(getppid(), SIGKILL);
    _exit(0);
  }
  forever();
}
static void too_much_time(void) {
  limit(RLIMIT_CPU, 1);
  while (1) {
  }
}
static void too_large_file(void) {
  limit(RLIMIT_FSIZE, 10);
  const int file = memfd_create("large", 0);
  if (write(file, "more than ten bytes", 19) == 10 && write(file, "more", 4) < 0)
    say("no signal\n");
}
static void too_many_files(void) {
  limit(RLIMIT_NOFILE, 20);
  while (open("/dev/null", O_RDONLY) >= 0) {
  }
  if (errno == EMFILE) say("too many open files\n");
  exit(24);
}
static void broken_pipe(void) {
  int ends[2];
  if (pipe(ends) != 0) return;
  close(ends[0]);
  say(write(ends[1], "x", 1) < 0 ? "no signal\n" : "no reader\n");
}

static void exec_of_nothing(void) {
  execl("/no/such/program", "program", (char*)NULL);
  perror("exec");
  exit(127);
}
static void vfork_of_nothing(void) {
  int status = 0;
  const pid_t child = vfork();
  if (child == 0) {
    execl("/no/such/program", "program", (char*)NULL);
    _exit(126);
  }
  waitpid(child, &status, 0);
  exit(WEXITSTATUS(status));
}

static void a_full_pipe_at_the_end(void) {
  char filling[60000];
  memset(filling, 'x', sizeof filling);
  filling[sizeof filling - 1] = '\n';
  report();
  if (write(STDOUT_FILENO, filling, sizeof filling) < 0) return;
  say("TROUPE {\"loss\": 2}");
}
static void an_endless_line(void) {
  char part[1 << 16];
  memset(part, 'y', sizeof part);
  for (int i = 0; i < 80; ++i)
    if (write(STDOUT_FILENO, part, sizeof part) < 0) return;
  say("\n");
  report();
}
static void all_closed_early(void) {
  for (int i = 0; i < 100; ++i)
    close(i);
  usleep(50000);
}

static const struct behaviour all[] = {BEHAVIOUR(segfault),
                                       BEHAVIOUR(divide),
                                       BEHAVIOUR(illegal),
                                       BEHAVIOUR(overflow),
                                       BEHAVIOUR(bus),
                                       BEHAVIOUR(double_free),
                                       BEHAVIOUR(killed_by_its_child),
                                       BEHAVIOUR(too_much_time),
                                       BEHAVIOUR(too_large_file),
                                       BEHAVIOUR(too_many_files),
                                       BEHAVIOUR(broken_pipe),
                                       BEHAVIOUR(exec_of_nothing),
                                       BEHAVIOUR(vfork_of_nothing),
                                       BEHAVIOUR(a_full_pipe_at_the_end),
                                       BEHAVIOUR(an_endless_line),
                                       BEHAVIOUR(all_closed_early),
                                       BEHAVIOUR(abort)};

int main(int argc, char** argv) {
  if (argc > 2 && strcmp(argv[1], "raise") == 0) raise(atoi(argv[2]));
  if (argc > 2 && strcmp(argv[1], "exit") == 0) exit(atoi(argv[2]));
  return argc > 1 ? behave(argv[1], all, sizeof all / sizeof *all) : 69;
}
