import type { UnitFamily } from "../units/amount.js";

/** Where a value stands in a document, from the outside in. */
export type Path = readonly (string | number)[];

/** What a value in a document may be, as data: `check` and the JSON Schema are both read off it. */
export type Shape =
  | { readonly shape: "text"; readonly maxLength: number }
  | {
      readonly shape: "number";
      readonly min?: number;
      readonly max: number;
      readonly above?: number;
      readonly whole?: true;
    }
  | { readonly shape: "amount"; readonly family: UnitFamily; readonly positive?: true }
  | { readonly shape: "one of"; readonly values: readonly (string | number | boolean)[] }
  /** `steps`: counted against the limit on steps. */
  | {
      readonly shape: "list";
      readonly of: () => Shape;
      readonly what: string;
      readonly least: number;
      /** Default: `limits.items`. */
      readonly most?: number;
      readonly steps?: true;
    }
  /** An object whose keys are names. */
  | {
      readonly shape: "named";
      readonly of: () => Shape;
      readonly what: string;
      readonly least: number;
      readonly most: number;
    }
  | ObjectShape
  /** Objects told apart by the text in one field. */
  | {
      readonly shape: "tagged";
      readonly tag: string;
      readonly what: string;
      readonly cases: Readonly<Record<string, Shape>>;
    }
  | ByField
  /** Told apart by whether the value is text, a number, a list or an object. */
  | {
      readonly shape: "either";
      readonly what: string;
      readonly number?: Shape;
      readonly text?: Shape;
      readonly list?: Shape;
      readonly object?: Shape;
    };

/** An object with exactly these fields. */
export interface ObjectShape {
  readonly shape: "object";
  readonly what: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** It stands in several places: a JSON Schema writes it once. */
  readonly shared?: true;
  /** What the fields must be together, once each is right. */
  readonly also?: (value: never, fail: Fail) => void;
}

/** Objects told apart by which field they have. */
export interface ByField {
  readonly shape: "by field";
  readonly what: string;
  readonly cases: Readonly<Record<string, ObjectShape>>;
}

/** Reports that a field is wrong: `message` goes after the field's name. */
export type Fail = (field: string, message: string) => never;

/** One field of an object. */
export interface Field {
  readonly is: Shape;
  readonly optional?: true;
  /** What the value means, for readers of the JSON Schema. */
  readonly doc?: string;
}

/** Bounds that keep a hostile document from costing more than an honest one. */
export const limits = {
  nodes: 10_000,
  ops: 1_000,
  steps: 200_000,
  depth: 100,
  items: 100_000,
  times: 1_000_000,
  classes: 100,
  copies: 100,
  shards: 1_000,
  slots: 65_536,
  stations: 10_000,
  text: 1_000,
  name: 100,
  count: 1_000_000,
  scaled: 10_000,
} as const;

/** What a node or an operation may be called: metrics join names with dots. */
export const namePattern = "^(?!__proto__$)[A-Za-z_][A-Za-z0-9_-]*$";
