import type { Progress } from "@architech/protocol";
import type { Runs, StartedRun } from "../experiment/stream-source.js";

/** Where the bar is drawn: standard error, so that what a script prints can be piped on. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const barWidth = 24;
/** Work that is over sooner gets no bar. */
const patienceMs = 300;

/** The same runs with a progress bar on a terminal; nothing is drawn where standard error is not one. */
export function withProgressBar(
  runs: Runs,
  // Asked for late: making standard error takes longer than a tiny run has left.
  terminal: () => Terminal = () => process.stderr,
  now: () => number = () => performance.now(),
): Runs {
  return {
    start(request, options) {
      const started = runs.start(request, options);
      show(started, request.kind, terminal, now);
      return started;
    },
  };
}

function show(started: StartedRun, kind: string, terminal: () => Terminal, now: () => number): void {
  const begun = now();
  let drawnOn: Terminal | undefined;
  const stop = started.onProgress((progress) => {
    if (now() - begun < patienceMs) return;
    const { isTTY, columns = 80 } = terminal();
    if (isTTY !== true) return stop();
    drawnOn = terminal();
    drawnOn.write(`\r${progressLine(kind, progress).slice(0, columns - 1)}\u001b[K`);
  });
  void started.ended.then(() => {
    stop();
    drawnOn?.write("\r\u001b[K");
  });
}

/** Progress in one line. */
export function progressLine(kind: string, { done, total, leftMs }: Progress): string {
  const share = total === 0 ? 0 : Math.min(1, done / total);
  const full = Math.floor(share * barWidth);
  const left = leftMs === undefined ? "" : ` · ${timeText(leftMs)} left`;
  return `${kind} ${"█".repeat(full)}${"░".repeat(barWidth - full)} ${Math.floor(share * 100)} % · ${Math.floor(done)} of ${total} tasks${left}`;
}

function timeText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
