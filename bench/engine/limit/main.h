// The practical limit: a model specialised to straight C++, with a ring for each constant delay and no more statistics
// than the sojourn time and the waits. `./micro REQUESTS SEED` prints CPU seconds and the mean sojourn in seconds.
// The model's file defines LOAD and includes this at its end.
#include <cstdio>
#include <cstdlib>
#include <ctime>
int main(int argc, char **argv) {
  double requests = argc > 1 ? atof(argv[1]) : 500000;
  int seed = argc > 2 ? atoi(argv[2]) : 1;
  LOAD();
  tables();
  clock_t start = clock();
  runG(requests, seed);
  double cpu = double(clock() - start) / CLOCKS_PER_SEC;
  printf("{\"requests\":%.0f,\"cpu\":%.6f,\"mean\":%.9f}\n", requests, cpu, res.meanL);
}
