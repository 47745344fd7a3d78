import { fail } from "./check.js";
import type { ModelDocument } from "./document.js";
import { HornRules } from "./horn.js";
import type { StepDocument } from "./step-document.js";
import { sequencesOf, visitSteps } from "./walk.js";

/** Whether something can end well, and whether it can fail: each with some probability above zero. */
interface Ends {
  readonly well: number;
  readonly failed: number;
}

/**
 * Throws `cycle-endless` when operations call each other in a circle that no branch ever leaves, naming the circle.
 * Publishing ends at once, so a circle through a queue is none.
 */
export function checkEnds(document: ModelDocument): void {
  const rules = new HornRules();
  const always = rules.fact();
  rules.rule(always, []);
  const never = rules.fact();
  const sequences = sequencesOf(document);
  const ops = new Map<string, Ends>(
    sequences.map(({ node, op }) => [`${node}.${op}`, { well: rules.fact(), failed: rules.fact() }]),
  );
  const simple: Ends = { well: always, failed: never };

  function sequence(steps: readonly StepDocument[], into: Ends): Ends {
    let before = always;
    for (const step of steps) {
      const ends = stepEnds(step);
      rules.rule(into.failed, [before, ends.failed]);
      const after = rules.fact();
      rules.rule(after, [before, ends.well]);
      before = after;
    }
    rules.rule(into.well, [before]);
    return into;
  }
  const fresh = (): Ends => ({ well: rules.fact(), failed: rules.fact() });
  const nested = (steps: readonly StepDocument[]): Ends => sequence(steps, fresh());

  function stepEnds(step: StepDocument): Ends {
    switch (step.do) {
      case "call":
        return callEnds(step);
      case "parallel": {
        const out = fresh();
        const ended: number[] = [];
        const branches = step.branches.map(nested);
        for (const branch of branches) {
          const end = rules.fact();
          rules.rule(end, [branch.well]);
          rules.rule(end, [branch.failed]);
          ended.push(end);
        }
        const all = rules.fact();
        rules.rule(all, ended);
        rules.rule(
          out.well,
          branches.map(({ well }) => well),
        );
        for (const branch of branches) rules.rule(out.failed, [all, branch.failed]);
        return out;
      }
      case "either": {
        const out = fresh();
        for (const { weight, steps } of step.branches) if (weight > 0) sequence(steps, out);
        return out;
      }
      case "repeat":
      case "retry":
      case "hedge":
      case "guard":
        return nested(step.steps);
      case "timeout": {
        const out = nested(step.steps);
        // What was started goes on after the timeout, so only what ends can time out.
        rules.rule(out.failed, [out.well]);
        return out;
      }
      case "fail":
        return {
          well: step.probability === undefined || step.probability === 1 ? never : always,
          failed: step.probability === 0 ? never : always,
        };
      case "custom":
        // What its lists come to is for its function to say, and the function may let none of them happen.
        return { well: always, failed: always };
      default:
        return simple;
    }
  }

  function callEnds(step: Extract<StepDocument, { do: "call" }>): Ends {
    const node = document.nodes[step.to];
    if (node?.kind === "service" || node?.kind === "gateway") return ops.get(`${step.to}.${step.op}`) ?? simple;
    if (node?.kind !== "cache" || step.miss === undefined) return simple;
    // A cache of keys begins empty: what misses must come to an end.
    const hitRatio = "hitRatio" in node ? node.hitRatio : 0;
    if (hitRatio === 1) return simple;
    const out = nested(step.miss);
    if (hitRatio > 0) rules.rule(out.well, []);
    return out;
  }

  for (const { node, op, steps } of sequences) sequence(steps, ops.get(`${node}.${op}`)!);
  const holds = rules.solve();
  const ends = (key: string): boolean => holds[ops.get(key)!.well]! || holds[ops.get(key)!.failed]!;
  const endless = sequences.find(({ node, op }) => !ends(`${node}.${op}`));
  if (endless === undefined) return;
  const circle = findCircle(document, `${endless.node}.${endless.op}`, ends);
  const [node, op] = circle[0]!.split(".") as [string, string];
  const shown = circle.length > 10 ? [...circle.slice(0, 5), "...", ...circle.slice(-3)] : circle;
  fail(
    "cycle-endless",
    ["nodes", node, "ops", op],
    `never ends: ${shown.join(" → ")}; let a branch of either() leave the circle, or publish to a queue`,
  );
}

/** Follows calls that never end until one comes round again: every such operation makes at least one. */
function findCircle(document: ModelDocument, start: string, ends: (key: string) => boolean): readonly string[] {
  const bodies = new Map(sequencesOf(document).map(({ node, op, steps }) => [`${node}.${op}`, steps]));
  const seen = new Set<string>();
  let at: string | undefined = start;
  while (at !== undefined && !seen.has(at)) {
    seen.add(at);
    let next: string | undefined;
    visitSteps(bodies.get(at)!, (step) => {
      if (next !== undefined || step.do !== "call") return;
      const key = `${step.to}.${step.op}`;
      if (bodies.has(key) && !ends(key)) next = key;
    });
    at = next;
  }
  const followed = [...seen];
  return at === undefined ? followed : [...followed.slice(followed.indexOf(at)), at];
}
