import * as at from "./addresses.js";
import { choose } from "./choosing.js";
import { locate, observeRead, replicate } from "./copies.js";
import { atCut } from "./cut.js";
import { fault } from "./faults.js";
import { endFlight } from "./flights.js";
import { abandoned, inherit, tag } from "./frames.js";
import { atBalancer } from "./gateways.js";
import { growFrames, growHeap, growLane } from "./growth.js";
import { find, keep } from "./keyed-cache.js";
import { handOn, lineUp } from "./lines.js";
import { beginWork, takeMessage } from "./messages.js";
import { carryOut, clockLane, follower, pause, subject } from "./messaging.js";
import { giveUp, nextTurn } from "./patience.js";
import { beginTime, timeLost } from "./pauses.js";
import { extended, float, floats, highWord, infinity, ints, stuck, whole } from "./platform.js";
import { ask } from "./policies.js";
import { timeUntilDue } from "./profile.js";
import { newPage, observe, record, touch } from "./recording.js";
import { atSlots } from "./resharding.js";
import { restThread, wakeThread } from "./resting.js";
import { refill, sample } from "./sampling.js";
import { atReplica, workerAt } from "./scaling.js";
import { beginShare, tick } from "./sharing.js";

// One larger function on purpose: the loop keeps the places of its tables and its scalars in local variables, and
// splitting it into functions with shared state costs a quarter of its speed (docs/decisions/engine-one-loop.md).

/**
 * Runs until the next event lies after `limit` (and returns true) or `budget` events have been taken. Where it is
 * cut changes nothing of what is computed.
 */
