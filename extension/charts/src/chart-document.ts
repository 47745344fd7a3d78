import type { ChartDocument } from "architech/core";

/** Reads what stands in a notebook, which may come from anywhere. Undefined where it is no chart of this version. */
export function readChartDocument(value: unknown): ChartDocument | undefined {
  if (!isObject(value) || value["version"] !== 1) return undefined;
  const { spec, sources, state } = value;
  if (!isObject(spec) || !Array.isArray(spec["marks"]) || !spec["marks"].every(isMark) || !isObject(spec["options"]))
    return undefined;
  if (!Array.isArray(sources) || !sources.every(isSource)) return undefined;
  if (state !== "live" && state !== "done" && state !== "failed" && state !== "cancelled") return undefined;
  return value as unknown as ChartDocument;
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isMark(value: unknown): boolean {
  if (!isObject(value) || typeof value["mark"] !== "string" || !isObject(value["options"])) return false;
  const { source, data } = value;
  return (source === undefined || Number.isInteger(source)) && (data === undefined || Array.isArray(data));
}

function isSource(value: unknown): boolean {
  if (!isObject(value) || typeof value["run"] !== "string" || !isObject(value["view"])) return false;
  const { rows } = value;
  return rows === undefined || (Array.isArray(rows) && rows.every(isObject));
}
