/* Finds the minimum of a bumpy function, a step an iteration; speaks Troupe's protocol
 * (docs/protocol.md), so that it can be paused, and go on from its checkpoints. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { iterations = 40, longest = 1 << 16 };

static FILE *from_troupe, *to_troupe;

/* Waits for a message of this type; exits if none comes any more. */
static const char *hear(const char *type) {
  static char line[longest];
  while (fgets(line, sizeof line, from_troupe)) {
    char begin[64];
    snprintf(begin, sizeof begin, "{\"type\": \"%s\"", type);
    if (strncmp(line, begin, strlen(begin)) == 0) return line;
  }
  exit(1);
}

/* Finds a text in a message: 1 if it has one that stands for `key`. Paths with quotes in them are
 * not for this simple reader. */
static int text_at(const char *message, const char *key, char *out, size_t size) {
  char wanted[64];
  snprintf(wanted, sizeof wanted, "\"%s\": \"", key);
  const char *begin = strstr(message, wanted);
  if (!begin) return 0;
  begin += strlen(wanted);
  const size_t length = strcspn(begin, "\"");
  if (length >= size) return 0;
  memcpy(out, begin, length);
  out[length] = '\0';
  return 1;
}

static long number_at(const char *message, const char *key) {
  char wanted[64];
  snprintf(wanted, sizeof wanted, "\"%s\": ", key);
  const char *begin = strstr(message, wanted);
  return begin ? atol(begin + strlen(wanted)) : 0;
}

static FILE *open_in(const char *folder, const char *how) {
  char path[longest];
  snprintf(path, sizeof path, "%s/x.txt", folder);
  return fopen(path, how);
}

int main(int argc, char **argv) {
  const int descriptor = atoi(getenv("TROUPE_FD"));
  const double lr = argc > 1 ? atof(argv[1]) : 0.1;
  from_troupe = fdopen(descriptor, "r");
  to_troupe = fdopen(descriptor, "w");
  fprintf(to_troupe, "{\"type\": \"hello\", \"version\": 1}\n");
  fflush(to_troupe);

  char folder[4096], last[4096];
  const char *start = hear("start");
  long step = number_at(start, "iteration");
  double x = 4;
  text_at(start, "folder", folder, sizeof folder);
  if (text_at(start, "checkpoint", last, sizeof last)) {
    FILE *saved = open_in(last, "r");
    if (!saved || fscanf(saved, "%lf", &x) != 1) return 2;
    fclose(saved);
  }

  while (step++ < iterations) {
    x -= lr * (2 * x + 3 * cos(3 * x));
    char path[4200], decision[16];
    snprintf(path, sizeof path, "%s/%ld", folder, step);
    if (mkdir(path, 0777) != 0) return 3;
    FILE *saved = open_in(path, "w");
    if (!saved || fprintf(saved, "%.17g\n", x) < 0 || fclose(saved) != 0) return 4;
    fprintf(to_troupe,
            "{\"type\": \"report\", \"metrics\": {\"loss\": %.17g}, \"checkpoint\": \"%ld\"}\n",
            x * x + sin(3 * x), step);
    fflush(to_troupe);
    text_at(hear("decision"), "decision", decision, sizeof decision);
    if (strcmp(decision, "continue") != 0) break;
  }
  return 0;
}
