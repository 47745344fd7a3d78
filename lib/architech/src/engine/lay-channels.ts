import type { ChannelPlan, GroupPlan } from "./channel-plan.js";
import * as at from "./core/addresses.js";
import * as its from "./core/channel-places.js";
import type { Image } from "./image.js";
import type { Program } from "./program.js";
import { stationStride } from "./station-plan.js";

/** Lays channels with their groups, lines and members. */
export function layChannels(image: Image, { channels }: Program): void {
  const first = image.take(its.channelStride * channels.length);
  image.ints[at.messaging] = first;
  for (const [i, channel] of channels.entries()) {
    const place = first + its.channelStride * i;
    const groups = image.take(its.groupStride * channel.groups.length);
    setInts(image, place, [
      [its.channelPartitions, channel.partitions],
      [its.channelGroups, channel.groups.length],
      [its.channelFirstGroup, groups],
      [its.channelCapacity, Math.min(channel.capacity, 0x7fffffff)],
      [its.channelMeter, channel.meter],
      [its.channelRedelivered, channel.redelivered],
      [its.channelDead, channel.dead],
      [its.channelDuplicates, channel.duplicates],
      [its.channelMost, channel.maxReceives],
      [its.channelDeadLetter, channel.deadLetter < 0 ? 0 : first + its.channelStride * channel.deadLetter],
      [its.channelEnter, channel.enter],
      [its.channelDeliver, channel.deliver],
      [its.channelExpire, channel.expire],
      [its.channelBury, channel.bury],
      [its.channelOrdered, channel.ordered ? 1 : 0],
    ]);
    for (const [k, group] of channel.groups.entries())
      layGroup(image, groups + its.groupStride * k, group, place, channel);
  }
}

/** Place of the member that works at a station; those who work at the ones that follow come next. */
export function memberAt(image: Image, channel: number, station: number, { channels }: Program): number {
  const place = image.ints[at.messaging]! + its.channelStride * channel;
  const { groups } = channels[channel]!;
  const k = groups.findIndex(({ members }) => members.some((member) => member.station === station));
  const members = image.ints[image.ints[place + its.channelFirstGroup]! + its.groupStride * k + its.groupFirstMember]!;
  return members + its.memberStride * groups[k]!.members.findIndex((member) => member.station === station);
}

function layGroup(image: Image, place: number, group: GroupPlan, channel: number, plan: ChannelPlan): void {
  const lines = image.take(its.lineStride * plan.partitions);
  const members = image.take(its.memberStride * group.members.length);
  setInts(image, place, [
    [its.groupChannel, channel],
    [its.groupFirstLine, lines],
    [its.groupMeter, group.meter],
    [its.groupDepth, group.depth],
    [its.groupMembers, group.members.length],
    [its.groupFirstMember, members],
    [its.groupRebalance, group.rebalance],
    [its.groupRipe, group.ripe],
    [its.groupSweep, group.sweep],
  ]);
  // Lines are dealt out by turns to those who are there; where nobody is, they are the first one's.
  const present = group.members.flatMap(({ absent }, i) => (absent ? [] : [i]));
  const dealt = present.length === 0 ? group.members.slice(0, 1).map(() => 0) : present;
  for (const [i, { worker, station, most, wait, absent }] of group.members.entries()) {
    const member = members + its.memberStride * i;
    const turn = dealt.indexOf(i);
    // The last of its lines, if there are as many.
    const own = Math.floor((plan.partitions - 1 - turn) / dealt.length);
    const last = lines + its.lineStride * (turn + own * dealt.length);
    setInts(image, member, [
      [its.memberGroup, place],
      [its.memberWorker, 4 * worker],
      [its.memberStation, image.ints[at.stations]! + stationStride * station],
      [its.memberMost, most],
      [its.memberDown, absent ? 1 : 0],
      [its.memberLine, plan.ordered && turn >= 0 && turn < plan.partitions ? last : -1],
    ]);
    image.floats[member / 2 + its.memberWait] = wait;
  }
  for (let i = 0; i < plan.partitions; i++) {
    const line = lines + its.lineStride * i;
    const turn = dealt.length === 0 ? 0 : i % dealt.length;
    const next = i + dealt.length < plan.partitions ? i + dealt.length : turn;
    setInts(image, line, [
      [its.lineHead, -1],
      [its.lineTail, -1],
      [its.lineGroup, place],
      [its.lineMember, members + its.memberStride * (dealt[turn] ?? 0)],
      [its.lineNext, lines + its.lineStride * next],
    ]);
    image.floats[line / 2 + its.lineDue] = Number.POSITIVE_INFINITY;
  }
}

function setInts(image: Image, place: number, values: readonly (readonly [number, number])[]): void {
  for (const [at, value] of values) image.ints[place + at] = value;
}
