import { bindCode, type CustomFunction } from "#src/model/custom.js";
import { customSteps } from "#src/model/custom-steps.js";
import { exponential } from "#src/model/distribution.js";
import type { ModelDocument } from "#src/model/document.js";
import { validate } from "#src/model/validate.js";

const pause = exponential("0.4ms");

/** Lets a few of these lists and pauses happen, as chance and what is known of the request will have it. */
function anything(lists: readonly string[]): CustomFunction<string, unknown> {
  return function* (request) {
    const under = request.state as { way: number };
    under.way++;
    try {
      for (let i = 0; i < 3; i++) {
        const u = request.random();
        const list = lists[Math.floor(u * (lists.length + 2))];
        if (list !== undefined && request.leftMs > 0) {
          if ((yield list) === "failed" && under.way % 2 === 0) return "failed";
        } else if (u < 0.8) yield pause;
        else yield `${request.draw("0.2ms") + (request.key ?? 0) * 0.001}ms`;
      }
    } finally {
      under.way--;
    }
    return "ok";
  };
}

const state = (): { way: number } => ({ way: 0 });

/** A valid model whose custom steps, which any document may have, have functions. */
export function decided(model: ModelDocument): ModelDocument {
  const valid = validate(model);
  for (const { step } of customSteps(valid)) bindCode(step, { run: anything(Object.keys(step.steps ?? {})), state });
  return valid;
}
