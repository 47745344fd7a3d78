/** What a ScaledObject says of going to nothing and back. Times in ms. */
export interface KedaPolicy {
  readonly min: number;
  /** Replicas while nothing is active, fewer than `min`; undefined: `min`. */
  readonly idle: number | undefined;
  readonly cooldownMs: number;
  readonly initialCooldownMs: number;
}

/**
 * The part of KEDA that switches on and off, one `poll` for each polling interval; between 1 and `max` an HPA scales.
 * After its documentation (keda.sh/docs/latest/reference/scaledobject-spec and concepts/scaling-deployments,
 * "Activating and Scaling thresholds"): what is active brings it from nothing to `min`, or 1; once nothing has been
 * active for the cooldown it goes back to nothing, or to `idle`.
 */
export class Keda {
  readonly #policy: KedaPolicy;
  /** When something was active for the last time. */
  lastActiveMs: number | undefined;

  constructor(policy: KedaPolicy) {
    this.#policy = policy;
  }

  /** How many replicas there shall be after looking at the triggers at `nowMs`; `active`: one of them is. */
  poll(nowMs: number, current: number, active: boolean): number {
    const { min, idle } = this.#policy;
    if (active) {
      this.lastActiveMs = nowMs;
      return current === 0 || (idle !== undefined && current < min) ? Math.max(1, min) : current;
    }
    const least = idle ?? min;
    if (current > least && (min === 0 || idle !== undefined)) return this.#hasCooled(nowMs) ? least : current;
    return idle === undefined ? Math.max(current, min) : current;
  }

  // Scaled by someone else, and never active yet: nothing but the initial cooldown keeps it.
  #hasCooled(nowMs: number): boolean {
    const { cooldownMs, initialCooldownMs } = this.#policy;
    return this.lastActiveMs === undefined ? nowMs >= initialCooldownMs : nowMs >= this.lastActiveMs + cooldownMs;
  }
}
