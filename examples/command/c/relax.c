/* Solves Laplace's equation on a square by successive over-relaxation, and reports what is left to do after every
   ten sweeps. How fast it is depends on the factor of relaxation: below 1 slow, near 2 unstable. In Troupe's folder
       cc -O2 -o build/relax examples/command/c/relax.c -lm
       build/relax 1.5 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { size = 64, sweeps = 400, sweeps_per_report = 10 };

static double u[size + 2][size + 2];

/* Returns by how much the points differ from the means of their neighbours, at most. */
static double sweep(double factor) {
  double largest = 0;
  for (int i = 1; i <= size; ++i)
    for (int j = 1; j <= size; ++j) {
      const double mean = (u[i - 1][j] + u[i + 1][j] + u[i][j - 1] + u[i][j + 1]) / 4;
      largest = fmax(largest, fabs(mean - u[i][j]));
      u[i][j] += factor * (mean - u[i][j]);
    }
  return largest;
}

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: relax FACTOR\n");
    return 2;
  }
  const double factor = atof(argv[1]);
  for (int j = 0; j < size + 2; ++j)
    u[0][j] = 1;
  for (int i = 1; i <= sweeps; ++i) {
    const double residual = sweep(factor);
    if (i % sweeps_per_report != 0) continue;
    printf("TROUPE {\"residual\": %.17g}\n", residual);
    fflush(stdout); /* else Troupe sees it when the program ends */
  }
  return 0;
}
