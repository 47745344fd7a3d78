import { ArchitechError, type ErrorCode } from "@architech/protocol";
import { parseAmount, quoted } from "../units/amount.js";
import { limits, namePattern, type ObjectShape, type Path, type Shape } from "./shape.js";

/** What one check has used up of the limits. */
interface Budget {
  steps: number;
}

/**
 * Holds a value of unknown origin against a shape and returns a frozen copy of exactly what the shape knows,
 * fields in the shape's order. Throws `model-invalid`, `name-invalid` or `model-too-large`, naming place and value.
 * Never recurses deeper than the limit, never calls anything on the value, never reads what is inherited.
 */
export function check(shape: Shape, value: unknown, path: Path, budget: Budget = { steps: 0 }): unknown {
  switch (shape.shape) {
    case "text":
      return text(shape.maxLength, value, path);
    case "number":
      return number(shape, value, path);
    case "amount": {
      if (typeof value !== "string")
        wrong(path, value, `write a number and ${shape.family.choice}, as in ${shape.family.example}`);
      const amount = within(path, () => parseAmount(shape.family, value));
      if (shape.positive === true && !(amount > 0)) wrong(path, value, "more than 0 is needed");
      return value;
    }
    case "one of":
      if (!shape.values.includes(value as string))
        wrong(path, value, `it can be ${shape.values.map(quoted).join(", ")}`);
      return value;
    case "list":
      return items(shape, value, path, budget);
    case "named":
      return named(shape, value, path, budget);
    case "object":
      return fields(shape, value, path, budget);
    case "tagged": {
      const from = record(value, path, shape.what);
      const tag = own(from, shape.tag);
      const found = typeof tag === "string" && Object.hasOwn(shape.cases, tag) ? shape.cases[tag] : undefined;
      if (found === undefined)
        wrong([...path, shape.tag], tag, `it can be ${Object.keys(shape.cases).map(quoted).join(", ")}`);
      return check(found, from, path, budget);
    }
    case "by field": {
      const from = record(value, path, shape.what);
      const names = Object.keys(shape.cases);
      const present = names.filter((name) => own(from, name) !== undefined);
      if (present.length !== 1)
        fail(
          "model-invalid",
          path,
          `has ${present.length === 0 ? "none" : "more than one"} of ${names.join(", ")}: ${shape.what} has one`,
        );
      return check(shape.cases[present[0]!]!, from, path, budget);
    }
    case "either": {
      const found =
        typeof value === "string"
          ? shape.text
          : typeof value === "number"
            ? shape.number
            : Array.isArray(value)
              ? shape.list
              : typeof value === "object" && value !== null
                ? shape.object
                : undefined;
      if (found === undefined)
        wrong(
          path,
          value,
          `${shape.what} is ${[shape.number, shape.text, shape.list, shape.object].flatMap((of) => (of === undefined ? [] : [whatOf(of)])).join(", or ")}`,
        );
      return check(found, value, path, budget);
    }
  }
}

/** What a value of this shape is, for a sentence. */
function whatOf(shape: Shape): string {
  switch (shape.shape) {
    case "amount":
      return `a number and ${shape.family.choice}, as in ${shape.family.example}`;
    case "number":
      return `${shape.whole === true ? "a whole number" : "a number"} from ${shape.min ?? shape.above} to ${shape.max}`;
    case "one of":
      return shape.values.map(quoted).join(" or ");
    case "list":
    case "named":
      return `a list of ${shape.what}`;
    default:
      return "what" in shape ? shape.what : "text";
  }
}

function text(maxLength: number, value: unknown, path: Path): string {
  if (typeof value !== "string") wrong(path, value, "text is expected");
  if (value.length > maxLength) fail("model-too-large", path, `has ${value.length} characters, more than ${maxLength}`);
  return value;
}

function number(shape: Extract<Shape, { shape: "number" }>, value: unknown, path: Path): number {
  const right =
    typeof value === "number" &&
    (shape.min === undefined || value >= shape.min) &&
    (shape.above === undefined || value > shape.above) &&
    value <= shape.max &&
    (shape.whole !== true || Number.isInteger(value));
  if (right) return value;
  const kind = shape.whole === true ? "a whole number" : "a number";
  return wrong(
    path,
    value,
    shape.min === undefined
      ? `write ${kind} above ${shape.above} and up to ${shape.max}`
      : `write ${kind} from ${shape.min} to ${shape.max}`,
  );
}

