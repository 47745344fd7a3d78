// What the compiler refuses in charts of experiments: each line with the words that its message holds.
import { compare, lineY, plot, ruleY, sweep } from "architech";
import { shop } from "./shop.js";

const run = shop.run({ until: "1s" });
const load = sweep(shop, { rps: [1], balance: ["random", "round-robin"] }, ({ rps, balance }) => ({ traffic: { rate: `${rps}rps` }, api: { balance } }), { until: "1s" });
const rows = run.watch("api.util");
// error: Type '"api.utill"' is not assignable to type 'Channel<
lineY(rows, { x: "t", y: "api.utill" });
// error: Type '"time"' is not assignable to type 'Channel<SeriesRow<"api.util">> | undefined'.
lineY(rows, { x: "time", y: "api.util" });
// error: Type '"rsp"' is not assignable to type 'Channel<SweepRow<
lineY(load, { x: "rsp", y: "api.latency.p99" });
// error: Type '"api.latncy.p99"' is not assignable to type 'Channel<
lineY(load, { x: "rps", y: "api.latncy.p99", stroke: "balance" });
// error: Type '"orders.util"' is not assignable to type 'Channel<SweepRow<
lineY(load.watch("api.util"), { x: "rps", y: "orders.util" });
// error: Type 'LiveRows<SeriesRow<"api.util">>' is not assignable to type 'false | Mark | null | undefined'.
plot({ marks: [rows] });
// error: Type '"policy"' is not assignable to type 'Channel<ScenarioRow<"a" | "b">>
ruleY(compare(shop, { a: {}, b: {} }, { metric: "api.util", until: "1s" }), { y: "policy", x1: "low", x2: "high" });
