/* Programs that leave others behind, do not end, or do not stop. What is due to come of each is in
 * verdicts.py. */

#include "behaviour.h"

extern char** environ;

/* Becomes a process that sleeps, has an empty environment, and only by its name can be found by the
 * test. */
static void hide(void) {
  char* nothing[] = {NULL};
  execle("/bin/sleep", getenv("MARK"), "1000", (char*)NULL, nothing);
  _exit(71);
}

static void a_child_keeps_the_pipe(void) {
  report();
  if (fork() == 0) forever();
}
static void daemon_of_two_forks(void) {
  report();
  if (fork() != 0) {
    wait(NULL);
    return;
  }
  setsid();
  if (fork() == 0) forever();
  _exit(0);
}
static void daemon_that_floods(void) {
  report();
  if (fork() != 0) return;
  setsid();
  while (1)
    say("a line of a daemon that goes on and on\n");
}
static void daemon_that_hides(void) {
  report();
  if (fork() != 0) return;
  setsid();
  hide();
}
static void children_that_change_groups(void) {
  report();
  for (int i = 0; i < 5; ++i)
    if (fork() == 0) {
      setpgid(0, 0);
      signal(SIGTERM, SIG_IGN);
      forever();
    }
}
static void many_children(void) {
  report();
  for (int i = 0; i < 60; ++i)
    if (fork() == 0) forever();
}
static void zombies(void) {
  for (int i = 0; i < 60; ++i)
    if (fork() == 0) _exit(i);
  report();
}
static void a_misleading_name(void) {
  report();
  if (fork() != 0) return;
  prctl(PR_SET_NAME, "a) R 1 (b");
  setsid();
  forever();
}
static void a_wiped_environment(void) {
  report();
  if (fork() != 0) return;
  setsid();
  for (char** variable = environ; *variable; ++variable)
    memset(*variable, 0, strlen(*variable));
  forever();
}
static void a_reaper_of_its_own(void) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  daemon_of_two_forks();
}
static void* turn(void* nothing) {
  while (usleep(1000) == 0) {
  }
  return nothing;
}
static void threads_that_turn(void) {
  pthread_t thread;
  for (int i = 0; i < 20; ++i)
    pthread_create(&thread, NULL, turn, NULL);
  report();
}
static void* report_late(void* nothing) {
  usleep(20000);
  report();
  return nothing;
}
static void a_main_thread_that_ends_first(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, report_late, NULL);
  pthread_exit(NULL);
}
static void a_parent_that_ends_without_a_report(void) {
  if (fork() == 0) {
    setsid();
    usleep(50000);
    report();
    forever();
  }
}
static void signals_to_its_parent(void) {
  const int all[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGTSTP, SIGSTOP};
  for (size_t i = 0; i < sizeof all / sizeof *all; ++i)
    kill(getppid(), all[i]);
  report();
}

static void loop(void) {
  nice(19);
  while (1) {
  }
}
static void stop_itself(void) {
  raise(SIGSTOP);
}
static void block_all(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  forever();
}
static void closed_and_forever(void) {
  close(STDOUT_FILENO);
  close(STDERR_FILENO);
  forever();
}
static void vfork_forever(void) {
  if (vfork() == 0) forever();
}

static void crash(int number) {
  raise(number == SIGTERM ? SIGSEGV : number);
}
static void leave_a_daemon(int number) {
  (void)number;
  if (fork() != 0) _exit(0);
  setsid();
  signal(SIGTERM, SIG_IGN);
  forever();
}
static void stop_at(void (*handle)(int)) {
  signal(SIGTERM, handle);
  say("TROUPE {\"loss\": 1, \"enough\": 1}\n");
}
static void crash_when_told(void) {
  stop_at(crash);
  forever();
}
static void leave_a_daemon_when_told(void) {
  stop_at(leave_a_daemon);
  forever();
}
static void ignore_what_it_is_told(void) {
  stop_at(SIG_IGN);
  forever();
}
static void report_on_when_told(void) {
  stop_at(SIG_IGN);
  while (1) {
    report();
    usleep(1000);
  }
}

static const struct behaviour all[] = {BEHAVIOUR(a_child_keeps_the_pipe),
                                       BEHAVIOUR(daemon_of_two_forks),
                                       BEHAVIOUR(daemon_that_floods),
                                       BEHAVIOUR(daemon_that_hides),
                                       BEHAVIOUR(children_that_change_groups),
                                       BEHAVIOUR(many_children),
                                       BEHAVIOUR(zombies),
                                       BEHAVIOUR(a_misleading_name),
                                       BEHAVIOUR(a_wiped_environment),
                                       BEHAVIOUR(a_reaper_of_its_own),
                                       BEHAVIOUR(threads_that_turn),
                                       BEHAVIOUR(a_main_thread_that_ends_first),
                                       BEHAVIOUR(a_parent_that_ends_without_a_report),
                                       BEHAVIOUR(signals_to_its_parent),
                                       BEHAVIOUR(loop),
                                       BEHAVIOUR(stop_itself),
                                       BEHAVIOUR(block_all),
                                       BEHAVIOUR(closed_and_forever),
                                       BEHAVIOUR(vfork_forever),
                                       BEHAVIOUR(crash_when_told),
                                       BEHAVIOUR(leave_a_daemon_when_told),
                                       BEHAVIOUR(ignore_what_it_is_told),
                                       BEHAVIOUR(report_on_when_told)};

int main(int argc, char** argv) {
  return argc > 1 ? behave(argv[1], all, sizeof all / sizeof *all) : 69;
}
