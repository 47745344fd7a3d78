import type { BalanceDocument } from "../model/balance-document.js";
import type { ShardsDocument } from "../model/database-document.js";
import type { LineDocument } from "../model/line-document.js";
import type { WorkerDocument } from "../model/messaging-document.js";
import type { NodeDocument } from "../model/node-document.js";
import type { ServiceDocument } from "../model/service-document.js";
import type { StepDocument } from "../model/step-document.js";
import type { ClassDocument, OpenTrafficDocument, ProfileDocument } from "../model/traffic-document.js";
import { visitSteps } from "../model/walk.js";
import { parseRate } from "../units/rate.js";

/** What matters of a node's settings, as it stands below its name. */
export function settingsOf(node: NodeDocument): string {
  switch (node.kind) {
    case "service":
      return words([
        replicasOf(node),
        node.threads === undefined ? "" : count(node.threads, "thread"),
        node.coldStart === undefined ? "" : `cold after ${node.coldStart.idle}`,
        balanceOf(node.balance),
        lineOf(node.queue),
        { fifo: "", ps: "shared cores", srpt: "shortest remaining first", priority: "by priority" }[
          node.scheduling ?? "fifo"
        ],
        decidedBy(...Object.values(node.ops)),
      ]);
    case "gateway":
      return words([
        balanceOf(node.balance),
        node.nearest === true ? "nearest first" : "",
        node.health === undefined ? "" : `health every ${node.health.every ?? "10s"}`,
      ]);
    case "worker":
      return words([
        replicasOf(node),
        (node.threads ?? 1) === 1 ? "" : count(node.threads ?? 1, "thread"),
        node.group === undefined ? "" : `group ${node.group}`,
        node.batch === undefined ? "" : `up to ${node.batch.max} at once`,
        typeof node.work === "object" && Array.isArray(node.work) ? decidedBy(node.work) : "",
      ]);
    case "database":
      return words([
        count(node.connections, "connection"),
        node.replicas === undefined ? "" : count(node.replicas.count, "replica"),
        node.quorum === undefined ? "" : `${node.quorum.read} and ${node.quorum.write} of ${node.quorum.copies}`,
        node.shards === undefined ? "" : shardsOf(node.shards),
        lineOf(node.queue),
      ]);
    case "cache":
      return "hitRatio" in node
        ? `${percent(node.hitRatio)} hits`
        : words([
            count(node.entries, "key"),
            node.evict ?? "lru",
            node.ttl === undefined ? "" : `ttl ${node.ttl}`,
            node.write === undefined ? "" : `write ${node.write}`,
          ]);
    case "queue":
      return words([
        node.capacity === undefined ? "unbounded" : `room for ${node.capacity.toLocaleString("en-US")}`,
        node.visibility === undefined ? "" : `again after ${node.visibility}`,
        node.maxReceives === undefined ? "" : `at most ${node.maxReceives}×`,
      ]);
    case "log":
      return words([count(node.partitions, "partition"), node.retention === undefined ? "" : `kept ${node.retention}`]);
    case "topic":
      return `to ${count(node.to.length, "subscriber")}`;
    case "job":
      return words([
        `every ${node.every}`,
        node.jitter === undefined ? "" : `up to ${node.jitter} later`,
        decidedBy(node.steps),
      ]);
    case "limiter":
      return words([node.rate, (node.burst ?? 1) > 1 ? `burst ${node.burst}` : "", node.algorithm ?? "token-bucket"]);
    case "breaker":
      return words([`${percent(node.failureRate ?? 0.5)} failures`, `open for ${node.openFor}`]);
    case "semaphore":
      return words([count(node.permits, "permit"), lineOf(node.queue)]);
    case "concurrency":
      return `${node.algorithm}, from ${node.initial ?? 20}`;
    case "retry-budget":
      return `${percent(node.ratio)} retries`;
  }
}

/** The custom steps in these lists of steps, with the sign for a function. */
function decidedBy(...lists: readonly (readonly StepDocument[])[]): string {
  const names = new Set<string>();
  for (const steps of lists)
    visitSteps(steps, (step) => {
      if (step.do === "custom") names.add(step.name);
    });
  return names.size === 0 ? "" : `ƒ ${[...names].join(", ")}`;
}

/** How one of several is chosen, where that is not by turns. */
function balanceOf(balance: BalanceDocument = "round-robin"): string {
  if (typeof balance === "string") return balance === "round-robin" ? "" : balance;
  const { by = "least-connections", weights, choices, ejection, sticky } = balance;
  return words([
    choices !== undefined ? `best of ${choices}` : by === "round-robin" && weights !== undefined ? "" : by,
    weights === undefined ? "" : weights.join(" : "),
    sticky === undefined ? "" : "sticky",
    ejection === undefined ? "" : "ejects",
  ]);
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
export function trafficSettings(flow: ClassDocument): string {
  const priority = flow.priority === undefined ? "" : `priority ${flow.priority}`;
  if ("users" in flow) return words([`${count(flow.users, "user")}, closed`, priority]);
  if ("sessions" in flow)
    return words([`${rateText(flow.sessions)} sessions of ${Number(flow.requests.toFixed(1))}`, priority]);
  const rate = rateText(flow.rate);
  const batch =
    flow.batch === undefined ? "" : `by ${typeof flow.batch === "number" ? flow.batch : flow.batch.mean} at once`;
  return words([flow.arrivals === "regular" ? `${rate}, regular` : rate, batch, priority]);
}

function rateText(rate: OpenTrafficDocument["rate"]): string {
  if (typeof rate === "string") return rate;
  if ("times" in rate) return `${rate.times.length.toLocaleString("en-US")} recorded`;
  if ("states" in rate) return rate.states.map((state) => state.rate).join(" or ");
  return profileText(rate);
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
  const order = {
    fifo: "",
    lifo: "newest first",
    "adaptive-lifo": `newest first beyond ${line?.switchAt}`,
    sjf: "shortest first",
    edf: "earliest deadline first",
    priority: "by priority",
    fair: "fair shares",
  }[line?.order ?? "fifo"];
  return words([
    room,
    order,
    line?.codel === undefined ? "" : `CoDel ${line.codel.target}`,
    line?.maxWait === undefined ? "" : `waits ${line.maxWait} at most`,
  ]);
}

const range = (min: number, max: number): string =>
  min === max ? count(max, "replica") : `${min.toLocaleString("en-US")}–${count(max, "replica")}`;
const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;

const words = (parts: readonly string[]): string => parts.filter((part) => part !== "").join(" · ");
const shardsOf = ({ count: shards, reshard }: ShardsDocument): string =>
  reshard === undefined ? count(shards, "shard") : `${count(shards, "shard")}, ${reshard.to} from ${reshard.at}`;

const count = (n: number, noun: string): string => `${n.toLocaleString("en-US")} ${noun}${n === 1 ? "" : "s"}`;
