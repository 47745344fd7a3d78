import type { RecursionPlan, Stage } from "./plan.js";
import { roomOf } from "./shader-layout.js";

/** A stage as code. What is inside a frame, and how long, is of the time between the ends of warm-up and run. */
export function emit(
  stage: Stage,
  at: {
    readonly plan: RecursionPlan;
    readonly held: ReadonlySet<number>;
    readonly open: number[];
  },
): string {
  const overlap = (from: string, to: string): string => `max(0.0, min(${to}, toLast) - max(${from}, toWarm))`;
  const counted = (time: string): string => `(${time} > toWarm && ${time} <= toLast)`;
  const closing = (f: number): string =>
    `if (${counted(`began${f}`)}) { arrivals${f}++; } area${f} += ${overlap(`began${f}`, "r")};`;
  switch (stage.do) {
    case "begin":
      at.open.push(stage.frame);
      return `      began${stage.frame} = r; waited${stage.frame} = 0.0;`;
    case "work": {
      const draw = at.held.has(stage.work) ? "" : `let work${stage.work} = next${stage.work + 1}(); `;
      const busy = stage.busy < 0 ? "" : `busy${stage.busy} += ${overlap("r", `r + work${stage.work}`)}; `;
      return `      ${draw}${busy}r += work${stage.work};`;
    }
    case "end": {
      const f = stage.frame;
      at.open.pop();
      const observe = `let took = r - began${f}; latency${f} += took; longest${f} = max(longest${f}, took); record(${2 * f}u, took);
        if (waited${f} > 0.0) { wait${f} += waited${f}; longestWait${f} = max(longestWait${f}, waited${f}); record(${2 * f + 1}u, waited${f}); }`;
      return `      ${closing(f)} if (${counted("r")}) { done${f}++; ${observe} }`;
    }
    case "serve": {
      const l = stage.line;
      const { room } = at.plan.lines[l]!;
      const works = stage.works.map((work) => `let work${work} = next${work + 1}();`).join(" ");
      const hold = stage.works.map((work) => ` + work${work}`).join("");
      const spaces = roomOf(room);
      const fails = at.open.map((f) => `${closing(f)} if (${counted("r")}) { errors${f}++; }`).join(" ");
      const rooms =
        spaces === 0
          ? ""
          : `
      for (var i = 0u; i < room${l}; i++) { starts${l}[i] -= passed${l}; }
      if (least${l} > 0.0 && (room${l} == 0u || starts${l}[oldest${l}] > 0.0)) {
        if (${counted("r")}) { rejected${l}++; }
        ${fails}
        break;
      }
      if (least${l} > 0.0) { starts${l}[oldest${l}] = least${l}; oldest${l} = select(oldest${l} + 1u, 0u, oldest${l} + 1u == room${l}); }`;
      return `
      ${works}
      let passed${l} = since${l} + (r - offset${l});
      since${l} = 0.0; offset${l} = r;
      for (var i = 0u; i < servers${l} * replicas${l}; i++) { free${l}[i] = max(0.0, free${l}[i] - passed${l}); }
      var server${l} = turn${l} * servers${l};
      var least${l} = free${l}[server${l}];
      for (var i = server${l} + 1u; i < (turn${l} + 1u) * servers${l}; i++) {
        if (free${l}[i] < least${l}) { least${l} = free${l}[i]; server${l} = i; }
      }
      turn${l} = select(turn${l} + 1u, 0u, turn${l} + 1u == replicas${l});
      if (r > toHalf && r <= toLast) { came${l}++; }${rooms}
      free${l}[server${l}] = least${l}${hold};
      if (least${l} > 0.0) {
        waits${l} += ${overlap("r", `r + least${l}`)};
        if (r <= toHalf && r + least${l} > toHalf) { atHalf${l}++; }
        if (r <= toLate && r + least${l} > toLate) { atLate${l}++; }
        if (r <= toLast && r + least${l} > toLast) { atLast${l}++; }
        waited${stage.frame} = least${l};
        r += least${l};
      }`;
    }
  }
}
