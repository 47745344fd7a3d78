// Where a balancer keeps what it knows. Its candidates are the replicas of a service, or what a gateway hands on to.

/** Ints of a balancer; from 16 on they are doubles. */
export const balancerStride = 32;
/** How it chooses: 0 in turn, 1 random, 2 least, 3 idle, 4 ewma, 5 ring, 6 first. */
export const balancerBy = 0;
export const balancerCount = 1;
export const balancerFirst = 2;
/** Whose turn it is where several are alike. */
export const balancerTurn = 3;
/** Sampling site, or -1. */
export const balancerSite = 4;
/** So many drawn are compared, or 0 for all. */
export const balancerChoices = 5;
/** Points of the ring in the order of their hashes, two ints each: hash and place of the candidate. */
export const balancerRing = 6;
export const balancerPoints = 7;
/** Room for a list of candidates. */
export const balancerList = 8;
/** Heads of the lists of kept keys by hash, and the mask of the hash, or -1. */
export const balancerKept = 9;
export const balancerMask = 10;
/** Failures in a row that eject, or 0. */
export const balancerFailures = 11;
/** Whether those that are near come first. */
export const balancerNearest = 12;
/** Counter of ejections, or -1. */
export const balancerEjections = 13;
/** Looks in a row after which one counts as down, or as up again. */
export const balancerDown = 14;
export const balancerUp = 15;
/** Doubles: how old loads may be, when they were looked at, decay, bound, how long and which share is ejected, slow start, how long keys are kept. */
export const balancerStale = 8;
export const balancerLooked = 9;
export const balancerDecay = 10;
export const balancerBound = 11;
export const balancerFor = 12;
export const balancerMost = 13;
export const balancerSlow = 14;
export const balancerSticky = 15;

/** Ints of a candidate; from 12 on they are doubles. */
export const candidateStride = 24;
/** Its station, of a service's replica; else 0. */
export const candidateStation = 0;
/** Requests that were sent to it and are not over. */
export const candidateInside = 1;
/** Its load when it was last looked at. */
export const candidateSeen = 2;
/** Failures in a row, and ejections. */
export const candidateFailures = 3;
export const candidateEjections = 4;
export const candidateNear = 5;
/** Whether it counts as down, and how many looks in a row have seen otherwise. */
export const candidateDown = 6;
export const candidateStreak = 7;
/** Whether it could be had when it was last thought of. */
export const candidateThere = 8;
/** Doubles: weight, what smooth turns have saved up, latency (negative before the first), when that was last heard of, until when it is ejected, since when it can be had. */
export const candidateWeight = 6;
export const candidateCurrent = 7;
export const candidateLatency = 8;
export const candidateHeard = 9;
export const candidateUntil = 10;
export const candidateSince = 11;
