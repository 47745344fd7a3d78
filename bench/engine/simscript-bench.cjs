// simscript on M/M/1 and M/M/8: `simscript-bench.cjs MODEL REQUESTS SEED PEERS` prints what it took as JSON.
const { join } = require("node:path");

// It expects a browser's, to let the page breathe.
globalThis.requestAnimationFrame = setImmediate;

const [, , name, count, , peers] = process.argv;
const { Simulation, Entity, Queue, Exponential } = require(join(peers, "simscript"));
const [servers, rate] = { mm1: [1, 0.8], mm8: [8, 6.4] }[name];
const wanted = Number(count);

class Customer extends Entity {
  async script() {
    const { simulation } = this;
    const arrived = simulation.timeNow;
    await this.enterQueue(simulation.line);
    await this.enterQueue(simulation.service);
    this.leaveQueue(simulation.line);
    await this.delay(simulation.times.sample());
    this.leaveQueue(simulation.service);
    simulation.sojourns += simulation.timeNow - arrived;
    if (++simulation.done >= wanted) report(simulation);
  }
}

class Line extends Simulation {
  line = new Queue("line");
  service = new Queue("service", servers);
  times = new Exponential(1);
  done = 0;
  sojourns = 0;
  onStarting(event) {
    super.onStarting(event);
    this.generateEntities(Customer, new Exponential(1 / rate));
  }
}

const simulation = new Line();
simulation.yieldInterval = 1e9;
const before = process.cpuUsage();
simulation.start();

function report({ done, sojourns }) {
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ requests: done, cpu: (user + system) / 1e6, mean: sojourns / done }));
  process.exit(0);
}
