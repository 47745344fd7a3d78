import type {
  LineDocument,
  NodeDocument,
  ProfileDocument,
  ServiceDocument,
  TrafficDocument,
  WorkerDocument,
} from "../model/document.js";
import { parseRate } from "../units/rate.js";

/** What matters of a node's settings, as it stands below its name. */
export function settingsOf(node: NodeDocument): string {
  switch (node.kind) {
    case "service":
      return words([
        replicasOf(node),
        node.threads === undefined ? "" : count(node.threads, "thread"),
        lineOf(node.queue),
      ]);
    case "worker":
      return words([replicasOf(node), (node.threads ?? 1) === 1 ? "" : count(node.threads ?? 1, "thread")]);
    case "database":
      return words([count(node.connections, "connection"), lineOf(node.queue)]);
    case "cache":
      return `${Number((node.hitRatio * 100).toFixed(1))} % hits`;
    case "queue":
      return node.capacity === undefined ? "unbounded" : `room for ${node.capacity.toLocaleString("en-US")}`;
  }
}

/** How many there are, or between what and what they come and go. */
function replicasOf({ replicas = 1, scale }: ServiceDocument | WorkerDocument): string {
  if (scale === undefined) return count(replicas, "replica");
  if (scale.by === "schedule") {
    const counts = scale.steps.flatMap((step) => step.replicas ?? []);
    if (counts.length === 0) counts.push(replicas);
    return `${range(Math.min(...counts), Math.max(...counts))} by the clock`;
  }
  const { by, min = by === "hpa" ? 1 : 0, max = 100 } = scale;
  return `${range(min, max)} by ${by.toUpperCase()}`;
}

/** How much traffic there is. */
export function trafficSettings(traffic: TrafficDocument): string {
  if ("users" in traffic) return `${count(traffic.users, "user")}, closed`;
  const rate = typeof traffic.rate === "string" ? traffic.rate : profileText(traffic.rate);
  return traffic.arrivals === "regular" ? `${rate}, regular` : rate;
}

/** The least and the most of a rate that changes. */
function profileText({ points, repeat }: ProfileDocument): string {
  const sorted = [...points].sort((a, b) => parseRate(a.rate) - parseRate(b.rate));
  const range = `${sorted[0]!.rate} to ${sorted.at(-1)!.rate}`;
  return repeat === true ? `${range}, again and again` : range;
}

/** How they wait there, where that is not as usual. */
function lineOf(line: LineDocument | undefined): string {
  const room = line?.capacity === undefined ? "" : `${line.capacity.toLocaleString("en-US")} wait`;
  return words([room, line?.order === "lifo" ? "newest first" : ""]);
}

const range = (min: number, max: number): string =>
  min === max ? count(max, "replica") : `${min.toLocaleString("en-US")}–${count(max, "replica")}`;
const words = (parts: readonly string[]): string => parts.filter((part) => part !== "").join(" · ");
const count = (n: number, noun: string): string => `${n.toLocaleString("en-US")} ${noun}${n === 1 ? "" : "s"}`;
