import { sizes } from "../units/size.js";
import type { CostDocument } from "./cost-document.js";
import type { Fail, Field, Shape } from "./shape.js";
import { object, optional } from "./shape-parts.js";

const price: Shape = { shape: "number", min: 0, max: 1e9 };
const size: Shape = { shape: "amount", family: sizes };

const costShape: Shape = {
  ...object(
    "a cost",
    {
      replicaHour: optional(
        price,
        "A replica for an hour; of a database, a copy of a shard; of what has neither, the whole node.",
      ),
      coreHour: optional(price, "A core of a replica for an hour."),
      request: optional(price, "A request, or a message, that arrives."),
      gbMoved: optional(price, "A gigabyte moved."),
      moved: optional(size, "What each request moves."),
      gbHour: optional(price, "A gigabyte stored for an hour."),
      stored: optional(size, "What is stored."),
    },
    (value: Readonly<Record<string, unknown>>, fail: Fail) => {
      for (const [price, amount] of [
        ["gbMoved", "moved"],
        ["gbHour", "stored"],
      ] as const) {
        if (value[price] !== undefined && value[amount] === undefined)
          fail(price, `is given, but not how much: set ${amount}, as in "20KB"`);
        if (value[amount] !== undefined && value[price] === undefined)
          fail(amount, `is given, but not what it costs: set ${price}, the price of a gigabyte`);
      }
    },
  ),
  shared: true,
};

/** The field of every node that says what it costs. */
export const cost: Field = optional(costShape, "What it costs.");

/** A price of cores needs a number of them. */
export function countedCores({ cost }: { cost?: CostDocument }, cores: number | undefined, fail: Fail): void {
  if (cost?.coreHour !== undefined && cores === undefined)
    fail("cost", "has a price of cores, but there is no number of them: take coreHour out, or set cores or threads");
}

/** Of what has no cores. */
export function noCores(value: object, fail: Fail): void {
  countedCores(value, undefined, fail);
}
