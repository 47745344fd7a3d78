// What the compiler refuses in units and distributions: each line with the words that its message holds.
import { constant, cpu, empirical, erlang, exponential, lognormal, mixture, pareto, uniform, wait } from "architech";

// error: '5msec' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
cpu("5msec");
// error: '5 ms' has a space: write a number and its unit without one, as in '4ms'
cpu("5 ms");
// error: '5rps' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
cpu("5rps");
// error: 5 has no unit: write '5ms', or us, s, min or h
cpu(5);
// error: '-4ms' is negative: a duration is 0 or more
cpu("-4ms");
// error: '${string}' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
cpu("" as string);
// error: 'soon' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
wait("soon");
// error: Expected 1 arguments, but got 0.
cpu();
// error: Argument of type 'string[]' is not assignable to parameter of type 'Time'.
cpu(["4ms"]);
// error: '4msec' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
constant("4msec");
// error: 8 has no unit: write '8ms', or us, s, min or h
exponential(8);
// error: '8rps' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
exponential("8rps");
// error: Property 'shape' is missing
erlang({ mean: "4ms" });
// error: Property 'p999' is missing
lognormal({ mean: "9ms" });
// error: 'p98' does not exist in type 'LognormalSettings<"9ms", never>'.
lognormal({ mean: "9ms", p98: "40ms" });
// error: '40' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
lognormal({ mean: "9ms", p99: "40" });
// error: Type 'string' is not assignable to type 'number'.
mixture([["4ms", 9]]);
// error: Expected 2 arguments, but got 1.
uniform("1ms");
// error: '4s ' has a space
uniform("1ms", "4s ");
// error: Property 'alpha' is missing
pareto({ min: "1ms" });
// error: '3sec' is not a duration
empirical(["1ms", "3sec"]);
// error: Type '"5msec"' is not assignable to type 'Time'
mixture([[1, "5msec"]]);
