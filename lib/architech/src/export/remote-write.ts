import { PbfWriter } from "pbf";
import { compress } from "snappyjs";
import type { SampleSeries } from "./samples.js";

/** What a request of remote write says of itself. https://prometheus.io/docs/specs/prw/remote_write_spec/ */
export const remoteWriteHeaders: Readonly<Record<string, string>> = {
  "content-type": "application/x-protobuf",
  "content-encoding": "snappy",
  "x-prometheus-remote-write-version": "0.1.0",
};

/** Samples as the body of a request of Prometheus' remote write 1.0: a `WriteRequest` in a block of Snappy. */
export function remoteWrite(all: readonly SampleSeries[]): Uint8Array {
  const writer = new PbfWriter();
  for (const series of all) writer.writeMessage(1, writeSeries, series);
  return compress(writer.finish());
}

/** `TimeSeries`: labels, sorted by name with the metric's name among them, and samples. */
function writeSeries({ name, labels, times, values }: SampleSeries, writer: PbfWriter): void {
  const pairs = [["__name__", name] as const, ...Object.entries(labels)].filter(([, value]) => value !== "");
  for (const pair of pairs.sort(([a], [b]) => (a < b ? -1 : 1))) writer.writeMessage(1, writeLabel, pair);
  for (const [i, time] of times.entries()) writer.writeMessage(2, writeSample, { time, value: values[i]! });
}

function writeLabel([name, value]: readonly [string, string], writer: PbfWriter): void {
  writer.writeStringField(1, name);
  writer.writeStringField(2, value);
}

function writeSample({ time, value }: { readonly time: number; readonly value: number }, writer: PbfWriter): void {
  writer.writeDoubleField(1, value);
  writer.writeVarintField(2, time);
}
