// Where things lie in the machine's memory. Scalars first; tables behind them, wherever there is room.

/** Places of ints. */
export const free = 0;
export const freeCount = 1;
export const readyHead = 2;
export const readyTail = 3;
export const heapSize = 4;
export const sequence = 5;
export const nextLane = 6;
export const batchCount = 8;
export const batchSize = 9;
export const halted = 10;
export const epoch = 11;
export const pages = 12;
export const frameCount = 13;
export const maxFrames = 14;
export const reserved = 15;
/** The first int that is not taken yet. */
export const top = 16;
/** Tables of ints: the place of the first. */
export const ready = 17;
export const readySize = 18;
export const heapInfo = 19;
export const heapRoom = 20;
export const lanes = 21;
export const laneCount = 22;
export const sampleNext = 23;
export const sites = 24;
export const blocks = 25;
export const blockRoom = 26;
export const gaugeCounts = 27;
export const depths = 28;
export const rotation = 29;
export const gates = 30;
export const stations = 31;
export const queues = 32;
export const workers = 33;
export const takers = 34;
export const faults = 35;
export const pageTable = 36;
export const pageInfo = 37;
export const pageCounts = 38;
export const pageRoom = 39;
export const touched = 40;
export const drawn = 41;
/** Tables of doubles: the place of the first, as a double's. */
export const constants = 42;
export const meters = 43;
export const gauges = 44;
export const counters = 45;
export const heapTime = 46;
export const samples = 47;
export const batches = 48;
export const batchesHeld = 49;
export const batchesRoom = 50;
/** Ints of a frame, and whether frames carry what a request has with it (see `frames.ts`). */
export const frameStride = 51;
export const wide = 52;
/** How many frames have lined up by rank so far. */
export const lined = 53;
/** The place of the first policy. */
export const policies = 54;
/** Priority and weight of each class: the place of the first, as a double's. */
export const classes = 55;
/** What faults set: the place of the first, as a double's. */
export const levers = 56;
/** The places of the first keyed cache and of the first database of several copies or shards. */
export const caches = 62;
export const copies = 63;
/** The place of the first channel (see `channel-places.ts`). */
export const messaging = 61;

/** The place of the first balancer (see `balancer-places.ts`). */
export const balancers = 59;
/** Records of nodes whose threads start cold (see `resting.ts`). */
export const resting = 60;
/** The frame that asks outside how it goes on, or 0. */
export const asks = 72;
/** Records of nodes that scale. */
export const scaled = 57;
/** What such a node keeps beside each station: the place of the first of four ints, or 0 where nothing scales. */
export const replicas = 58;

/** What was sent to other parts, and ties of what came from them (see `cut.ts`): the places of the first, as a double's. */
export const sent = 73;
export const sentRoom = 74;
export const sentHeld = 75;
export const ties = 76;
export const tiesHeld = 77;
/** What comes from other parts, while it is taken: the place of the first, as a double's. */
export const coming = 78;
export const comingRoom = 79;

/** Places of doubles, of which 36 to 39 lie over the ints above. */
export const now = 32;
export const events = 33;
export const timeouts = 34;
export const batchSum = 35;
/** Edges and heights of the layers of the exponential's ziggurat. */
export const zigguratEdge = 40;
export const zigguratHeight = 297;

/** Where code begins: places in the code are places in memory. */
export const codeStart = 1110;
