import type { ModelDocument } from "../model/document.js";
import { flowName, flowsOf } from "../model/flows.js";
import type { StepDocument } from "../model/step-document.js";
import type { TimeDocument } from "../model/time-document.js";
import type { FlowDocument } from "../model/traffic-document.js";
import { sequencesOf } from "../model/walk.js";
import { parseDuration } from "../units/duration.js";
import { parseRate } from "../units/rate.js";

/** What a model is expected to do, per millisecond: a guess by its rates, without waiting and without what goes wrong. */
export interface ExpectedLoad {
  /** Events by node and flow. */
  readonly events: ReadonlyMap<string, number>;
  /** Calls by caller and callee, as JSON of the two. */
  readonly calls: ReadonlyMap<string, number>;
}

/** What one start of an operation does. */
interface Work {
  events: number;
  readonly calls: { readonly to: string; readonly op: string; readonly times: number }[];
}

/** Share of gets that are expected to miss a cache that knows its keys. */
const missed = 0.5;
/** How deep calls are followed: beyond that little comes. */
const mostRounds = 40;
/** What users are expected to wait for an answer, in ms. */
const answerMs = 5;

/** The expected load of a model. */
export function expectedLoad(document: ModelDocument): ExpectedLoad {
  const works = new Map<string, Work>();
  for (const { node, op, steps } of sequencesOf(document))
    works.set(keyOf(node, op), workOf(document, steps, gatewayShare(document, node)));
  const events = new Map<string, number>();
  const calls = new Map<string, number>();
  let started = new Map<string, number>();
  const start = (into: Map<string, number>, node: string, op: string, rate: number): void =>
    add(into, keyOf(node, op), rate);
  for (const flow of flowsOf(document.traffic)) {
    const rate = rateOf(flow.flow);
    const mix = Object.entries(flow.flow.mix);
    const total = mix.reduce((sum, [, weight]) => sum + weight, 0);
    add(events, flowName(flow), rate * 3);
    add(calls, keyOf(flowName(flow), flow.flow.to), rate);
    for (const [op, weight] of mix) start(started, flow.flow.to, op, (rate * weight) / total);
  }
  for (const [name, node] of Object.entries(document.nodes))
    if (node.kind === "job") start(started, name, "steps", 1 / Math.max(1e-3, parseDuration(node.every)));
  for (let round = 0; round < mostRounds && started.size > 0; round++) {
    const next = new Map<string, number>();
    for (const [key, rate] of started) {
      const [node] = JSON.parse(key) as [string];
      const work = works.get(key) ?? { events: 1, calls: [] };
      add(events, node, rate * (1 + work.events));
      for (const { to, op, times } of work.calls) {
        add(calls, keyOf(node, to), rate * times);
        start(next, to, op, rate * times);
      }
    }
    started = next;
  }
  return { events, calls };
}

/** As JSON: names may hold anything. */
const keyOf = (a: string, b: string): string => JSON.stringify([a, b]);

function add(into: Map<string, number>, key: string, value: number): void {
  into.set(key, (into.get(key) ?? 0) + value);
}

/** What a gateway hands on stands in the document as one of several branches. */
function gatewayShare({ nodes }: ModelDocument, node: string): number {
  return nodes[node]!.kind === "gateway" ? 1 : 2;
}

function workOf(document: ModelDocument, steps: readonly StepDocument[], eventsOfCall: number): Work {
  const work: Work = { events: 0, calls: [] };
  const visit = (all: readonly StepDocument[], times: number): void => {
    for (const step of all) visitStep(step, times);
  };
  const visitStep = (step: StepDocument, times: number): void => {
    switch (step.do) {
      case "cpu":
      case "wait":
        work.events += times;
        return;
      case "call": {
        work.events += eventsOfCall * times;
        work.calls.push({ to: step.to, op: step.op, times });
        const node = document.nodes[step.to]!;
        if (node.kind !== "cache" || step.op !== "get") return;
        const misses = times * ("hitRatio" in node ? 1 - node.hitRatio : missed);
        if (step.miss !== undefined) visit(step.miss, misses);
        else if (node.fronts !== undefined) visitStep({ do: "call", to: node.fronts, op: "read" }, misses);
        return;
      }
      case "publish":
        for (const [name, node] of Object.entries(document.nodes))
          if (node.kind === "worker" && takesFrom(document, step.to, node.takes))
            work.calls.push({ to: name, op: "work", times });
        return;
      case "parallel":
        for (const branch of step.branches) visit(branch, times);
        return;
      case "either": {
        const total = step.branches.reduce((sum, { weight }) => sum + weight, 0);
        for (const { weight, steps: branch } of step.branches) visit(branch, (times * weight) / total);
        return;
      }
      case "repeat":
        visit(step.steps, times * step.times);
        return;
      case "fail":
      case "custom":
        return;
      default:
        work.events += step.do === "timeout" || step.do === "hedge" ? times : 0;
        visit(step.steps, times);
    }
  };
  visit(steps, 1);
  return work;
}

function takesFrom({ nodes }: ModelDocument, published: string, takes: string): boolean {
  const node = nodes[published]!;
  return published === takes || (node.kind === "topic" && node.to.includes(takes));
}

/** Requests a millisecond. */
function rateOf(flow: FlowDocument): number {
  if ("users" in flow) return flow.users / (meanOf(flow.think) + answerMs);
  if ("sessions" in flow) return meanRate(flow.sessions) * flow.requests;
  const { batch = 1 } = flow;
  return meanRate(flow.rate) * (typeof batch === "number" ? batch : batch.mean);
}

function meanRate(rate: Extract<FlowDocument, { rate: unknown }>["rate"]): number {
  if (typeof rate === "string") return parseRate(rate);
  if ("points" in rate) return rate.points.reduce((sum, point) => sum + parseRate(point.rate), 0) / rate.points.length;
  if ("states" in rate) {
    const time = rate.states.reduce((sum, state) => sum + parseDuration(state.for), 0);
    return rate.states.reduce((sum, state) => sum + parseRate(state.rate) * parseDuration(state.for), 0) / time;
  }
  const last = (rate.times.at(-1) ?? 0) * (rate.unit === "s" ? 1000 : 1);
  return rate.times.length / Math.max(1, rate.repeat === undefined ? last : parseDuration(rate.repeat));
}

/** About: only constants and what has a mean of its own are known. */
function meanOf(time: TimeDocument): number {
  if (typeof time === "string") return parseDuration(time);
  if ("mean" in time) return parseDuration(time.mean);
  if (time.dist === "constant") return parseDuration(time.value);
  if (time.dist === "uniform") return (parseDuration(time.min) + parseDuration(time.max)) / 2;
  return answerMs;
}
