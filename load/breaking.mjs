// The breaking point: more and more is asked until it breaks, then a little again, which must go well by itself.
import { broken, step } from "./steps.mjs";

/** How much more is asked than what broke it. */
const flood = 5;

/**
 * Steps of rising rates until one is not healthy; then far more than that, to see how it breaks; then, as soon as nothing
 * is open, the first rate once more.
 */
export async function breakingPoint({ first, factor, most, seconds, onStep, signal, ...with_ }) {
  // Nobody is interested in code that is not compiled yet.
  await step({ ...with_, rate: first, seconds, signal });
  const steps = [];
  for (let rate = first; rate <= most && !signal?.aborted; rate *= factor) {
    const it = await step({ ...with_, rate: Math.round(rate), seconds, signal });
    it.broken = broken(it);
    steps.push(it);
    onStep(it);
    if (it.broken !== undefined) break;
  }
  const breaking = steps.at(-1);
  if (breaking.broken !== undefined && !signal?.aborted) {
    const rate = Math.min(flood * breaking.rate, most);
    const it = await step({ ...with_, rate, seconds, signal });
    it.broken = broken(it);
    it.title = "flooded";
    steps.push(it);
    onStep(it);
  }
  const after = await step({ ...with_, rate: first, seconds, signal });
  after.broken = broken(after);
  after.title = "afterwards";
  onStep(after);
  return { steps, after };
}
