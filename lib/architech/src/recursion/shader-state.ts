import type { RecursionPlan } from "./plan.js";
import { busyOf, frameWords, lineWords, powerOfTwo, roomOf, type ShaderLayout } from "./shader-layout.js";

/** Takes up the state that the dispatch before has left. */
export function restore({ lines, frames, ...plan }: RecursionPlan, layout: ShaderLayout): string {
  const code: string[] = [`var inside = kept(${layout.inside}u);`];
  for (const [l, { servers, replicas, room }] of lines.entries()) {
    const at = layout.servers[l]! - 4;
    const places = powerOfTwo(servers * replicas);
    code.push(
      `var since${l} = bitcast<f32>(kept(${at}u)); var offset${l} = bitcast<f32>(kept(${at + 1}u)); var turn${l} = kept(${at + 2}u);`,
      `var free${l}: array<f32, ${places}>; for (var i = 0u; i < ${places}u; i++) { free${l}[i] = bitcast<f32>(kept(${at + 4}u + i)); }`,
      `let servers${l} = whole(${layout.line[l]!}u); let replicas${l} = whole(${layout.line[l]! + 1}u); let room${l} = whole(${layout.line[l]! + 2}u);`,
      `var waits${l} = 0.0;`,
    );
    const spaces = roomOf(room);
    if (spaces > 0)
      code.push(
        `var oldest${l} = kept(${at + 3}u);`,
        `var starts${l}: array<f32, ${spaces}>; for (var i = 0u; i < ${spaces}u; i++) { starts${l}[i] = bitcast<f32>(kept(${layout.room[l]!}u + i)); }`,
      );
    const out = layout.lines + lineWords * l;
    code.push(
      `var rejected${l} = kept(${out + 2}u); var atHalf${l} = kept(${out + 3}u); var atLate${l} = kept(${out + 4}u); var atLast${l} = kept(${out + 5}u); var came${l} = kept(${out + 6}u);`,
    );
  }
  for (const f of frames.keys()) {
    const out = layout.frames + frameWords * f;
    code.push(
      `var arrivals${f} = kept(${out}u); var done${f} = kept(${out + 1}u); var errors${f} = kept(${out + 2}u);`,
      `var longest${f} = bitcast<f32>(kept(${out + 7}u)); var longestWait${f} = bitcast<f32>(kept(${out + 10}u));`,
      `var area${f} = 0.0; var latency${f} = 0.0; var wait${f} = 0.0; var began${f} = 0.0; var waited${f} = 0.0;`,
    );
  }
  const busy = busyOf({ ...plan, lines, frames });
  for (const gauge of busy) code.push(`var busy${gauge} = 0.0;`);
  for (const [i, place] of exactPlaces({ ...plan, lines, frames }, layout).entries())
    code.push(`exact[${i}] = vec2<u32>(kept(${place}u), kept(${place + 1}u));`);
  return code.join("\n  ");
}

/** Where the exact sums lie in a task's state, in their order: three of each frame, one of each line and gauge. */
function exactPlaces(plan: RecursionPlan, layout: ShaderLayout): readonly number[] {
  return [
    ...plan.frames.flatMap((_, f) => [3, 5, 8].map((word) => layout.frames + frameWords * f + word)),
    ...plan.lines.map((_, l) => layout.lines + lineWords * l),
    ...busyOf(plan).map((_, i) => layout.busy + 2 * i),
  ];
}

/** Adds what was added up in 32 bits to the exact sums. */
export function foldAll(plan: RecursionPlan): string {
  const names = [
    ...plan.frames.flatMap((_, f) => [`area${f}`, `latency${f}`, `wait${f}`]),
    ...plan.lines.map((_, l) => `waits${l}`),
    ...busyOf(plan).map((gauge) => `busy${gauge}`),
  ];
  return names.map((name, i) => `fold(${i}u, ${name}); ${name} = 0.0;`).join("\n      ");
}

/** Leaves the state to the next dispatch, and what the task gives. */
export function store(plan: RecursionPlan, layout: ShaderLayout): string {
  const { lines, frames } = plan;
  const code: string[] = [`keep(${layout.inside}u, inside);`];
  for (const [l, { servers, replicas, room }] of lines.entries()) {
    const at = layout.servers[l]! - 4;
    const places = powerOfTwo(servers * replicas);
    const spaces = roomOf(room);
    const out = layout.lines + lineWords * l;
    code.push(
      `keep(${at}u, bitcast<u32>(since${l})); keep(${at + 1}u, bitcast<u32>(offset${l})); keep(${at + 2}u, turn${l});`,
      `for (var i = 0u; i < ${places}u; i++) { keep(${at + 4}u + i, bitcast<u32>(free${l}[i])); }`,
      `keep(${out + 2}u, rejected${l}); keep(${out + 3}u, atHalf${l}); keep(${out + 4}u, atLate${l}); keep(${out + 5}u, atLast${l}); keep(${out + 6}u, came${l});`,
    );
    if (spaces > 0)
      code.push(
        `keep(${at + 3}u, oldest${l}); for (var i = 0u; i < ${spaces}u; i++) { keep(${layout.room[l]!}u + i, bitcast<u32>(starts${l}[i])); }`,
      );
  }
  for (const f of frames.keys()) {
    const out = layout.frames + frameWords * f;
    code.push(
      `keep(${out}u, arrivals${f}); keep(${out + 1}u, done${f}); keep(${out + 2}u, errors${f});`,
      `keep(${out + 7}u, bitcast<u32>(longest${f})); keep(${out + 10}u, bitcast<u32>(longestWait${f}));`,
    );
  }
  for (const [i, place] of exactPlaces(plan, layout).entries())
    code.push(`keep(${place}u, exact[${i}].x); keep(${place + 1}u, exact[${i}].y);`);
  return code.join("\n  ");
}
