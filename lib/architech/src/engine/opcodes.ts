/**
 * What a frame does next. The operands of each follow its number in the code, in the order of the comments;
 * `pc` operands are places in the code; stations and queues are named by the offset of their first int. The machine's `switch` repeats the numbers as literals, which is what
 * makes it a jump table; a test holds the two against each other.
 */
export const opcodes = {
  /** gap site or -1, gap constant or -1, mix site or -1, operations n, first cumulative weight, profile constant or -1, then n × (pc, meter). */
  source: 1,
  /** pc, meter, pc on failure. */
  call: 2,
  /** branches n, pc on failure, then n × (pc, meter or -1 for a block). */
  parallel: 3,
  /** pc, meter or -1 for a block, pc on failure, lane or -1, constant. */
  timed: 4,
  /** Fires the timeout of its parent; always at place 0 of the code. */
  timer: 5,
  /** site: draws ahead, before any waiting. */
  draw: 6,
  /** site. */
  delay: 7,
  /** Waits as long as was drawn ahead. */
  delayDrawn: 8,
  /** lane. */
  delayLane: 9,
  /** constant. */
  delayConstant: 10,
  /** first station, count, counter. */
  routeRoundRobin: 11,
  /** first station, count, site. */
  routeRandom: 12,
  /** first station, count, counter. */
  routeLeast: 13,
  /** first station, count, choices, site. */
  routeChoices: 14,
  /** station, pc when there is no room to wait. */
  acquire: 15,
  /** Takes a thread of the station that was routed to: nothing, pc when there is no room to wait. */
  acquireRouted: 16,
  /** distance from the thread station to the core station. */
  acquireCore: 17,
  /** distance from the thread station to the core station. */
  releaseCore: 18,
  /** gauge. */
  busyBegin: 19,
  /** gauge. */
  busyEnd: 20,
  /** mode (1 releases the station, 2 observes for the warm-up, 4 goes on to the worker's next message), worker or -1 for the one of the station. */
  end: 21,
  /** mode, worker. */
  endFailed: 22,
  /** Ends a block. */
  blockEnd: 23,
  blockFailed: 24,
  /** pc. */
  jump: 25,
  /** site, branches n, first cumulative weight, then n × pc. */
  either: 26,
  /** site, constant of the ratio, counter of hits (misses follow), pc after a hit. */
  lookup: 27,
  /** site or -1, constant of the probability, pc on failure. */
  fail: 28,
  /** register, value. */
  set: 29,
  /** register, pc while it counts down. */
  loop: 30,
  /** register, times, first of four constants (backoff, growth, cap, jitter), site or -1, pc to try again, pc to give up. */
  retry: 31,
  /** queue, pc on failure. */
  publish: 32,
  /** gate, pc when refused. */
  refuse: 33,
  /** fault. */
  faultBegin: 34,
  /** fault. */
  faultEnd: 35,
  /** Ends a frame that nobody waits for. */
  quit: 36,
  /** station: passes without taking, or waits while the station is down. */
  pass: 37,
  /** site, station or -1 for the one routed to, pc when there is no room to wait: draws, takes a thread and waits as drawn; `delayDrawn` must follow. */
  enter: 38,
  /** counter. */
  count: 39,
  /** record, balance (0 in turn, 1 random, 2 least connections, 3 choices), counter or site, choices: routes to a ready replica, or waits for one. */
  routeReady: 70,
  /** A core of the replica that was routed to is busy. */
  replicaBegin: 71,
  replicaEnd: 72,
  /** Ends a request at the replica that was routed to; `end` or `endFailed` must follow. */
  leave: 73,
} as const;
