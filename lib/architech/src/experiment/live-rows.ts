import type { StartedRun, StreamSource } from "./stream-source.js";
import { type Row, type View, type ViewSpec, view } from "./view.js";

/**
 * Rows of a run while it goes on. Any number of readers, each from the first row, live or later: a series yields each
 * row once, a summary yields a point's row again with every replication that sharpens it. `break` ends the reading.
 */
export interface LiveRows<R = Row> extends AsyncIterable<R> {
  readonly view: ViewSpec;
  readonly source: StreamSource;
  /** All rows, once the run is over. */
  rows(): Promise<readonly R[]>;
}

/** Told when a reader comes and goes, and that the stream has been handed on. */
export interface Readership {
  enter(): void;
  leave(): void;
  share(): void;
}

/** Live rows of a run. Rejects with the run's error when the run fails. */
export function liveRows<R = Row>(run: StartedRun, spec: ViewSpec, readership?: Readership): LiveRows<R> {
  // Tried at once, so that a misspelt metric of a series fails at the call and not in the loop.
  view(spec);
  return {
    view: spec,
    get source(): StreamSource {
      readership?.share();
      return run.source;
    },
    async rows(): Promise<readonly R[]> {
      const all = view(spec);
      for await (const _ of read(run, all, readership)) void _;
      return all.rows() as readonly R[];
    },
    [Symbol.asyncIterator](): AsyncGenerator<R, void, undefined> {
      return read(run, view(spec), readership) as AsyncGenerator<R, void, undefined>;
    },
  };
}

async function* read(
  run: StartedRun,
  rows: View,
  readership: Readership | undefined,
): AsyncGenerator<Row, void, undefined> {
  const stop = new AbortController();
  readership?.enter();
  try {
    for await (const frame of run.source.frames(0, stop.signal)) yield* rows.add(frame);
    const { error } = await run.ended;
    if (error !== undefined) throw error;
  } finally {
    stop.abort();
    readership?.leave();
  }
}
