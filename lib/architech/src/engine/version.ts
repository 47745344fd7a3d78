/** Part of the key of every cached result: changes whenever the same task would give other bytes. */
export const engineVersion: string = "1";
