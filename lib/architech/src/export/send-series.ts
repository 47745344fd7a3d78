import { ArchitechError, defaultBackoff, pause, pauseMs } from "@architech/protocol";
import type { Table } from "apache-arrow";
import { lineProtocol } from "./line-protocol.js";
import { type SampleOptions, type SampleSeries, samplesOf } from "./samples.js";
import { slices } from "./slices.js";

/** Where a simulated series is written: the address at which Prometheus takes remote write, or InfluxDB lines. */
export type SeriesTarget =
  | {
      /** `http://127.0.0.1:9090/api/v1/write`: Prometheus with `--web.enable-remote-write-receiver`, Mimir, VictoriaMetrics. */
      readonly prometheus: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | {
      /** `http://127.0.0.1:8086/write?db=shop` or `http://127.0.0.1:8086/api/v2/write?org=o&bucket=b`. */
      readonly influx: string;
      /** Default "architech". */
      readonly measurement?: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** How a simulated series is written. */
export interface SendSeriesOptions extends SampleOptions {
  readonly signal?: AbortSignal;
}

/** What was written. */
export interface SentSeries {
  readonly series: number;
  readonly samples: number;
  /** Of the first sample and of the last. */
  readonly from: Date;
  readonly to: Date;
}

/** Samples in one request. */
const most = 5_000;
const backoff = { ...defaultBackoff, attempts: 6 };

/**
 * Writes the series of a result to a database of monitoring, so that the dashboards of the real system show the model.
 * Asks again where the database is busy or away. Throws `invalid-argument`, `server-refused` with what the database said,
 * `server-unreachable`.
 */
export async function sendSeries(
  result: { series(): Promise<Table> },
  target: SeriesTarget,
  options: SendSeriesOptions = {},
): Promise<SentSeries> {
  const send = await sender(target, options.signal);
  const all = samplesOf(await result.series(), options);
  const samples = all.reduce((sum, { times }) => sum + times.length, 0);
  if (samples === 0)
    throw new ArchitechError("invalid-argument", "the result has no series: run it without series: false");
  for (const slice of slices(all, most)) await send(slice);
  const times = all.flatMap(({ times }) => [times[0]!, times.at(-1)!]);
  return { series: all.length, samples, from: new Date(Math.min(...times)), to: new Date(Math.max(...times)) };
}

async function sender(
  target: SeriesTarget,
  signal: AbortSignal | undefined,
): Promise<(slice: readonly SampleSeries[]) => Promise<void>> {
  if ("prometheus" in target) {
    const url = addressOf("prometheus", target.prometheus);
    // Loaded for whoever writes to Prometheus, and for nobody else.
    const { remoteWrite, remoteWriteHeaders } = await import("./remote-write.js");
    const headers = { ...remoteWriteHeaders, ...target.headers };
    return (slice) => post(url, remoteWrite(slice) as Uint8Array<ArrayBuffer>, headers, signal);
  }
  const url = addressOf("influx", target.influx);
  url.searchParams.set("precision", "ms");
  const headers = { "content-type": "text/plain; charset=utf-8", ...target.headers };
  return (slice) => post(url, lineProtocol(target.measurement ?? "architech", slice), headers, signal);
}

function addressOf(kind: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new ArchitechError(
      "invalid-argument",
      `${kind}: "${text}" is no address such as http://127.0.0.1:9090/api/v1/write`,
      {
        path: [kind],
      },
    );
  if (url.username !== "" || url.password !== "")
    throw new ArchitechError("invalid-argument", `${kind}: name and password belong in headers: { authorization }`, {
      path: [kind],
    });
  return url;
}

async function post(
  url: URL,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<void> {
  let last: ArchitechError | undefined;
  for (let attempt = 0; attempt < backoff.attempts; attempt++) {
    signal?.throwIfAborted();
    let waitMs = pauseMs(backoff, attempt, Math.random());
    try {
      const answer = await fetch(url, { method: "POST", body, headers, signal: signal ?? null });
      const text = await answer.text();
      if (answer.ok) return;
      last = new ArchitechError("server-refused", `${url.host} says ${answer.status}: ${text.trim().slice(0, 500)}`);
      if (answer.status !== 429 && answer.status < 500) throw last;
      waitMs = Math.max(waitMs, 1e3 * Number(answer.headers.get("retry-after") ?? 0) || 0);
    } catch (error) {
      if (error instanceof ArchitechError || signal?.aborted) throw error;
      const { cause } = error as { cause?: Error };
      last = new ArchitechError("server-unreachable", `${url.host}: ${cause?.message ?? (error as Error).message}`, {
        cause: error,
      });
    }
    if (attempt < backoff.attempts - 1) await pause(waitMs, signal);
  }
  throw last!;
}
