import type { Check } from "../part.js";

/** A check that does not answer for so long has failed. */
const patienceMs = 2_000;

/** How long an answer holds, so that strangers who ask often cost nothing. */
const freshMs = 500;

/** What `/readyz` says. */
export interface Health {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, "ok" | "failed" | "draining">>;
}

/** Whether this process can be given work: its checks, and whether it has been told to end. */
export class Readiness {
  readonly #checks: readonly Check[];
  #draining = false;
  #known: { readonly at: number; readonly health: Promise<Health> } | undefined;

  constructor(checks: readonly Check[]) {
    this.#checks = checks;
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** From now on it is not ready. */
  drain(): void {
    this.#draining = true;
    this.#known = undefined;
  }

  health(): Promise<Health> {
    const now = performance.now();
    if (this.#known === undefined || now - this.#known.at > freshMs) this.#known = { at: now, health: this.#look() };
    return this.#known.health;
  }

  async #look(): Promise<Health> {
    const states = await Promise.all(this.#checks.map(async (check) => ({ ...check, passed: await inTime(check) })));
    const checks: Record<string, "ok" | "failed" | "draining"> = { process: this.#draining ? "draining" : "ok" };
    for (const { name, passed } of states) checks[name] = passed ? "ok" : "failed";
    return { ready: !this.#draining && states.every(({ required, passed }) => passed || !required), checks };
  }
}

async function inTime(check: Check): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), patienceMs);
  });
  const asked = (async () => check.ok())().catch(() => false);
  const passed = await Promise.race([asked, late]);
  clearTimeout(timer);
  return passed;
}
