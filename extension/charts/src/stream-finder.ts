import { ArchitechError, type Progress } from "@architech/protocol";
import type { CommStreams } from "./comm-streams.js";
import type { RunOutcome, RunStream } from "./run-stream.js";
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
    if (server === undefined)
      return { frames: (signal, onProgress) => awaited(comms, run, patienceMs, signal, onProgress) };
    return {
      frames: (signal, onProgress) => either(server, comms, run, signal, onProgress),
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
  onProgress: (progress: Progress) => void,
): Frames {
  try {
    return yield* server.frames(signal, onProgress);
  } catch (error) {
    const offered = comms.find(run);
    if (offered === undefined || !(error instanceof ArchitechError) || error.code !== "run-not-found") throw error;
    return yield* offered.frames(signal, onProgress);
  }
}

async function* awaited(
  comms: CommStreams,
  run: string,
  patienceMs: number,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Frames {
  const offered = await comms.arrival(run, patienceMs);
  if (offered === undefined)
    throw new ArchitechError("run-not-found", "the kernel that ran this is no longer sending it");
  return yield* offered.frames(signal, onProgress);
}
