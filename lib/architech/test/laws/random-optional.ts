import fc from "fast-check";

/** One of these, or undefined. */
export const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined });

/** Without the fields that are undefined: documents have none. */
export const given = <T>(from: object): T =>
  Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined)) as T;
