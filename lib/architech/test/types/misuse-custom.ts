// What the compiler refuses in custom steps: each line with the words that its message holds.
import { custom, type Model, model, service } from "architech";
import { orders } from "./shop.js";

const steps = { read: [orders.read()], write: [orders.write()] };
const counted = { state: () => ({ count: 0 }) };

// error: 'raed' is neither a time, as in '4ms', nor one of the step's lists
custom("one", { steps }, function* () { yield "raed"; });
// error: 'read' is neither a time, as in '4ms', nor one of the step's lists
custom("one", function* () { yield "read"; });
// error: '5msec' is neither a time, as in '4ms', nor one of the step's lists
custom("one", { steps }, function* () { yield "5msec"; });
// error: 5 has no unit: write '5ms', or us, s, min or h
custom("one", { steps }, function* () { yield 5; });
// error: a time such as '4ms' is needed, a distribution, or the name of one of the step's lists
custom("one", { steps }, function* () { yield orders.read(); });
// error: This comparison appears to be unintentional because the types 'Ending' and '"fail"' have no overlap.
custom("one", { steps }, function* () { if ((yield "read") === "fail") return; });
// error in 1000: Type '"fail"' is not assignable to type 'void | Ending'.
custom("one", { steps }, function* () { yield "read"; return "fail"; });
// error: Property 'cuont' does not exist on type '{ count: number; }'.
custom("one", counted, function* (request) { request.state.cuont++; });
// error: 'request.state' is possibly 'undefined'.
custom("one", { steps }, function* (request) { request.state.count++; });
// error: Cannot assign to 'nowMs' because it is a read-only property.
custom("one", function* (request) { request.nowMs = 5; });
// error: '5' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
custom("one", function* (request) { request.draw("5"); });
// error: Type 'Promise<void>' is missing the following properties from type 'Generator
custom("one", async () => {});
// error: Object literal may only specify known properties, and 'steps' does not exist in type
custom("one", { steps });
// error: 'step' does not exist in type
custom("one", { step: steps }, function* () {});
// error: Type 'Step' is missing the following properties from type 'readonly Step[]'
custom("one", { steps: { read: orders.read() } }, function* () { yield "read"; });
// error: Property '[Symbol.iterator]' is missing in type 'AsyncGenerator
custom("one", { steps }, async function* () { yield "read"; });
