/** What experiments use where their own options say nothing. */
export interface ExperimentDefaults {
  /** Default 1. */
  readonly seed?: number;
  /** Worker threads, where runs are in this process. Default: one for each processor. */
  readonly workers?: number;
}

let current: ExperimentDefaults = {};

/** Sets what experiments use from now on where their own options say nothing. */
export function setDefaults(defaults: ExperimentDefaults): void {
  current = { ...current, ...defaults };
}

/** The defaults that hold now. */
export function currentDefaults(): ExperimentDefaults {
  return current;
}
