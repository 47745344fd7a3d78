// A service of a cluster in a process of its own: `service.js ROLE SERVERS PREFIX`. A service of runs starts the runs that it is sent.
import { NatsBus } from "#src/bus/nats/nats-bus.js";
import { ClusterRuns } from "#src/cluster/cluster-runs.js";
import { silentLog } from "#src/log.js";
import { ClusterWorker } from "#src/workers/cluster-worker.js";

const [role, servers = "", prefix = ""] = process.argv.slice(2);
const bus = await NatsBus.open({ servers, prefix });
let id = "";
if (role === "runs") {
  const runs = await ClusterRuns.open({ bus, log: silentLog });
  process.on("message", async (request) => process.send!((await runs.start(request)).id));
} else {
  const simulator = (name: string): string => new URL(name, import.meta.url).href;
  const special =
    role === "deadly-worker"
      ? { simulator: simulator("deadly-simulator.js") }
      : role === "traced-worker"
        ? { simulator: simulator("traced-simulator.js"), checkpointMs: 1_000 }
        : role === "keeping-worker"
          ? { checkpointMs: 500 }
          : {};
  const worker = new ClusterWorker({ bus, log: silentLog, workers: 1, ...special });
  await worker.start();
  id = worker.id;
}
process.send!(id);
