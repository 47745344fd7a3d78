import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import umontreal.ssj.randvar.ExponentialGen;
import umontreal.ssj.rng.MRG32k3a;
import umontreal.ssj.simevents.Event;
import umontreal.ssj.simevents.Simulator;

/** SSJ on M/M/1 and M/M/8: `SsjBench MODEL REQUESTS SEED` prints what it took as JSON, after runs that warm the JVM up. */
public class SsjBench {
  static Simulator sim;
  final ArrayDeque<double[]> queue = new ArrayDeque<>();
  final int[] histogram = new int[20000];
  final int servers;
  final long wanted;
  final ExponentialGen gaps;
  final ExponentialGen services;
  int busy = 0;
  long done = 0;
  double waits = 0;
  double sojourns = 0;

  SsjBench(int servers, double rate, long wanted) {
    sim = new Simulator();
    this.servers = servers;
    this.wanted = wanted;
    gaps = new ExponentialGen(new MRG32k3a(), rate);
    services = new ExponentialGen(new MRG32k3a(), 1.0);
  }

  class Arrival extends Event {
    Arrival() {
      super(SsjBench.sim);
    }

    public void actions() {
      new Arrival().schedule(gaps.nextDouble());
      double[] customer = {sim.time()};
      if (busy < servers) {
        busy++;
        new Departure(customer).schedule(services.nextDouble());
      } else queue.addLast(customer);
    }
  }

  class Departure extends Event {
    final double[] customer;

    Departure(double[] customer) {
      super(SsjBench.sim);
      this.customer = customer;
    }

    public void actions() {
      double sojourn = sim.time() - customer[0];
      sojourns += sojourn;
      int bucket = (int) (Math.log(sojourn) * 89) + 10000;
      histogram[Math.max(0, bucket)]++;
      if (++done >= wanted) {
        sim.stop();
        return;
      }
      if (queue.isEmpty()) busy--;
      else {
        double[] next = queue.pollFirst();
        waits += sim.time() - next[0];
        new Departure(next).schedule(services.nextDouble());
      }
    }
  }

  double run() {
    sim.init();
    new Arrival().schedule(gaps.nextDouble());
    var threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    sim.start();
    return (threads.getCurrentThreadCpuTime() - before) / 1e9;
  }

  public static void main(String[] args) {
    int servers = args[0].equals("mm1") ? 1 : 8;
    double rate = args[0].equals("mm1") ? 0.8 : 6.4;
    long wanted = Long.parseLong(args[1]);
    long seed = Long.parseLong(args[2]);
    MRG32k3a.setPackageSeed(new long[] {seed, seed + 1, seed + 2, seed + 3, seed + 4, seed + 5});
    for (int i = 0; i < 2; i++) new SsjBench(servers, rate, wanted / 4 + 1).run();
    SsjBench bench = new SsjBench(servers, rate, wanted);
    double cpu = bench.run();
    System.out.printf(java.util.Locale.ROOT, "{\"requests\": %d, \"cpu\": %f, \"mean\": %f}%n", bench.done, cpu, bench.sojourns / bench.done);
  }
}
