import assert from "node:assert/strict";

/** The value of a line of metrics that begins so. */
export function metric(text: string, name: string): number {
  const line = text.split("\n").find((one) => one.startsWith(`${name} `));
  assert.ok(line !== undefined, `no ${name} in\n${text}`);
  return Number(line.slice(name.length));
}
