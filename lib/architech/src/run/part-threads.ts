import { MessageChannel, Worker } from "node:worker_threads";
import type { PartCheckpoint } from "../parts/part-state.js";
import type { Parts } from "../parts/parts.js";
import type { Compiled } from "../simulation/compile.js";
import type { Cut } from "../simulation/cut.js";
import type { Task } from "../simulation/task.js";
import { LedParts, type OtherPart } from "./led-parts.js";
import type { PartGiven } from "./part-messages.js";
import { SharedExchange, sharedWindows } from "./shared-exchange.js";

/** Threads that have no part now. They keep no process alive. */
const idle: Worker[] = [];

function thread(): Worker {
  const known = idle.pop();
  if (known !== undefined) return known;
  const worker = new Worker(new URL("./part-worker.js", import.meta.url), { execArgv: [] });
  worker.unref();
  // What has ended is not used again; whoever waits for it hears of it by its silence.
  worker.on("error", () => {});
  worker.on("exit", () => {
    const place = idle.indexOf(worker);
    if (place >= 0) idle.splice(place, 1);
  });
  return worker;
}

/** Gives a part to a thread. */
export function startPart(given: Omit<PartGiven, "port">): OtherPart {
  const { port1, port2 } = new MessageChannel();
  const worker = thread();
  const windows = given.windows.type === "port" ? [given.windows.port] : [];
  worker.postMessage({ ...given, port: port2 } satisfies PartGiven, [port2, ...windows]);
  port1.unref();
  return {
    port: port1,
    release() {
      port1.close();
      idle.push(worker);
    },
  };
}

/** Starts the parts of a task in threads of their own. `room`: messages of a part in a window for which there is room in the memory that they share. */
export function startPartThreads(
  task: Task,
  cut: Cut,
  compiled: Compiled,
  from?: readonly PartCheckpoint[],
  room?: number,
): Parts {
  const shared = sharedWindows(cut.parts, room);
  const said = new Int32Array(new SharedArrayBuffer(8));
  const { of, latencies, parts } = cut;
  const others = Array.from({ length: parts - 1 }, (_, i) =>
    startPart({
      task,
      part: i + 1,
      cut: { parts, of, latencies },
      windows: { type: "shared", ...shared },
      said,
      from: from?.[i + 1],
    }),
  );
  return new LedParts(task, cut, compiled, { exchange: new SharedExchange(shared, 0), said, others }, from?.[0]);
}
