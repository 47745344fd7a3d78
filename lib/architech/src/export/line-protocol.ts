import type { SampleSeries } from "./samples.js";

/**
 * Samples in InfluxDB's line protocol, with times in milliseconds: a line for each sample, whose field is the metric.
 * https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/
 */
export function lineProtocol(measurement: string, all: readonly SampleSeries[]): string {
  const lines: string[] = [];
  for (const { name, labels, times, values } of all) {
    const tags = Object.entries(labels)
      // A tag without a value is none.
      .filter(([, value]) => value !== "")
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([tag, value]) => `,${escaped(tag)}=${escaped(value)}`)
      .join("");
    const head = `${measurement.replace(/\\+$/, "").replace(/[, \n]/g, replacement)}${tags} ${escaped(name)}=`;
    for (const [i, time] of times.entries()) lines.push(`${head}${values[i]} ${time}`);
  }
  return lines.join("\n");
}

/** A tag or the key of a field. */
function escaped(text: string): string {
  return text.replace(/\\+$/, "").replace(/[,= \n]/g, replacement);
}

/** There is no way to say a line break, nor a backslash at the end of a text, which would take the next comma with it. */
function replacement(character: string): string {
  return character === "\n" ? "\\ " : `\\${character}`;
}
