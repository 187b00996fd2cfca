import type { contract } from "../../../shared/contract/contract.ts";
import type { AreaCommands } from "../command.ts";
import { visible } from "../visible.ts";
import { columns, facts, plural } from "./layout.ts";

type RetentionCommands = Pick<
  AreaCommands<typeof contract.audit>,
  "segments" | "seal" | "exportSegment" | "verifySegment" | "hold" | "liftHold" | "purge"
>;

export const auditRetentionCommands: RetentionCommands = {
  segments: {
    say: ({ segments, holds, ...standing }) => [
      ...facts([
        ["events", standing.events],
        ["sealed", standing.sealedThrough === 0 ? "none" : `to event ${standing.sealedThrough}`],
        ["purged", standing.purgedThrough === 0 ? "none" : `to event ${standing.purgedThrough}`],
        [
          "kept for",
          `${plural(standing.retentionDays, "day")} after sealing, never less than ${standing.floorDays}`,
        ],
        ...(standing.ahead === 0
          ? []
          : [["ahead", `${plural(standing.ahead, "event")} with a time still to come`] as const]),
      ]),
      ...(standing.clock === null ? [] : [visible(standing.clock)]),
      "",
      ...(segments.length === 0
        ? ["No segment is sealed."]
        : columns(
            ["segment", "events", "state", "sealed at", "may go from"],
            segments.map((one) => [
              one.segment,
              `${one.from}-${one.to}`,
              one.state,
              one.sealedAt,
              one.expiresAt,
            ]),
          )),
      ...holds.map(
        (one) =>
          `Hold ${one.hold} on events ${one.from} to ${one.to ?? "the end"}, by ${visible(one.setBy)}: ${visible(one.reason)}`,
      ),
    ],
  },
  seal: {
    say: ({ segments, from, to }) => [
      `Sealed events ${from} to ${to} as ${plural(segments.length, "segment")}: ${segments.join(", ")}.`,
    ],
  },
  exportSegment: {
    input: (flags, desk) => ({
      segment: Number(flags["segment"]),
      folder: desk.absolute(String(flags["folder"])),
    }),
    say: ({ files, events }) => [
      `Wrote ${plural(events, "event")}, encrypted, and read them back: ${files.map(visible).join(", ")}.`,
    ],
  },
  verifySegment: {
    input: (flags, desk) => ({
      file: desk.absolute(String(flags["file"])),
      query: String(flags["query"] ?? ""),
      limit: Number(flags["limit"] ?? 100),
    }),
    say: (segment) => [
      ...segment.leaves.map(visible),
      `Verified: events ${segment.from} to ${segment.to} of ${visible(segment.origin)}, each as it was signed; ${
        segment.ours ? "the tree of this log has them there." : "THE TREE OF THIS LOG HAS OTHERS THERE."
      }`,
      `${plural(segment.found, "event")} found in it.`,
    ],
    failed: (segment) => !segment.ours,
  },
  hold: {
    say: ({ hold }) => [`Hold ${hold} stands until two persons lift it: what it covers is not purged.`],
  },
  liftHold: { say: () => ["Lifted. Both events stay in the log."] },
  purge: {
    say: ({ events, stub }) => [
      `${plural(events, "event")} gone. Their hashes, every proof and this signed stub stay:`,
      ...stub.trimEnd().split("\n").map(visible),
    ],
  },
};
