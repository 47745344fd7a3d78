import * as at from "./addresses.js";
import { memberStride } from "./channel-places.js";
import { choose } from "./choosing.js";
import { turn, wake } from "./faults.js";
import { growFrames } from "./growth.js";
import { changeMembers, wakeMembers } from "./membership.js";
import { dispatch } from "./messages.js";
import { extended, float, floats, ints, whole } from "./platform.js";
import { beside, count, countBusy, insideOf } from "./replicas.js";
import { sample } from "./sampling.js";
import { resizeShared } from "./sharing.js";

// A node that scales has a station for every place that a replica can have. The ints of its record: ready replicas,
// place of the list of their stations, first station, station where requests wait for a ready replica or -1, queue or
// -1, gauge of replicas that there are, gauge of the threads of those that work (ready ones and those that finish),
// first worker, gauge of the cores of those that work, gauge of the cores of all that there are, threads and cores of
// one replica, replicas that work, ints from a thread station to its core station or 0, places, first member or 0.

/** What stands in a place of a scaled node changes at this time; who then goes on is made ready. */
export function setReplica(record: i32, place: i32, to: i32, time: f64): void {
  if (!extended || !prepare(record, time)) return;
  let I = ints();
  const r = I[at.scaled] + record;
  const s = I[r + 2] + place * 16;
  const own = beside(s);
  const from = I[own + 1];
  I[own + 1] = to;
  if (from === 0) present(r, 1);
  if (to === 0) present(r, -1);
  if (from === 2) {
    delist(r, s);
    if (I[r + 3] < 0) turn(s, 1);
    if (I[r + 15] > 0) changeMembers(I[r + 15] + memberStride * place, 1, true);
    I = ints();
  }
  if (to === 3 && insideOf(s) === 0) vacate(s);
  if (to !== 2) return;
  working(r, 1);
  I[I[r + 1] + I[r]] = s;
  I[r] = I[r] + 1;
  if (I[r + 3] < 0) {
    turn(s, -1);
    if (I[r + 15] > 0) changeMembers(I[r + 15] + memberStride * place, 1, false);
    else dispatch(I[r + 4]);
  } else {
    // Whoever waits for a ready replica goes on, and chooses one.
    const lobby = I[r + 3];
    I[lobby] = I[lobby + 3];
    wake(lobby);
  }
}

/** From this time on every replica of a scaled node has so many threads and cores; what is at work goes on. */
export function resize(record: i32, threads: i32, cores: i32, time: f64): void {
  if (!extended || !prepare(record, time)) return;
  let I = ints();
  const r = I[at.scaled] + record;
  const there = I[I[at.gaugeCounts] + I[r + 5]];
  count(I[r + 9], there * (cores - I[r + 11]));
  count(I[r + 8], I[r + 12] * (cores - I[r + 11]));
  count(I[r + 6], I[r + 12] * (threads - I[r + 10]));
  I[r + 10] = threads;
  I[r + 11] = cores;
  for (let place = 0; place < I[r + 14]; place++) {
    const s = I[r + 2] + place * 16;
    // Without a limit of threads there are as many as ever.
    if (threads > 0) setServers(s, threads);
    if (I[r + 13] > 0) {
      const core = s + I[r + 13];
      if (I[core + 10] > 0) resizeShared(core, cores);
      else setServers(core, cores);
      I = ints();
    }
  }
  if (I[r + 4] >= 0) dispatch(I[r + 4]);
  if (I[r + 15] > 0) wakeMembers(I[r + 15]);
}

/** Something is to change at this time: sees to a frame that may be needed. False when there may be no more of them. */
function prepare(record: i32, time: f64): boolean {
  floats()[at.now] = time;
  if (ints()[ints()[at.scaled] + record + 15] > 0 && ints()[at.freeCount] === 0 && !growFrames()) {
    ints()[at.halted] = 1;
    return false;
  }
  // There was nothing more to happen; now there may be.
  if (ints()[at.halted] === 2) ints()[at.halted] = 0;
  return true;
}

function setServers(s: i32, servers: i32): void {
  const I = ints();
  I[s] = I[s] + servers - I[s + 7];
  I[s + 7] = servers;
  wake(s);
}

/**
 * Does an instruction of a frame that has to do with replicas. Returns the station that it waits at, or -1 when it goes
 * on. Views may be stale then.
 */
export function atReplica(f: i32): i32 {
  let I = ints();
  const pc = I[f];
  if (I[pc] === 70) {
    const s = routeReady(pc);
    I = ints();
    if (s < 0) return I[I[at.scaled] + I[pc + 1] + 3];
    I[f + 6] = s;
    I[f] = pc + 5;
    return -1;
  }
  if (I[pc] === 73) leave(I[f + 6]);
  else countBusy(I[f + 6], I[pc] === 71 ? 1 : -1);
  I[f] = pc + 1;
  return -1;
}

/** The station of a ready replica, chosen as the instruction at a place says; -1 when there is none. */
function routeReady(pc: i32): i32 {
  let I = ints();
  const r = I[at.scaled] + I[pc + 1];
  const ready = I[r];
  const list = I[r + 1];
  if (ready === 0) return -1;
  const balance = I[pc + 2];
  if (balance === 0) {
    const counter = I[at.rotation] + I[pc + 3];
    const turns = I[counter] < ready ? I[counter] : 0;
    I[counter] = turns + 1;
    return I[list + turns];
  }
  if (balance === 1) {
    const u = sample(I[pc + 3]);
    I = ints();
    return I[list + whole(u * float(ready))];
  }
  if (balance === 3) return choose(list, ready, I[pc + 4], I[pc + 3], true);
  const counter = I[at.rotation] + I[pc + 3];
  let next = I[counter] < ready ? I[counter] : 0;
  let best = -1;
  let least = 0x7fffffff;
  for (let i = 0; i < ready; i++) {
    const s = I[list + next];
    const inside = I[s + 7] - I[s] + I[s + 3];
    if (inside < least) {
      least = inside;
      best = next;
    }
    next = next + 1 === ready ? 0 : next + 1;
  }
  I[counter] = best + 1;
  return I[list + best];
}

/** A request ends at a station: counts it; a replica that only finishes goes with its last one. */
function leave(s: i32): void {
  const I = ints();
  const D = floats();
  const own = beside(s);
  const counter = I[at.counters] + I[own + 2];
  D[counter] = D[counter] + 1;
  if (I[own + 1] === 3 && insideOf(s) === 1) vacate(s);
}

/** The worker that a station of a scaled worker belongs to. */
export function workerAt(s: i32): i32 {
  const I = ints();
  const r = I[beside(s)];
  return I[r + 7] + ((s - I[r + 2]) >> 4);
}

/** The place is free again. */
function vacate(s: i32): void {
  const I = ints();
  const own = beside(s);
  const r = I[own];
  I[own + 1] = 0;
  present(r, -1);
  working(r, -1);
}

function present(r: i32, by: i32): void {
  const I = ints();
  count(I[r + 5], by);
  count(I[r + 9], by * I[r + 11]);
}

function working(r: i32, by: i32): void {
  const I = ints();
  I[r + 12] = I[r + 12] + by;
  count(I[r + 6], by * I[r + 10]);
  count(I[r + 8], by * I[r + 11]);
}

/** Takes a station off the list of ready ones, which keep their order. */
function delist(r: i32, s: i32): void {
  const I = ints();
  const list = I[r + 1];
  let to = 0;
  for (let i = 0; i < I[r]; i++) {
    if (I[list + i] !== s) {
      I[list + to] = I[list + i];
      to++;
    }
  }
  I[r] = to;
}
