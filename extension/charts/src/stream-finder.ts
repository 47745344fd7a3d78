import { ArchitechError } from "@architech/protocol";
import type { CommStreams } from "./comm-streams.js";
import type { RunNews, RunOutcome, RunStream } from "./run-stream.js";
import type { ServerStreams } from "./server-streams.js";

/** How long a kernel may take to offer a run whose chart is there already. */
const usualPatienceMs = 10_000;

/** Finds where a run's frames come from: a kernel that offers them, else the server. */
export class StreamFinder {
  readonly #comms: CommStreams;
  readonly #server: Pick<ServerStreams, "open"> | undefined;
  readonly #patienceMs: number;

  constructor(
    comms: CommStreams,
    server: Pick<ServerStreams, "open"> | undefined,
    patienceMs: number = usualPatienceMs,
  ) {
    this.#comms = comms;
    this.#server = server;
    this.#patienceMs = patienceMs;
  }

  find(run: string): RunStream {
    const offered = this.#comms.find(run);
    if (offered !== undefined) return offered;
    const comms = this.#comms;
    const patienceMs = this.#patienceMs;
    const server = this.#server?.open(run);
    if (server === undefined) return { frames: (signal, onNews) => awaited(comms, run, patienceMs, signal, onNews) };
    return {
      frames: (signal, onNews) => either(server, comms, run, signal, onNews),
      ...(server.cancel === undefined ? {} : { cancel: server.cancel }),
    };
  }
}

type Frames = AsyncGenerator<Uint8Array, RunOutcome, undefined>;

/** The server's, or where it does not know the run, what a kernel has begun to send meanwhile. */
async function* either(
  server: RunStream,
  comms: CommStreams,
  run: string,
  signal: AbortSignal,
  onNews: (news: RunNews) => void,
): Frames {
  try {
    return yield* server.frames(signal, onNews);
  } catch (error) {
    const offered = comms.find(run);
    if (offered === undefined || !(error instanceof ArchitechError) || error.code !== "run-not-found") throw error;
    return yield* offered.frames(signal, onNews);
  }
}

async function* awaited(
  comms: CommStreams,
  run: string,
  patienceMs: number,
  signal: AbortSignal,
  onNews: (news: RunNews) => void,
): Frames {
  const offered = await comms.arrival(run, patienceMs);
  if (offered === undefined)
    throw new ArchitechError("run-not-found", "the kernel that ran this is no longer sending it");
  return yield* offered.frames(signal, onNews);
}
