// Where what a channel keeps lies. A channel is a queue whose messages outlive their delivery, or a log. It has a
// group of those who take (a log several, each of which gets every message), a group has lines (a queue one, a log one
// for each partition) and members, who have servers of their own.

/** Ints of a channel. */
export const channelStride = 32;
export const channelPartitions = 0;
export const channelGroups = 1;
export const channelFirstGroup = 2;
export const channelCapacity = 3;
/** Outages that keep anyone from taking. */
export const channelDown = 4;
/** Meter of its messages from their put to their end. */
export const channelMeter = 5;
/** Counters. */
export const channelRedelivered = 6;
export const channelDead = 7;
export const channelDuplicates = 8;
/** Deliveries of a message at most, or 0; where it goes then, or 0. */
export const channelMost = 9;
export const channelDeadLetter = 10;
/** Places in the code: where a message begins, a delivery begins, and what a message does when its time is over. */
export const channelEnter = 11;
export const channelDeliver = 12;
export const channelExpire = 13;
/** Whose turn it is of the partitions. */
export const channelTurn = 14;
/** Whether each line has one delivery under way at a time. */
export const channelOrdered = 15;
/** Messages that were put and that nobody can take yet. */
export const channelDelayed = 16;
/** Place in the code: what a message does that was delivered as often as may be. */
export const channelBury = 17;

/** Ints of a group. */
export const groupStride = 16;
export const groupChannel = 0;
export const groupFirstLine = 1;
export const groupMeter = 2;
export const groupDepth = 3;
export const groupMembers = 4;
export const groupFirstMember = 5;
/** Rebalances under way. */
export const groupPaused = 6;
/** Places in the code. */
export const groupRebalance = 7;
export const groupRipe = 8;
export const groupSweep = 9;

/** Ints of a line. */
export const lineStride = 16;
export const lineHead = 0;
export const lineTail = 1;
export const lineWaiting = 2;
export const lineBusy = 3;
export const lineGroup = 4;
/** Whose line it is, and the next line of the same member: of a log. */
export const lineMember = 5;
export const lineNext = 6;
/** Clocks that run for it, and (a double) when the first of them rings. */
export const lineArmed = 7;
export const lineDue = 6;

/** Ints of a member. */
export const memberStride = 16;
export const memberGroup = 0;
/** Its place among the workers, as an int of theirs. */
export const memberWorker = 1;
export const memberStation = 2;
/** Messages that it takes at once. */
export const memberMost = 3;
export const memberDown = 4;
/** The line that it took from last, or -1. */
export const memberLine = 5;
/** A double: how long it waits for a batch to become full. */
export const memberWait = 6;

// Frames, beside what every frame has (see `loop.ts`).

/** Of a message: its neighbours in the line, the line, its neighbours in the delivery, the delivery or -1, how often it was delivered, whether it waits. */
export const messageBefore = 4;
export const messageNext = 7;
export const messageLine = 6;
export const messageSibling = 9;
export const messageDelivery = 10;
export const messageOlder = 11;
export const messageReceives = 12;
export const messageWaits = 13;

/** Of a delivery: the first message whose latest delivery it is or -1, who took, from which line, how many, and whether their time is over (1) or the work has failed (2). */
export const deliveryFirst = 9;
export const deliveryMember = 10;
export const deliveryLine = 11;
export const deliveryCount = 12;
export const deliveryState = 13;

/** Of a clock: its line, and whether it is counted there. */
export const clockLine = 9;
export const clockCounted = 10;