export function run(limit: f64, budget: i32): boolean {
  // Offsets as locals, so that a JavaScript compiler folds them: ints of a frame …
  const PC = 0;
  const PARENT = 1;
  const GENERATION = 2;
  const PARENT_GENERATION = 3;
  const PENDING = 4;
  const FAIL_PC = 5;
  const STATION = 6;
  const NEXT = 7;
  const METER = 8;
  const REGISTER = 9;
  const ENDS_ALONG = 26;
  // … its doubles (that of the last pause lies over its last two registers) …
  const PAUSED = 7;
  const START = 8;
  const WAITED = 9;
  const SINCE = 10;
  const DRAWN = 11;
  const DEADLINE = 14;
  // … of a station …
  const FREE = 0;
  const HEAD = 1;
  const TAIL = 2;
  const WAITING = 3;
  const DOWN = 4;
  const GAUGE = 5;
  const DEPTH = 6;
  const SERVERS = 7;
  const ROOM = 8;
  const ORDER = 9;
  const LINE = 10;
  const PATIENCE = 3;
  // … and of a lane.
  const LANE_HEAD = 0;
  const LANE_TAIL = 1;
  const LANE_ROOM = 2;
  const LANE_RING = 3;
  const LANE_SEQUENCE = 4;
  const LANE_TIME = 3;
  const LANE_DELAY = 4;
  // What to do after an instruction.
  const GO = 0;
  const HOLD = 1;
  const LANE = 2;
  const YIELD = 3;
  const inBlock = 63;
  const firstBucket = 127872;

  let I = ints();
  let D = floats();
  if (I[at.halted] !== 0) return true;
  const constants = I[at.constants];
  const sampleNext = I[at.sampleNext];
  const meters = I[at.meters];
  const gauges = I[at.gauges];
  const gaugeCounts = I[at.gaugeCounts];
  const depths = I[at.depths];
  const counters = I[at.counters];
  const rotation = I[at.rotation];
  const stations = I[at.stations];
  const queues = I[at.queues];
  const workers = I[at.workers];
  const takers = I[at.takers];
  const pageTable = I[at.pageTable];
  let readyHead = I[at.readyHead];
  let readyTail = I[at.readyTail];
  let free = I[at.free];
  let freeCount = I[at.freeCount];
  const reserve = I[at.reserved];
  const wide = extended && I[at.wide] !== 0;
  let heapSize = I[at.heapSize];
  /** Whether the top of the heap has been taken, and the next that holds may lie there at once. */
  let hole = false;
  let sequence = I[at.sequence];
  const lanes = I[at.lanes];
  const lanesEnd = lanes + 10 * I[at.laneCount];
  let nextLane = I[at.nextLane];
  let nextLaneTime = infinity;
  let nextLaneSequence = 0;
  if (nextLane >= 0) {
    nextLaneTime = D[(nextLane >> 1) + LANE_TIME];
    nextLaneSequence = I[nextLane + LANE_SEQUENCE];
  }
  let now = D[at.now];
  let left = budget;

  let f = -1;
  /** The instruction at which `f` is; in memory only while it does not run. */
  let pc = 0;
  let act = YIELD;
  let dt: f64 = 0;
  let reached = false;
  /** Frame that goes on at once when the current one has been put into the calendar. */
  let then = -1;
  let sift = false;
  let putTime: f64 = 0;
  let putFrame = 0;
  let putSequence = 0;

  for (;;) {
    if (act === GO) {
      if (freeCount < reserve) {
        I[at.free] = free;
        I[at.freeCount] = freeCount;
        I[at.readyHead] = readyHead;
        I[at.readyTail] = readyTail;
        I[f + PC] = pc;
        if (!growFrames()) {
          I[at.halted] = 1;
          break;
        }
        I = ints();
        D = floats();
        free = I[at.free];
        freeCount = I[at.freeCount];
        readyHead = I[at.readyHead];
        readyTail = I[at.readyTail];
        pc = I[f + PC];
        continue;
      }
      // What is of this instruction alone: said here, where a specialiser sees that it is of no other.
      let next = pc;
      let lane = 0;
      let timer = 0;
      let ended = 0;
      /** Station at whose end the current frame lines up, and where it goes on when that drops it. */
      let waitsAt = -1;
      let refused = 0;
      switch (I[pc]) {
        case 1: {
          // source
          let entry = pc + 7;
          const count = I[pc + 4];
          if (I[f + REGISTER] === 0)
            I[f + REGISTER] = 1; // the first time only starts the clock
          else {
            if (count > 1) {
              const u = sample(I[pc + 3]);
              I = ints();
              D = floats();
              let weight = I[pc + 5];
              const last = pc + 5 + 2 * count;
              while (entry < last && u >= D[constants + weight]) {
                weight++;
                entry += 2;
              }
            }
            const g = free;
            free = I[g + NEXT];
            freeCount--;
            const meter = I[entry + 1];
            I[g + PC] = I[entry];
            I[g + PARENT] = -1;
            I[g + METER] = meter;
            D[(g >> 1) + START] = now;
            D[(g >> 1) + WAITED] = 0;
            D[meters + meter * 8] = D[meters + meter * 8] + 1;
            D[meters + meter * 8 + 3] = D[meters + meter * 8 + 3] - now;
            if (wide) tag(g, 0, 0);
            then = g;
          }
          const site = I[pc + 1];
          if (site < 0) dt = D[constants + I[pc + 2]];
          else {
            let place = I[sampleNext + site];
            if ((place & inBlock) === 0) {
              place = refill(site);
              I = ints();
              D = floats();
            }
            I[sampleNext + site] = place + 1;
            dt = D[I[at.samples] + place];
          }
          if (I[pc + 6] >= 0) dt = timeUntilDue(constants + I[pc + 6], now, dt);
          act = HOLD;
          break;
        }
        case 2: {
          // call
          const g = free;
          free = I[g + NEXT];
          freeCount--;
          I[f + PC] = pc + 4;
          I[f + PENDING] = 1;
          I[f + FAIL_PC] = I[pc + 3];
          const meter = I[pc + 2];
          next = I[pc + 1];
          I[g + PARENT] = f;
          I[g + PARENT_GENERATION] = I[f + GENERATION];
          D[(g >> 1) + WAITED] = 0;
          if (meter >= 0) {
            I[g + METER] = meter;
            D[(g >> 1) + START] = now;
            D[meters + meter * 8] = D[meters + meter * 8] + 1;
            D[meters + meter * 8 + 3] = D[meters + meter * 8 + 3] - now;
          } else {
            I[g + STATION] = I[f + STATION];
            I[g + METER] = I[f + METER];
          }
          if (wide) inherit(f, g);
          f = g;
          break;
        }
        case 40: {
          // guard
          if (!extended) break;
          const g = free;
          free = I[g + NEXT];
          freeCount--;
          I[f + PC] = pc + 4;
          I[f + PENDING] = 1;
          I[f + FAIL_PC] = I[pc + 3];
          const meter = I[pc + 2];
          next = I[pc + 1];
          I[g + PARENT] = f;
          I[g + PARENT_GENERATION] = I[f + GENERATION];
          I[g + STATION] = I[f + STATION];
          I[g + METER] = meter;
          I[g + REGISTER + 1] = I[f + METER];
          D[(g >> 1) + WAITED] = 0;
          D[(g >> 1) + START] = now;
          D[meters + meter * 8] = D[meters + meter * 8] + 1;
          D[meters + meter * 8 + 3] = D[meters + meter * 8 + 3] - now;
          if (wide) inherit(f, g);
          f = g;
          break;
        }
        case 3: // parallel
        case 41: // timedAlong
        case 4: {
          // timed
          const timed = I[pc] !== 3;
          const count = timed ? 1 : I[pc + 1];
          let operand = timed ? pc + 1 : pc + 3;
          I[f + PENDING] = count;
          I[f + FAIL_PC] = timed ? I[pc + 3] : I[pc + 2];
          next = timed ? pc + 6 : pc + 3 + 2 * count;
          I[f + PC] = next;
          for (let i = 0; i < count; i++) {
            const g = free;
            free = I[g + NEXT];
            freeCount--;
            I[g + PC] = I[operand];
            I[g + PARENT] = f;
            I[g + PARENT_GENERATION] = I[f + GENERATION];
            D[(g >> 1) + WAITED] = 0;
            const meter = I[operand + 1];
            if (meter >= 0) {
              I[g + METER] = meter;
              D[(g >> 1) + START] = now;
              D[meters + meter * 8] = D[meters + meter * 8] + 1;
              D[meters + meter * 8 + 3] = D[meters + meter * 8 + 3] - now;
            } else {
              I[g + STATION] = I[f + STATION];
              I[g + METER] = I[f + METER];
            }
            if (wide) inherit(f, g);
            if (i === 0) then = g;
            else {
              I[I[at.ready] + (readyTail & (I[at.readySize] - 1))] = g;
              readyTail = (readyTail + 1) | 0;
            }
            operand += 2;
          }
          if (wide && timed) {
            const g = then >> 1;
            const due = now + D[constants + I[pc + 5]];
            if (due < D[g + DEADLINE]) D[g + DEADLINE] = due;
            if (I[pc] === 41) I[then + ENDS_ALONG] = 1;
          }
          if (!timed) act = YIELD;
          else if (I[pc + 4] >= 0) {
            lane = I[pc + 4];
            timer = 1;
            act = LANE;
          } else {
            // No lane for this delay: a frame of its own waits in the heap.
            const g = free;
            free = I[g + NEXT];
            freeCount--;
            I[g + PARENT] = f;
            I[g + PARENT_GENERATION] = I[f + GENERATION];
            dt = D[constants + I[pc + 5]];
            f = g;
            next = at.codeStart;
            act = HOLD;
          }
          break;
        }
        case 5: {
          // timer
          const p = I[f + PARENT];
          I[f + GENERATION] = (I[f + GENERATION] + 1) | 0;
          I[f + NEXT] = free;
          free = f;
          freeCount++;
          if (I[p + GENERATION] === I[f + PARENT_GENERATION]) {
            I[p + GENERATION] = (I[p + GENERATION] + 1) | 0;
            D[at.timeouts] = D[at.timeouts] + 1;
            f = p;
            next = I[f + FAIL_PC];
          } else act = YIELD;
          break;
        }
        case 6: {
          // draw
          const site = I[pc + 1];
          let place = I[sampleNext + site];
          if ((place & inBlock) === 0) {
            place = refill(site);
            I = ints();
            D = floats();
          }
          I[sampleNext + site] = place + 1;
          D[(f >> 1) + DRAWN] = D[I[at.samples] + place];
          next = pc + 2;
          break;
        }
        case 38: {
          // enter
          const site = I[pc + 1];
          let place = I[sampleNext + site];
          if ((place & inBlock) === 0) {
            place = refill(site);
            I = ints();
            D = floats();
          }
          I[sampleNext + site] = place + 1;
          dt = D[I[at.samples] + place];
          let s = I[pc + 2];
          if (s < 0) s = I[f + STATION];
          else {
            s += stations;
            I[f + STATION] = s;
          }
          if (I[s + FREE] > 0) {
            I[s + FREE] = I[s + FREE] - 1;
            next = pc + 5;
            act = HOLD;
          } else if (I[s + WAITING] >= I[s + ROOM]) next = I[pc + 3];
          else {
            D[(f >> 1) + DRAWN] = dt;
            next = pc + 4;
            refused = I[pc + 3];
            waitsAt = s;
            act = YIELD;
          }
          break;
        }
        case 7: {
          // delay
          const site = I[pc + 1];
          let place = I[sampleNext + site];
          if ((place & inBlock) === 0) {
            place = refill(site);
            I = ints();
            D = floats();
          }
          I[sampleNext + site] = place + 1;
          dt = D[I[at.samples] + place];
          next = pc + 2;
          act = HOLD;
          break;
        }
        case 8: // delayDrawn
          dt = D[(f >> 1) + DRAWN];
          next = pc + 1;
          act = HOLD;
          break;
        case 9: // delayLane
          lane = I[pc + 1];
          next = pc + 2;
          act = LANE;
          break;
        case 10: // delayConstant
          dt = D[constants + I[pc + 1]];
          next = pc + 2;
          act = HOLD;
          break;
        case 11: {
          // routeRoundRobin
          const turn = I[rotation + I[pc + 3]];
          I[rotation + I[pc + 3]] = turn + 1 === I[pc + 2] ? 0 : turn + 1;
          I[f + STATION] = stations + I[pc + 1] + turn * 16;
          next = pc + 4;
          break;
        }
        case 12: {
          // routeRandom
          const u = sample(I[pc + 3]);
          I = ints();
          D = floats();
          I[f + STATION] = stations + I[pc + 1] + whole(u * float(I[pc + 2])) * 16;
          next = pc + 4;
          break;
        }
        case 13: {
          // routeLeast
          const first = stations + I[pc + 1];
          const count = I[pc + 2];
          // Ties go round, so that idle replicas share the work.
          let turn = I[rotation + I[pc + 3]];
          let best = -1;
          let least = 0x7fffffff;
          for (let i = 0; i < count; i++) {
            const s = first + turn * 16;
            const inside = I[s + SERVERS] - I[s + FREE] + I[s + WAITING];
            if (inside < least) {
              least = inside;
              best = turn;
            }
            turn = turn + 1 === count ? 0 : turn + 1;
          }
          I[rotation + I[pc + 3]] = best + 1 === count ? 0 : best + 1;
          I[f + STATION] = first + best * 16;
          next = pc + 4;
          break;
        }
        case 14: {
          // routeChoices; memory may move, so the station is set once it has
          const s = choose(stations + I[pc + 1], I[pc + 2], I[pc + 3], I[pc + 4], false);
          I = ints();
          D = floats();
          I[f + STATION] = s;
          next = pc + 5;
          break;
        }
        case 15: // acquire
        case 42: // hold
        case 16: {
          // acquireRouted
          let s = I[pc + 1];
          if (I[pc] === 16) s = I[f + STATION];
          else {
            s += stations;
            if (I[pc] === 15) I[f + STATION] = s;
          }
          next = pc + 3;
          if (I[s + FREE] > 0) I[s + FREE] = I[s + FREE] - 1;
          else if (I[s + WAITING] >= I[s + ROOM]) next = I[pc + 2];
          else {
            waitsAt = s;
            refused = I[pc + 2];
            act = YIELD;
          }
          break;
        }
        case 17: // acquireCore
        case 37: {
          // pass
          let s = I[pc + 1];
          next = pc + 2;
          if (I[pc] === 17) s += I[f + STATION];
          else s += stations;
          if (I[s + FREE] > 0) {
            if (I[pc] === 17) I[s + FREE] = I[s + FREE] - 1;
          } else {
            waitsAt = s;
            act = YIELD;
          }
          break;
        }
        case 18: // releaseCore
        case 43: {
          // release
          let s = I[pc + 1];
          if (I[pc] === 18) s += I[f + STATION];
          else s += stations;
          next = pc + 2;
          const g = I[s + HEAD];
          // Fewer than none are free of a station that is down, or that has lost servers which are at work. Where none
          // can be lost, to ask whether it is down takes M/M/1 3 % less time.
          if (g >= 0 && (extended ? I[s + FREE] >= 0 : I[s + DOWN] === 0)) {
            if (extended && I[s + ORDER] > 1) {
              D[at.now] = now;
              I[at.readyTail] = readyTail;
              handOn(s);
              readyTail = I[at.readyTail];
            } else {
              I[s + HEAD] = I[g + NEXT];
              I[s + WAITING] = I[s + WAITING] - 1;
              const gauge = I[s + GAUGE];
              D[gauges + gauge] = D[gauges + gauge] + now;
              I[gaugeCounts + gauge] = I[gaugeCounts + gauge] - 1;
              const d = I[s + DEPTH] * 2;
              I[depths + d] = I[depths + d] - 1;
              D[(g >> 1) + WAITED] = D[(g >> 1) + WAITED] + (now - D[(g >> 1) + SINCE]);
              I[I[at.ready] + (readyTail & (I[at.readySize] - 1))] = g;
              readyTail = (readyTail + 1) | 0;
            }
          } else I[s + FREE] = I[s + FREE] + 1;
          break;
        }
        case 19: {
          // busyBegin
          const gauge = I[pc + 1];
          D[gauges + gauge] = D[gauges + gauge] - now;
          I[gaugeCounts + gauge] = I[gaugeCounts + gauge] + 1;
          next = pc + 2;
          break;
        }
        case 20: {
          // busyEnd
          const gauge = I[pc + 1];
          D[gauges + gauge] = D[gauges + gauge] + now;
          I[gaugeCounts + gauge] = I[gaugeCounts + gauge] - 1;
          next = pc + 2;
          break;
        }
        case 21: // end
        case 22: {
          // endFailed
          const mode = I[pc + 1];
          const meter = I[f + METER];
          const m = meter * 8;
          const waited = D[(f >> 1) + WAITED];
          D[meters + m + 3] = D[meters + m + 3] + now;
          if (I[pc] === 21) {
            ended = 1;
            const latency = now - D[(f >> 1) + START];
            D[meters + m + 1] = D[meters + m + 1] + 1;
            D[meters + m + 4] = D[meters + m + 4] + latency;
            if (latency > D[meters + m + 5]) D[meters + m + 5] = latency;
            let bucket = (highWord(latency) >> 13) - firstBucket;
            if (bucket < 0) bucket = 0;
            else if (bucket > 8191) bucket = 8191;
            let page = I[pageTable + meter * 512 + (bucket >> 5)];
            if (page < 0) {
              page = newPage(2 * meter, bucket >> 5);
              I = ints();
              D = floats();
            }
            if (I[I[at.pageInfo] + page * 4 + 2] !== I[at.epoch]) touch(page);
            const place = page * 32 + (bucket & 31);
            I[I[at.pageCounts] + place] = I[I[at.pageCounts] + place] + 1;
            if ((mode & 2) !== 0) {
              D[at.now] = now;
              if (I[at.batchSize] > 0) {
                observe(latency);
                I = ints();
                D = floats();
              }
            }
          } else {
            ended = 2;
            D[meters + m + 2] = D[meters + m + 2] + 1;
          }
          if (waited > 0) {
            D[meters + m + 6] = D[meters + m + 6] + waited;
            if (waited > D[meters + m + 7]) D[meters + m + 7] = waited;
            record(2 * meter + 1, highWord(waited));
            I = ints();
            D = floats();
          }
          if ((mode & 1) !== 0) {
            const s = I[f + STATION];
            const g = I[s + HEAD];
            if (g >= 0 && (extended ? I[s + FREE] >= 0 : I[s + DOWN] === 0)) {
              if (extended && I[s + ORDER] > 1) {
                D[at.now] = now;
                I[at.readyTail] = readyTail;
                handOn(s);
                readyTail = I[at.readyTail];
              } else {
                I[s + HEAD] = I[g + NEXT];
                I[s + WAITING] = I[s + WAITING] - 1;
                const gauge = I[s + GAUGE];
                D[gauges + gauge] = D[gauges + gauge] + now;
                I[gaugeCounts + gauge] = I[gaugeCounts + gauge] - 1;
                const d = I[s + DEPTH] * 2;
                I[depths + d] = I[depths + d] - 1;
                D[(g >> 1) + WAITED] = D[(g >> 1) + WAITED] + (now - D[(g >> 1) + SINCE]);
                I[I[at.ready] + (readyTail & (I[at.readySize] - 1))] = g;
                readyTail = (readyTail + 1) | 0;
              }
            } else I[s + FREE] = I[s + FREE] + 1;
          } else if ((mode & 4) !== 0) {
            let worker = I[pc + 2];
            if (extended && worker < 0) worker = workerAt(I[f + STATION]);
            const s = I[workers + worker * 4 + 1];
            const q = I[workers + worker * 4];
            if (I[q] >= 0 && I[q + 4] === 0 && (extended ? I[s + FREE] >= 0 : I[s + DOWN] === 0)) {
              D[at.now] = now;
              left--;
              const g = takeMessage(q, worker);
              I = ints();
              D = floats();
              I[I[at.ready] + (readyTail & (I[at.readySize] - 1))] = g;
              readyTail = (readyTail + 1) | 0;
            } else I[s + FREE] = I[s + FREE] + 1;
          }
          break;
        }
        case 23: // blockEnd
        case 24: {
          // blockFailed
          ended = I[pc] - 22;
          const waited = D[(f >> 1) + WAITED];
          const p = I[f + PARENT];
          if (waited > 0) {
            // Waits of what goes on after its timeout count where they were spent all the same.
            if (I[p + GENERATION] === I[f + PARENT_GENERATION]) D[(p >> 1) + WAITED] = D[(p >> 1) + WAITED] + waited;
            else D[meters + I[f + METER] * 8 + 6] = D[meters + I[f + METER] * 8 + 6] + waited;
          }
          break;
        }
        case 25: // jump
          next = I[pc + 1];
          break;
        case 26: {
          // either
          const u = sample(I[pc + 1]);
          I = ints();
          D = floats();
          let weight = I[pc + 3];
          let branch = pc + 4;
          const last = pc + 3 + I[pc + 2];
          while (branch < last && u >= D[constants + weight]) {
            weight++;
            branch++;
          }
          next = I[branch];
          break;
        }
        case 27: {
          // lookup
          const u = sample(I[pc + 1]);
          I = ints();
          D = floats();
          const counter = I[pc + 3];
          if (u < D[constants + I[pc + 2]]) {
            D[counters + counter] = D[counters + counter] + 1;
            next = I[pc + 4];
          } else {
            D[counters + counter + 1] = D[counters + counter + 1] + 1;
            next = pc + 5;
          }
          break;
        }
        case 28: {
          // fail
          const site = I[pc + 1];
          let u: f64 = 0;
          if (site >= 0) u = sample(site);
          I = ints();
          D = floats();
          next = u < D[constants + I[pc + 2]] ? I[pc + 3] : pc + 4;
          break;
        }
        case 29: // set
          I[f + REGISTER + I[pc + 1]] = I[pc + 2];
          next = pc + 3;
          break;
        case 30: {
          // loop
          const r = f + REGISTER + I[pc + 1];
          I[r] = I[r] - 1;
          next = I[r] > 0 ? I[pc + 2] : pc + 3;
          break;
        }
        case 31: {
          // retry
          const r = f + REGISTER + I[pc + 1];
          const attempt = I[r] + 1;
          if (attempt > I[pc + 2]) {
            next = I[pc + 6];
            break;
          }
          I[r] = attempt;
          const c = I[pc + 3];
          const cap = D[constants + c + 2];
          dt = D[constants + c];
          for (let i = 1; i < attempt && dt < cap; i++) dt *= D[constants + c + 1];
          if (dt > cap) dt = cap;
          if (I[pc + 4] >= 0) {
            const jitter = D[constants + c + 3];
            const u = sample(I[pc + 4]);
            I = ints();
            D = floats();
            if (jitter >= 0) dt *= 1 - jitter + jitter * u;
            else {
              // Decorrelated: between the first pause and three times the one before.
              const least = D[constants + c];
              if (attempt > 1) dt = D[(f >> 1) + PAUSED];
              else dt = least;
              dt = least + u * (3 * dt - least);
              if (dt > cap) dt = cap;
              D[(f >> 1) + PAUSED] = dt;
            }
          }
          next = I[pc + 5];
          act = HOLD;
          break;
        }
        case 32: {
          // publish
          const q = queues + I[pc + 1];
          const meter = I[q + 5];
          D[meters + meter * 8] = D[meters + meter * 8] + 1;
          next = pc + 3;
          let worker = -1;
          if (I[q + 4] === 0) {
            for (let i = 0; i < I[q + 7] && worker < 0; i++) {
              const taker = I[takers + I[q + 8] + i];
              if (I[I[workers + taker * 4 + 1] + FREE] > 0) worker = taker;
            }
          }
          if (worker < 0 && I[q + 2] >= I[q + 3]) {
            D[meters + meter * 8 + 2] = D[meters + meter * 8 + 2] + 1;
            next = I[pc + 2];
            break;
          }
          const g = free;
          free = I[g + NEXT];
          freeCount--;
          if (wide) {
            inherit(f, g);
            // What works on it is no part of the request that sent it.
            D[(g >> 1) + DEADLINE] = infinity;
          }
          if (worker >= 0) {
            const s = I[workers + worker * 4 + 1];
            I[s + FREE] = I[s + FREE] - 1;
            D[meters + meter * 8 + 1] = D[meters + meter * 8 + 1] + 1;
            // Counts as an event: workers that publish to each other could go on for ever at one moment.
            left--;
            D[at.now] = now;
            beginWork(g, worker);
            I[I[at.ready] + (readyTail & (I[at.readySize] - 1))] = g;
            readyTail = (readyTail + 1) | 0;
          } else {
            D[meters + meter * 8 + 3] = D[meters + meter * 8 + 3] - now;
            D[(g >> 1) + START] = now;
            I[g + NEXT] = -1;
            if (I[q] < 0) I[q] = g;
            else I[I[q + 1] + NEXT] = g;
            I[q + 1] = g;
            I[q + 2] = I[q + 2] + 1;
            const d = I[q + 6] * 2;
            const depth = I[depths + d] + 1;
            I[depths + d] = depth;
            if (depth > I[depths + d + 1]) I[depths + d + 1] = depth;
          }
          break;
        }
        case 33: // refuse
          next = I[I[at.gates] + I[pc + 1]] > 0 ? I[pc + 2] : pc + 3;
          break;
        case 34: // faultBegin
        case 35: // faultEnd
          D[at.now] = now;
          I[at.readyHead] = readyHead;
          I[at.readyTail] = readyTail;
          if (extended) {
            I[at.free] = free;
            I[at.freeCount] = freeCount;
          }
          fault(I[pc + 1], I[pc] === 34);
          I = ints();
          D = floats();
          readyTail = I[at.readyTail];
          if (extended) {
            free = I[at.free];
            freeCount = I[at.freeCount];
          }
          next = pc + 2;
          break;
        case 39: {
          // count
          const counter = counters + I[pc + 1];
          D[counter] = D[counter] + 1;
          next = pc + 2;
          break;
        }
        case 44: {
          // ask
          if (!extended) break;
          D[at.now] = now;
          dt = ask(I[at.policies] + I[pc + 1], I[pc + 2], f);
          if (dt < 0) next = I[pc + 3];
          else {
            next = pc + 4;
            if (dt > 0) act = HOLD;
          }
          break;
        }
        case 45: {
          // hedge
          if (!extended) break;
          I[f + PC] = pc + 4;
          I[f + PENDING] = 1;
          I[f + FAIL_PC] = I[pc + 3];
          for (let i = 1; i <= 2; i++) {
            const g = free;
            free = I[g + NEXT];
            freeCount--;
            I[g + PC] = I[pc + i];
            I[g + PARENT] = f;
            I[g + PARENT_GENERATION] = I[f + GENERATION];
            I[g + STATION] = I[f + STATION];
            I[g + METER] = I[f + METER];
            D[(g >> 1) + WAITED] = 0;
            if (wide) inherit(f, g);
            if (i === 1) then = g;
            else {
              I[I[at.ready] + (readyTail & (I[at.readySize] - 1))] = g;
              readyTail = (readyTail + 1) | 0;
            }
          }
          act = YIELD;
          break;
        }
        case 46: {
          // again
          if (!extended) break;
          const p = I[f + PARENT];
          if (I[p + GENERATION] !== I[f + PARENT_GENERATION]) {
            next = I[pc + 2];
            break;
          }
          const g = free;
          free = I[g + NEXT];
          freeCount--;
          I[p + PENDING] = I[p + PENDING] + 1;
          I[g + PC] = I[pc + 1];
          I[g + PARENT] = p;
          I[g + PARENT_GENERATION] = I[p + GENERATION];
          I[g + STATION] = I[p + STATION];
          I[g + METER] = I[p + METER];
          D[(g >> 1) + WAITED] = 0;
          if (wide) inherit(p, g);
          I[I[at.ready] + (readyTail & (I[at.readySize] - 1))] = g;
          readyTail = (readyTail + 1) | 0;
          next = pc + 3;
          break;
        }
        case 47: // win
        case 48: {
          // lose
          if (!extended) break;
          const p = I[f + PARENT];
          const waits = I[p + GENERATION] === I[f + PARENT_GENERATION];
          const waited = D[(f >> 1) + WAITED];
          ended = I[pc] - 46;
          if (waited > 0) {
            if (waits && ended === 1) D[(p >> 1) + WAITED] = D[(p >> 1) + WAITED] + waited;
            else D[meters + I[f + METER] * 8 + 6] = D[meters + I[f + METER] * 8 + 6] + waited;
          }
          // The first that ends well is enough; one that fails leaves it to the others, if there are any.
          if (waits) {
            if (ended === 1) I[p + PENDING] = 1;
            else if (I[p + PENDING] > 1) ended = 1;
          }
          break;
        }
        case 49: // checkpoint
          if (extended) next = abandoned(f) ? I[pc + 1] : pc + 2;
          break;
        case 50: // along
          I[f + ENDS_ALONG] = 1;
          next = pc + 1;
          break;
        case 51: {
          // tag
          if (!extended) break;
          let key = 0;
          if (I[pc + 2] >= 0) {
            key = whole(sample(I[pc + 2]));
            I = ints();
            D = floats();
          }
          tag(f, I[pc + 1], key);
          next = pc + 3;
          break;
        }
        case 52: // expect
          D[(f >> 1) + DRAWN] = D[constants + I[pc + 1]];
          next = pc + 2;
          break;
        case 53: {
          // share
          if (!extended) break;
          D[at.now] = now;
          const s = (I[f + STATION] + I[pc + 1]) | 0;
          I[f + PC] = pc + 3;
          I[I[s + LINE] + 9] = I[pc + 2];
          dt = beginShare(s, f, D[(f >> 1) + DRAWN]);
          act = YIELD;
          if (dt >= 0) {
            const g = free;
            free = I[g + NEXT];
            freeCount--;
            I[g + PARENT] = -1;
            I[g + STATION] = s;
            I[g + REGISTER] = I[I[s + LINE] + 3];
            f = g;
            next = I[pc + 2];
            act = HOLD;
          }
          break;
        }
        case 54: {
          // tick
          if (!extended) break;
          D[at.now] = now;
          I[at.readyTail] = readyTail;
          const s = I[f + STATION];
          dt = tick(s, I[f + REGISTER]);
          readyTail = I[at.readyTail];
          if (dt >= 0) {
            I[f + REGISTER] = I[I[s + LINE] + 3];
            act = HOLD;
          } else next = pc + 1;
          break;
        }
        case 55: {
          // spawn
          if (!extended) break;
          const g = free;
          free = I[g + NEXT];
          freeCount--;
          const meter = I[pc + 2];
          I[g + PC] = I[pc + 1];
          I[g + PARENT] = -1;
          D[(g >> 1) + WAITED] = 0;
          D[(g >> 1) + START] = now;
          if (meter >= 0) {
            I[g + METER] = meter;
            D[meters + meter * 8] = D[meters + meter * 8] + 1;
            D[meters + meter * 8 + 3] = D[meters + meter * 8 + 3] - now;
          }
          if (wide) inherit(f, g);
          I[I[at.ready] + (readyTail & (I[at.readySize] - 1))] = g;
          readyTail = (readyTail + 1) | 0;
          next = pc + 3;
          break;
        }
        case 56: // due
          if (!extended) break;
          dt = timeUntilDue(constants + I[pc + 1], now, D[(f >> 1) + DRAWN]);
          next = pc + 2;
          act = HOLD;
          break;
        case 57: {
          // replay
          if (!extended) break;
          const r = f + REGISTER + I[pc + 1];
          const first = constants + I[pc + 3];
          if (I[r] === I[pc + 2]) {
            // Over, or from the start once more: the double says how often that has taken how long.
            if (D[first] <= 0) {
              next = I[pc + 4];
              break;
            }
            I[r] = 0;
            D[(f >> 1) + DRAWN] = D[(f >> 1) + DRAWN] + D[first];
          }
          I[r] = I[r] + 1;
          dt = D[(f >> 1) + DRAWN] + D[first + I[r]] - now;
          if (dt < 0) dt = 0;
          next = pc + 5;
          act = HOLD;
          break;
        }
        case 58: // setDrawn
          if (!extended) break;
          I[f + REGISTER + I[pc + 1]] = whole(D[(f >> 1) + DRAWN]);
          next = pc + 2;
          break;
        case 59: {
          // pick
          if (!extended) break;
          const entry = whole(D[constants + I[pc + 2] + I[f + REGISTER + I[pc + 1]] - 1]);
          next = I[pc + 3 + entry];
          break;
        }
        case 60: // held
          if (!extended) break;
          // Until `handWait` it is as its caller: what it starts counts its waits there, even those that nobody hands on.
          I[f + METER] = I[f + REGISTER + 1];
          D[(f >> 1) + PAUSED] = D[(f >> 1) + WAITED];
          D[(f >> 1) + WAITED] = 0;
          next = pc + 1;
          break;
        case 61: {
          // handWait
          if (!extended) break;
          const p = I[f + PARENT];
          if (I[p + GENERATION] === I[f + PARENT_GENERATION])
            D[(p >> 1) + WAITED] = D[(p >> 1) + WAITED] + D[(f >> 1) + WAITED];
          I[f + METER] = I[pc + 1];
          D[(f >> 1) + WAITED] = D[(f >> 1) + PAUSED];
          next = pc + 2;
          break;
        }
        case 90: // scale
          if (!extended) break;
          D[(f >> 1) + DRAWN] = D[(f >> 1) + DRAWN] * D[I[at.levers] + I[pc + 1]];
          next = pc + 2;
          break;
        case 91: // beginTime
          if (!extended) break;
          D[at.now] = now;
          beginTime(f);
          next = pc + 1;
          break;
        case 92: {
          // endTime
          if (!extended) break;
          D[at.now] = now;
          I[f + PC] = pc;
          const lost = timeLost(f);
          if (lost < 0) act = YIELD;
          else if (lost > 0) {
            dt = lost;
            act = HOLD;
          } else next = pc + 1;
          break;
        }
        case 93: {
          // mayFail
          if (!extended) break;
          const u = sample(I[pc + 2]);
          I = ints();
          D = floats();
          next = u < D[I[at.levers] + I[pc + 1]] ? I[pc + 3] : pc + 4;
          break;
        }
        case 94: // setLever
          if (!extended) break;
          D[I[at.levers] + I[pc + 1]] =
            D[I[at.levers] + I[pc + 1]] * D[constants + I[pc + 2]] + D[constants + I[pc + 3]];
          next = pc + 4;
          break;
        case 95: // wakeThread
          if (!extended) break;
          D[at.now] = now;
          next = wakeThread(I[at.resting] + I[pc + 1], I[f + STATION]) ? pc + 3 : I[pc + 2];
          break;
        case 96: // restThread
          if (!extended) break;
          D[at.now] = now;
          restThread(I[at.resting] + I[pc + 1], I[f + STATION]);
          next = pc + 2;
          break;
        case 62: {
          // find
          if (!extended) break;
          D[at.now] = now;
          I[f + FAIL_PC] = I[pc + 4];
          const found = find(I[at.caches] + I[pc + 1], f);
          I = ints();
          D = floats();
          next = found === 0 || found > 1 ? I[pc + 3] : pc + 5;
          if (found > 2) {
            I[f + PC] = next;
            act = YIELD;
          }
          if (found !== 2 && found !== 4) break;
          const g = free;
          free = I[g + NEXT];
          freeCount--;
          I[g + PC] = I[pc + 2];
          I[g + PARENT] = -1;
          I[g + STATION] = I[f + STATION];
          I[g + METER] = I[f + METER];
          D[(g >> 1) + WAITED] = 0;
          inherit(f, g);
          // It goes on whatever becomes of the one that began it.
          D[(g >> 1) + DEADLINE] = infinity;
          I[I[at.ready] + (readyTail & (I[at.readySize] - 1))] = g;
          readyTail = (readyTail + 1) | 0;
          break;
        }
        case 63: {
          // keep
          if (!extended) break;
          D[at.now] = now;
          const begins = keep(I[at.caches] + I[pc + 1], I[pc + 2], I[pc + 2] === 5 ? I[pc + 3] : I[f + 25]);
          I = ints();
          D = floats();
          next = pc + 4;
          if (!begins) break;
          const g = free;
          free = I[g + NEXT];
          freeCount--;
          I[g + PC] = I[pc + 3];
          I[g + PARENT] = -1;
          D[(g >> 1) + WAITED] = 0;
          inherit(f, g);
          D[(g >> 1) + DEADLINE] = infinity;
          I[I[at.ready] + (readyTail & (I[at.readySize] - 1))] = g;
          readyTail = (readyTail + 1) | 0;
          break;
        }
        case 64: {
          // settle
          if (!extended) break;
          D[at.now] = now;
          const c = I[at.caches] + I[pc + 1];
          if (I[pc + 2] === 0) keep(c, 0, I[f + 25]);
          I = ints();
          D = floats();
          I[at.readyTail] = readyTail;
          endFlight(c, I[f + 25], I[pc + 2] !== 0);
          readyTail = I[at.readyTail];
          // It waited where it was spent, though nobody's request did.
          const waited = D[(f >> 1) + WAITED];
          if (waited > 0) D[meters + I[f + METER] * 8 + 6] = D[meters + I[f + METER] * 8 + 6] + waited;
          next = pc + 3;
          break;
        }
        case 65: // locate
          if (!extended) break;
          D[at.now] = now;
          locate(I[at.copies] + I[pc + 1], f, I[pc + 2]);
          next = pc + 3;
          break;
        case 66: {
          // version
          if (!extended) break;
          D[at.now] = now;
          const r = I[at.copies] + I[pc + 1];
          next = pc + 3;
          if (I[pc + 2] === 0) observeRead(r, f);
          else {
            dt = replicate(r, f);
            I = ints();
            D = floats();
            if (dt > 0) act = HOLD;
          }
          break;
        }
        case 67: {
          // quorum
          if (!extended) break;
          const copies = I[pc + 1];
          I[f + PC] = pc + 5;
          I[f + PENDING] = I[pc + 2];
          I[f + FAIL_PC] = I[pc + 4];
          // So many may fail.
          I[f + REGISTER] = copies - I[pc + 2];
          for (let i = 0; i < copies; i++) {
            const g = free;
            free = I[g + NEXT];
            freeCount--;
            I[g + PC] = I[pc + 3];
            I[g + PARENT] = f;
            I[g + PARENT_GENERATION] = I[f + GENERATION];
            I[g + STATION] = I[f + STATION] + 16 * i;
            I[g + METER] = I[f + METER];
            D[(g >> 1) + WAITED] = 0;
            if (wide) inherit(f, g);
            if (i === 0) then = g;
            else {
              I[I[at.ready] + (readyTail & (I[at.readySize] - 1))] = g;
              readyTail = (readyTail + 1) | 0;
            }
          }
          act = YIELD;
          break;
        }
        case 68: {
          // vote
          if (!extended) break;
          const p = I[f + PARENT];
          const waits = I[p + GENERATION] === I[f + PARENT_GENERATION];
          const waited = D[(f >> 1) + WAITED];
          ended = 1;
          if (waited > 0) {
            if (waits) D[(p >> 1) + WAITED] = D[(p >> 1) + WAITED] + waited;
            else D[meters + I[f + METER] * 8 + 6] = D[meters + I[f + METER] * 8 + 6] + waited;
          }
          if (waits && I[pc + 1] === 2) {
            // One that fails leaves it to the others, as long as they are enough.
            const left = I[p + REGISTER] - 1;
            I[p + REGISTER] = left;
            if (left < 0) {
              I[p + PENDING] = 1;
              ended = 2;
            } else I[p + PENDING] = I[p + PENDING] + 1;
          }
          break;
        }
        case 69: // giveUp
          if (!extended) break;
          D[at.now] = now;
          I[at.readyTail] = readyTail;
          giveUp(I[f + STATION], I[f + REGISTER], I[f + REGISTER + 1]);
          readyTail = I[at.readyTail];
          next = pc + 1;
          break;
        case 80: // put
        case 81: // deliver
        case 82: // acknowledge
        case 83: // reject
        case 84: // expire
        case 85: // show
        case 86: // ripen
        case 87: // batch
        case 88: // sweep
        case 89: {
          // rebalance
          if (!extended) break;
          // Counts as an event: work that publishes what it works on could go on for ever at one moment.
          if (I[pc] === 81) left--;
          D[at.now] = now;
          I[at.free] = free;
          I[at.freeCount] = freeCount;
          I[at.readyTail] = readyTail;
          I[f + PC] = pc;
          const outcome = carryOut(f, pc);
          I = ints();
          D = floats();
          free = I[at.free];
          freeCount = I[at.freeCount];
          readyTail = I[at.readyTail];
          f = subject;
          next = I[f + PC];
          // Whoever waits to go on next does so after the one that this frame lets go on.
          if (follower >= 0) then = follower;
          if (outcome === YIELD) act = YIELD;
          else if (outcome === HOLD) {
            dt = pause;
            act = HOLD;
          } else if (outcome === LANE) {
            lane = clockLane;
            timer = 1;
            act = LANE;
          }
          break;
        }
        case 70: // routeReady
        case 71: // replicaBegin
        case 72: // replicaEnd
        case 73: // leave
          if (!extended) break;
          D[at.now] = now;
          I[f + PC] = pc;
          waitsAt = atReplica(f);
          I = ints();
          D = floats();
          next = I[f + PC];
          if (waitsAt >= 0) act = YIELD;
          break;
        case 74: // balance
        case 75: // elect
        case 76: // goTo
        case 77: // answered
        case 78: // checkHealth
          if (!extended) break;
          D[at.now] = now;
          I[f + PC] = pc;
          waitsAt = atBalancer(f);
          I = ints();
          D = floats();
          next = I[f + PC];
          if (waitsAt >= 0) act = YIELD;
          break;
        case 97: // custom
          if (!extended) break;
          // The run ends here as if its budget were used up; what is left of it was not. It counts as an event: what asks
          // again and again at one moment would go on for ever.
          D[at.events] = D[at.events] - float(left - 1);
          left = 0;
          I[f + PC] = pc;
          I[at.asks] = f;
          act = YIELD;
          break;
        case 98: // reshard
        case 99: // admit
          if (!extended) break;
          D[at.now] = now;
          I[at.readyTail] = readyTail;
          I[f + PC] = pc;
          waitsAt = atSlots(f);
          next = I[f + PC];
          readyTail = I[at.readyTail];
          if (waitsAt >= 0) act = YIELD;
          break;
        case 110: // send
        case 111: // answer
        case 112: // arrive
          D[at.now] = now;
          I[at.heapSize] = heapSize;
          act = atCut(f, pc);
          I = ints();
          D = floats();
          next = I[f + PC];
          break;
        case 36: // quit
          I[f + GENERATION] = (I[f + GENERATION] + 1) | 0;
          I[f + NEXT] = free;
          free = f;
          freeCount++;
          act = YIELD;
          break;
        default:
          stuck();
      }
      if (waitsAt >= 0) {
        const s = waitsAt;
        I[f + PC] = next;
        D[(f >> 1) + SINCE] = now;
        const head = I[s + HEAD];
        if (extended && I[s + ORDER] > 1) {
          lineUp(s, f, refused);
          const patience = D[(I[s + LINE] >> 1) + PATIENCE];
          if (I[s + ORDER] === 3 && patience > 0) {
            const g = free;
            free = I[g + NEXT];
            freeCount--;
            I[g + PARENT] = -1;
            I[g + STATION] = s;
            I[g + REGISTER] = f;
            I[g + REGISTER + 1] = nextTurn(f);
            dt = patience;
            f = g;
            next = at.codeStart + 1;
            act = HOLD;
          }
        } else if (head >= 0 && I[s + ORDER] === 1) {
          I[f + NEXT] = head;
          I[s + HEAD] = f;
        } else {
          I[f + NEXT] = -1;
          if (head < 0) I[s + HEAD] = f;
          else I[I[s + TAIL] + NEXT] = f;
          I[s + TAIL] = f;
        }
        I[s + WAITING] = I[s + WAITING] + 1;
        const gauge = I[s + GAUGE];
        D[gauges + gauge] = D[gauges + gauge] - now;
        I[gaugeCounts + gauge] = I[gaugeCounts + gauge] + 1;
        const d = I[s + DEPTH] * 2;
        const depth = I[depths + d] + 1;
        I[depths + d] = depth;
        if (depth > I[depths + d + 1]) I[depths + d + 1] = depth;
      } else if (ended !== 0) {
        // The frame is over: whoever still waits for it goes on once all it waits for are over.
        const p = I[f + PARENT];
        I[f + GENERATION] = (I[f + GENERATION] + 1) | 0;
        I[f + NEXT] = free;
        free = f;
        freeCount++;
        next = 0;
        act = YIELD;
        if (p >= 0 && I[p + GENERATION] === I[f + PARENT_GENERATION]) {
          if (ended === 2) I[p + PC] = I[p + FAIL_PC];
          const pending = I[p + PENDING] - 1;
          I[p + PENDING] = pending;
          if (pending === 0) {
            I[p + GENERATION] = (I[p + GENERATION] + 1) | 0;
            f = p;
            next = I[f + PC];
            act = GO;
          }
        }
      }
      if (act === GO) {
        pc = next;
        continue;
      }
      if (act === HOLD) {
        I[f + PC] = next;
        sequence = (sequence + 1) | 0;
        putTime = now + dt;
        if (hole) {
          hole = false;
          sift = true;
          putFrame = f;
          putSequence = sequence;
        } else {
          let i = heapSize++;
          if (i === I[at.heapRoom]) {
            growHeap(i);
            I = ints();
            D = floats();
          }
          const heapTime = I[at.heapTime];
          const heapInfo = I[at.heapInfo];
          // What is as early came earlier: it stays above.
          let up = (i - 1) >> 2;
          while (i > 0 && putTime < D[heapTime + up]) {
            D[heapTime + i] = D[heapTime + up];
            I[heapInfo + 2 * i] = I[heapInfo + 2 * up];
            I[heapInfo + 2 * i + 1] = I[heapInfo + 2 * up + 1];
            i = up;
            up = (i - 1) >> 2;
          }
          D[heapTime + i] = putTime;
          I[heapInfo + 2 * i] = f;
          I[heapInfo + 2 * i + 1] = sequence;
        }
      } else if (act === LANE) {
        I[f + PC] = next;
        sequence = (sequence + 1) | 0;
        const l = lanes + 10 * lane;
        const t = now + D[(l >> 1) + LANE_DELAY];
        let tail = I[l + LANE_TAIL];
        const length = (tail - I[l + LANE_HEAD]) | 0;
        if (length === I[l + LANE_ROOM]) {
          growLane(l);
          I = ints();
          D = floats();
          tail = I[l + LANE_TAIL];
        }
        const e = I[l + LANE_RING] + 6 * (tail & (I[l + LANE_ROOM] - 1));
        D[e >> 1] = t;
        I[e + 2] = f | timer;
        I[e + 3] = sequence;
        I[e + 4] = I[f + GENERATION];
        I[l + LANE_TAIL] = (tail + 1) | 0;
        if (length === 0) {
          D[(l >> 1) + LANE_TIME] = t;
          I[l + LANE_SEQUENCE] = sequence;
          if (t < nextLaneTime) {
            nextLane = l;
            nextLaneTime = t;
            nextLaneSequence = sequence;
          }
        }
      }
      pc = 0;
      act = YIELD;
      continue;
    }

    if (hole && then < 0 && (readyHead === readyTail || left <= 0)) {
      hole = false;
      heapSize--;
      if (heapSize > 0) {
        sift = true;
        putTime = D[I[at.heapTime] + heapSize];
        putFrame = I[I[at.heapInfo] + 2 * heapSize];
        putSequence = I[I[at.heapInfo] + 2 * heapSize + 1];
      }
    }
    if (sift) {
      sift = false;
      const heapTime = I[at.heapTime];
      const heapInfo = I[at.heapInfo];
      let i = 0;
      let child = 1;
      while (child < heapSize) {
        let best = child;
        let bestTime = D[heapTime + child];
        // biome-ignore lint/complexity/useMathMinMax: integers stay integers in every target
        const end = child + 4 < heapSize ? child + 4 : heapSize;
        for (let k = child + 1; k < end; k++) {
          const t = D[heapTime + k];
          if (t < bestTime || (t === bestTime && ((I[heapInfo + 2 * k + 1] - I[heapInfo + 2 * best + 1]) | 0) < 0)) {
            best = k;
            bestTime = t;
          }
        }
        if (bestTime < putTime || (bestTime === putTime && ((I[heapInfo + 2 * best + 1] - putSequence) | 0) < 0)) {
          D[heapTime + i] = bestTime;
          I[heapInfo + 2 * i] = I[heapInfo + 2 * best];
          I[heapInfo + 2 * i + 1] = I[heapInfo + 2 * best + 1];
          i = best;
          child = 4 * i + 1;
        } else child = heapSize;
      }
      D[heapTime + i] = putTime;
      I[heapInfo + 2 * i] = putFrame;
      I[heapInfo + 2 * i + 1] = putSequence;
    }
    if (then >= 0) {
      f = then;
      pc = I[f + PC];
      then = -1;
      act = GO;
      continue;
    }
    if (readyHead !== readyTail) {
      if (left <= 0) break;
      f = I[I[at.ready] + (readyHead & (I[at.readySize] - 1))];
      pc = I[f + PC];
      readyHead = (readyHead + 1) | 0;
      act = GO;
      continue;
    }

    if (
      heapSize > 0 &&
      (D[I[at.heapTime]] < nextLaneTime ||
        (D[I[at.heapTime]] === nextLaneTime && ((I[I[at.heapInfo] + 1] - nextLaneSequence) | 0) < 0))
    ) {
      const t = D[I[at.heapTime]];
      if (t > limit) {
        reached = true;
        break;
      }
      if (left <= 0) break;
      left--;
      now = t;
      f = I[I[at.heapInfo]];
      pc = I[f + PC];
      hole = true;
      act = GO;
    } else if (nextLane >= 0) {
      if (nextLaneTime > limit) {
        reached = true;
        break;
      }
      if (left <= 0) break;
      left--;
      now = nextLaneTime;
      const l = nextLane;
      const ring = I[l + LANE_RING];
      const mask = I[l + LANE_ROOM] - 1;
      let head = I[l + LANE_HEAD];
      const tail = I[l + LANE_TAIL];
      let e = ring + 6 * (head & mask);
      f = I[e + 2];
      if ((f & 1) === 0) {
        pc = I[f + PC];
        act = GO;
      } else {
        f = f - 1;
        if (I[f + GENERATION] === I[e + 4]) {
          I[f + GENERATION] = (I[f + GENERATION] + 1) | 0;
          pc = I[f + FAIL_PC];
          D[at.timeouts] = D[at.timeouts] + 1;
          act = GO;
        }
      }
      head = (head + 1) | 0;
      // Timers whose frame has gone on are let go here, many at a time.
      while (head !== tail) {
        e = ring + 6 * (head & mask);
        const id = I[e + 2];
        if ((id & 1) === 0 || I[id - 1 + GENERATION] === I[e + 4]) break;
        head = (head + 1) | 0;
      }
      I[l + LANE_HEAD] = head;
      if (head === tail) D[(l >> 1) + LANE_TIME] = infinity;
      else {
        D[(l >> 1) + LANE_TIME] = D[e >> 1];
        I[l + LANE_SEQUENCE] = I[e + 3];
      }
      nextLane = -1;
      nextLaneTime = infinity;
      for (let k = lanes; k < lanesEnd; k += 10) {
        const t = D[(k >> 1) + LANE_TIME];
        if (
          t < nextLaneTime ||
          (t === nextLaneTime && nextLane >= 0 && ((I[k + LANE_SEQUENCE] - nextLaneSequence) | 0) < 0)
        ) {
          nextLane = k;
          nextLaneTime = t;
          nextLaneSequence = I[k + LANE_SEQUENCE];
        }
      }
    } else {
      I[at.halted] = 2;
      reached = true;
      break;
    }
  }

  I[at.free] = free;
  I[at.freeCount] = freeCount;
  I[at.readyHead] = readyHead;
  I[at.readyTail] = readyTail;
  I[at.heapSize] = heapSize;
  I[at.sequence] = sequence;
  I[at.nextLane] = nextLane;
  D[at.events] = D[at.events] + float(budget - left);
  D[at.now] = now;
  return reached;
}