function items(
  shape: Extract<Shape, { shape: "list" }>,
  value: unknown,
  path: Path,
  budget: Budget,
): readonly unknown[] {
  if (!Array.isArray(value)) wrong(path, value, `a list of ${shape.what} is expected`);
  if (value.length < shape.least) fail("model-invalid", path, `is empty: at least one of its ${shape.what} is needed`);
  const most = shape.most ?? limits.items;
  if (value.length > most) fail("model-too-large", path, `has ${value.length} ${shape.what}, more than ${most}`);
  // Path grows by at most three names per level of steps.
  if (path.length > 3 * limits.depth) fail("model-too-large", path, `is nested more than ${limits.depth} deep`);
  if (shape.steps === true && (budget.steps += Math.max(1, value.length)) > limits.steps)
    fail("model-too-large", path, `is where the model passes ${limits.steps} steps`);
  const of = shape.of();
  return Object.freeze(Array.from(value, (item: unknown, i) => check(of, item, [...path, i], budget)));
}

function named(
  shape: Extract<Shape, { shape: "named" }>,
  value: unknown,
  path: Path,
  budget: Budget,
): Readonly<Record<string, unknown>> {
  const from = record(value, path, `an object of ${shape.what.replace(/^an? /, "")}s`);
  const names = Object.keys(from);
  if (path.length > 3 * limits.depth) fail("model-too-large", path, `is nested more than ${limits.depth} deep`);
  if (names.length < shape.least) fail("model-invalid", path, `is empty: at least ${shape.what} is needed`);
  if (names.length > shape.most) fail("model-too-large", path, `has ${names.length} names, more than ${shape.most}`);
  const of = shape.of();
  const checked: Record<string, unknown> = {};
  for (const name of names) {
    if (!isName(name))
      fail(
        "name-invalid",
        [...path, name],
        `cannot name ${shape.what}: write letters, digits, _ and -, first a letter or _, at most ${limits.name}`,
      );
    checked[name] = check(of, from[name], [...path, name], budget);
  }
  return Object.freeze(checked);
}

const names = new RegExp(namePattern);

/** Whether a node or an operation may be called that. */
export function isName(name: string): boolean {
  return name.length <= limits.name && names.test(name);
}

function fields(shape: ObjectShape, value: unknown, path: Path, budget: Budget): Readonly<Record<string, unknown>> {
  const from = record(value, path, shape.what);
  for (const name of Object.keys(from)) {
    if (!Object.hasOwn(shape.fields, name))
      fail(
        "model-invalid",
        [...path, name],
        `is not a setting of ${shape.what}: it has ${Object.keys(shape.fields).join(", ")}`,
      );
  }
  const checked: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(shape.fields)) {
    const given = own(from, name);
    if (given !== undefined) checked[name] = check(field.is, given, [...path, name], budget);
    else if (field.optional !== true) fail("model-invalid", [...path, name], `is missing: ${shape.what} needs it`);
  }
  shape.also?.(checked as never, (name, message) => fail("model-invalid", [...path, name], message));
  return Object.freeze(checked);
}

function record(value: unknown, path: Path, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) wrong(path, value, `${what} is expected`);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype && Object.getPrototypeOf(prototype) !== null)
    wrong(path, value, "plain data is expected");
  return value as Readonly<Record<string, unknown>>;
}

function own(from: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(from, name) ? from[name] : undefined;
}

function wrong(path: Path, value: unknown, right: string): never {
  if (value === undefined) fail("model-invalid", path, `is missing: ${right}`);
  return fail("model-invalid", path, `is ${quoted(value)}: ${right}`);
}

/** Throws, with the place before the message. */
export function fail(code: ErrorCode, path: Path, message: string): never {
  throw new ArchitechError(code, `${place(path)} ${message}`, { path });
}

function within<T>(path: Path, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ArchitechError("model-invalid", `${place(path)}: ${(error as Error).message}`, { path, cause: error });
  }
}

/** A path as a person reads it: `api.ops.buy[1].time`. A long one is cut in the middle. */
export function place(path: Path): string {
  const shown = path[0] === "nodes" && path.length > 1 ? path.slice(1) : path;
  if (shown.length === 0) return "the model";
  let out = "";
  for (const [i, at] of shown.entries()) {
    const name = typeof at === "string" && !isName(at) ? quoted(at) : String(at).slice(0, limits.name);
    out += typeof at === "number" ? `[${at}]` : i === 0 ? name : `.${name}`;
  }
  return out.length > 200 ? `${out.slice(0, 100)}...${out.slice(-80)}` : out;
}
