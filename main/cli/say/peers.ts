import * as z from "zod";
import type { contract } from "../../../shared/contract/contract.ts";
import type { AreaCommands } from "../command.ts";
import { visible } from "../visible.ts";
import { columns } from "./layout.ts";

/** A card is at most 8 KiB (batch-format.md); the contract's own limit, met before the file is sent. */
const largestCardBytes = 8192;

export const peersCommands: AreaCommands<typeof contract.peers> = {
  add: {
    flags: z.strictObject({ card: z.string().describe("The card file received from the other station") }),
    input: async (flags, desk) => ({ card: await desk.readText(String(flags["card"]), largestCardBytes) }),
    say: (peer) => [
      `Took in the card of ${visible(peer.name)}, a ${peer.side} station; it is ${peer.state}.`,
      `Fingerprint ${peer.fingerprint}, serial ${peer.serial}`,
      ...(peer.state === "pending"
        ? [
            `Its words are: ${visible(peer.phrase)}`,
            "Let the other operator read them aloud from their own screen. If all eight match:",
            `sallyport peers trust --peer ${visible(peer.name)} --phrase "the eight words"`,
          ]
        : []),
    ],
  },
  list: {
    say: ({ peers }) =>
      peers.length === 0
        ? ["No cards yet. Take one in: sallyport peers add --card FILE"]
        : columns(
            ["peer", "side", "state", "fingerprint", "next out", "next in", "trusted"],
            peers.map((peer) => [
              peer.name,
              peer.side,
              peer.state,
              peer.fingerprint,
              peer.nextOut,
              peer.nextIn,
              peer.trustedAt,
            ]),
          ),
  },
  phrase: { say: (output) => [`The words of ${visible(output.peer)}: ${visible(output.phrase)}`] },
  trust: {
    say: (peer) => [`${visible(peer.name)} is trusted: batches may be sealed for it and taken from it.`],
  },
  revoke: {
    say: (peer) => [`${visible(peer.name)} is revoked. What was imported from it before stays imported.`],
  },
  acceptLineage: {
    say: (peer) => [
      `${visible(peer.name)} now counts as restored: its lineage is ${peer.lineage ?? "none"}.`,
    ],
  },
  logs: {
    say: ({ logs }) =>
      logs.length === 0
        ? ["No peers yet, so nobody witnesses this log."]
        : logs.flatMap(({ peer, theirs, ours, alarms }) => [
            theirs === null
              ? `${visible(peer)}: nothing seen of its log yet.`
              : `${visible(peer)}: its log seen up to event ${theirs.events}, root ${theirs.root}.`,
            `  Ours was told up to event ${ours.sentEvents}; ${visible(peer)} has witnessed it up to ${ours.witnessedEvents}.`,
            ...alarms.map(({ sentence, batch }) => `  ALARM: ${visible(sentence)} (batch ${visible(batch)})`),
          ]),
  },
  acceptLog: {
    say: ({ peer, settled }) => [
      `What the log of ${visible(peer)} says now is taken as its history. ${settled} ${settled === 1 ? "alarm is" : "alarms are"} settled.`,
    ],
  },
};
