import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { openBus } from "../bus/open-bus.js";
import { Metrics } from "../metrics/metrics.js";
import { secretsOf, stderrLog } from "../stderr-log.js";
import { openTracing } from "../tracing/open-tracing.js";
import { ClusterWorker } from "../workers/cluster-worker.js";
import { showWorker } from "../workers/worker-page.js";
import { exitCodes, optionError, UsageError } from "./command.js";
import { parsePort } from "./flags.js";
import { type LogFlags, logHelp, logOptions, parseLogFlags } from "./log-flags.js";
import { untilToldToEnd } from "./told-to-end.js";

export const summary: string = "simulate tasks of a cluster's runs";

export const help: string = `${summary}

Usage: architech worker --bus URL [OPTIONS]

  --bus URL            the bus of the cluster: nats://host:4222, several joined by commas
                       (also ARCHITECH_BUS)
  --threads NUMBER     tasks at once (default: as many as there are processors)
  --port NUMBER        answer /healthz, /readyz and /metrics here, for Kubernetes and Prometheus
                       (default: listen on no port)
  --ip ADDRESS         the address to listen on (default 127.0.0.1)
  --json               print one line of JSON when ready: id, threads, pid, and the port
${logHelp}
It keeps nothing on this machine. Told to end (SIGTERM), it takes
nothing more and ends what it has begun; killed, others begin that again.
`;

interface WorkerFlags {
  readonly bus: string;
  readonly threads: number;
  readonly port?: number;
  readonly ip: string;
  readonly json: boolean;
  readonly log: LogFlags;
}

/** Works until it is told to end. */
export async function run(argv: readonly string[]): Promise<number> {
  const flags = parseFlags(argv);
  const log = stderrLog({ ...flags.log, role: "worker", secrets: secretsOf("", flags.bus) });
  const toldToEnd = untilToldToEnd();
  const tracing = await openTracing("worker", log);
  const bus = await openBus(flags.bus, log);
  const metrics = new Metrics();
  const worker = new ClusterWorker({ bus, log, workers: flags.threads, metrics, tracing });
  const isReady = (): boolean => worker.isTaking && bus.health().connected;
  const { port, ip } = flags;
  const page = port === undefined ? undefined : await showWorker({ metrics, bus, isReady }, { port, ip });
  // It waits for its bus, however long.
  void worker.start();
  const { id, threads } = worker;
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ id, threads, pid: process.pid, port: page?.port })}\n`
      : `Architech works on ${bus.name} with ${threads} threads\n`,
  );
  await toldToEnd;
  await worker.drain();
  await page?.close();
  await bus.close();
  await tracing.close();
  return exitCodes.ok;
}

function parseFlags(argv: readonly string[]): WorkerFlags {
  const values = parse(argv);
  const bus = values.bus ?? process.env["ARCHITECH_BUS"];
  if (bus === undefined || bus === "") throw new UsageError("worker needs --bus, such as nats://127.0.0.1:4222");
  const threads = values.threads === undefined ? availableParallelism() : Number(values.threads);
  if (!Number.isInteger(threads) || threads < 1 || threads > 1024)
    throw new UsageError(`--threads ${values.threads}: a number from 1 to 1024 is expected`);
  const port = values.port === undefined ? undefined : parsePort(values.port);
  return {
    bus,
    threads,
    ...(port === undefined ? {} : { port }),
    ip: values.ip,
    json: values.json,
    log: parseLogFlags(values),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        bus: { type: "string" },
        threads: { type: "string" },
        port: { type: "string" },
        ip: { type: "string", default: "127.0.0.1" },
        json: { type: "boolean", default: false },
        ...logOptions,
      },
    }).values;
  } catch (error) {
    throw optionError("worker", error);
  }
}
