/** How to read a variable of a cell, and to assign it unless it is constant. */
export type Accessors = Record<string, readonly [get: () => unknown, set?: (value: unknown) => void]>;

/** What a cell declared, until it is known which of it came to be. */
export interface Declared {
  /** Makes the initialised names visible to later cells and returns the names that never were. */
  settle(): string[];
}

/** The variables of all cells so far. Each stays where its cell declared it; here are the ways to them. */
export class Scope {
  readonly values: object = Object.create(null) as object;

  /** Takes the accessors that a cell hands over before its first statement. */
  declare(accessors: Accessors): Declared {
    return {
      settle: () => {
        const lost: string[] = [];
        for (const [name, [get, set]] of Object.entries(accessors)) {
          if (isInitialised(get)) Object.defineProperty(this.values, name, property(get, set));
          else lost.push(name);
        }
        return lost;
      },
    };
  }
}

const property = (get: () => unknown, set?: (value: unknown) => void): PropertyDescriptor => ({
  get,
  ...(set ? { set } : {}),
  configurable: true,
  enumerable: true,
});

/** Reading a `let` or `const` before its declaration ran throws. */
function isInitialised(get: () => unknown): boolean {
  try {
    get();
    return true;
  } catch {
    return false;
  }
}
