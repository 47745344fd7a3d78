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
  /** register, times, first of four constants (backoff, growth, cap, jitter or -1 for a decorrelated one), site or -1, pc to try again, pc to give up. */
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
  /** pc, meter, pc on failure: a call that stays with the station it is made from. */
  guard: 40,
  /** As `timed`: what is started ends along with the step when its time is over. */
  timedAlong: 41,
  /** station, pc when there is no room to wait: takes a server beside the one that is held already. */
  hold: 42,
  /** station. */
  release: 43,
  /** policy, moment (0 may it go on, 1 it has ended well, 2 it has failed), pc when refused. */
  ask: 44,
  /** pc of the steps, pc of the clock, pc on failure. */
  hedge: 45,
  /** pc of the steps, pc when nobody waits any more: starts the steps of its parent once more. */
  again: 46,
  /** Ends an attempt of a hedge. */
  win: 47,
  lose: 48,
  /** pc when what it works for has gone on without it and takes back what it started. */
  checkpoint: 49,
  /** The frame ends along with the step that started it. */
  along: 50,
  /** class, site of the key or -1. */
  tag: 51,
  /** constant: how long the step that follows takes, where that is not drawn. */
  expect: 52,
  /** distance from the thread station to the core station, pc of the tick: works as long as was drawn or expected. */
  share: 53,
  /** Ends what shared cores are done with; `quit` must follow. */
  tick: 54,
  /** pc, meter or -1: starts a frame that nobody waits for. */
  spawn: 55,
  /** profile constant: waits until as many arrivals more are due as was drawn. */
  due: 56,
  /** register, times n, first of n + 1 constants (what it takes to begin anew, or 0, then the times), pc when it is over: waits for the next of them. */
  replay: 57,
  /** register: takes what was drawn as a whole number. */
  setDrawn: 58,
  /** register n, first constant, then so many × pc: goes on at the one that the n-th constant names. */
  pick: 59,
  /** Sets what a guard's frame has waited for its permit apart from what its steps will wait, which counts where it stands. */
  held: 60,
  /** meter of the guard: hands on what its steps have waited, and goes back to its own. */
  handWait: 61,
  /** lever: what was drawn is multiplied by it. */
  scale: 90,
  /** Begins a time that stands still while the station does. */
  beginTime: 91,
  /** Ends it, or waits for what was lost meanwhile. */
  endTime: 92,
  /** lever, site, pc on failure: fails with the probability that the lever has. */
  mayFail: 93,
  /** lever, constant to multiply it by, constant to add. */
  setLever: 94,
  /** record, pc where a thread is started: goes there unless one is warm. */
  wakeThread: 95,
  /** record: the frame's thread rests; `end` or `endFailed` must follow. */
  restThread: 96,
  /** moment (0 it begins, 1 what was to happen has ended well, 2 it has failed, 3 nobody waits any more), register, number, and where it begins every pc at which an answer may let it go on: asks outside. */
  custom: 97,
  /** database, what (0 takes the next move, 1 lets writes of its slot wait, 2 ends that, in the other shard, 3 there are more copies), pc when there is none, or how many more. */
  reshard: 98,
  /** database, pc when refused: a write waits while its slot changes hands. */
  admit: 99,
  /** cache, pc of a load apart, pc after a hit, pc when that load has failed: looks the frame's key up. */
  find: 62,
  /** cache, what (see `keep` in core/keyed-cache.ts), pc of a writing that starts apart; or how many keys. */
  keep: 63,
  /** cache, whether it has failed: a load apart is over; `quit` must follow. */
  settle: 64,
  /** database, what (0 reads, 1 writes, 2 and 3 copy a slot from its shard and to the other): chooses the station that a query goes to. */
  locate: 65,
  /** database, whether it was a write: looks whether a read is stale, or hands a write on and waits for its replicas. */
  version: 66,
  /** copies n, answers r, pc of one copy, pc on failure: asks n stations in a row, and goes on with the r-th answer. */
  quorum: 67,
  /** 1 well, 2 failed: ends what one copy does. */
  vote: 68,
  /** A wait in a line has been long enough; `quit` must follow, and both lie at place 1 of the code. */
  giveUp: 69,
  /** record, balance (0 in turn, 1 random, 2 least connections, 3 choices), counter or site, choices: routes to a ready replica, or waits for one. */
  routeReady: 70,
  /** A core of the replica that was routed to is busy. */
  replicaBegin: 71,
  replicaEnd: 72,
  /** Ends a request at the replica that was routed to; `end` or `endFailed` must follow. */
  leave: 73,
  /** balancer, station where it waits while no replica is ready: chooses a replica. */
  balance: 74,
  /** balancer, pc or 0: chooses whom a gateway hands on to, and goes there where that is not as it was kept. */
  elect: 75,
  /** balancer, so many × pc: goes on at the one of who was chosen. */
  goTo: 76,
  /** balancer, 1 well, 2 failed, whether a gateway has chosen: a request is over. */
  answered: 77,
  /** balancer, whom of its candidates, whether there was no answer: a look at one is over. */
  checkHealth: 78,
  /** channel, pc on failure: puts a message into a channel. */
  put: 80,
  /** lane, -1 for none or -2 for no clock, constant, pc on failure: begins the work on a delivery; what follows comes when that has ended well. */
  deliver: 81,
  /** The messages of a delivery are done. */
  acknowledge: 82,
  /** constant: after how long they can be taken again, or -1 when that is as their time is over, or -2 when they are lost. */
  reject: 83,
  /** what (0 the time of a delivery, 1 its pause after a failure, 2 that of a message which waits): it is over. */
  expire: 84,
  /** lane or -1 or -2, constant: a message can be taken from now on, and is lost after that time. */
  show: 85,
  /** Waits until a batch is due, and lets a member take it. */
  ripen: 86,
  /** register: how many messages the delivery has. */
  batch: 87,
  /** Goes through the lines of a group. */
  sweep: 88,
  /** A group has paused: deals its lines out. */
  rebalance: 89,
} as const;
