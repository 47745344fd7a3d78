import { amountPattern } from "../units/amount.js";
import { documentShape } from "./format.js";
import { type Field, limits, namePattern, type ObjectShape, type Shape } from "./shape.js";

/** A JSON Schema, or a part of one. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/**
 * JSON Schema (draft 7, which editors know best) of version 1 of the model document: what `*.arch.json` files hold.
 * Written from the shapes that `validate` checks by. It says what one value may be; what values must be together
 * (names that lead somewhere, circles that end, weights that are not all 0) only `validate` can say.
 */
export function modelSchema(): JsonSchema {
  const definitions = new Definitions();
  const root = definitions.schemaOf(documentShape);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: "urn:architech:model:1",
    title: "A model of Architech, version 1",
    ...root,
    definitions: definitions.written,
  };
}

/** Shapes that contain themselves, or stand in many places, written once under a name. */
class Definitions {
  readonly written: Record<string, JsonSchema> = {};
  readonly #names = new Map<Shape, string>();

  schemaOf(shape: Shape): JsonSchema {
    switch (shape.shape) {
      case "text":
        return { type: "string", maxLength: shape.maxLength };
      case "number":
        return {
          type: shape.whole === true ? "integer" : "number",
          ...(shape.min === undefined ? {} : { minimum: shape.min }),
          ...(shape.above === undefined ? {} : { exclusiveMinimum: shape.above }),
          maximum: shape.max,
        };
      case "amount":
        return {
          type: "string",
          maxLength: 64,
          pattern: amountPattern(shape.family, shape.positive),
          description: `${shape.family.name.replace(/^an? /, "A ")}: a number and ${shape.family.choice}, as in ${shape.family.example}.`,
        };
      case "one of":
        return { enum: shape.values };
      case "list":
        return {
          type: "array",
          minItems: shape.least,
          maxItems: shape.most ?? limits.items,
          items: this.schemaOf(shape.of()),
        };
      case "named":
        return {
          type: "object",
          minProperties: shape.least,
          maxProperties: shape.most,
          propertyNames: { pattern: namePattern, maxLength: limits.name },
          additionalProperties: this.schemaOf(shape.of()),
        };
      case "object":
        return shape.shared === true ? this.#refer(shape, shape.what, () => this.#object(shape)) : this.#object(shape);
      case "tagged":
        return this.#refer(shape, shape.what, () => ({
          type: "object",
          required: [shape.tag],
          properties: { [shape.tag]: { enum: Object.keys(shape.cases) } },
          // Not oneOf: an editor then complains of the case at hand instead of all of them.
          allOf: Object.entries(shape.cases).map(([tag, of]) => ({
            if: { required: [shape.tag], properties: { [shape.tag]: { const: tag } } },
            // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
            then: this.schemaOf(of),
          })),
        }));
      case "by field":
        return { oneOf: Object.values(shape.cases).map((of) => this.schemaOf(of)) };
      case "either":
        return this.#refer(shape, shape.what, () => ({
          anyOf: [shape.text, shape.number, shape.list, shape.object].flatMap((of) =>
            of === undefined ? [] : [this.schemaOf(of)],
          ),
        }));
    }
  }

  #object(shape: ObjectShape): JsonSchema {
    const fields = Object.entries(shape.fields);
    return {
      type: "object",
      required: fields.filter(([, field]) => field.optional !== true).map(([name]) => name),
      properties: Object.fromEntries(fields.map(([name, field]) => [name, this.#field(field)])),
      additionalProperties: false,
    };
  }

  #field({ is, doc }: Field): JsonSchema {
    const schema = this.schemaOf(is);
    if (doc === undefined) return schema;
    // Beside a $ref, draft 7 ignores everything else.
    return "$ref" in schema ? { description: doc, allOf: [schema] } : { ...schema, description: doc };
  }

  #refer(shape: Shape, what: string, write: () => JsonSchema): JsonSchema {
    let name = this.#names.get(shape);
    if (name === undefined) {
      const base = what.replace(/^an? /, "").replaceAll(" ", "-");
      const taken = new Set(this.#names.values());
      name = base;
      for (let n = 2; taken.has(name); n++) name = `${base}-${n}`;
      this.#names.set(shape, name);
      this.written[name] = write();
    }
    return { $ref: `#/definitions/${name}` };
  }
}
